"""The public side: columns, authors and articles. No model here refers to a letter."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import uuid
from typing import ClassVar, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from columns import countries
from columns.old_addresses import OldAddress  # noqa: F401 - a model of this app
from columns.search import index
from columns.site_time import day_of
from columns.text import anatomy, prose

#: First path segments that the site itself uses; a column cannot take them.
RESERVED_SLUGS = frozenset(
    [
        "accounts",
        "admin",
        "desk",
        "favicon.ico",
        "feed",
        "healthz",
        "robots.txt",
        "sitemap.xml",
        "static",
        "letter",
        "privacy",
    ]
)


def not_reserved(slug: str) -> None:
    """Refuse a slug that the site itself uses."""
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("The site itself uses this address. Choose another one."))


class Author(models.Model):
    """The author of a column, as shown to the public."""

    name = models.CharField(max_length=120)
    credential = models.CharField(max_length=200, help_text=_("For example: Registered nurse, sexual health"))
    bio = models.TextField(blank=True, help_text=_("Markdown"))

    def __str__(self) -> str:
        return self.name


class ColumnQuerySet(models.QuerySet["Column"]):
    """Columns, with the condition of their visibility to readers."""

    def for_readers(self) -> ColumnQuerySet:
        """The columns visible to readers, without practice columns."""
        return self.filter(practice=False)


class Column(models.Model):
    """One advice column."""

    slug = models.SlugField(unique=True, validators=[not_reserved])
    title = models.CharField(max_length=120)
    tagline = models.CharField(max_length=200, blank=True)
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="columns")
    about = models.TextField(blank=True, help_text=_("Markdown"))
    terms = models.TextField(blank=True, help_text=_("Markdown: what becomes of a letter"))
    sign_off = models.CharField(max_length=200, blank=True, help_text=_("Added below every answer"))
    language = models.CharField(max_length=12, default="en")
    four_eyes = models.BooleanField(
        default=True,
        help_text=_("A draft is approved by somebody who did not write it. Off: approval needs a day's delay instead."),
    )
    intake_open = models.BooleanField(default=True)
    reopens_on = models.DateField(null=True, blank=True)
    never_opened = models.BooleanField(
        default=False, db_default=False, help_text=_("Made, and not yet opened for letters by its owner")
    )
    demo = models.BooleanField(default=False, help_text=_("Invented content, for demonstration"))
    translation_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="translations",
        help_text=_("The column of which this one is the same in another language"),
    )
    practice = models.BooleanField(default=False, help_text=_("Made-up letters to practise on; readers never see it"))

    objects = ColumnQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("columns:home", args=[self.slug])

    def in_other_languages(self) -> list[Column]:
        """This column and those that are the same in another language, in the order of their languages; empty where
        there is no other."""
        first = self.translation_of_id or self.pk
        found = Column.objects.for_readers().filter(Q(pk=first) | Q(translation_of=first)).order_by("language", "pk")
        return columns if len(columns := list(found)) > 1 else []

    def public_names(self) -> list[str]:
        """The names that everybody who writes knows: the title and the author."""
        return [self.title, self.author.name]

    def takes_letters(self, on: dt.date) -> bool:
        """Whether letters can be written on the day. A paused column opens on its day of reopening."""
        return self.intake_open or (self.reopens_on is not None and self.reopens_on <= on)

    def topics_to_read(self, at: dt.datetime) -> list[Topic]:
        """Its topics; ``readable``: whether there is a live answer, and ``answers``: how many."""
        live = Article.objects.live(at).filter(topic=OuterRef("pk"))
        answers = Count("articles", filter=Q(articles__in=Article.objects.live(at)))
        return list(self.topics.annotate(readable=Exists(live), answers=answers))

    def help_groups(self) -> list[tuple[str, list[HelpLine]]]:
        """The help lines by country: those for everybody first, with no name, then by the countries' names."""
        groups: dict[str, list[HelpLine]] = {}
        for line in self.help_lines.all():
            groups.setdefault(countries.name(line.country) if line.country else "", []).append(line)
        return sorted(groups.items(), key=lambda one: one[0])


class Topic(models.Model):
    """A subject of a column."""

    column = models.ForeignKey(Column, on_delete=models.CASCADE, related_name="topics")
    slug = models.SlugField()
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["column", "slug"], name="topic_slug_once_per_column")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("columns:topic", args=[self.column.slug, self.slug])


#: The ways to reach a help line, by code.
WAYS = {"phone": _("phone"), "text": _("text message"), "chat": _("chat")}


