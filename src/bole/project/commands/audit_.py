"""bole audit verify | seal: the ledger."""

import argparse
import sys

from bole.audit import actions, queries


def arguments(parser: argparse.ArgumentParser) -> None:
    """Two verbs."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("verify", help="验证全部审计记录没有被改动")
    verbs.add_parser("seal", help="立即封存新记录")


def run(options: argparse.Namespace) -> int:
    """Verify or seal."""
    if options.verb == "seal":
        print(f"已封存 {actions.seal_pending()} 条。")
        return 0
    result = queries.verify()
    for fault in result.faults:
        print(fault, file=sys.stderr)
    print(f"审计记录 {result.entries} 条，" + ("全部完好。" if result.sound else f"发现 {len(result.faults)} 处问题。"))
    return 0 if result.sound else 1
