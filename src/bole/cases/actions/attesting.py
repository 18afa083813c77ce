"""The person's own word for what the unit filled in (NX-15)."""

from django.db import transaction

from bole.audit import actions as audit
from bole.cases import queries, rules
from bole.cases.actions.standing import locked
from bole.cases.models import Attestation, Case
from bole.cases.terms import AuditWord, Confirmation, Missing
from bole.documents import actions as documents
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Fault, Invalid


def attest(*, case: Case, way: Confirmation, by: Actor, data: bytes = b"", name: str = "") -> Attestation:
    """Bind the person's confirmation to the answers as they stand.

    LOG_IN: the person, logged in. CODE: the unit, with a one-time code that the caller has checked against the
    person's registered phone. PAPER: the unit uploads the signed paper (`data`, `name`); another user of the unit must
    then send it on. Raises Refused; Invalid with everything missing while the form is not complete.
    """
    stored = None
    if way is Confirmation.PAPER:
        stored = documents.store(data, name=name, purpose="attestation", by=by)
    try:
        with transaction.atomic():
            case = locked(case.id)
            asked = rules.may_attest if way is Confirmation.LOG_IN else rules.may_bring_attestation
            asked(by, case).demand()
            missing = queries.form_of(case).missing
            if missing:
                raise Invalid(*(_fault(item) for item in missing))
            covering = queries.attestation_of(case)
            if covering is not None and queries.attested_in_person(covering):
                if stored is not None:
                    documents.discard(stored)
                return covering  # confirmed already; a paper would only weaken it
            row = Attestation.objects.create(
                case=case, way=way, digest=queries.answers_digest(case), attested_at=clock.now(),
                attested_by=by.who, file=stored,
            )  # fmt: skip
            audit.record(AuditWord.ATTESTED, by=by, kind="case", id=case.number, unit=case.unit_id,
                         detail={"way": way.value})  # fmt: skip
    except Exception:
        if stored is not None:
            documents.discard(stored)
        raise
    return row


def _fault(item: Missing) -> Fault:
    return Fault(f"{item.section}.{item.at}", f"{item.name}：{item.say}")