class HelpLine(models.Model):
    """A help line, shown on every page of the letter's path.

    ``concerns``: the kinds of concern that it is for, with spaces; empty: for anybody. ``ways``: codes of ``WAYS``,
    with spaces.
    """

    column = models.ForeignKey(Column, on_delete=models.CASCADE, related_name="help_lines")
    name = models.CharField(max_length=120)
    number = models.CharField(max_length=40, blank=True)
    url = models.URLField(blank=True)
    about = models.CharField(max_length=200, blank=True)
    country = models.CharField(
        max_length=2, blank=True, help_text=_("Two letters (ISO 3166), for example NZ; empty: for everybody")
    )
    concerns = models.CharField(max_length=200, blank=True, default="", db_default="")
    hours = models.CharField(max_length=80, blank=True, default="", db_default="")
    ways = models.CharField(max_length=40, blank=True, default="", db_default="")
    languages = models.CharField(max_length=120, blank=True, default="", db_default="")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def is_for(self, kind: str) -> bool:
        """Whether the line states that it is for this kind of concern."""
        return kind in self.concerns.split()

    @property
    def ways_named(self) -> list[str]:
        """The ways to reach it, as people read them."""
        return [str(WAYS[way]) for way in self.ways.split() if way in WAYS]

    @property
    def dial(self) -> str:
        """The number for a ``tel:`` link; "" where it is not a plain number ("text HOME to 85258")."""
        bare = re.sub(r"[\s().-]", "", self.number)
        return bare if re.fullmatch(r"\+?[0-9*#]+", bare) else ""


class CareCard(models.Model):
    """What a column's owner has decided about the care card of one kind of concern. Without a row the text that ships
    is shown, and nobody has confirmed it.

    ``heading`` and ``text`` are shown instead of the text that ships; both are empty where that one is shown. A changed
    text waits in ``new_heading`` and ``new_text`` for a second reader. ``sha256`` is the hash of the card that was
    confirmed (``inbox.letters.care``): a card that reads otherwise now is not confirmed.
    """

    column = models.ForeignKey(Column, on_delete=models.CASCADE, related_name="care_cards")
    kind = models.CharField(max_length=20)
    heading = models.CharField(max_length=80, blank=True)
    text = models.TextField(blank=True)
    new_heading = models.CharField(max_length=80, blank=True)
    new_text = models.TextField(blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_on = models.DateField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["column", "kind"], name="care_card_once_per_column")]

    def __str__(self) -> str:
        return self.kind


#: The columns of an article that a second reader approved, in the order in which they are hashed. The triggers
#: of ``columns/triggers.py`` compute the same hash in the database.
APPROVED_TEXT = ("headline", "standfirst", "content_note", "pen_name", "question", "answer", "correction")
#: Columns that are hashed after these, and only where they are not empty, so that an article from before it had them
#: keeps its hash.
APPROVED_BESIDE = ("help_kinds",)


def text_sha256(**text: str) -> str:
    """SHA-256, in hex, of what was approved, given by name: every name of ``APPROVED_TEXT``, and those of
    ``APPROVED_BESIDE`` that are not empty.

    Each value is preceded by its length in characters, so that no two texts of different fields give the same bytes.
    """
    values = [*(text[name] for name in APPROVED_TEXT), *filter(None, (text.get(name) for name in APPROVED_BESIDE))]
    return hashlib.sha256("".join(f"{len(value)}:{value}" for value in values).encode()).hexdigest()


