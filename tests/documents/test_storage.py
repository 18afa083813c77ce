"""Contents at rest: unreadable without the key, unchangeable, whole or absent."""

import hashlib
import io
import os
import tracemalloc
import uuid
import zipfile

import pytest
from django.db import IntegrityError, transaction
from python_calamine import CalamineWorkbook

from bole.documents import actions, parts, queries, storage
from bole.documents.models import StoredFile
from bole.documents.terms import Column, MediaType
from bole.kernel import sealing
from tests.documents import samples
from tests.documents.conftest import OPERATOR


def files_under(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def stored(kept, db):
    return actions.store(samples.pdf(), name="身份证.pdf", purpose="evidence", by=OPERATOR)


def test_content_and_name_are_encrypted_at_rest(kept, stored):
    content = queries.content(stored)
    assert content == samples.pdf() or content.startswith(b"%PDF")
    (path,) = files_under(kept)
    raw = path.read_bytes()
    assert str(path.relative_to(kept)) == stored.key
    assert b"%PDF" not in raw
    assert content[200:232] not in raw
    assert b"\xe8\xba\xab" not in path.name.encode()
    row = StoredFile.objects.get(pk=stored.pk)
    assert row.name == "身份证.pdf"
    assert oct(path.stat().st_mode & 0o777) == "0o600"


def test_tampered_or_swapped_content_does_not_open(kept, stored):
    (path,) = files_under(kept)
    whole = path.read_bytes()
    other = actions.store(samples.image(), name="b", purpose="evidence", by=OPERATOR)
    for changed in (
        whole[:-1] + bytes([whole[-1] ^ 1]),
        whole[:100] + bytes([whole[100] ^ 1]) + whole[101:],
        whole[:-20],
        (kept / other.key).read_bytes(),
    ):
        path.write_bytes(changed)
        with pytest.raises(sealing.Unsealable):
            queries.content(stored)
    path.write_bytes(whole)
    assert queries.content(stored).startswith(b"%PDF")


@pytest.mark.parametrize("key", ["../../etc/passwd", "/etc/passwd", "ab/../cd", "AB/" + "0" * 32, "", "ab/\0"])
def test_keys_are_only_those_made_here(kept, key):
    place = storage.current()
    for act in (lambda: place.put(key, b"x"), lambda: place.get(key), lambda: place.delete(key)):
        with pytest.raises(ValueError, match="not a storage key"):
            act()
    assert not kept.exists()


def test_a_key_is_written_once(kept):
    key = storage.new_key()
    storage.current().put(key, b"first")
    with pytest.raises(FileExistsError):
        storage.current().put(key, b"second")
    assert storage.current().get(key) == b"first"
    assert [path.name for path in files_under(kept)] == [key[3:]]


def test_failed_write_leaves_nothing(kept, monkeypatch):
    def full(handle):
        raise OSError("no space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        storage.current().put(storage.new_key(), b"x")
    assert files_under(kept) == []


@pytest.mark.django_db(transaction=True)
def test_discarded_content_goes_after_commit_only(kept):
    file = actions.store(samples.image(), name="a", purpose="evidence", by=OPERATOR)
    try:
        with transaction.atomic():
            actions.discard(file)
            raise RuntimeError
    except RuntimeError:
        pass
    file = StoredFile.objects.get()
    assert queries.content(file)[:2] == b"\xff\xd8"
    actions.discard(file)
    assert (StoredFile.objects.count(), files_under(kept)) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_content_of_an_undone_transaction_is_swept(kept):
    file = actions.store(samples.image(), name="a", purpose="evidence", by=OPERATOR)
    try:
        with transaction.atomic():
            actions.store(samples.image(), name="b", purpose="evidence", by=OPERATOR)
            raise RuntimeError
    except RuntimeError:
        pass
    assert len(files_under(kept)) == 2
    assert actions.sweep() == 0
    assert actions.sweep(older_than=0) == 1
    assert [path.name for path in files_under(kept)] == [file.key[3:]]


@pytest.mark.parametrize(
    "change",
    [
        {"media_type": "text/html"},
        {"size": 0},
        {"pages": 0},
        {"width": 10},
        {"media_type": "image/png"},
        {"media_type": "image/png", "width": 1, "height": 1, "pages": 2},
    ],
)
def test_the_database_refuses_rows_that_cannot_be(stored, change):
    facts = {
        "purpose": "x", "media_type": "application/pdf", "size": 1, "sha256": "0" * 64, "stored_sha256": "0" * 64,
        "pages": 1, "created_at": stored.created_at,
    }  # fmt: skip
    StoredFile.objects.create(name="a", key=uuid.uuid4().hex, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.create(name="a", key=uuid.uuid4().hex, **(facts | change))


def grown(content: bytes, *, step: int = 100_000) -> str:
    """A content written piece by piece; its key."""
    key = storage.new_key()
    growing = storage.current().grow(key)
    for at in range(0, len(content), step):
        growing.write(content[at : at + step])
    growing.keep()
    return key


@pytest.mark.parametrize("size", [0, 1, parts.SIZE - 1, parts.SIZE, parts.SIZE + 1, 2 * parts.SIZE + 7])
def test_a_content_that_grew_is_read_back_whole_or_in_pieces(kept, size):
    content = os.urandom(size)
    key = grown(content)
    assert storage.current().get(key) == content
    pieces = list(storage.current().pieces(key))
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) <= parts.SIZE
    (path,) = files_under(kept)
    assert content[:64] not in path.read_bytes() or size < 2


def test_a_grown_content_with_a_part_changed_moved_or_missing_does_not_open(kept):
    content = os.urandom(3 * parts.SIZE)
    key, other = grown(content), grown(os.urandom(3 * parts.SIZE))
    path = kept / key
    whole = path.read_bytes()
    one = (len(whole) - 1) // 3  # a mark, then three parts of one length
    first, second, last = (whole[1 + at * one : 1 + (at + 1) * one] for at in range(3))
    foreign = (kept / other).read_bytes()[1 : 1 + one]
    for changed in (
        second + first + last,
        first + first + last,
        first + last,
        first + second,
        first,
        b"",
        foreign + second + last,
        first + second + last + last,
        first + second + last[:-1],
        first + second + last[:-1] + bytes([last[-1] ^ 1]),
        first + second + last + b"\xff\xff\xff\xff",
    ):
        path.write_bytes(whole[:1] + changed)
        with pytest.raises(sealing.Unsealable):
            storage.current().get(key)
    path.write_bytes(whole)
    assert storage.current().get(key) == content


def test_what_is_abandoned_or_left_behind_leaves_nothing(kept):
    growing = storage.current().grow(storage.new_key())
    growing.write(b"x" * 3_000_000)
    growing.abandon()
    assert files_under(kept) == []
    left = storage.current().grow(storage.new_key())  # its process ends
    left.write(b"x" * 3_000_000)
    assert len(files_under(kept)) == 1
    storage.current().forget_drafts(older_than=60)
    assert len(files_under(kept)) == 1
    storage.current().forget_drafts(older_than=-1)
    assert files_under(kept) == []
    left.abandon()
    with pytest.raises(FileExistsError):
        storage.current().grow(grown(b"there"))


def bundle(count: int) -> tuple[StoredFile, int]:
    """So many papers of half a megabyte as one bundle, and the most memory that it took, in bytes."""
    paper = os.urandom(500_000)
    tracemalloc.start()
    try:
        made = actions.Making()
        into = actions.Bundle(made)
        for number in range(count):
            into.add([(f"{number}.pdf", paper + bytes([number % 256]))])
        into.finish()
        file = made.keep(media_type=MediaType.BUNDLE, name="批量打印", purpose="export", by=OPERATOR)
        for piece in queries.pieces(file):
            assert piece
        return file, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.django_db
@pytest.mark.one_database
def test_memory_does_not_grow_with_the_files_of_a_bundle(kept):
    (_, few), (file, many) = bundle(12), bundle(60)
    assert file.size > 60 * 500_000
    assert many < few + 1_000_000  # 24 MB more went through
    assert many < 8_000_000
    content = queries.content(file)
    assert (file.size, file.stored_sha256) == (len(content), hashlib.sha256(content).hexdigest())
    found = zipfile.ZipFile(io.BytesIO(content))
    assert found.testzip() is None
    assert found.namelist() == [f"{number}.pdf" for number in range(60)]
    assert found.read("59.pdf")[-1:] == bytes([59])


def test_a_workbook_that_was_written_on_opens(kept, db):
    made = actions.Making()
    stream = actions.SheetStream(made, [Column("姓名"), Column("单位")], name="名单")
    stream.add([["林致远", "=1+1"]] * 3)
    stream.finish()
    file = made.keep(media_type=MediaType.WORKBOOK, name="名单", purpose="export", by=OPERATOR)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(queries.content(file))).get_sheet_by_name("名单").to_python()
    assert rows == [["姓名", "单位"], *[["林致远", "=1+1"]] * 3]
