"""Tables of the accounts room."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from bole.kernel.fields import SealedTextField
from bole.kernel.ids import new_id


class Account(AbstractBaseUser):
    """Somebody who can log in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    login = SealedTextField()
    login_index = models.CharField(max_length=40, unique=True)
    phone = SealedTextField(null=True)
    phone_index = models.CharField(max_length=40, blank=True, db_index=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "login_index"
