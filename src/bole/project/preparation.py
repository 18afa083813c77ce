"""Brings an installation to the state in which it can serve. Each step may run again and then changes nothing."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from bole.accounts.models import Account
from bole.definitions.actions import publish_catalogue
from bole.kernel import clock
from bole.kernel.actors import system
from bole.kernel.errors import Refused
from bole.project import demonstration
from bole.project.models import Installation
from bole.project.startup import mark_faults
from bole.project.wiring import catalogue_faults

# Extensions that come with django_htmx and that no page uses; one of them refers to a file it does not have.
UNUSED = ["django_htmx/ext/*"]


def prepare(*, demo: bool) -> Iterator[str]:
    """Do all steps in order; a sentence for each that changed something. Raises Refused on a wrong database."""
    yield from migrate()
    yield from mark(demo=demo)
    yield from publish()
    yield from load_demo()
    yield from collect_static()


def migrate() -> Iterator[str]:
    """Bring the tables up to date."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, verbosity=0)
        yield f"数据库已更新（{len(plan)} 项）"


def mark(*, demo: bool) -> Iterator[str]:
    """Mark a new database as demonstration or real. Raises Refused when it is marked as the other, or is not new."""
    with transaction.atomic():
        if not Installation.objects.exists():
            if demo and Account.objects.exists():
                raise Refused("演示数据只能装入空数据库。这个数据库中已有账户，请换一个空数据库。")
            Installation.objects.create(demo=demo, created_at=clock.now())
            yield "数据库已标记为演示用" if demo else "数据库已标记为正式使用"
    if faults := mark_faults():
        raise Refused(faults[0])


def publish(name: str = "prepare") -> Iterator[str]:
    """Publish what the catalogue has and the database has not. Raises Refused for a catalogue with faults."""
    faults = catalogue_faults()
    if faults:
        raise Refused("\n".join(faults))
    published = publish_catalogue(by=system(name))
    if published:
        yield f"已发布事项定义 {len(published)} 项"


def load_demo() -> Iterator[str]:
    """Load the demonstration once, and only into a database marked for it."""
    installation = Installation.objects.get()
    if not installation.demo or installation.demo_loaded_at:
        return
    count = demonstration.load()
    installation.demo_loaded_at = clock.now()
    installation.save(update_fields=["demo_loaded_at"])
    yield f"已装入演示数据（{count} 项）"


def collect_static() -> Iterator[str]:
    """Give static files their hashed names, unless nothing changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    state = _static_state()
    if stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=UNUSED)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(state)
    yield "静态文件已更新"


def _static_state() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            details = Path(storage.path(path)).stat()
            digest.update(f"{path} {details.st_size} {details.st_mtime_ns}\n".encode())
    return digest.hexdigest()
