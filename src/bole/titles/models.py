"""Tables of the titles room: the tree of titles, and the committees with their scope, windows and departments."""

from django.db import models
from django.db.models import F, Q

from bole.kernel.ids import new_id
from bole.organizations.models import Unit
from bole.titles.terms import CommitteeLevel, Kind, Review


class Catalogue(models.Model):
    """One row for each site: whoever changes its catalogue holds this row until the commit.

    `edition` is another one after each change, so that readers know whether what they hold still stands.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.CharField(max_length=20, unique=True)
    edition = models.UUIDField(default=new_id)


class Governed(models.Model):
    """What every line of the catalogue has. It is never deleted: a retired one is shown in the cases that chose it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    pinyin = models.CharField(max_length=400, blank=True)
    initials = models.CharField(max_length=400, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_name = models.CharField(max_length=100, blank=True)

    class Meta:
        abstract = True


class TitleEntry(Governed):
    """A series, major, level or title. `level` is a code of the table `title-level`, of levels and titles only."""

    kind = models.CharField(max_length=8, choices=[(kind.value, kind.label) for kind in Kind])
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    level = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "code"], name="titles_entry_code_once"),
            models.UniqueConstraint(fields=["site", "code"], name="titles_series_code_once", condition=Q(parent=None)),
            models.CheckConstraint(
                name="titles_entry_series_on_top",
                condition=Q(kind=Kind.SERIES, parent=None) | (~Q(kind=Kind.SERIES) & Q(parent__isnull=False)),
            ),
            models.CheckConstraint(
                name="titles_entry_days", condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since"))
            ),
        ]
        indexes = [models.Index(fields=["site", "kind", "code"], name="titles_entry_listed")]


class TitleCommittee(Governed):
    """A committee. `judges_lower`: also lower levels of its series. Regions and units limit whom it serves."""

    level = models.CharField(max_length=12, choices=[(level.value, level.label) for level in CommitteeLevel])
    judges_lower = models.BooleanField(default=False)
    series = models.ForeignKey(TitleEntry, models.PROTECT, related_name="+")
    scope = models.ManyToManyField(TitleEntry, related_name="+")
    founder = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    review = models.CharField(max_length=8, choices=[(review.value, review.label) for review in Review])
    filing_number = models.CharField(max_length=60)
    filed_on = models.DateField()
    filed_until = models.DateField()
    regions = models.JSONField(default=list)
    units = models.ManyToManyField(Unit, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="titles_committee_code_once"),
            models.CheckConstraint(name="titles_committee_filing", condition=Q(filed_until__gte=F("filed_on"))),
            models.CheckConstraint(
                name="titles_committee_days", condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since"))
            ),
        ]


class DeclarationWindow(models.Model):
    """When a committee takes declarations in one year."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    committee = models.ForeignKey(TitleCommittee, models.CASCADE, related_name="windows")
    year = models.PositiveSmallIntegerField()
    opens = models.DateField()
    closes = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["committee", "year"], name="titles_window_once_a_year"),
            models.CheckConstraint(name="titles_window_days", condition=Q(closes__gte=F("opens"))),
        ]


class DailyWork(models.Model):
    """A unit that does the daily work of a committee (日常工作部门), and since and until when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    committee = models.ForeignKey(TitleCommittee, models.CASCADE, related_name="departments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["committee", "unit"], name="titles_department_once")]
