"""Personal data are declared for each column, and tables match their migrations."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from bole.kernel.fields import SealedTextField
from bole.kernel.privacy import Privacy

# Column names that hold what a person can be found or reached by. They are sealed, or a keyed index of what is sealed.
SENSITIVE = {
    "identity_number",
    "phone",
    "leader_phone",
    "login",
    "mobile",
    "email",
    "address_home",
    "home_address",
    "kin",
}
# Columns that name people in words: shown to those who see the case, so plain text; never logged.
PERSONAL = {"name", "birth_on", "sex", "ethnic_group", "leader"}

ROOMS = [config for config in apps.get_app_configs() if config.name.startswith("bole.")]
MODELS = [model for config in ROOMS for model in config.get_models()]
FIELDS = [field for model in MODELS for field in model._meta.get_fields() if isinstance(field, models.Field)]


def named(field: models.Field) -> str:
    return f"{field.model._meta.label}.{field.name}"


def test_sensitive_columns_are_sealed():
    assert [
        named(field) for field in FIELDS if field.name in SENSITIVE and not isinstance(field, SealedTextField)
    ] == []


def test_sealed_columns_say_how_personal_they_are():
    sealed = [field for field in FIELDS if isinstance(field, SealedTextField)]

    assert [named(field) for field in sealed if field.privacy not in (Privacy.PERSONAL, Privacy.SENSITIVE)] == []


def test_blind_indexes_hold_no_more_than_a_key():
    indexes = [field for field in FIELDS if field.name.endswith("_index") and isinstance(field, models.CharField)]

    assert [named(field) for field in indexes if field.max_length != 40] == []


def test_keys_of_rows_tell_neither_order_nor_number():
    counted = [model._meta.label for model in MODELS if isinstance(model._meta.pk, models.AutoField)]

    assert [label for label in counted if not label.startswith("audit.")] == []


def test_choices_are_lower_case_words():
    values = [
        f"{named(field)}={value}"
        for field in FIELDS
        for value, _ in (field.flatchoices or ())
        if isinstance(value, str) and value.isascii() and value != value.lower()
    ]

    assert values == []


def test_constraints_are_named_for_their_room():
    constraints = [
        (model._meta.app_label, constraint.name) for model in MODELS for constraint in model._meta.constraints
    ]

    assert [name for room, name in constraints if not name.startswith(f"{room}_")] == []


def test_labels_of_rooms_are_their_names():
    assert [config.name for config in ROOMS if config.name != f"bole.{config.label}"] == []


@pytest.mark.django_db
def test_tables_match_their_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
