"""The demonstration: the same on every load, with every state of the service, sound and open to those it lists."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from bole.accounts import actions as accounts
from bole.audit import actions as audit
from bole.audit import queries as ledger
from bole.cases.models import Attachment, Case, EvidenceGap
from bole.cases.terms import Status
from bole.definitions import actions as publishing
from bole.definitions import queries as definitions
from bole.kernel import clock, ids
from bole.kernel.errors import Refused
from bole.notices.models import Delivery, Message
from bole.organizations import queries as organizations
from bole.people import queries as people
from bole.people.models import ArchiveRecord
from bole.portal import queries as portal
from bole.portal.terms import ArticleKind
from bole.project import demonstration
from bole.project.demo_data import plots, units
from bole.review import queries as review
from bole.review.models import Movement
from bole.standards import queries as standards
from tests.factories.organizations import SETUP

# Each test lies in a transaction of its own within that of `loaded`.
pytestmark = pytest.mark.django_db

# Change these with the data, never without knowing why they changed.
LOG_INS = "d908c52d01eff2fc5fb25921d0ed488df2a8a2b2f52de2751dea012f9bc08044"
STATES = "9b3730126332c035dac11ed0a9db219d74e106658519f860465ce99505464f18"


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker) -> Iterator[int]:
    """The whole demonstration, loaded once for all tests of this file and taken back afterwards."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        publishing.publish_catalogue(by=SETUP)
        yield demonstration.load()
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


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

    assert (len(persons), Case.objects.count(), len(units.employers())) == (200, 300, 44)


def test_every_status_and_every_desk_occurs(loaded):
    service = definitions.service("ningxia", "talent-collection")
    found = set(Case.objects.values_list("status", "step"))

    desks = {(Status.IN_REVIEW.value, step.step) for step in service.route.steps}
    assert found == desks | {(status.value, "") for status in Status if status is not Status.IN_REVIEW}


def test_every_word_of_the_progress_bar_occurs(loaded):
    service = definitions.service("ningxia", "talent-collection")
    places = {step or status for status, step in Case.objects.values_list("status", "step")}

    assert [stage.name for stage in service.progress if not places & {str(at) for at in stage.at}] == []


def test_every_case_stands_where_its_plot_says(loaded):
    planned = Counter(
        (course.person.number, "open" if course.plot.open else "closed")
        for row in plots.courses().values()
        for course in row
    )
    found = Counter(
        (row.person.identity_number, "closed" if row.closed_at else "open")
        for row in Case.objects.select_related("person")
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
    approved = set(Case.objects.filter(status=Status.COMPLETED).values_list("person", flat=True))
    verified = ArchiveRecord.objects.filter(verified_at__isnull=False, kind="work")

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
    prefixes = {entry.login[:6] for entry in demonstration.accounts()}

    warnings = [standards.identity("resident", entry.login).warnings for entry in demonstration.accounts()]
    assert {prefix[4:] for prefix in prefixes} == {"90"}
    assert all("不在历年行政区划代码中" in told[0] for told in warnings)


def test_database_is_left_without_waiting_calls(loaded):
    assert connection.run_on_commit == []
