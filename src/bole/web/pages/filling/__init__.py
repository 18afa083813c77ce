"""Filling in a case: overview, sections, records, evidence, preview, submission. The applicant's side and, for
cases that the unit fills in, the unit's."""
