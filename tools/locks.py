"""Checks the lock files (every library pinned, with hashes) and that nothing names where packages come from."""

import json
import re
import subprocess
import sys
import tomllib
from urllib.parse import urlsplit

from tools.files import ROOT, texts

LOCKS = ("requirements/run.txt", "requirements/dev.txt")
PACKAGES = "tests/federation/provider/package-lock.json"
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==(\S+)")
# What builds and installs names no address at all: packages come from wherever pip and npm are told on the machine.
_BUILDS = ("Makefile", ".ci/", "tools/", "requirements/", "pyproject.toml")
_ADDRESS = re.compile("https?:" + "//")


def _name(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


def pins(path: str) -> dict[str, str]:
    """Library → version of one lock file."""
    found = (_PIN.match(line) for line in (ROOT / path).read_text(encoding="utf-8").splitlines())
    return {_name(pin[1]): pin[2] for pin in found if pin}


def lock_faults(path: str) -> list[str]:
    """Lines of a lock file that are not a pin with at least one hash."""
    text = (ROOT / path).read_text(encoding="utf-8").replace("\\\n", " ")
    found = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not _PIN.match(line):
            found.append(f"{path}: not a pinned library: {line[:60]}")
        elif "--hash=sha256:" not in line:
            found.append(f"{path}: no hash: {line[:60]}")
    return found


def package_faults(path: str = PACKAGES) -> list[str]:
    """Packages of the npm lock file without a hash, or with the address that they came from."""
    packages = json.loads((ROOT / path).read_text(encoding="utf-8"))["packages"]
    found = []
    for name, entry in packages.items():
        if name and not str(entry.get("integrity", "")).startswith("sha512-"):
            found.append(f"{path}: no hash: {name}")
        if "resolved" in entry:
            found.append(f"{path}: names where it came from: {name}")
    return found


def agreement_faults() -> list[str]:
    """Libraries asked for in pyproject.toml and missing from a lock file, or locked at two versions."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run, dev = pins(LOCKS[0]), pins(LOCKS[1])
    asked = [re.split(r"[\s\[<>=!~;]", line, maxsplit=1)[0] for line in project["dependencies"]]
    extra = [re.split(r"[\s\[<>=!~;]", line, maxsplit=1)[0] for line in project["optional-dependencies"]["dev"]]
    found = [f"{LOCKS[0]}: {name} is missing; run make lock" for name in asked if _name(name) not in run]
    found += [f"{LOCKS[1]}: {name} is missing; run make lock" for name in [*asked, *extra] if _name(name) not in dev]
    return found + [
        f"{name}: {version} to run, {dev.get(name)} to test"
        for name, version in run.items()
        if dev.get(name) != version
    ]


def _configured() -> set[str]:
    """Hosts and directories that the pip of this machine is told to use: they stay on this machine."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = set()
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        if key.rsplit(".", 1)[-1] in {"index-url", "extra-index-url", "find-links", "trusted-host"}:
            for address in value.strip("'\" ").replace("\\n", " ").split():
                parts = urlsplit(address)
                found.add(parts.hostname or parts.path)
    return {text for text in found if text and len(text) > 4}


def host_faults() -> list[str]:
    """Any address in what builds and installs, and this machine's own source of packages anywhere."""
    words = _configured()
    found = []
    for path, text in texts():
        builds = path.startswith(_BUILDS)
        for number, line in enumerate(text.splitlines(), 1):
            if (builds and _ADDRESS.search(line)) or any(word in line for word in words):
                found.append(f"{path}:{number}: names where packages come from")
    return found


def faults() -> list[str]:
    """Everything wrong, one sentence each."""
    return [
        *(fault for path in LOCKS for fault in lock_faults(path)),
        *package_faults(),
        *agreement_faults(),
        *host_faults(),
    ]


if __name__ == "__main__":
    sys.exit("\n".join(faults()) or None)
