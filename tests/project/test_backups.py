"""A backup is whole or refused; a restore gives back what was there, and only in an empty place."""

import io
import tarfile
from pathlib import Path

import pytest

from bole.kernel.errors import Refused
from bole.project import backups
from bole.project.backups import verified
from tests.project.places import Place, prepared


@pytest.fixture
def place(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    made = prepared(tmp_path_factory, tmp_path / "one")
    (made.var / "files" / "ab").mkdir(parents=True)
    (made.var / "files" / "ab" / "paper").write_bytes(b"sealed paper")
    (made.var / "files" / "ab" / ".growing.part").write_bytes(b"what is only being written")
    return made


def archive(place: Place, directory: Path) -> Path:
    answer = place.bole("backup", str(directory))
    assert answer.returncode == 0, answer.stderr
    return next(directory.glob("bole-*.tar"))


def empty_place(directory: Path, keys_of: Place) -> Place:
    directory.mkdir()
    (directory / "secrets.json").write_bytes((keys_of.var / "secrets.json").read_bytes())
    (directory / "secrets.json").chmod(0o600)
    return Place(directory)


def test_restore_gives_back_database_and_files_and_holds_messages(place, tmp_path):
    made = archive(place, tmp_path / "kept")
    there = empty_place(tmp_path / "two", place)

    answer = there.bole("restore", str(made))

    assert (answer.returncode, answer.stderr) == (0, "")
    assert there.sql("SELECT id FROM project_installation") == place.sql("SELECT id FROM project_installation")
    assert (there.var / "files" / "ab" / "paper").read_bytes() == b"sealed paper"
    assert [path.name for path in (there.var / "files" / "ab").iterdir()] == ["paper"]
    assert "消息发送  暂停" in there.bole("status").stdout
    assert there.bole("restore", "--release-messages").returncode == 0
    assert "消息发送  正常" in there.bole("status").stdout


def test_backup_holds_no_key_and_is_readable_by_its_owner_only(place, tmp_path):
    made = archive(place, tmp_path / "kept")

    assert oct(made.stat().st_mode & 0o777) == "0o600"
    with tarfile.open(made) as tar:
        assert [name for name in tar.getnames() if "secret" in name] == []
    assert sorted(path.name for path in made.parent.iterdir()) == [made.name]


def test_restore_is_refused_where_something_is(place, tmp_path):
    made = archive(place, tmp_path / "kept")
    before = place.sql("SELECT * FROM project_installation")

    answer = place.bole("restore", str(made))

    assert (answer.returncode, answer.stderr.startswith("恢复只能在空的系统中进行")) == (1, True)
    assert place.sql("SELECT * FROM project_installation") == before


def test_restore_is_refused_with_other_keys(place, tmp_path):
    made = archive(place, tmp_path / "kept")
    there = Place(tmp_path / "two")

    answer = there.bole("restore", str(made))

    assert (answer.returncode, answer.stderr.startswith("这份备份要用另一份密钥文件才能打开")) == (1, True)
    assert not (there.var / "files").exists()


@pytest.fixture
def small(settings, tmp_path, monkeypatch):
    """An archive made in this process, of a database copy that is only a stand-in for a dump."""
    settings.BOLE_VAR, settings.BOLE_FILES = tmp_path, tmp_path / "files"
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "paper").write_bytes(b"sealed paper")

    def stand_in(target: Path) -> str:
        target.write_bytes(b"rows")
        return "database.sqlite3"

    monkeypatch.setattr(backups, "_copy_database", stand_in)
    return backups.back_up(tmp_path / "kept").path


def rewritten(path: Path, change) -> Path:
    """The archive with its members passed through `change(name, body)`; None leaves one out."""
    made = path.with_name("changed.tar")
    with tarfile.open(path) as old, tarfile.open(made, "w") as new:
        for entry in old:
            body = change(entry.name, old.extractfile(entry).read())
            if body is not None:
                entry.size = len(body)
                new.addfile(entry, io.BytesIO(body))
    return made


def test_whole_archive_is_accepted(small):
    assert sorted(verified(rewritten(small, lambda _, body: body)).digests) == ["database.sqlite3", "files/paper"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda name, body: body + b"!" if name == "files/paper" else body, "files/paper"),
        (lambda name, body: None if name == "files/paper" else body, "files/paper"),
        (lambda name, body: None if name == "manifest.json" else body, "不是完整的备份文件"),
        (lambda name, body: body.replace(b'"format": 1', b'"format": 2'), "格式与本程序不符"),
    ],
    ids=["changed", "missing", "no list", "other format"],
)
def test_damaged_archive_is_refused(small, change, sentence):
    with pytest.raises(Refused, match=sentence):
        verified(rewritten(small, change))


def test_cut_archive_is_refused(small):
    cut = small.with_name("cut.tar")
    cut.write_bytes(small.read_bytes()[:700])

    with pytest.raises(Refused):
        verified(cut)


def test_archive_with_a_link_is_refused(small):
    with tarfile.open(small, "a") as tar:
        link = tarfile.TarInfo("files/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)

    with pytest.raises(Refused, match="不是普通文件"):
        verified(small)
