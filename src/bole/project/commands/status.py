"""bole status: is this installation well?"""

import argparse
import shutil
import sqlite3

from django.conf import settings
from django.db import connection

from bole.kernel import clock
from bole.project import holding, startup
from bole.project.models import Installation
from bole.project.working import heartbeat


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(_options: argparse.Namespace) -> int:
    """One line each; 0 when all is well."""
    faults = startup.settings_faults() + startup.database_faults()
    print(f"数据库    {_database()}")
    if not faults:
        mark = Installation.objects.get()
        print(f"用途      {'演示' if mark.demo else '正式'}，建立于 {clock.china(mark.created_at):%Y-%m-%d %H:%M}")
    beat = heartbeat()
    alive = beat is not None and beat.is_alive
    print(
        f"后台进程  {'运行中' if alive else '没有运行'}"
        + (f"，失败的工作：{'、'.join(beat.failing)}" if beat and beat.failing else "")
    )
    print(f"消息发送  {'暂停（恢复备份之后）' if holding.is_held() else '正常'}")
    disk = shutil.disk_usage(settings.BOLE_VAR)
    print(f"磁盘      剩余 {disk.free / 1024**3:.1f} GB，共 {disk.total / 1024**3:.1f} GB")
    for fault in faults:
        print(f"问题      {fault}")
    return 1 if faults or not alive or (beat is not None and beat.failing) else 0


def _database() -> str:
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}，{settings.DATABASES['default']['NAME']}"
    return f"PostgreSQL，{settings.DATABASES['default']['HOST']}/{settings.DATABASES['default']['NAME']}"
