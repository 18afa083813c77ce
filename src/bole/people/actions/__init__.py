"""What can be done in the people room."""

from bole.people.actions.archiving import (
    correct_record,
    give_back,
    give_back_all,
    retire_record,
    verify_all,
    verify_archive,
)
from bole.people.actions.correcting import correct_person
from bole.people.actions.importing import import_persons, person_template
from bole.people.actions.looking import find_for_unit, record_look
from bole.people.actions.registering import install_person, register_person
from bole.people.actions.tying import end_tie, tie_person

__all__ = [
    "correct_person",
    "correct_record",
    "end_tie",
    "find_for_unit",
    "give_back",
    "give_back_all",
    "import_persons",
    "install_person",
    "person_template",
    "record_look",
    "register_person",
    "retire_record",
    "tie_person",
    "verify_all",
    "verify_archive",
]
