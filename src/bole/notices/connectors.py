"""Ways out: a file, which stands for every gateway in demonstrations and tests, and SMTP."""

import json
import os
import sys
from pathlib import Path
from typing import IO

from django.core.mail import send_mail

from bole.kernel.clock import china, now

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class FileOutbox:
    """Appends each text as one JSON line {at, channel, to, text}; several processes may do so at once."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, channel: str, target: str, text: str) -> None:
        """Append the line under the lock of the file."""
        line = {"at": china(now()).isoformat(timespec="seconds"), "channel": channel, "to": target, "text": text}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Phones and codes in clear: for the owner's eyes only.
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with open(handle, "a", encoding="utf-8") as out:
            _lock(out)
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
            out.flush()  # the lock ends with the file


class Smtp:
    """Hands mail to the server of the EMAIL_* settings; the first line of the text is the subject."""

    def send(self, channel: str, target: str, text: str) -> None:
        """Send one plain-text mail."""
        subject, _, body = text.partition("\n")
        send_mail(subject, body, None, [target])


def _lock(file: IO[str]) -> None:
    if sys.platform == "win32":
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX)
