"""The start is refused on each bad setting, with a sentence; and not refused on good ones."""

import shutil
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from bole.definitions.models import PublishedDefinition
from bole.kernel import clock
from bole.kernel.errors import Refused
from bole.project import startup
from bole.project.checks import sqlite_faults
from bole.project.models import Installation
from bole.project.preparation import publish

REACHABLE = {
    "BOLE_LOCAL": False,
    "BOLE_BIND": ("0.0.0.0", 8000),
    "ALLOWED_HOSTS": ["bole.example"],
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_NAME": "__Host-session",
    "CSRF_COOKIE_SECURE": True,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31536000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
}


def sqlite(**options):
    good = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL;"}
    return [fault.msg for fault in sqlite_faults({"OPTIONS": {**good, **options}})]


def keys(**changes):
    return {"BOLE_KEYS": replace(settings.BOLE_KEYS, **changes)}


def test_broken_catalogue_is_refused_and_not_published(db, tmp_path):
    copy = shutil.copytree(settings.BOLE_CATALOGUE, tmp_path / "catalogue")
    with override_settings(BOLE_CATALOGUE=copy):
        assert startup.catalogue_faults() == []
        service = copy / "ningxia" / "services" / "talent-collection.yaml"
        service.write_text(service.read_text().replace("[people.offer_archive]", "[people.give_presents]"))
        with pytest.raises(startup.StartRefused) as refused:
            startup.refuse_unless_fit()
        with pytest.raises(Refused, match=r"talent-collection.yaml:\d+: 没有办结动作「people.give_presents」"):
            list(publish())

    assert [sentence.partition("：")[0] for sentence in refused.value.sentences] == ["事项目录有错误"]
    assert PublishedDefinition.objects.count() == 0


@pytest.mark.parametrize("situation", [{}, REACHABLE], ids=["local", "reachable"])
def test_good_settings_are_accepted(situation):
    with override_settings(**situation):
        assert startup.settings_faults() == []


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"SECRET_KEY": "short"}, "签名密钥太短"),
        ({"SECRET_KEY": "a" * 60}, "签名密钥太短"),
        (keys(current=9), "加密主密钥不完整"),
        (keys(masters={1: b"short"}), "加密主密钥不完整"),
        (keys(index=b"short"), "索引密钥不正确"),
        (keys(masters={1: b"k" * 32}, index=b"k" * 32), "索引密钥不正确"),
        ({"DEBUG": True}, "调试模式"),
        ({"ALLOWED_HOSTS": []}, "没有限定访问域名"),
        ({"ALLOWED_HOSTS": ["*"]}, "没有限定访问域名"),
        ({**REACHABLE, "SESSION_COOKIE_SECURE": False}, "必须只经 HTTPS 传送"),
        ({**REACHABLE, "CSRF_COOKIE_SECURE": False}, "必须只经 HTTPS 传送"),
        ({**REACHABLE, "SESSION_COOKIE_NAME": "session"}, "必须只经 HTTPS 传送"),
        ({**REACHABLE, "SESSION_COOKIE_HTTPONLY": False}, "必须只经 HTTPS 传送"),
        ({**REACHABLE, "SECURE_SSL_REDIRECT": False}, "把所有访问转到 HTTPS"),
        ({**REACHABLE, "SECURE_HSTS_SECONDS": 0}, "把所有访问转到 HTTPS"),
        ({**REACHABLE, "SECURE_PROXY_SSL_HEADER": None}, "反向代理"),
        ({**REACHABLE, "SECURE_CONTENT_TYPE_NOSNIFF": False}, "SECURE_CONTENT_TYPE_NOSNIFF"),
        ({"BOLE_TEST_MODE_ASKED": True}, "测试模式只能与演示设置一起使用"),
        ({"BOLE_TEST_MODE": True}, "测试模式只能与演示设置一起使用"),
        ({**REACHABLE, "DEMO": True, "BOLE_TEST_MODE_ASKED": True}, "只允许从本机访问"),
    ],
)
def test_each_bad_setting_is_refused_with_a_sentence(bad, sentence):
    with override_settings(**bad):
        faults = startup.settings_faults()

    assert [fault for fault in faults if sentence in fault] != []


def test_safe_mode_of_sqlite_is_accepted():
    assert sqlite() == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"transaction_mode": "DEFERRED"}, "必须是 IMMEDIATE"),
        ({"init_command": "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=NORMAL;"}, "必须是 FULL"),
        ({"init_command": "PRAGMA journal_mode=OFF; PRAGMA synchronous=FULL;"}, "必须是 TRUNCATE"),
    ],
)
def test_unsafe_modes_of_sqlite_are_refused(options, sentence):
    assert [sentence in fault for fault in sqlite(**options)] == [True]


@pytest.mark.parametrize(("version", "refused"), [((3, 51, 2), True), ((3, 51, 3), False), ((3, 52, 0), False)])
def test_write_ahead_log_needs_a_library_that_does_not_corrupt(monkeypatch, version, refused):
    monkeypatch.setattr("bole.project.checks.sqlite3.sqlite_version_info", version)

    faults = sqlite(init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")

    assert ["可能损坏数据" in fault for fault in faults] == ([True] if refused else [])


def test_a_key_file_others_may_read_is_refused(monkeypatch, tmp_path):
    path = tmp_path / "secrets.json"
    path.write_text("{}")
    monkeypatch.setenv("BOLE_SECRET_FILE", str(path))
    path.chmod(0o640)
    too_open = startup.settings_faults()
    path.chmod(0o600)

    assert ["密钥文件可被其他用户读取" in fault for fault in too_open] == [True]
    assert startup.settings_faults() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mark", "demo", "sentence"),
    [
        (None, False, "没有标记用途"),
        (True, False, "这是演示数据库"),
        (False, True, "演示设置不能用于正式数据库"),
        (True, True, ""),
        (False, False, ""),
    ],
)
def test_demo_settings_and_demo_database_belong_together(mark, demo, sentence):
    if mark is not None:
        Installation.objects.create(demo=mark, created_at=clock.now())

    with override_settings(DEMO=demo):
        faults = startup.mark_faults()

    assert [sentence in fault for fault in faults] == ([True] if sentence else [])


@pytest.fixture
def safe(transactional_db: None) -> None:
    """The tests' database in the mode in which it would be served (see tests/conftest.py)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = FULL")


@pytest.mark.usefixtures("safe")
def test_every_reason_is_told_at_once():
    Installation.objects.create(demo=False, created_at=clock.now())

    with override_settings(DEBUG=True, SECRET_KEY="short"), pytest.raises(startup.StartRefused) as refusal:
        startup.refuse_unless_fit()

    assert len(refusal.value.sentences) == 2


@pytest.mark.usefixtures("safe")
def test_database_that_is_ready_is_accepted():
    Installation.objects.create(demo=False, created_at=clock.now())

    assert startup.database_faults() == []
