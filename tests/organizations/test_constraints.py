"""Each constraint of the database, violated once past the actions."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from bole.kernel import clock
from bole.organizations.models import Appointment, BusinessRole, Department, Unit
from bole.organizations.terms import Role
from tests.factories.organizations import SITE, Cast, Ground


def _unit(ground: Ground, **changes: object) -> None:
    values = {"site": SITE, "kind": "unit", "name": "甲", "region": "640104", "path": "zzzz", "created_at": clock.now()}
    Unit.objects.create(**{**values, **changes})


def _update(ground: Ground, **changes: object) -> None:
    Unit.objects.filter(pk=ground.school.pk).update(**changes)


UNIT_CASES: dict[str, Callable[[Ground], None]] = {
    "credit code twice": lambda ground: _unit(ground, credit_code=ground.school.credit_code),
    "credit code blank": lambda ground: _unit(ground, credit_code=""),
    "path twice": lambda ground: _unit(ground, path=ground.school.path),
    "path blank": lambda ground: _unit(ground, path=""),
    "unknown kind": lambda ground: _unit(ground, kind="club"),
    "two authorities in a region": lambda ground: _unit(ground, kind="authority"),
    "own parent": lambda ground: _update(ground, parent=ground.school.pk),
    "own 行政主管": lambda ground: _update(ground, administrative_superior=ground.school.pk),
    "own 行业主管": lambda ground: _update(ground, industry_superior=ground.school.pk),
}


@pytest.mark.parametrize("case", UNIT_CASES)
def test_units(ground: Ground, case: str):
    _unit(ground, path="zzzy")  # the same row without the flaw goes in
    with pytest.raises(IntegrityError), transaction.atomic():
        UNIT_CASES[case](ground)


def test_a_provisional_code_is_unique_too(ground: Ground):
    _unit(ground, provisional_code="126401004000004210" + "01")
    with pytest.raises(IntegrityError), transaction.atomic():
        _unit(ground, path="zzzx", provisional_code="126401004000004210" + "01")


APPOINTMENT_CASES: dict[str, dict[str, object]] = {
    "no role at all": {"role": ""},
    "ends before it begins": {"since_on": date(2026, 2, 2), "until_on": date(2026, 2, 1), "role": "editor"},
    "sole but not live": {"role": "deputy", "sole_key": "x", "account": None, "accepted_at": None},
    "the same role twice": {"invitee_index": "b"},
    "the same offer twice": {"account": None, "accepted_at": None},
    "accepted by nobody": {"account": None, "role": Role.EDITOR.value},
    "ended before it began": {"ended_at": clock.now() - timedelta(days=1)},
}


@pytest.mark.parametrize("case", APPOINTMENT_CASES)
def test_appointments(ground: Ground, cast: Cast, case: str):
    now = clock.now()
    held = Appointment.objects.get(unit=ground.school, account=cast.zhou)
    values = {
        "unit": ground.school,
        "role": held.role,
        "account": cast.zhou,
        "invitee_index": held.invitee_index,
        "invitee_name": "周敏",
        "invitee": "周*",
        "appointed_at": now,
        "accepted_at": now,
    }
    Appointment.objects.create(**{**values, "ended_at": now})  # ended ones may repeat
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(**{**values, **APPOINTMENT_CASES[case]})


def _administration(unit: Unit, cast: Cast, **changes: object) -> Appointment:
    now = clock.now()
    values: dict[str, object] = {
        "unit": unit, "role": Role.ADMINISTRATOR.value, "account": cast.lin, "invitee_index": "c", "invitee_name": "林",
        "invitee": "林*", "appointed_at": now, "accepted_at": now,
    }  # fmt: skip
    return Appointment.objects.create(**{**values, **changes})


def test_one_administrator_in_a_unit_and_one_unit_for_an_administrator(ground: Ground, cast: Cast):
    _administration(ground.school, cast, sole_key=f"{ground.school.pk}/administrator")
    for unit, changes in (
        (ground.school, {"account": cast.sun, "invitee_index": "d", "sole_key": f"{ground.school.pk}/administrator"}),
        (ground.hospital, {}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            _administration(unit, cast, **changes)
    _administration(ground.hospital, cast, account=cast.sun, sole_key=f"{ground.hospital.pk}/administrator")


def test_names_once_among_departments_and_business_roles(ground: Ground):
    now = clock.now()
    top = Department.objects.create(unit=ground.school, name="教务处", made_at=now)
    Department.objects.create(unit=ground.school, name="教务处", parent=top, made_at=now)
    role = {"site": SITE, "keeper": ground.province, "functions": ["reviewer"], "made_at": now}
    BusinessRole.objects.create(**role, name="审核")
    BusinessRole.objects.create(**{**role, "keeper": ground.xingqing}, name="审核")
    for make in (
        lambda: Department.objects.create(unit=ground.school, name="教务处", made_at=now),
        lambda: Department.objects.create(unit=ground.school, name="教务处", parent=top, made_at=now),
        lambda: Department.objects.filter(pk=top.pk).update(parent=top),
        lambda: BusinessRole.objects.create(**role, name="审核"),
        lambda: BusinessRole.objects.create(**role, name=""),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()
