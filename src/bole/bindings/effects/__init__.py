"""What a decision makes true: one file for each room written to, and the names by which YAML calls for it."""

from bole.bindings.effects import entering, organizations, people
from bole.definitions.terms import ENTER_RECORDS
from bole.review.terms import Effect

EFFECTS: dict[str, Effect] = {
    "people.offer_archive": people.offer_archive,
    "people.verify_archive": people.verify_archive,
    ENTER_RECORDS: entering.enter_records,
    "people.admit": people.admit,
    "people.refuse": people.refuse,
    "people.check_binding": people.check_binding,
    "people.bind": people.bind,
    "people.change": people.change,
    "people.check_transfer": people.check_transfer,
    "people.transfer": people.transfer,
    "organizations.check_registration": organizations.check_registration,
    "organizations.register_unit": organizations.register_unit,
    "organizations.check_attachment": organizations.check_attachment,
    "organizations.attach": organizations.attach,
    "organizations.check_change": organizations.check_change,
    "organizations.change_unit": organizations.change_unit,
}
