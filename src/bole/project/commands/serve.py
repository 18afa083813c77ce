"""bole serve: the web server, with the background process beside it."""

import argparse
import os
import sys

from django.conf import settings
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from bole.kernel.errors import Refused
from bole.project import demonstration
from bole.project.beside import Beside
from bole.project.commands.demo import table
from bole.project.startup import StartRefused, refuse_unless_fit


def arguments(parser: argparse.ArgumentParser) -> None:
    """The address is read before the settings are; see project/command.py."""
    parser.add_argument("--bind", metavar="地址:端口", help="监听地址，默认 127.0.0.1:8000（或 BOLE_BIND）")
    parser.add_argument("--no-worker", action="store_true", help="不启动后台进程（它在别处运行时）")


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop. Raises Refused when the installation is not fit."""
    try:
        refuse_unless_fit()
    except StartRefused as refusal:
        raise Refused("未能启动：\n" + "\n".join(f"· {sentence}" for sentence in refusal.sentences)) from None
    host, port = settings.BOLE_BIND
    greet(host, port)
    on_sqlite = "sqlite3" in settings.DATABASES["default"]["ENGINE"]
    server = Server(
        "bole.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("BOLE_WORKERS") or (1 if on_sqlite else 2)),
        blocking_threads=int(os.environ.get("BOLE_THREADS") or 4),
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        websockets=False,
        log_level=LogLevels.warning,
    )
    beside = None if options.no_worker else Beside()
    try:
        server.serve()
    finally:
        if beside:
            beside.stop()
    return 0


def greet(host: str, port: int) -> None:
    """Say where to look and, on a demonstration, how to get in."""
    shown = f"[{host}]" if ":" in host else host
    print(f"\n伯乐已启动： http://{shown}:{port}/   （按 Ctrl+C 停止）", flush=True)
    if settings.DEMO:
        print(f"\n演示账户（更多见 bole demo accounts）：\n{table(demonstration.by_role())}", flush=True)
    if settings.BOLE_TEST_MODE:
        print("\n测试模式：图形验证码 0000，短信验证码 000000。", file=sys.stderr, flush=True)
