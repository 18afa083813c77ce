"""Import contracts of our own, for what the stock kinds of import-linter cannot say. Configured in .importlinter."""

import re
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

_ROOT = "bole"
# Inside a room, by what each kind of file may not know: terms <- models <- rules, queries <- actions <- tasks.
_ORDER = {"terms": 0, "events": 0, "models": 1, "rules": 2, "queries": 2, "actions": 3, "tasks": 4, "apps": 5}


def _place(module: str) -> tuple[str, str]:
    """The room and the file (or folder) in it: bole.cases.queries.inbox → cases, queries."""
    parts = module.split(".")
    return (parts[1] if len(parts) > 1 else "", parts[2] if len(parts) > 2 else "")


def _imports(graph: ImportGraph) -> list[tuple[str, str]]:
    modules = [module for module in graph.modules if module == _ROOT or module.startswith(f"{_ROOT}.")]
    return sorted(
        (importer, imported)
        for importer in modules
        for imported in graph.find_modules_directly_imported_by(importer)
        if imported.startswith(f"{_ROOT}.")
    )


class _Breaches(Contract):
    """Checks each direct import on its own and lists those that break the rule."""

    def breach(self, importer: str, imported: str) -> str:
        """Why this import is not allowed; empty when it is."""
        return ""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        found = [(a, b, self.breach(a, b)) for a, b in _imports(graph)]
        broken = [breach for breach in found if breach[2]]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported, why in check.metadata["broken"]:
            output.print_error(f"- {importer} -> {imported}: {why}", bold=False)


class PublicFace(_Breaches):
    """From another room only its public face; `open_rooms` (the kernel) may be entered anywhere.

    `also` lists further public files of a room as `room.file`: each is part of its face by design, not an exception
    for one importer.
    """

    face: Any = fields.SetField(subfield=fields.StringField())
    open_rooms: Any = fields.SetField(subfield=fields.StringField())
    also: Any = fields.SetField(subfield=fields.StringField(), required=False)

    def breach(self, importer: str, imported: str) -> str:
        (here, _), (room, file) = _place(importer), _place(imported)
        further = {f"{_ROOT}.{name}" for name in self.also or ()}
        if here == room or room in self.open_rooms or not room:
            return ""
        if file in self.face or f"{_ROOT}.{room}.{file}" in further:
            return ""
        return "not part of that room's public face" if file else "import a file of the room, not the room"


class RoomOrder(_Breaches):
    """Inside a room: terms <- models <- rules, queries <- actions <- tasks. Files of other names stand outside."""

    def breach(self, importer: str, imported: str) -> str:
        (here, above), (room, below) = _place(importer), _place(imported)
        if here != room or above == below or above not in _ORDER or below not in _ORDER:
            return ""
        if _ORDER[below] > _ORDER[above]:
            return f"{above} may not know {below}"
        return ""


class NoAmbient(_Breaches):
    """Rooms below the pages know no request, session or settings; `apps.py` alone hands settings in.

    import-linter sees a library as one module, so the words of the import line are read.
    """

    rooms: Any = fields.SetField(subfield=fields.StringField())
    words: Any = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = []
        for importer in sorted(graph.modules):
            room, file = _place(importer)
            if room not in self.rooms or file in {"apps", "migrations"} or "django" not in graph.modules:
                continue
            for detail in graph.get_import_details(importer=importer, imported="django"):
                line = detail["line_contents"]
                if any(re.search(rf"\b{re.escape(word)}\b", line) for word in self.words):
                    broken.append((importer, line.strip(), "rooms below the pages take what they need as arguments"))
        return ContractCheck(kept=not broken, metadata={"broken": broken})


class OneDoor(Contract):
    """Each heavy library is imported by one file, and that file is in the room that keeps them."""

    room: Any = fields.StringField()
    libraries: Any = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = []
        for library in sorted(self.libraries):
            doors = sorted(graph.find_modules_that_directly_import(library)) if library in graph.modules else []
            if len(doors) > 1 or any(_place(door)[0] != self.room for door in doors):
                broken.append((library, doors))
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for library, doors in check.metadata["broken"]:
            output.print_error(
                f"- {library} is imported by {', '.join(doors)}; one file of {self.room} may", bold=False
            )


class RecordsApart(_Breaches):
    """Records rooms hold what is true; they do not know definitions, cases or review, nor each other."""

    rooms: Any = fields.SetField(subfield=fields.StringField())
    unknown: Any = fields.SetField(subfield=fields.StringField())

    def breach(self, importer: str, imported: str) -> str:
        here, room = _place(importer)[0], _place(imported)[0]
        if here in self.rooms and here != room and (room in self.rooms or room in self.unknown):
            return "records rooms know neither process nor each other"
        return ""
