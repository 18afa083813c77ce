"""Tables of the notices room."""

from django.db import models

from bole.accounts.models import Account
from bole.kernel.fields import SealedTextField
from bole.kernel.ids import new_id
from bole.kernel.privacy import Privacy
from bole.notices.terms import Channel, DeliveryState


class Message(models.Model):
    """A message in somebody's inbox. Names of services and numbers of cases, never identity numbers.

    `key` names the occasion: told twice, it is there once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    kind = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=150, unique=True)
    inbox = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["account", "-created_at", "id"], name="notices_message_inbox"),
            models.Index(
                fields=["account"],
                condition=models.Q(read_at__isnull=True, inbox=True),
                name="notices_message_unread",
            ),
        )


class Delivery(models.Model):
    """One text on its way through one channel. The text goes as soon as it is sent or given up."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True)
    channel = models.CharField(max_length=10, choices=[(word.value, word.value) for word in Channel])
    target = SealedTextField(privacy=Privacy.PERSONAL)
    text = SealedTextField(null=True)
    state = models.CharField(
        max_length=10, choices=[(word.value, word.value) for word in DeliveryState], default=DeliveryState.PENDING.value
    )
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=100, blank=True)
    key = models.CharField(max_length=170, unique=True)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["next_at"], condition=models.Q(state="pending"), name="notices_delivery_due"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="pending") | models.Q(text__isnull=True),
                name="notices_delivery_text_erased",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False),
                name="notices_delivery_sent_has_time",
            ),
        )
