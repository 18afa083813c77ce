"""Putting a backup back: only into an empty installation, only with its own keys, and checked afterwards."""

import shutil
import tarfile
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from bole.kernel.errors import Refused
from bole.project import backups, holding, postgres
from bole.project.backups import Backup
from bole.project.working import heartbeat


def restore(path: Path) -> Backup:
    """Restore the archive. Raises Refused, before anything is written, when this is not the place for it.

    Messages wait afterwards (project/holding.py): what was sent between the backup and the loss must not be sent twice.
    """
    backup = backups.verified(path)
    _refuse_wrong_place(backup)
    holding.hold()
    with tarfile.open(backup.path) as tar:
        _restore_files(tar, backup)
        _restore_database(tar, backup)
    return backup


def _refuse_wrong_place(backup: Backup) -> None:
    beat = heartbeat()
    if beat and beat.is_alive:
        raise Refused("本系统正在运行。请先停止网站和后台进程，再恢复备份。")
    if backup.keys != backups.fingerprint():
        raise Refused("这份备份要用另一份密钥文件才能打开。请先取回当时的密钥文件，放到 BOLE_SECRET_FILE 指定的位置。")
    if backup.vendor != connection.vendor:
        raise Refused(f"备份来自 {backup.vendor} 数据库，而本系统使用 {connection.vendor}。请用同一种数据库恢复。")
    if connection.introspection.table_names() or backups.stored_files():
        raise Refused("恢复只能在空的系统中进行：数据库或附件目录中已有内容。请换一个空数据库和空目录（BOLE_VAR）。")


def _restore_files(tar: tarfile.TarFile, backup: Backup) -> None:
    roots = {name: root.resolve() for name, root in backups.places().items()}
    for member in backup.digests.keys() - {backup.database}:
        name, _, rest = member.partition("/")
        target = (roots[name] / rest).resolve() if name in roots else None
        if target is None or not target.is_relative_to(roots[name]):
            raise Refused(f"备份中的路径不正确：{member}。请换一份备份。")
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(tar, member, target)


def _write(tar: tarfile.TarFile, member: str, target: Path) -> None:
    content = tar.extractfile(member)
    if content is None:
        raise Refused(f"备份中缺少 {member}。请换一份备份。")
    with target.open("wb") as out:
        shutil.copyfileobj(content, out)
    target.chmod(0o600)


def _restore_database(tar: tarfile.TarFile, backup: Backup) -> None:
    if backup.vendor == "sqlite":
        connections.close_all()
        target = Path(str(settings.DATABASES["default"]["NAME"]))
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(tar, backup.database, target)
        if problem := backups.integrity(target):
            raise Refused(f"恢复后的数据库没有通过完整性检查：{problem}。请换一份备份。")
        return
    dump = Path(settings.BOLE_VAR) / "restoring.dump"
    try:
        _write(tar, backup.database, dump)
        postgres.load(settings.DATABASES["default"], dump)
    finally:
        dump.unlink(missing_ok=True)
