"""The catalogue of titles of the demonstration: the national table, invented majors and committees."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings

from bole.kernel import clock
from bole.organizations.models import Unit
from bole.project.demo_data.stage import SETUP
from bole.titles import actions, queries
from bole.titles.terms import CommitteeDraft, CommitteeLevel, Kind, Major, Review, Span, Window


def load(site: str, units: Mapping[str, Unit]) -> int:
    """Enter the site's catalogue, if it has one; returns how many lines and committees. `units` are places by key."""
    path = Path(settings.BOLE_CATALOGUE) / site / "titles.yaml"
    if not path.is_file():
        return 0
    book = yaml.safe_load(path.read_text(encoding="utf-8"))
    majors = {code: [Major(**each) for each in rows] for code, rows in book["majors"].items()}
    made = actions.enter_lines(site=site, lines=queries.standard_lines(majors), by=SETUP)
    keys = _keys(site)
    for row in book["committees"]:
        actions.keep_committee(site=site, draft=_draft(row, units, keys), by=SETUP)
    return made + len(book["committees"])


def _keys(site: str) -> dict[tuple[str, ...], UUID]:
    """Series and majors by their codes from the top."""
    snapshot = queries.snapshot(site)
    wanted = (entry.id for entry in snapshot.entries.values() if entry.kind in (Kind.SERIES, Kind.MAJOR))
    return {tuple(reversed([each.code for each in snapshot.line(id)])): id for id in wanted}


def _draft(row: Mapping[str, Any], units: Mapping[str, Unit], keys: Mapping[tuple[str, ...], UUID]) -> CommitteeDraft:
    today = clock.today()
    filed = date(today.year + row.get("filed", 0), 1, 1)
    until = date(filed.year + 3, 1, 1) - timedelta(days=1)
    opens, closes = (date.fromisoformat(f"{filed.year}-{day}") for day in row["window"])
    windows = tuple(
        Window(year, opens.replace(year=year), closes.replace(year=year)) for year in range(filed.year, until.year + 1)
    )
    return CommitteeDraft(
        code=row["code"],
        name=row["name"],
        level=CommitteeLevel(row["level"]),
        judges_lower=row.get("lower", False),
        series=keys[row["series"],],
        scope=tuple(keys[row["series"], code] for code in row.get("majors", ())),
        founder=units[row["unit"]].pk,
        review=Review(row["review"]),
        filing_number=row["filing"].format(year=filed.year),
        filed_on=filed,
        filed_until=until,
        departments=tuple((units[key].pk, Span()) for key in row["departments"]),
        windows=windows,
        regions=tuple(row.get("regions", ())),
    )
