"""The verbs of the titles room."""

from bole.titles.actions.committees import keep_committee, retire_committee
from bole.titles.actions.entries import keep_entry, retire_entry
from bole.titles.actions.importing import catalogue_template, export_catalogue, import_catalogue, plan_import
from bole.titles.actions.seeding import enter_lines
from bole.titles.actions.wording import read_committee, told

__all__ = [
    "catalogue_template",
    "enter_lines",
    "export_catalogue",
    "import_catalogue",
    "keep_committee",
    "keep_entry",
    "plan_import",
    "read_committee",
    "retire_committee",
    "retire_entry",
    "told",
]
