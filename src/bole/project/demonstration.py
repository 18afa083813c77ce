"""The demonstration: invented sites, units and people, the same on every run, made through the rooms' own actions."""

from bole.project.demo_data.accounts import DemoAccount
from bole.project.demo_data.listing import accounts, by_role, by_state
from bole.project.demo_data.load import load

__all__ = ["DemoAccount", "accounts", "by_role", "by_state", "load"]
