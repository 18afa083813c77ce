"""Addresses of one's own account."""

from django.urls import path

from bole.web.pages.account import entering, proving, security

urlpatterns = [
    path("login/unit/", entering.choose, name="choose-unit"),
    path("login/factor/", proving.second_factor, name="second-factor"),
    path("assure/", proving.assure, name="assure"),
    path("account/", security.home, name="security"),
    path("account/names/", security.add_name, name="add-name"),
    path("account/names/phone/", security.add_phone_name, name="add-phone-name"),
    path("account/names/<uuid:alias>/remove/", security.remove_name, name="remove-name"),
    path("account/phone/", security.phone, name="change-phone"),
    path("account/email/", security.email, name="change-email"),
    path("account/authenticator/", security.authenticator, name="add-authenticator"),
    path("account/passkey/", security.passkey, name="add-passkey"),
    path("account/recovery/", security.recovery, name="recovery-codes"),
    path("account/factors/<uuid:factor>/remove/", security.remove_factor, name="remove-factor"),
    path("account/sessions/<uuid:visit>/end/", security.end_session, name="end-session"),
    path("account/devices/<uuid:device>/forget/", security.forget_device, name="forget-device"),
    path("account/sessions/end/", security.end_others, name="end-other-sessions"),
]
