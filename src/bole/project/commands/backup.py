"""bole backup DIRECTORY: one archive, read back and checked."""

import argparse
from pathlib import Path

from bole.project import backups
from bole.project import environment as env


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("directory", type=Path, metavar="目录")


def run(options: argparse.Namespace) -> int:
    """Make the backup and say what it does not contain."""
    backup = backups.back_up(options.directory)
    size = backup.path.stat().st_size / 1024 / 1024
    print(f"已备份并核对：{backup.path}（{size:.1f} MB，附件 {len(backup.digests) - 1} 个）")
    print(f"密钥文件不在备份中，请另行保管：{env.secret_path()}。没有它，备份无法打开。")
    return 0
