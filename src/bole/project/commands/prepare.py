"""bole prepare: everything between an empty directory and a server that can start. Safe to repeat."""

import argparse

from django.conf import settings

from bole.project import preparation


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options: settings decide."""


def run(_options: argparse.Namespace) -> int:
    """Say each step, and only what it changed."""
    for say in preparation.prepare(demo=settings.DEMO):
        print(f"  {say}", flush=True)
    return 0
