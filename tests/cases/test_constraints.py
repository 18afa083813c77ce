"""Each constraint of the database, violated once past the actions."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from bole.cases.models import (
    Attestation,
    Case,
    Draft,
    EvidenceGap,
    SectionAnswer,
    SubmittedAnswer,
    Typist,
)
from bole.kernel import clock
from bole.kernel.ids import new_id
from tests.cases.conftest import Desk

SOMEBODY = new_id()


def a_case(case: Case, **changes: object) -> None:
    now = clock.now()
    values = {
        "number": "CJ2026-0101-00001", "site": case.site, "service": case.service, "service_version": "1",
        "service_hash": "x", "person": case.person, "unit": case.unit,
        "opener": "subject", "opened_by": SOMEBODY, "opened_at": now, "changed_at": now,
    }  # fmt: skip
    Case.objects.create(**{**values, **changes})


def answer(case: Case, **changes: object) -> None:
    SectionAnswer.objects.create(**{"case": case, "section": "a", "typed": {}, "changed_at": clock.now(), **changes})


def submitted(case: Case, **changes: object) -> None:
    SubmittedAnswer.objects.create(**{"case": case, "round": 1, "section": "a", "typed": {}, "version": 1, **changes})


def typist(case: Case, **changes: object) -> None:
    Typist.objects.create(**{"case": case, "account": SOMEBODY, **changes})


def draft(case: Case, **changes: object) -> None:
    values = {"case": case, "section": "a", "account": SOMEBODY, "typed": {}, "changed_at": clock.now()}
    Draft.objects.create(**{**values, **changes})


def gap(case: Case, **changes: object) -> None:
    values = {"case": case, "section": "a", "reason": "甲", "declared_at": clock.now(), "declared_by": SOMEBODY}
    EvidenceGap.objects.create(**{**values, **changes})


def attestation(case: Case, **changes: object) -> None:
    values = {"case": case, "way": "log_in", "digest": "x", "attested_at": clock.now(), "attested_by": SOMEBODY}
    Attestation.objects.create(**{**values, **changes})


# What to make, and what is wrong with the second one.
CASES: dict[str, tuple[Callable[..., None], dict[str, object]]] = {
    "one number": (a_case, {"open_key": None}),
    "at a step without review": (a_case, {"number": "b", "step": "unit"}),
    "under review at no step": (a_case, {"number": "b", "status": "in_review"}),
    "closed at no time": (a_case, {"number": "b", "status": "cancelled"}),
    "open and closed": (a_case, {"number": "b", "closed_at": clock.now()}),
    "closed and holding the place": (
        a_case,
        {"number": "b", "status": "cancelled", "closed_at": clock.now(), "open_key": "k"},
    ),
    "submitted in no round": (a_case, {"number": "b", "submitted_at": clock.now()}),
    "a round without submission": (a_case, {"number": "b", "round": 1}),
    "one answer a section": (answer, {}),
    "one submission a round": (submitted, {}),
    "one typist": (typist, {}),
    "one draft a record": (draft, {}),
    "one gap a record": (gap, {}),
    "paper without a file": (attestation, {"way": "paper"}),
}


@pytest.mark.parametrize("name", CASES)
def test_violations(case: Case, name: str):
    make, flaw = CASES[name]
    make(case)  # the same row without the flaw goes in
    with pytest.raises(IntegrityError), transaction.atomic():
        make(case, **flaw)


def test_one_open_case_a_subject(case: Case, desk: Desk):
    with pytest.raises(IntegrityError), transaction.atomic():
        a_case(case, open_key=case.open_key)
