"""Tables of the portal room: articles, files to download, complaints."""

from typing import Any

from django.db import models
from django.db.models import Q

from bole.kernel.fields import SealedJSONField, SealedTextField
from bole.kernel.ids import new_id
from bole.portal.terms import ArticleKind, ArticleState, ComplaintKind


def _one_of(field: str, words: Any) -> Q:
    return Q(**{f"{field}__in": [word.value for word in words]})


class Article(models.Model):
    """An announcement or a policy. The body is plain text: paragraphs, and addresses that become links."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=100)
    body = models.TextField()
    state = models.CharField(max_length=12, default=ArticleState.DRAFT.value)
    top = models.BooleanField(default=False)
    until = models.DateField(null=True)
    source = models.CharField(max_length=100, blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.UUIDField(null=True)
    author = models.CharField(max_length=100)
    written_by = models.UUIDField(null=True)
    written_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["site", "kind", "state", "-published_at"], name="portal_article_listed"),
            models.Index(fields=["site", "-written_at"], name="portal_article_written"),
        ]
        constraints = [
            models.CheckConstraint(condition=_one_of("kind", ArticleKind), name="portal_article_kind_known"),
            models.CheckConstraint(condition=_one_of("state", ArticleState), name="portal_article_state_known"),
            models.CheckConstraint(
                condition=~Q(state=ArticleState.PUBLISHED.value) | Q(published_at__isnull=False),
                name="portal_article_published_has_instant",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="portal_article_title_not_blank"),
        ]


class Download(models.Model):
    """A file for everybody, such as the manual (NX-19). Size and name are those of the stored file, kept for lists."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.CharField(max_length=20)
    title = models.CharField(max_length=100)
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    suffix = models.CharField(max_length=10)
    size = models.PositiveBigIntegerField()
    manual = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["site", "-added_at"], name="portal_download_listed")]
        constraints = [
            models.UniqueConstraint(
                fields=["site"], condition=Q(manual=True, removed_at=None), name="portal_download_one_manual"
            )
        ]


class Complaint(models.Model):
    """A complaint or a report. `reference_index` finds it for the sender; the reference itself is not stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.CharField(max_length=20)
    kind = models.CharField(max_length=12)
    number = models.CharField(max_length=24, unique=True)
    reference_index = models.CharField(max_length=40, unique=True)
    subject = models.CharField(max_length=20)
    about = SealedTextField()
    text = SealedTextField()
    contact = SealedJSONField()
    filed_at = models.DateTimeField()
    answer = SealedTextField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["site", "-filed_at"], name="portal_complaint_listed"),
        ]
        constraints = [
            models.CheckConstraint(condition=_one_of("kind", ComplaintKind), name="portal_complaint_kind_known"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer=None) | Q(answered_at__isnull=False, answer__isnull=False),
                name="portal_complaint_answered_whole",
            ),
        ]
