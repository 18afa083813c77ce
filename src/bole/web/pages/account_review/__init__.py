"""「审核账户」: the affairs of accounts at the desks of administrators and registrars (HA-12)."""
