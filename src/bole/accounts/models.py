"""Tables of the accounts room."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils.crypto import salted_hmac

from bole.kernel.fields import SealedTextField
from bole.kernel.ids import new_id
from bole.kernel.privacy import Privacy


class Account(AbstractBaseUser):
    """Somebody who can log in.

    `epoch` goes up whenever everything opened so far must end: a new password, a closed account, a lost right.
    Not active and never closed means: not approved yet.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
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
        )

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session must match to stay open; Django builds both its public forms on this."""
        said = f"{self.password}|{self.epoch}|{self.is_active}"
        return str(salted_hmac("bole.accounts.session", said, secret=secret, algorithm="sha256").hexdigest())


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


class Challenge(models.Model):
    """An open captcha; checking it, right or wrong, takes it away."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    answer_mac = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)
