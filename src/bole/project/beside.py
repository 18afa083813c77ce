"""Keeps one background process running beside the web server."""

import subprocess
import sys
import threading

_PAUSE = (1, 2, 5, 15, 60)  # seconds before it is started again; the longer, the more often it fell over


class Beside:
    """`bole worker` as a child; started again when it falls over, told to finish when the server stops."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name="bole-beside", daemon=True)
        self._keeper.start()

    def _keep(self) -> None:
        command = [sys.executable, "-m", "bole.project.command", "worker", "--with-parent"]
        falls = 0
        while True:
            with self._starting:
                if self._stopping.is_set():
                    return
                # In a session of its own: Ctrl+C reaches the server, which then tells the child.
                self._child = subprocess.Popen(command, start_new_session=True)  # noqa: S603  # our own program
            self._child.wait()
            self._stopping.wait(_PAUSE[min(falls, len(_PAUSE) - 1)])
            falls += 1

    def stop(self, patience: float = 15) -> None:
        """Ask it to finish what it is doing; end it when it takes too long."""
        with self._starting:
            self._stopping.set()
        if self._child and self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(patience)
            except subprocess.TimeoutExpired:
                self._child.kill()
        self._keeper.join(patience)
