"""Tables of the accounts room."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils.crypto import salted_hmac

from bole.accounts.terms import AccountKind, AliasKind, FactorKind
from bole.kernel.fields import SealedTextField
from bole.kernel.ids import new_id
from bole.kernel.privacy import Privacy


class Account(AbstractBaseUser):
    """Somebody who can log in: a person, or a unit by its code (单位账号).

    `epoch` goes up whenever everything opened so far must end: a new password, a closed account, a lost right.
    Not active and never closed means: not approved yet.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(
        max_length=8, choices=[(kind.value, kind.value) for kind in AccountKind], default=AccountKind.PERSON.value
    )
    name = models.CharField(max_length=100)
    login = SealedTextField()
    login_index = models.CharField(max_length=40, unique=True)
    phone = SealedTextField(null=True)
    phone_index = models.CharField(max_length=40, blank=True, db_index=True)
    email = SealedTextField(null=True, privacy=Privacy.PERSONAL)
    is_active = models.BooleanField(default=True)
    closed_at = models.DateTimeField(null=True)
    epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "login_index"

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(is_active=False),
                name="accounts_account_closed_is_inactive",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in AccountKind]), name="accounts_account_kind_known"
            ),
        )

    @property
    def is_activated(self) -> bool:
        """Whether its owner has set a password; an account made in advance waits for that."""
        return self.has_usable_password()

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session must match to stay open; Django builds both its public forms on this."""
        said = f"{self.password}|{self.epoch}|{self.is_active}"
        return str(salted_hmac("bole.accounts.session", said, secret=secret, algorithm="sha256").hexdigest())


class Alias(models.Model):
    """A further log-in name of an account. The log-in name of an account itself always comes first."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="aliases")
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in AliasKind])
    text = SealedTextField()
    index = models.CharField(max_length=40, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "kind"], name="accounts_alias_one_of_a_kind"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in AliasKind]), name="accounts_alias_kind_known"
            ),
        )


class OneTimeCode(models.Model):
    """A code sent to a phone. `target_index` is the phone, or the log-in name for codes to the registered phone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(max_length=20)
    target_index = models.CharField(max_length=40)
    code_mac = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["purpose", "target_index"],
                condition=models.Q(ended_at__isnull=True),
                name="accounts_code_one_open",
            ),
        )


class Throttle(models.Model):
    """How often something was tried. `key` hides what it is about; one row is one lock."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=40, unique=True)
    scope = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=0)
    since_at = models.DateTimeField()
    locks = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(db_index=True)


class Device(models.Model):
    """A browser on which somebody logged in before; the token itself is only in its cookie."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    epoch = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    remembered_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["account", "-seen_at"], name="accounts_device_of_account"),)


class AccountSession(models.Model):
    """One log-in on one browser, until it is ended from anywhere; what it may do is in the session itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sessions")
    device = models.ForeignKey(Device, on_delete=models.SET_NULL, null=True)
    name = models.CharField(max_length=100)
    address = SealedTextField(null=True, privacy=Privacy.PERSONAL)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["account", "-seen_at"], name="accounts_session_of_account"),
            models.Index(fields=["seen_at"], name="accounts_session_seen"),
        )


class Factor(models.Model):
    """A second factor: the secret of an authenticator app, or the public key of a passkey.

    An authenticator counts once a first code of it was given (`confirmed_at`). `last_step` is the time step of the
    last code taken, so that no code is taken twice; `uses` is the counter that a passkey reports.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in FactorKind])
    name = models.CharField(max_length=60)
    secret = SealedTextField()  # the shared secret, or the public key as base64url
    credential = models.CharField(max_length=400, null=True, unique=True)  # the passkey's id, base64url
    uses = models.PositiveBigIntegerField(default=0)
    last_step = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind=FactorKind.TOTP.value, credential=None)
                | models.Q(kind=FactorKind.PASSKEY.value, credential__isnull=False),
                name="accounts_factor_passkey_has_credential",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(kind=FactorKind.TOTP.value, confirmed_at=None),
                name="accounts_factor_one_begun",
            ),
        )


class RecoveryCode(models.Model):
    """恢复码: opens once in place of a second factor; only its keyed hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="recovery_codes")
    code_mac = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "code_mac"], name="accounts_recovery_once"),)


class Challenge(models.Model):
    """An open captcha or passkey challenge; checking it, right or wrong, takes it away."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    answer_mac = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)


class ExternalIdentity(models.Model):
    """A person as an identity provider knows them: `issuer` and `subject` together, never a name or a number alone.

    The subject is kept sealed, since some providers use the identity number for it; `subject_index` finds it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=255)
    subject = SealedTextField()
    subject_index = models.CharField(max_length=40)
    linked_at = models.DateTimeField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["issuer", "subject_index"], name="accounts_identity_one_account"),
            models.UniqueConstraint(fields=["account", "issuer"], name="accounts_identity_one_of_an_issuer"),
        )
