"""python -m bench NAME|all: prints the ratios of one run; fails when one misses its aim."""

import argparse
import os
import sys
from importlib import import_module
from types import ModuleType

import django

from bench.database import own_database

# The desk and the tree are filled last: the others need them empty.
NAMES = ("basic_page", "evidence_pages", "full_case", "submission", "pdf", "papers", "work_list", "subtrees", "review")


def main() -> int:
    """Run what was named in a database of its own; 1 when an aim was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("which", nargs="+", choices=[*NAMES, "all"])
    asked = parser.parse_args().which
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    with own_database():
        preparation = _start()
        for step in (preparation.migrate, preparation.collect_static):
            list(step())
        results = []
        for name in NAMES:
            if name in asked or "all" in asked:
                for result in import_module(f"bench.{name}").run():
                    print(result.line(), flush=True)
                    results.append(result)
    return 0 if all(result.met for result in results) else 1


def _start() -> ModuleType:
    """Django with the settings of the benchmarks; rooms can be imported from here on."""
    django.setup()
    return import_module("bole.project.preparation")


if __name__ == "__main__":
    sys.exit(main())
