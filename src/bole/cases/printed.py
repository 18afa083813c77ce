"""Papers that were given out: the one for the case as it stands, the one behind a code, what a paper is made from."""

import re
from datetime import datetime

from bole.cases.models import Attachment, Case, IssuedPaper, SubmittedAnswer
from bole.kernel import ids

_CODE = re.compile(r"[23456789BCDFGHJKMNPQRSTVWXZ]{12}")
_BETWEEN = re.compile(r"[\s\u2010-\u2015\u2212\uff0d-]+")


def issued_of(case: Case, output: str) -> IssuedPaper | None:
    """The final paper that was given out of the case at its present revision."""
    rows = IssuedPaper.objects.select_related("file")
    return rows.filter(case=case, output=output, revision=case.revision).first()


def latest_issue(case: Case, output: str) -> IssuedPaper | None:
    """The final paper of the case that was given out last."""
    return IssuedPaper.objects.filter(case=case, output=output).order_by("-revision").first()


def plain_code(code: str) -> str:
    """A check code as it is kept; empty for what cannot be one."""
    plain = _BETWEEN.sub("", code[:60]).upper()
    return plain if _CODE.fullmatch(plain) else ""


def issued_paper(site: str, code: str) -> IssuedPaper | None:
    """The paper behind a code as somebody types it: case, blanks and dashes do not matter."""
    plain = plain_code(code)
    if not plain:
        return None
    rows = IssuedPaper.objects.select_related("case__person", "case__unit")
    return rows.filter(case__site=site, code=plain).first()


def issues_beside(site: str, code: str) -> list[tuple[str, str, datetime]]:
    """The paper behind a code and every other issue of it, the latest first: code, SHA-256 of the file ("" where none
    was kept), when it was given out. Empty for a code that was never given out."""
    rows = IssuedPaper.objects.filter(case__site=site)
    own = rows.filter(code=plain_code(code)).values("case", "output").first() if plain_code(code) else None
    if own is None:
        return []
    return list(rows.filter(**own).order_by("-revision").values_list("code", "sha256", "issued_at"))


def code_of_file(site: str, sha256: str) -> str:
    """The check code of the paper whose file has this digest; empty where no such file was given out."""
    rows = IssuedPaper.objects.filter(case__site=site, sha256=sha256) if sha256 else IssuedPaper.objects.none()
    return rows.values_list("code", flat=True).first() or ""


def handed_in_digest(case: Case, round_: int, handed_in: datetime) -> str:
    """One digest over what was handed in at the round, at that moment: the definition, the answers, the files."""
    answers = SubmittedAnswer.objects.filter(case=case, round__lte=round_).order_by("round")
    files = Attachment.objects.filter(case=case, round__lt=round_).order_by("id")  # their order may change later
    kept = files.values_list("section", "record", "purpose", "file__stored_sha256", "removed_at")
    return ids.digest(
        {
            "definition": case.service_hash,
            "typed": {row.section: row.typed for row in answers},
            "files": [list(each) for *each, removed in kept if removed is None or removed > handed_in],
        }
    )
