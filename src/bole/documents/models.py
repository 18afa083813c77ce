"""Tables of the documents room."""

from django.db import models

from bole.documents.terms import MediaType
from bole.kernel.fields import SealedTextField
from bole.kernel.ids import new_id
from bole.kernel.privacy import Privacy


class StoredFile(models.Model):
    """An uploaded file, or one made here. The content lies encrypted under `key`; this row says what it is.

    `sha256` is of the content as it was received, so that a person can prove what was handed in;
    `stored_sha256` is of what is kept, which differs when an image was re-encoded or a PDF stripped.
    `flaws` are [what the check of scans found, page]; `fingerprint` is how the first page looks, 64 hex digits.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = SealedTextField(privacy=Privacy.PERSONAL)
    purpose = models.CharField(max_length=40)
    media_type = models.CharField(max_length=80, choices=[(kind.value, kind.value) for kind in MediaType])
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(default=1)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    flaws = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=40, unique=True)
    stored_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="documents_storedfile_sha256")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(media_type__in=[kind.value for kind in MediaType]),
                name="documents_storedfile_media_type_known",
            ),
            models.CheckConstraint(condition=models.Q(size__gt=0, pages__gt=0), name="documents_storedfile_not_empty"),
            models.CheckConstraint(
                condition=models.Q(
                    media_type__in=[MediaType.PDF.value, MediaType.WORKBOOK.value, MediaType.BUNDLE.value],
                    width=None,
                    height=None,
                )
                | (
                    models.Q(media_type__in=[MediaType.JPEG.value, MediaType.PNG.value])
                    & models.Q(width__isnull=False, height__isnull=False, width__gt=0, height__gt=0, pages=1)
                ),
                name="documents_storedfile_shape_fits_type",
            ),
        ]


class PrintBand(models.Model):
    """A ninth part of a file's fingerprint, by which files that look alike are found: two prints that differ in eight
    bits at most have a part in common."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="bands")
    band = models.BigIntegerField(db_index=True)
