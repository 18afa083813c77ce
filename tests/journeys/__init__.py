"""Journeys: every published service walked to each of its ends."""
