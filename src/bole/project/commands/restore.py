"""bole restore FILE: into an empty installation; then the ledger is verified."""

import argparse
import sys
from pathlib import Path

from bole.audit.queries import verify
from bole.project import holding
from bole.project.restoring import restore


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which archive; or, later, that messages may go out again."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, metavar="备份文件")
    what.add_argument("--release-messages", action="store_true", help="恢复后核对无误，重新开始发送短信和邮件")


def run(options: argparse.Namespace) -> int:
    """Restore, verify, and say that messages wait."""
    if options.release_messages:
        holding.release()
        print("短信和邮件已恢复发送。")
        return 0
    backup = restore(options.file)
    result = verify()
    print(f"已恢复 {backup.made_at} 的备份，附件 {len(backup.digests) - 1} 个，审计记录 {result.entries} 条。")
    for fault in result.faults:
        print(fault, file=sys.stderr)
    print("短信和邮件暂停发送，以免重复。核对无误后运行：bole restore --release-messages")
    return 0 if result.sound else 1
