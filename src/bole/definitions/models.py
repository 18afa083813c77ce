"""Published definitions: what running cases are pinned to."""

from typing import Any

from django.db import models

from bole.kernel.ids import new_id


class PublishedDefinition(models.Model):
    """One version of one service with everything resolved. Written once, never changed, never deleted (ALL-04)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    version = models.CharField(max_length=200)
    hash = models.CharField(max_length=64)
    body = models.JSONField()
    in_force_on = models.DateField(null=True)
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)

    class Meta:
        """Facts of the table."""

        constraints = [
            models.UniqueConstraint(fields=["site", "code", "version"], name="definitions_published_version_once"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert. Raises TypeError for a row that is stored already."""
        if not self._state.adding:
            raise TypeError("a published definition cannot be changed; publish a new version")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises TypeError: cases are pinned to it."""
        raise TypeError("a published definition cannot be deleted; cases are pinned to it")
