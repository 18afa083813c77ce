"""bole demo load | accounts: the demonstration's data and log-ins."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from unicodedata import east_asian_width

from bole.project import demonstration, preparation
from bole.project.demonstration import DemoAccount


def arguments(parser: argparse.ArgumentParser) -> None:
    """Two verbs."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("load", help="装入演示数据（只装一次）")
    listing = verbs.add_parser("accounts", help="列出演示账户")
    listing.add_argument("--json", action="store_true", help="以 JSON 输出全部账户")
    listing.add_argument("--all", action="store_true", help="列出全部账户，而不是每种一个")


def run(options: argparse.Namespace) -> int:
    """Load once, or list."""
    if options.verb == "load":
        done = [
            *preparation.migrate(),
            *preparation.mark(demo=True),
            *preparation.publish(),
            *preparation.load_demo(),
        ]
        print("\n".join(done) or "演示数据已经装入，没有重复装入。")
    elif options.json:
        print(json.dumps([asdict(account) for account in demonstration.accounts()], ensure_ascii=False, indent=1))
    else:
        every = demonstration.accounts()
        shown = every if options.all else [*demonstration.by_role(), *demonstration.by_state()]
        print(table(shown))
        if not options.all:
            print(f"\n共 {len(every)} 个账户，全部列出：bole demo accounts --all 或 --json")
    return 0


def table(accounts: Sequence[DemoAccount]) -> str:
    """The log-ins in columns; Chinese characters count as two."""
    rows = [("站点", "方式", "登录名", "密码", "姓名", "单位", "可以看到")]
    rows += [(a.site, a.way, a.login, a.password, a.name, a.unit, a.shows) for a in accounts]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
