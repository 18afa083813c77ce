"""docs/how-to/write-eligibility.md: its example is without fault and judges as the page says."""

import re
from datetime import date
from pathlib import Path

from bole.definitions import catalogue
from bole.definitions.answers import assess
from bole.definitions.terms import Context, Finding, Held, Known
from tests.factories.eligibility import TRIAL, write

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "write-eligibility.md"


def test_its_example_is_sound_and_judges(tmp_path: Path):
    block = re.findall(r"^```yaml\n(.*?)^```$", HOW_TO.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)[0]
    old = TRIAL[TRIAL.index("eligibility:") : TRIAL.index("sections:")]
    place = write(tmp_path / "catalogue", old=old, new=block)
    assert catalogue.problems(place, Known()) == []
    service = catalogue.load(place).services["ningxia", "trial"]

    around = Context(date(2026, 1, 1), {"person": {"birth_on": date(1966, 12, 31)}})
    records = [{"degree": "407", "education": "21", "end": "2020-07"}]
    found = assess(service, around, archive={"education": [Held(each, "", "某厅") for each in records]})
    assert [each.finding for each in found] == [Finding.UNMET, Finding.MET, Finding.UNKNOWN]
    assert [each.stops for each in found] == [True, False, False]
