"""Checks of the repository itself. Run by make check and, again, by tests/repository."""
