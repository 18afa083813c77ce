"""Registers the room with Django."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """The review room."""

    name = "bole.review"
    label = "review"

    def ready(self) -> None:
        """Listen to what moved cases and what may move them, so that telling comes after the commit."""
        from bole.kernel.events import listen
        from bole.organizations.events import AppointmentEnded, RegionCorrected, UnitClosed
        from bole.review.actions.moving import ToTell
        from bole.review.events import (
            OpeningAnswered,
            OpeningAsked,
            ResultPublished,
            ResultsPublished,
            TaskHandedOver,
        )
        from bole.review.tasks import (
            cancel_exports,
            offer_rerouting,
            release_claims,
            tell_handed_over,
            tell_opening_answered,
            tell_opening_asked,
            tell_those_concerned,
            tell_unit_closed,
        )
        from bole.review.telling import tell_of_result, tell_units_of_results

        listen(ToTell, tell_those_concerned)
        listen(OpeningAsked, tell_opening_asked)
        listen(OpeningAnswered, tell_opening_answered)
        listen(TaskHandedOver, tell_handed_over)
        listen(ResultPublished, tell_of_result)
        listen(ResultsPublished, tell_units_of_results)
        listen(RegionCorrected, offer_rerouting)
        listen(AppointmentEnded, release_claims)
        listen(AppointmentEnded, cancel_exports)
        listen(UnitClosed, tell_unit_closed)
