"""Registers the room with Django."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """The review room."""

    name = "bole.review"
    label = "review"
