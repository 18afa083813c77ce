"""What can be done with accounts. Whatever counts tries refuses to run inside a transaction of its caller."""

from bole.accounts.actions.aliases import add_alias, add_phone_alias, remove_alias, suggest_alias
from bole.accounts.actions.captchas import check_captcha, make_captcha
from bole.accounts.actions.codes import check_code, send_account_code, send_code
from bole.accounts.actions.devices import forget_browser, forget_device, known_device, remember_device, resume
from bole.accounts.actions.entering import log_in, log_in_by_code, unlock
from bole.accounts.actions.factors import (
    begin_totp,
    check_factor_code,
    check_recovery_code,
    check_totp,
    confirm_totp,
    make_recovery_codes,
    remove_factor,
    send_factor_code,
    totp_address,
)
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
    pass_on,
    renew_waiting,
)
from bole.accounts.actions.limiter import reserve
from bole.accounts.actions.passkeys import begin_passkey, begin_passkey_proof, check_passkey, finish_passkey
from bole.accounts.actions.passwords import (
    check_password,
    confirm_password,
    hash_password,
    set_password,
    spend_password,
)
from bole.accounts.actions.recovering import (
    Recovered,
    activate,
    issue_activation_slip,
    recover,
    reset_password,
    start_reset,
)
from bole.accounts.actions.renaming import rename_unit_account
from bole.accounts.actions.visits import (
    close_visit,
    end_other_visits,
    end_visit,
    note_capacity,
    open_visit,
    place_visit,
    touch_visit,
)

__all__ = [
    "Recovered",
    "activate",
    "activate_account",
    "add_alias",
    "add_phone_alias",
    "begin_passkey",
    "begin_passkey_proof",
    "begin_totp",
    "change_email",
    "change_phone",
    "check_captcha",
    "check_code",
    "check_factor_code",
    "check_passkey",
    "check_password",
    "check_recovery_code",
    "check_totp",
    "clear_expired",
    "close_account",
    "close_visit",
    "configure",
    "confirm_password",
    "confirm_totp",
    "create_account",
    "end_other_visits",
    "end_sessions",
    "end_visit",
    "finish_passkey",
    "forget_browser",
    "forget_device",
    "hash_password",
    "issue_activation_slip",
    "known_device",
    "lift_lock",
    "log_in",
    "log_in_by_code",
    "make_captcha",
    "make_recovery_codes",
    "note_capacity",
    "open_visit",
    "pass_on",
    "place_visit",
    "recover",
    "remember_device",
    "remove_alias",
    "remove_factor",
    "rename_unit_account",
    "renew_waiting",
    "reserve",
    "reset_password",
    "resume",
    "send_account_code",
    "send_code",
    "send_factor_code",
    "set_password",
    "spend_password",
    "start_reset",
    "suggest_alias",
    "totp_address",
    "touch_visit",
    "unlock",
]
