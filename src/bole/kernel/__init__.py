"""The words every room shares: actor, answer, errors, clock, ids, events, sealing of personal data. No tables."""
