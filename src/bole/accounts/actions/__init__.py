"""What can be done with accounts. Whatever counts tries refuses to run inside a transaction of its caller."""

from bole.accounts.actions.captchas import check_captcha, make_captcha
from bole.accounts.actions.codes import check_code, send_account_code, send_code
from bole.accounts.actions.devices import forget_device, known_device, remember_device, resume
from bole.accounts.actions.entering import log_in, log_in_by_code, unlock
from bole.accounts.actions.fixed import configure
from bole.accounts.actions.keeping import (
    activate_account,
    change_email,
    change_phone,
    clear_expired,
    close_account,
    create_account,
    end_sessions,
    lift_lock,
)
from bole.accounts.actions.limiter import reserve
from bole.accounts.actions.passwords import (
    check_password,
    confirm_password,
    hash_password,
    reset_password,
    set_password,
    spend_password,
)

__all__ = [
    "activate_account",
    "change_email",
    "change_phone",
    "check_captcha",
    "check_code",
    "check_password",
    "clear_expired",
    "close_account",
    "configure",
    "confirm_password",
    "create_account",
    "end_sessions",
    "forget_device",
    "hash_password",
    "known_device",
    "lift_lock",
    "log_in",
    "log_in_by_code",
    "make_captcha",
    "remember_device",
    "reserve",
    "reset_password",
    "resume",
    "send_account_code",
    "send_code",
    "set_password",
    "spend_password",
    "unlock",
]
