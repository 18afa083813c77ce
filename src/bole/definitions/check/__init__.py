"""Cross-checks of a parsed catalogue: what YAML and types cannot see."""

from bole.definitions.check.routes import check_route
from bole.definitions.check.sections import check_sections
from bole.definitions.check.services import check_service
from bole.definitions.parse import Parsed
from bole.definitions.terms import Known, Problem


def check(parsed: Parsed, known: Known) -> list[Problem]:
    """Every problem of the catalogue, those of parsing first; the warnings among them do not stop anything."""
    problems = list(parsed.problems)
    for record in parsed.records.values():
        codes = {each.field for each in record.thing.fields}
        problems += [
            record.problem(["key", place], f"没有栏目「{name}」，不能用来识别同一条记录")
            for place, name in enumerate(record.thing.key)
            if name not in codes
        ]
    for source in parsed.routes:
        problems += check_route(source, known)
    for source in parsed.services:
        problems += check_sections(source, known)
        problems += check_service(source, known)
    # A fault of a record kind shows in each form that draws on it, but once.
    return sorted(set(problems), key=lambda problem: (problem.file, problem.line, problem.say))


__all__ = ["check"]
