"""Facts announced by lower rooms and heard by higher ones, always after commit.

Truth never depends on a listener: what must be so is written in the transaction of the action.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

_listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)
_log = logging.getLogger(__name__)


_E = TypeVar("_E")


def listen(kind: type[_E], listener: Callable[[_E], None]) -> None:
    """Call `listener` with every announced event of exactly this kind. Called from AppConfig.ready."""
    if listener not in _listeners[kind]:
        _listeners[kind].append(listener)


def announce(event: object) -> None:
    """Hand the event to its listeners once the current transaction has committed.

    A listener that fails is logged and stops nobody: the decision it heard of stands.
    """
    transaction.on_commit(lambda: _deliver(event))


def _deliver(event: object) -> None:
    for listener in _listeners[type(event)]:
        try:
            listener(event)
        except Exception:
            _log.exception("listener %s failed on %s", listener.__qualname__, type(event).__name__)
