"""The demonstration: the same on every load, with every state of the service, sound and open to those it lists."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from bole.accounts import actions as accounts
from bole.audit import actions as audit
from bole.audit import queries as ledger
from bole.cases.models import Attachment, Case, EvidenceGap
from bole.cases.terms import Status
from bole.definitions import queries as definitions
from bole.kernel import clock, ids, sealing
from bole.kernel.errors import Refused
from bole.notices.models import Delivery, Message
from bole.organizations import queries as organizations
from bole.people import queries as people
from bole.people.models import ArchiveRecord
from bole.portal import queries as portal
from bole.portal.terms import ArticleKind
from bole.project import demonstration
from bole.project.demo_data import declaring, plots, units
from bole.project.environment import sealing_keys
from bole.review import queries as review
from bole.review.models import Movement, Outcome, Task
from bole.review.terms import Result
from bole.standards import queries as standards
from tests.project.places import DEMO, prepared

# Each test lies in a transaction of its own within that of `loaded`.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# Change these with the data, never without knowing why they changed.
LOG_INS = "418e316a2565af3592055deb7a571f9b32e17c582324ebb4e6cad730b970e03e"
STATES = "1106169c861b8af89534b123d31c7f18a6f20a9d4c1fd1a5bb8cb05e43235115"


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The demonstration as `bole prepare` leaves it, under its own keys; nothing that a test does to it stays."""
    place = prepared(tmp_path_factory, tmp_path_factory.mktemp("demonstration") / "demo", **DEMO)
    secret = json.loads((place.var / "secrets.json").read_text())
    hashing = override_settings(PASSWORD_HASHERS=["bole.project.hashing.Argon2id"])
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, hashing:
        connection.close()
        patch.setitem(connection.settings_dict, "NAME", str(place.var / "bole.sqlite3"))
        sealing.configure(sealing_keys(secret))
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        connection.close()
    sealing.configure(settings.BOLE_KEYS)


def states() -> list[list[object]]:
    """Each person's cases in their order: status, desk, round; by log-in name."""
    rows = Case.objects.select_related("person").order_by("opened_at")
    found: dict[str, list[object]] = {}
    for row in rows:
        number = row.person.identity_number
        found.setdefault(number, [number]).append([row.status, row.step, row.round, row.opener, row.has_gaps])
    return sorted(found.values(), key=str)


def test_log_ins_and_states_are_the_same_on_every_load(loaded):
    log_ins = ids.digest([[entry.login, entry.name, entry.unit, entry.shows] for entry in demonstration.accounts()])

    assert (log_ins, ids.digest(states())) == (LOG_INS, STATES)


def test_there_are_as_many_things_as_promised(loaded):
    persons = {entry.login for entry in demonstration.accounts() if entry.kind == "person" and entry.site == "ningxia"}

    assert (len(persons), Case.objects.filter(site="ningxia").count(), len(units.employers())) == (200, 300, 44)
    elsewhere = Case.objects.exclude(site="ningxia")
    assert set(elsewhere.values_list("status", flat=True)) == {status.value for status in Status}
    assert set(elsewhere.values_list("site", flat=True)) == {"shenzhen", "jilin", "guizhou", "henan"}


def test_every_status_and_every_desk_occurs(loaded):
    service = definitions.service("ningxia", "talent-collection")
    found = set(Case.objects.filter(service="talent-collection").values_list("status", "step"))

    desks = {(Status.IN_REVIEW.value, step.step) for step in service.route.steps}
    assert found == desks | {(status.value, "") for status in Status if status is not Status.IN_REVIEW}


def test_every_word_of_the_progress_bar_occurs(loaded):
    service = definitions.service("ningxia", "talent-collection")
    places = {step or status for status, step in Case.objects.values_list("status", "step")}

    assert [stage.name for stage in service.progress if not places & {str(at) for at in stage.at}] == []


def test_declarations_of_another_site_stand_at_their_desks_wait_to_be_sent_on_and_have_results(loaded):
    cases = Case.objects.exclude(person=None).select_related("person")
    for site in ("jilin", "shenzhen"):
        declared = {(each.who.number, each.service) for each in declaring.told() if each.who.site == site}
        offered = {service.service for service in definitions.services_of(site) if service.declared}
        assert {service for _, service in declared} == offered
        found = cases.filter(site=site, service__in=offered)
        assert {(case.person.identity_number, case.service) for case in found} == declared
    assert {case.step for case in found} >= {"unit", "department", "approval"}
    assert {case.status for case in found} >= {status.value for status in Status}
    found = cases.filter(site="jilin").exclude(service="unit-binding")
    assert {case.step for case in found} >= {"unit", "superior", "county", "city", "province"}
    assert Task.objects.filter(case__in=found, closed_at=None, cleared_at__isnull=False).count() == 1
    assert set(Outcome.objects.values_list("state", flat=True)) == {each.value for each in Result}


