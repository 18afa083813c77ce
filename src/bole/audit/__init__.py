"""The append-only ledger: who did what to what, when. No foreign keys; sealed into a chain after commit."""
