"""The demonstration: invented sites, units and people, the same on every run, made through the rooms' own actions."""

from bole.project.demonstration.accounts import DemoAccount
from bole.project.demonstration.loading import accounts, load

__all__ = ["DemoAccount", "accounts", "load"]