def test_every_case_stands_where_its_plot_says(loaded):
    planned = Counter(
        (course.person.number, "open" if course.plot.open else "closed")
        for row in plots.courses().values()
        for course in row
    )
    found = Counter(
        (row.person.identity_number, "closed" if row.closed_at else "open")
        for row in Case.objects.filter(service="talent-collection").select_related("person")
    )

    assert found == planned


def test_standing_of_every_case_follows_from_its_movements(loaded):
    wrong = [
        row.number
        for row in Case.objects.all()
        if (review.replay(row).status, review.replay(row).step) != (row.status, row.step)
    ]

    assert wrong == []


def test_nothing_lies_in_the_future_and_cases_spread_over_weeks(loaded):
    now = clock.now()
    moved = list(Movement.objects.values_list("moved_at", flat=True))

    assert max(moved) < now
    assert (max(moved) - min(moved)).days > 20


def test_movements_of_a_case_are_in_the_order_of_time(loaded):
    times: dict[object, list[object]] = {}
    for case, at in Movement.objects.order_by("case", "revision").values_list("case", "moved_at"):
        times.setdefault(case, []).append(at)

    assert [case for case, row in times.items() if row != sorted(row)] == []


def test_persons_with_an_approved_case_have_a_verified_record_of_work(loaded):
    collected = Case.objects.filter(service="talent-collection", status=Status.COMPLETED)
    approved = set(collected.values_list("person", flat=True))
    verified = ArchiveRecord.objects.filter(verified_at__isnull=False, kind="work", person__site="ningxia")

    assert set(verified.values_list("person", flat=True)) == approved


def test_some_evidence_is_missing_with_a_reason(loaded):
    assert EvidenceGap.objects.count() > 20
    assert Attachment.objects.filter(purpose="explanation").count() == EvidenceGap.objects.count()


def test_nothing_was_sent_outside(loaded):
    assert (Delivery.objects.count(), Message.objects.filter(read_at=None).count() > 10) == (0, True)


def test_ledger_verifies_after_the_load(loaded):
    audit.seal_pending(limit=100_000)

    verdict = ledger.verify()
    assert (verdict.sound, verdict.faults) == (True, [])


@pytest.mark.parametrize("kind", ["person", "unit", "authority", "operator"])
def test_listed_accounts_log_in_their_way(loaded, kind):
    entry = next(entry for entry in demonstration.accounts() if entry.kind == kind and entry.site == "ningxia")

    account = accounts.log_in(login=entry.login, password=entry.password, device=None, address="")

    assert account.name == entry.name
    if entry.way == "个人":
        assert people.person_of(account.pk) is not None
    else:
        assert entry.unit in {capacity.name for capacity in organizations.capacities(account.pk)}


@pytest.mark.parametrize("site", ["shenzhen", "jilin", "guizhou", "henan"])
def test_other_portals_open_and_let_their_people_in(loaded, site):
    entries = {entry.way: entry for entry in demonstration.accounts() if entry.site == site}

    for way in ("个人", "单位"):
        account = accounts.log_in(login=entries[way].login, password=entries[way].password, device=None, address="")
        assert account.name == entries[way].name
    assert len(portal.latest(site, ArticleKind.ANNOUNCEMENT)) == 2
    assert portal.manual(site) is not None


def test_second_load_is_refused(loaded):
    with pytest.raises(Refused):
        demonstration.load()


def test_identity_numbers_begin_with_a_code_that_no_place_ever_had():
    people_of_units = [entry for entry in demonstration.accounts() if entry.name != entry.unit]
    prefixes = {entry.login[:6] for entry in people_of_units}

    warnings = [standards.identity("resident", entry.login).warnings for entry in people_of_units]
    assert {prefix[4:] for prefix in prefixes} == {"90"}
    assert all("不在历年行政区划代码中" in told[0] for told in warnings)


def test_database_is_left_without_waiting_calls(loaded):
    assert connection.run_on_commit == []
