"""What must be so before the first request is answered: settings, catalogue, database, mark, clock.

Refuses with sentences.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from bole.kernel import clock
from bole.project.checks import TAG
from bole.project.models import Installation
from bole.project.wiring import catalogue_faults

_SILENT = {
    "security.W003",  # CSRF middleware is there; the check looks for nothing else
    "security.W021",  # preloading is the domain owner's decision
}
_DRIFT = timedelta(seconds=2)


class StartRefused(Exception):
    """The installation is not fit to serve; `sentences` say why and what to do."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def settings_faults() -> list[str]:
    """Our own checks, and Django's deployment checks wherever others can reach the server."""
    messages = run_checks(tags=[TAG])
    if not settings.BOLE_LOCAL:
        messages += run_checks(tags=["security"], include_deployment_checks=True)
    return [message.msg for message in messages if message.level >= WARNING and message.id not in _SILENT]


def database_faults() -> list[str]:
    """The database answers, is up to date, is what the settings take it for, and runs in its safe mode."""
    try:
        with connection.cursor():
            pass
    except DatabaseError as error:
        return [f"数据库无法连接：{str(error).strip()}。请检查 BOLE_DATABASE_URL 和数据库服务。"]
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return ["数据库尚未建立或不是最新版本。请先运行：bole prepare"]
    return [*mark_faults(), *_mode_faults(), *_clock_faults()]


def mark_faults() -> list[str]:
    """Demo settings belong to a demo database, production settings to a real one."""
    mark = Installation.objects.first()
    if mark is None:
        return ["数据库没有标记用途。请先运行：bole prepare"]
    if settings.DEMO and not mark.demo:
        return ["演示设置不能用于正式数据库：演示账户的密码是公开的。请改用正式设置，或换一个空数据库。"]
    if mark.demo and not settings.DEMO:
        return ["这是演示数据库，其中账户的密码是公开的，不能用于正式环境。请换一个空数据库后运行：bole prepare"]
    return []


def _mode_faults() -> list[str]:
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        level = cursor.execute("PRAGMA synchronous").fetchone()[0]
    found = []
    if journal == "wal" and "WAL" not in str(settings.DATABASES["default"]).upper():
        found.append("数据库文件仍是 WAL 方式。请停止所有进程后重新启动，以便改为 TRUNCATE。")
    if level < 2:
        found.append("数据库没有按 synchronous=FULL 打开，断电可能丢失数据。请恢复默认设置。")
    return found


def _clock_faults() -> list[str]:
    """Deadlines are counted by the clock: web server and database must not disagree (C47)."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there: datetime = cursor.fetchone()[0]
    if abs(there - clock.now()) > _DRIFT:
        return ["本机时间与数据库服务器相差超过 2 秒，会影响截止时间的判断。请校准时间（NTP）后再启动。"]
    return []


def refuse_unless_fit() -> None:
    """Raise StartRefused with every reason at once."""
    sentences = settings_faults() or catalogue_faults() or database_faults()
    if sentences:
        raise StartRefused(sentences)
