"""Contents at rest: unreadable without the key, unchangeable, whole or absent."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from bole.documents import actions, queries, storage
from bole.documents.models import StoredFile
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
