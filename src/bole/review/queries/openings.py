"""Requests of applicants for more to be opened, and what a reviewer typed and has not decided yet."""

from django.db.models import QuerySet

from bole.cases.models import Case
from bole.kernel.actors import Actor
from bole.organizations.terms import Capacity
from bole.review import rules
from bole.review.models import DecisionDraft, Movement, OpeningRequest
from bole.review.queries.inbox import Roles
from bole.review.terms import MoveKind


def waiting_opening(case: Case) -> OpeningRequest | None:
    """The request of this case that nobody has answered."""
    return OpeningRequest.objects.filter(case=case, answered_at__isnull=True).select_related("unit").first()


def opening_of(case: Case) -> OpeningRequest | None:
    """The latest request since the case was returned last: waiting, granted or refused."""
    returned = Movement.objects.filter(case=case, kind=MoveKind.SENT_BACK).order_by("-revision").first()
    rows = OpeningRequest.objects.filter(case=case).select_related("unit").order_by("-asked_at")
    return rows.filter(asked_at__gte=returned.moved_at).first() if returned is not None else None


def openings_for(by: Actor, held: Capacity | None = None, roles: Roles = None) -> QuerySet[OpeningRequest]:
    """Requests that wait for an answer of the actor's desks, in its range of business, the longest waiting first."""
    mine = rules.seated(rules.held_at(by, held), roles, service="case__service")
    rows = OpeningRequest.objects.filter(mine, unit_id=by.place, answered_at__isnull=True)
    return rows.select_related("case", "case__person", "case__unit").order_by("asked_at")


def draft_of(case: Case, by: Actor) -> DecisionDraft | None:
    """What the actor typed on the review page of this case and has not decided yet."""
    if by.account is None:
        return None
    return DecisionDraft.objects.filter(case=case, account=by.account).first()
