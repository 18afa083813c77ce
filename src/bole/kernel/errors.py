"""Errors that carry a Chinese sentence fit for the person who meets them."""

from dataclasses import dataclass


class BoleError(Exception):
    """Anything a user may be told; `sentence` says what is wrong and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Refused(BoleError):
    """Not allowed, with the reason (HTTP 403)."""


class Unproved(Refused):
    """Not before the person has proved again who they are: pages lead to the proof and back."""


class Absent(BoleError):
    """Not there, or not this person's to know of (HTTP 404)."""

    def __init__(self, sentence: str = "没有找到您要的内容。它可能已经撤销，或不属于您的办理范围。") -> None:
        super().__init__(sentence)


class Moved(BoleError):
    """The thing changed since it was looked at (HTTP 409); the sentence says who and when."""


class TooMany(BoleError):
    """A limit was reached (HTTP 429); the sentence says how long to wait and the way round."""


class Busy(BoleError):
    """Others held what this needs for longer than anybody waits (HTTP 503); nothing was done."""

    def __init__(
        self, sentence: str = "有人正在同时办理与此有关的事项，这一次没有办成，什么也没有改变。请过几秒再办理一次。"
    ) -> None:
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with what was entered.

    `at` is the path of the place: "phone", "work.start", "work[a1b2].start". `say` is the sentence.
    """

    at: str
    say: str


class Invalid(BoleError):
    """Entered data cannot be taken as it is (HTTP 422); every fault at once, each at its place."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("；".join(fault.say for fault in faults))
        self.faults = faults

    @classmethod
    def at(cls, place: str, say: str) -> "Invalid":
        """One fault at one place."""
        return cls(Fault(place, say))
