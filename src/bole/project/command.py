"""The `bole` command. Each subcommand is one small module under commands/, loaded when it is asked for."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import django

from bole.kernel.errors import BoleError

# Subcommand → what `bole --help` says of it. The module of the same name has `arguments(parser)` and `run(options)`.
COMMANDS = {
    "prepare": "建立或更新数据库，发布事项目录，收集静态文件（可重复运行）",
    "serve": "启动网站和后台进程",
    "worker": "只启动后台进程",
    "catalogue": "检查、显示、发布事项目录",
    "demo": "装入演示数据，列出演示账户",
    "import": "从 Excel 导入单位或人员",
    "audit": "验证审计记录，封存新记录",
    "backup": "备份数据库和附件",
    "restore": "从备份恢复",
    "status": "显示本系统的状态",
}
_MODULES = {"import": "import_", "audit": "audit_"}


def _parser(chosen: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bole", description="伯乐人才人事服务平台")
    parts = parser.add_subparsers(dest="command", required=True, metavar="命令")
    for name, say in COMMANDS.items():
        part = parts.add_parser(name, help=say, description=say)
        if name == chosen:
            module = import_module(f"bole.project.commands.{_MODULES.get(name, name)}")
            module.arguments(part)
            part.set_defaults(run=module.run)
    return parser


def _before_setup(words: Sequence[str]) -> None:
    """Settings are read once, so what decides them is taken from the command line first."""
    default = "bole.project.demo" if words[:1] == ["demo"] else "bole.project.settings"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", default)
    for place, word in enumerate(words):
        if word == "--bind" and place + 1 < len(words):
            os.environ["BOLE_BIND"] = words[place + 1]
        elif word.startswith("--bind="):
            os.environ["BOLE_BIND"] = word.removeprefix("--bind=")


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 1 when it refused, 2 when it was called wrongly."""
    os.umask(0o077)  # database, messages and backups are for whoever runs this, not for others on the machine
    words = list(sys.argv[1:] if words is None else words)
    chosen = next((word for word in words if word in COMMANDS), None)
    try:
        if chosen:
            _before_setup(words)
            django.setup()
        options = _parser(chosen).parse_args(words)
        return int(options.run(options) or 0)
    except BoleError as error:
        print(error.sentence, file=sys.stderr)
        return 1
    except FileNotFoundError as error:
        print(error if error.filename is None else f"文件不存在：{error.filename}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
