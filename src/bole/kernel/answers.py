"""A permission answer with its reason, so that a refusal can always say why and what to do next."""

from dataclasses import dataclass

from bole.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes, or no with a Chinese sentence for the person refused."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    def demand(self) -> None:
        """Raise Refused with the reason unless the answer is yes."""
        if not self.allowed:
            raise Refused(self.reason)


YES = Answer(True)


def no(reason: str) -> Answer:
    """A refusal; the reason is shown to the person as it stands."""
    return Answer(False, reason)
