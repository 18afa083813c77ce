"""What a deployment decides by environment variables, read in one place.

Secrets come from a key file (mode 0600), made on the first start of an embedded installation.
"""

import base64
import ipaddress
import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from bole.kernel import sealing

ROOT = Path(os.environ.get("BOLE_ROOT") or Path(__file__).resolve().parents[3])
VAR = Path(os.environ.get("BOLE_VAR") or ROOT / "var")


def flag(name: str, default: bool = False) -> bool:
    """A switch: 1, true, yes or on mean yes."""
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def text(name: str) -> str:
    """A text as it stands; blank when it is not set."""
    return os.environ.get(name, "")


def listed(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server on this address."""
    bare = host.strip("[]")
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return bare == "localhost"


def bind() -> tuple[str, int]:
    """The address to serve on, from BOLE_BIND (host:port); 127.0.0.1:8000 by default."""
    host, _, port = os.environ.get("BOLE_BIND", "127.0.0.1:8000").rpartition(":")
    return host.strip("[]") or "127.0.0.1", int(port)


def secret_path() -> Path:
    """Where the key file is. A configured one is made by whoever configured it; the default one by the first start."""
    return Path(os.environ.get("BOLE_SECRET_FILE") or VAR / "secrets.json")


def secret_file() -> dict[str, Any]:
    """The key file's contents; made with fresh keys when it does not exist and none is configured.

    Raises FileNotFoundError when BOLE_SECRET_FILE names a file that is not there: new keys would make every
    encrypted column unreadable, so a mistyped path must not produce them.
    """
    path = secret_path()
    if not path.exists():
        if os.environ.get("BOLE_SECRET_FILE"):
            raise FileNotFoundError(
                f"BOLE_SECRET_FILE 指向的密钥文件不存在：{path}。请检查路径，或从备份中取回密钥文件。"
            )
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = {
            "secret_key": secrets.token_urlsafe(64),
            "masters": {"1": base64.b64encode(secrets.token_bytes(32)).decode()},
            "current": 1,
            "index": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        _put(path, json.dumps(fresh))
    return dict(json.loads(path.read_text()))


def _put(path: Path, text: str) -> None:
    """Let the file appear with all of its text at once, unless another process of the same start was first."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def sealing_keys(secret: dict[str, Any]) -> sealing.Keys:
    """The sealing keys of the key file, in the suite chosen by BOLE_CRYPTO_SUITE (intl or sm)."""
    suite = sealing.Suite[os.environ.get("BOLE_CRYPTO_SUITE", "intl").upper()]
    masters = {int(number): base64.b64decode(key) for number, key in secret["masters"].items()}
    return sealing.Keys(masters, int(secret["current"]), base64.b64decode(secret["index"]), suite)


def database() -> dict[str, Any]:
    """BOLE_DATABASE_URL (postgresql://user:password@host:port/name), or SQLite under var/ in its safe mode.

    TRUNCATE with FULL is the mode in which no released SQLite loses or corrupts committed work; WAL before
    3.51.3 may corrupt the file when two connections write at once.
    """
    url = os.environ.get("BOLE_DATABASE_URL", "")
    if url:
        parts = urlsplit(url)
        further = dict(parse_qsl(parts.query))  # such as ?sslmode=verify-full&sslrootcert=…
        threshold = further.pop("prepare_threshold", "5")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                # The plans of `bole.kernel.prepared` are kept from the fifth time on; never with
                # ?prepare_threshold=none, for a pooler that gives each transaction another connection.
                "prepare_threshold": int(threshold) if threshold.isdecimal() else None,
                # A lock that is not had in ten seconds is told (kernel.contention) instead of hanging the page.
                "options": "-c lock_timeout=10s -c statement_timeout=60s -c idle_in_transaction_session_timeout=30s",
                **further,
            },
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("BOLE_SQLITE") or VAR / "bole.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL; PRAGMA mmap_size=0; PRAGMA foreign_keys=ON;"
            ),
        },
    }
