"""How passwords are stored: Argon2id with the parameters that OWASP gives for a busy server."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """19 MiB, two passes, one lane; an older hash is replaced at the next log-in."""

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
