"""A declaration of 深圳 with all of its 23 sections filled, five records in each that takes several, and 300 scans."""

from tests.factories import cases as made
from tests.factories.organizations import SETUP
from tests.journeys.declaring_shenzhen import SITE, Shenzhen, fill, hand_in, make_shenzhen, ready_case

from bench import ground
from bench.evidence_pages import against, crowd
from bench.measure import Result
from bole.accounts.models import Account
from bole.cases.models import Case
from bole.definitions import actions as publishing
from bole.definitions import queries as definitions
from bole.definitions.terms import SectionKind
from bole.kernel.actors import Actor, Way

AIM, REVIEW_AIM = 8.0, 15.0
RECORDS, LONGEST = 5, "work"
# As the applicant; `{section}` is the one with the most to show.
PAGES = (("overview", ""), ("section", "sections/{section}/"), ("evidence", "evidence/"), ("preview", "preview/"))


def run() -> list[Result]:
    """The applicant's pages while it is filled, then the reviewer's once it is handed in."""
    publishing.publish_catalogue(by=SETUP)
    stood = make_shenzhen()
    case, me = full_case(stood), stood.me
    cookie = ground.session_of(_account(me), Way.PERSON, person=me.person)
    results = [
        against(f"full_{name}", f"/{SITE}/cases/{case.number}/{part.format(section=LONGEST)}", cookie, case, AIM)
        for name, part in PAGES
    ]
    case = hand_in(stood, case)
    desk = stood.keeper(case)
    cookie = ground.session_of(_account(desk), Way.UNIT, unit=desk.unit)
    return [*results, against("full_review", f"/{SITE}/work/{case.number}/", cookie, case, REVIEW_AIM)]


def full_case(stood: Shenzhen) -> Case:
    """Ready to be handed in."""
    service = definitions.service(SITE, "title-ordinary")
    case, by = ready_case(stood, service), stood.me
    several = tuple(each.section for each in service.sections if each.kind is SectionKind.FIELDS and each.many)
    for _ in range(RECORDS - 1):
        fill(stood, case, only=several)
    made.prove(case, by)
    return made.fresh(crowd(made.fresh(case)))


def _account(actor: Actor) -> Account:
    return Account.objects.get(pk=actor.who)
