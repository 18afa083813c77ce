"""bole worker: the background process alone."""

import argparse

from bole.kernel.errors import Refused
from bole.project.jobs import JOBS
from bole.project.startup import StartRefused, refuse_unless_fit
from bole.project.working import Worker


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--once` is for tests and for machines that have their own scheduler."""
    parser.add_argument("--once", action="store_true", help="各项工作做一遍就结束")
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Work until told to stop. Raises Refused when the installation is not fit."""
    try:
        refuse_unless_fit()
    except StartRefused as refusal:
        raise Refused("后台进程未能启动：\n" + "\n".join(f"· {sentence}" for sentence in refusal.sentences)) from None
    worker = Worker(JOBS)
    if options.once:
        return 1 if worker.once() else 0
    worker.run(with_parent=options.with_parent)
    return 0
