"""What can be done in the people room."""

from bole.people.actions.admitting import (
    admit,
    bind_person,
    change_person,
    clean_up,
    refuse_registration,
    transfer,
)
from bole.people.actions.archiving import (
    correct_record,
    enter_record,
    give_back,
    give_back_all,
    retire_record,
    take_back_record,
    verify_all,
    verify_archive,
)
from bole.people.actions.correcting import correct_person
from bole.people.actions.founding import found_unit
from bole.people.actions.importing import import_persons, person_template
from bole.people.actions.insuring import bind_insurance_register, import_insurance, insurance_template
from bole.people.actions.inviting import (
    accept_invitation,
    change_invitation,
    decline_invitation,
    invite,
    open_invitation,
    renew_invitation,
    take_invitation,
    withdraw_invitation,
)
from bole.people.actions.looking import find_for_unit, record_look
from bole.people.actions.registering import install_person, register_person
from bole.people.actions.resetting import start_reset
from bole.people.actions.tying import end_tie, locked_person, place_person, tie_person

__all__ = [
    "accept_invitation",
    "admit",
    "bind_insurance_register",
    "bind_person",
    "change_invitation",
    "change_person",
    "clean_up",
    "correct_person",
    "correct_record",
    "decline_invitation",
    "end_tie",
    "enter_record",
    "find_for_unit",
    "found_unit",
    "give_back",
    "give_back_all",
    "import_insurance",
    "import_persons",
    "install_person",
    "insurance_template",
    "invite",
    "locked_person",
    "open_invitation",
    "person_template",
    "place_person",
    "record_look",
    "refuse_registration",
    "register_person",
    "renew_invitation",
    "retire_record",
    "start_reset",
    "take_back_record",
    "take_invitation",
    "tie_person",
    "transfer",
    "verify_all",
    "verify_archive",
    "withdraw_invitation",
]
