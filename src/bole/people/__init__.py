"""Persons, their ties to units, and their archive: records with source and verification."""
