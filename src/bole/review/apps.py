"""Registers the room with Django."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """The review room."""

    name = "bole.review"
    label = "review"

    def ready(self) -> None:
        """Listen to the room's own events, so that telling comes after the commit."""
        from bole.kernel.events import listen
        from bole.review.events import CaseMoved
        from bole.review.tasks import tell_those_concerned

        listen(CaseMoved, tell_those_concerned)