class Approval(models.Model):
    """The approval of exactly one text by a reviewer. Triggers refuse any change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text_sha256 = models.CharField(max_length=64)
    reviewer_name = models.CharField(max_length=120, blank=True)
    reviewer_credential = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Neighbours(NamedTuple):
    """The live articles beside one, by publication; ``None`` at the ends. Those in its topic are ``None`` too where it
    has no topic."""

    previous: Article | None
    following: Article | None
    previous_in_topic: Article | None
    following_in_topic: Article | None


def _dated(line: str, otherwise: dt.date | None) -> tuple[dt.date | None, str]:
    """A note of a correction, which begins with its day; one from before they did has that of the article."""
    day, _space, note = line.partition(" ")
    try:
        return dt.date.fromisoformat(day), note
    except ValueError:
        return otherwise, line


def with_correction(article: Article, note: str, *, on: dt.date) -> str:
    """The article's ``correction`` with another note before the others; as it is where there is no note."""
    known = [f"{day.isoformat()} {said}" if day else said for day, said in article.corrections]
    return "\n".join([f"{on.isoformat()} {note}", *known] if note else known)


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles, with the condition of their visibility to readers."""

    def live(self, at: dt.datetime) -> ArticleQuerySet:
        """The articles visible to readers at ``at``: published, not taken down, not of a practice column."""
        return self.filter(publish_at__lte=at, taken_down_at=None, column__practice=False)

    def newest_first(self) -> ArticleQuerySet:
        return self.order_by("-publish_at", "-pk")

    def without_text(self) -> ArticleQuerySet:
        """For lists: question and answer are not loaded."""
        return self.defer("question", "answer", "correction")


class Article(models.Model):
    """A published question and its answer. The dates decide whether a row is scheduled, published or taken down."""

    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="articles")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="articles")
    topic = models.ForeignKey(Topic, on_delete=models.SET_NULL, null=True, blank=True, related_name="articles")
    slug = models.SlugField(max_length=80)
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, related_name="article")
    review = models.ForeignKey(
        Approval,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Of the last reading of the whole, where a correction was approved since"),
    )
    headline = models.CharField(max_length=200, blank=True)
    standfirst = models.CharField(max_length=400, blank=True)
    content_note = models.CharField(max_length=200, blank=True)
    pen_name = models.CharField(max_length=80, blank=True)
    question = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    correction = models.TextField(blank=True)
    care = models.BooleanField(default=False, help_text=_("Show the help lines inside the article"))
    help_kinds = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("The kinds of concern whose help lines stand first inside the article, with spaces"),
    )
    reading_minutes = models.PositiveSmallIntegerField(default=1)
    publish_at = models.DateTimeField()
    reviewed_on = models.DateField()
    corrected_on = models.DateField(null=True, blank=True)
    taken_down_at = models.DateTimeField(null=True, blank=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["column", "slug"], name="article_slug_once_per_column"),
            models.CheckConstraint(
                condition=Q(taken_down_at__isnull=False) | (~Q(headline="") & ~Q(question="") & ~Q(answer="")),
                name="article_has_words_or_is_taken_down",
            ),
            models.CheckConstraint(
                condition=Q(help_kinds__regex=r"\A([a-z_]+( [a-z_]+)*)?\Z"), name="article_help_kinds_are_names"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["column", "publish_at", "id"], name="article_in_order"),
            models.Index(fields=["topic", "publish_at"], name="article_by_topic"),
        ]

    def __str__(self) -> str:
        return self.headline or f"taken down {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("columns:article", args=[self.column.slug, self.year, self.slug])

    @property
    def year(self) -> int:
        """The year in the address: of the publication date, in the site's time zone."""
        return timezone.localtime(self.publish_at).year

    def is_live(self, at: dt.datetime) -> bool:
        return self.taken_down_at is None and self.publish_at <= at

    def approved_text(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in (*APPROVED_TEXT, *APPROVED_BESIDE)}

    @property
    def reviewer(self) -> Approval:
        """Who reviewed the whole of it, on the day ``reviewed_on``."""
        return self.review or self.approval

    @property
    def corrections(self) -> list[tuple[dt.date | None, str]]:
        """What readers are told of its corrections, each with its day, the newest first."""
        return [_dated(line, self.corrected_on) for line in self.correction.splitlines() if line.strip()]

    def question_html(self) -> str:
        return prose.render_question(self.question)

    def answer_html(self) -> str:
        return prose.render(self.answer)

    def answer_parts(self) -> anatomy.Anatomy:
        return anatomy.read(self.answer)

    def take_down(self, *, at: dt.datetime) -> bool:
        """Take the article down and delete its words in one statement; its address answers 410 from then on.

        Only the day is stored (``day_of``), since the time could be that of a writer's withdrawal. Returns whether this
        call changed the row (``False``: taken down before).
        """
        emptied = dict.fromkeys((*APPROVED_TEXT, *APPROVED_BESIDE), "")
        day = day_of(at, after=self.publish_at if self.publish_at <= at else None)
        with transaction.atomic():
            live = Article.objects.filter(pk=self.pk, taken_down_at=None)
            done = live.update(taken_down_at=day, care=False, **emptied) == 1
            index.forget(self.pk)
        self.refresh_from_db()
        return done

    def neighbours(self, at: dt.datetime) -> Neighbours:
        """The live articles beside this one in the order of publication, in the column and in the topic, in one
        query."""
        live = Article.objects.live(at).filter(column=self.column_id)
        places = [live] + [live.filter(topic=self.topic_id)] * bool(self.topic_id)
        wanted = Q()
        for place in places:
            before = place.filter(
                Q(publish_at__lt=self.publish_at) | Q(publish_at=self.publish_at, pk__lt=self.pk)
            ).newest_first()[:1]
            after = place.filter(
                Q(publish_at__gt=self.publish_at) | Q(publish_at=self.publish_at, pk__gt=self.pk)
            ).order_by("publish_at", "pk")[:1]
            wanted |= Q(pk__in=before.values("pk")) | Q(pk__in=after.values("pk"))
        found = sorted(
            Article.objects.filter(wanted).without_text(), key=lambda article: (article.publish_at, article.pk)
        )
        for article in found:
            article.column = self.column
        order = (self.publish_at, self.pk)
        before_this = [article for article in found if (article.publish_at, article.pk) < order]
        after_this = [article for article in found if (article.publish_at, article.pk) > order]
        return Neighbours(
            previous=next(reversed(before_this), None),
            following=next(iter(after_this), None),
            previous_in_topic=next((a for a in reversed(before_this) if self._shares_topic(a)), None),
            following_in_topic=next((a for a in after_this if self._shares_topic(a)), None),
        )

    def _shares_topic(self, other: Article) -> bool:
        return self.topic_id is not None and other.topic_id == self.topic_id
