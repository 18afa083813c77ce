"""Publishing, pinning, comparing."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from bole.definitions import actions, queries
from bole.definitions.models import PublishedDefinition
from bole.definitions.terms import Service
from bole.kernel import clock
from bole.kernel.actors import system
from bole.kernel.errors import Absent, Refused
from tests.definitions.ground import ningxia, small, write

BY = system("test")


@pytest.fixture
def publish(tmp_path):
    """Publishes the small catalogue with a change, from a directory of its own, as a fresh process would."""
    configured = queries.catalogue().directory
    serial = iter(range(99))

    def publish(**changes):
        queries.configure(write(tmp_path / str(next(serial)), **changes))
        return actions.publish_catalogue(by=BY)

    yield publish
    queries.configure(configured)


@pytest.mark.django_db
def test_a_version_is_published_once_and_read_back_the_same(publish, tmp_path):
    assert publish() == ["here/small 1.0"]
    assert publish() == []
    service = queries.service("here", "small")
    assert service == small(tmp_path / "again")
    assert queries.pinned("here", "small", "1.0", service.hash) == service
    assert [each.service for each in queries.services_of("here")] == ["small"]
    assert queries.services_of("there") == ()


@pytest.mark.django_db
def test_a_published_version_cannot_read_otherwise(publish):
    publish()
    with pytest.raises(Refused, match=r"1\.0 版已经发布，内容不能再改。请提高 version 后再发布"):
        publish(service=('max: 20, help: "必填,最多20个字符!"', "max: 20"))
    assert PublishedDefinition.objects.count() == 1


@pytest.mark.django_db
def test_a_lower_version_does_not_follow_a_higher_one(publish):
    publish(service=('version: "1.0"', 'version: "1.10"'))
    with pytest.raises(Refused, match=r"已发布 1\.10 版，新版本号 1\.9 应比它高"):
        publish(service=('version: "1.0"', 'version: "1.9"'))


@pytest.mark.django_db
def test_cases_keep_their_version_and_new_ones_take_the_one_in_force(publish):
    publish()
    old = queries.service("here", "small")
    publish(service=('version: "1.0"', 'version: "1.1"\nin_force: 2030-01-01'))
    assert queries.service("here", "small") == old
    assert queries.service("here", "small", date(2030, 1, 1)).version == "1.1"
    publish(service=('version: "1.0"', 'version: "1.2"'))
    assert queries.service("here", "small").version == "1.2"
    assert queries.pinned("here", "small", "1.0", old.hash) == old
    assert queries.versions("here", "small") == ("1.2", "1.1", "1.0")


@pytest.mark.django_db
def test_unknown_services_and_versions_are_absent():
    with pytest.raises(Absent, match="没有找到这个事项"):
        queries.service("here", "nothing")
    with pytest.raises(Absent):
        queries.pinned("here", "small", "1.0", "0" * 64)


@pytest.mark.django_db
def test_a_published_row_is_neither_changed_nor_deleted(publish):
    publish()
    row = PublishedDefinition.objects.get()
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()
    twin = PublishedDefinition(
        site=row.site, code=row.code, version=row.version, hash="x", body={}, published_at=clock.now()
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    assert PublishedDefinition.objects.get().hash == row.hash


@pytest.mark.django_db
def test_the_shipped_service_survives_the_database():
    actions.publish_catalogue(by=BY)
    row = PublishedDefinition.objects.get(site="ningxia", code="talent-collection")
    assert Service.model_validate(row.body) == ningxia()
    assert row.hash == ningxia().hash


@pytest.mark.django_db
def test_current_service_costs_one_query_once_known(publish, django_assert_num_queries):
    publish()
    queries.service("here", "small")
    with django_assert_num_queries(1):
        queries.service("here", "small")


PHONE = "      - {field: phone, name: 电话, type: phone, privacy: sensitive, purpose: 联系}\n"
START = "      - {field: start, required: true}\n"
DIFFERENCES = [
    (
        "service",
        'max: 20, help: "必填,最多20个字符!"',
        'max: 30, help: "必填"',
        [
            "「工作经历」的「工作单位」最大长度由「20」改为「30」",
            "「工作经历」的「工作单位」提示由「必填,最多20个字符!」改为「必填」",
        ],
    ),
    (
        "service",
        "      - end\n",
        "      - {field: end, required: true}\n",
        ["「工作经历」的「结束年月」是否必填由「否」改为「是」"],
    ),
    ("service", "many: {max: 3}", "many: {max: 10}", ["栏目「工作经历」最多条数由3改为10"]),
    ("service", PHONE, "", ["取消栏目「基本信息」的字段「电话」"]),
    ("service", START, START + "      - wage\n", ["新增栏目「工作经历」的字段「工资」"]),
    ("service", '证明", instead: explanation', '证明"', ["「工作经历」的附件要求有改动"]),
    ("route", "name: 市级审核", "name: 市局审核", ["审核环节「市局审核」的名称由「市级审核」改为「市局审核」"]),
    ("service", "name: 小事项", "name: 大事项", ["名称由「小事项」改为「大事项」"]),
]


@pytest.mark.parametrize(("file", "old", "new", "words"), DIFFERENCES)
def test_differences_in_words(tmp_path, file, old, new, words):
    assert queries.compare(small(tmp_path / "a"), small(tmp_path / "b", **{file: (old, new)})) == words


def test_the_same_is_no_difference(tmp_path):
    assert queries.compare(small(tmp_path / "a"), small(tmp_path / "b")) == []
