"""The key file and what a deployment decides by environment variables."""

import base64
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bole.kernel import sealing
from bole.project import environment as env


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(env, "VAR", tmp_path)
    monkeypatch.delenv("BOLE_SECRET_FILE", raising=False)
    return tmp_path / "secrets.json"


def test_first_start_makes_a_key_file_only_its_owner_may_read(secret):
    made = env.secret_file()

    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert len(made["secret_key"]) >= 50
    assert [len(base64.b64decode(key)) for key in (*made["masters"].values(), made["index"])] == [32, 32]


def test_second_start_keeps_the_keys(secret):
    assert env.secret_file() == env.secret_file() == json.loads(secret.read_text())


def test_a_mistyped_key_file_is_refused_instead_of_made(secret, monkeypatch, tmp_path):
    missing = tmp_path / "elsewhere.json"
    monkeypatch.setenv("BOLE_SECRET_FILE", str(missing))

    with pytest.raises(FileNotFoundError, match="密钥文件不存在"):
        env.secret_file()

    assert not missing.exists()
    assert not secret.exists()


def test_parallel_first_starts_agree_on_one_key_file(tmp_path):
    code = "from bole.project import environment as e; print(e.secret_file()['secret_key'])"
    environment = {**os.environ, "BOLE_VAR": str(tmp_path)}
    starts = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]

    keys = {start.communicate()[0] for start in starts}

    assert keys == {json.loads((tmp_path / "secrets.json").read_text())["secret_key"] + "\n"}


def test_a_key_file_is_never_there_by_half(secret, monkeypatch):
    """Who starts at the same moment reads it as soon as it is there."""
    real, appeared = Path.hardlink_to, []

    def appear(path: Path, draft: Path) -> None:
        appeared.append((path.exists(), json.loads(draft.read_text())))
        real(path, draft)

    monkeypatch.setattr(Path, "hardlink_to", appear)

    assert [(False, env.secret_file())] == appeared
    assert [each.name for each in secret.parent.iterdir()] == [secret.name]


@pytest.mark.parametrize(("name", "suite"), [("intl", sealing.Suite.INTL), ("sm", sealing.Suite.SM)])
def test_crypto_suite_is_chosen_by_name(secret, monkeypatch, name, suite):
    monkeypatch.setenv("BOLE_CRYPTO_SUITE", name)

    assert env.sealing_keys(env.secret_file()).suite is suite


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost"])
def test_loopback_is_known(host):
    assert env.is_loopback(host) is True


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "10.0.0.8", "bole.example", "localhost.example", "127.0.0.1.example"]
)
def test_other_addresses_are_not_taken_for_loopback(host):
    assert env.is_loopback(host) is False


@pytest.mark.parametrize(
    ("given", "expected"), [("0.0.0.0:80", ("0.0.0.0", 80)), ("[::1]:9000", ("::1", 9000)), (":81", ("127.0.0.1", 81))]
)
def test_bind_is_read(monkeypatch, given, expected):
    monkeypatch.setenv("BOLE_BIND", given)

    assert env.bind() == expected


def test_database_address_is_read_whole(monkeypatch):
    monkeypatch.setenv("BOLE_DATABASE_URL", "postgresql://zhou:p%40ss@db.example:6432/bole?sslmode=verify-full")

    read = env.database()

    assert [read[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "bole", "zhou", "p@ss", "db.example", "6432",
    ]  # fmt: skip
    assert read["OPTIONS"]["sslmode"] == "verify-full"
    assert "lock_timeout" in read["OPTIONS"]["options"]
    assert read["OPTIONS"]["prepare_threshold"] == 5


@pytest.mark.parametrize(("given", "kept_from"), [("none", None), ("0", 0), ("20", 20)])
def test_from_when_on_plans_are_kept_is_read_as_a_number(monkeypatch, given: str, kept_from: int | None):
    monkeypatch.setenv("BOLE_DATABASE_URL", f"postgresql://zhou@db.example/bole?prepare_threshold={given}")

    assert env.database()["OPTIONS"]["prepare_threshold"] == kept_from


def test_without_database_address_sqlite_runs_in_its_safe_mode(monkeypatch, secret):
    monkeypatch.delenv("BOLE_DATABASE_URL", raising=False)
    monkeypatch.delenv("BOLE_SQLITE", raising=False)

    read = env.database()

    assert read["NAME"] == secret.parent / "bole.sqlite3"
    assert read["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=TRUNCATE; PRAGMA synchronous=FULL" in read["OPTIONS"]["init_command"]
