"""Bundles, drafts, their versions and reviews. Their words, and the list of letters of a bundle, are sealed to the
desk."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from columns.models import Article, Column, Topic
from columns.site_time import day_of, month_of
from inbox.models import guards
from inbox.models.event import Actor, DraftEvent, number, one_more
from inbox.models.keystore import SealedItem, desk_recipient, erase_all_of, erase_words
from inbox.models.sealed_kind import EndsWith, Holder, Left, OwnFile, SealedKind
from inbox.models.staff import User
from inbox.models.times.clock import believed_day
from inbox.screening.concerns import TITLES
from inbox.workflow import DRAFT_ACTS, DRAFT_MOVES, AlreadyMoved, DraftStatus, MoveRefused, NotAllowed

#: The text fields of a version. They become the approved text of an article.
DRAFT_FIELDS = ("headline", "standfirst", "content_note", "pen_name", "question", "answer")


#: The statuses of drafts that nobody writes on.
AT_REST = frozenset({DraftStatus.SCHEDULED, DraftStatus.PUBLISHED, DraftStatus.TAKEN_DOWN, DraftStatus.SHELVED})


def _public(words: Mapping[str, Any]) -> dict[str, Any]:
    """What of these words comes into the article. Of ``help_kinds`` those that are known, each once, in one order, so
    that the same choice has the same hash."""
    chosen = words.get("help_kinds", ())
    return {name: words.get(name, "") for name in DRAFT_FIELDS} | {
        "help_kinds": [kind for kind in TITLES if kind in chosen]
    }


class NewerVersion(MoveRefused):
    """The draft was saved by somebody else since the person opened it. Nothing was overwritten."""


class Bundle(SealedItem):
    """Several letters under one answer (often one). The sealed words are ``letters``: ids, the lead letter first."""

    sealed_as = SealedKind(
        holders=frozenset({Holder.DESK}),
        column="column",
        ends_with=EndsWith.DRAFT,
        path="draft",
        copied=False,  # ids of letters, no words
        resealed=True,
        export=OwnFile("bundles.jsonl"),
        grants={"desk": "DELETE"},
    )

    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()


class Draft(models.Model):
    """The author's work on one bundle. The words are in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="+")
    bundle = models.OneToOneField(Bundle, on_delete=models.PROTECT, related_name="draft")
    topic = models.ForeignKey(Topic, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    care = models.BooleanField(default=False, help_text="The letter raised a concern: help lines are shown")
    status = models.CharField(
        max_length=12, choices=[(s.value, s.value) for s in DraftStatus], default=DraftStatus.WRITING
    )
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    quiet_since = models.DateField(editable=False, help_text="The day of its last move: from here its retention runs")
    latest = models.PositiveIntegerField(default=0, help_text="Number of its newest version")
    events_count = models.PositiveIntegerField(default=0, editable=False)
    article = models.OneToOneField(Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=list(DraftStatus)), name="draft_has_a_known_status"),
        ]
        indexes: ClassVar = [models.Index(fields=["column", "status", "-saved_at"], name="draft_by_status")]

    def __str__(self) -> str:
        return str(self.pk)

    def status_at(self, at: dt.datetime) -> DraftStatus:
        """The status to show: a scheduled draft is published from its time on, also before the sweep."""
        status = DraftStatus(self.status)
        if self.article and status in (DraftStatus.SCHEDULED, DraftStatus.PUBLISHED):
            if self.article.taken_down_at:
                return DraftStatus.TAKEN_DOWN
            return DraftStatus.PUBLISHED if self.article.is_live(at) else DraftStatus.SCHEDULED
        return status

    def newest(self) -> DraftVersion:
        return self.versions.select_related("by").get(number=self.latest)

    def all_reviews(self) -> models.QuerySet[Review]:
        """All reviews with reviewers and version numbers, the newest first."""
        return self.reviews.select_related("by", "version").defer("version__sealed")

    def approving_review(self, reviews: Iterable[Review]) -> Review | None:
        """The valid approval of the newest version among all reviews, if there is one."""
        if self.status not in (DraftStatus.APPROVED, DraftStatus.SCHEDULED, DraftStatus.PUBLISHED):
            return None
        of_newest = (one for one in reviews if one.version.number == self.latest)
        return next((one for one in of_newest if one.decision == Review.Decision.APPROVED), None)

    def written_by(self, user: User) -> bool:
        """Whether the person saved any version; then somebody else must approve."""
        return self.versions.filter(by=user).exists()

    def save_version(
        self,
        words: Mapping[str, Any],
        *,
        by: User,
        at: dt.datetime,
        base: int,
        topic: str | None = None,
        care: bool | None = None,
        kinds: Iterable[str] = (),
    ) -> DraftVersion:
        """Save the words as a new version. Raises ``NewerVersion`` unless ``base`` is still the newest version.

        ``words``: of ``DRAFT_FIELDS``, and ``help_kinds``: the kinds of concern whose help lines the article is to
        have. ``kinds``: of the concerns in the letters that the draft answers, sealed with the words as ``concerns``.
        ``topic`` (a slug) and ``care`` are saved too where given. Only a draft with status WRITING can be saved;
        ``edit`` brings it back to that status. One UPDATE checks both, so the draft need not be read before.
        """
        day = day_of(at)
        fields: dict[str, object] = {**one_more("latest"), "saved_at": day, **self._labels(topic=topic, care=care)}
        with transaction.atomic():
            if not self._as_read(base).update(**fields):
                raise self._why_not_saved()
            version = DraftVersion(draft=self, number=base + 1, by=by, at=month_of(at))
            try:
                sealed = _public(words) | {"concerns": sorted(set(kinds)), "at": at.isoformat()}
                version.seal(sealed, to=[desk_recipient(self.column)])
            except IntegrityError as error:  # pragma: no cover - the UPDATE above decides before the index does
                raise NewerVersion(_("Somebody has saved a newer text of this draft.")) from error
        self.latest, self.saved_at = base + 1, at
        version.at, version.is_exact = at, True
        return version

    def begin_again(self, words: Mapping[str, Any], *, by: User, at: dt.datetime) -> None:
        """Save a new version after all earlier ones were erased, in any status."""
        with transaction.atomic():
            Draft.objects.filter(pk=self.pk).update(**one_more("latest"), saved_at=day_of(at))
            version = DraftVersion(draft=self, number=number(self, "latest", "saved_at"), by=by, at=month_of(at))
            version.seal(_public(words), to=[desk_recipient(self.column)])

    def classify(self, *, topic: str, care: bool, base: int) -> None:
        """Set the topic (by slug; none where the column has no such topic) and whether help lines are shown.

        As with ``save_version``: only with status WRITING, and only if ``base`` is still the newest version.
        """
        if not self._as_read(base).update(**self._labels(topic=topic, care=care)):
            raise self._why_not_saved()

    def _as_read(self, base: int) -> models.QuerySet[Draft]:
        """A queryset of this row with the conditions of ``save_version``."""
        return Draft.objects.filter(pk=self.pk, column=self.column_id, latest=base, status=DraftStatus.WRITING)

    def _labels(self, *, topic: str | None, care: bool | None) -> dict[str, object]:
        fields: dict[str, object] = {} if care is None else {"care": care}
        if topic is not None:
            fields["topic"] = models.Subquery(Topic.objects.filter(column=self.column_id, slug=topic).values("pk")[:1])
        return fields

    def _why_not_saved(self) -> MoveRefused:
        if Draft.objects.filter(pk=self.pk).exclude(status=DraftStatus.WRITING).exists():
            return NotAllowed(
                _("This draft is not being written now. Choose “Edit again” first; your text is still here.")
            )
        return NewerVersion(_("Somebody has saved a newer text of this draft. Yours is kept below."))

    # --- moves ---------------------------------------------------------------------------------------------------

    def move(self, verb: str, *, by: User, at: dt.datetime) -> None:
        """Make a plain move of ``DRAFT_MOVES``; the methods below make the others."""
        if not DRAFT_MOVES[verb].is_plain:
            raise NotAllowed(_("This is not done by a click alone."))
        self._move(verb, by=by, at=at)

    def send(self, *, by: User, at: dt.datetime) -> None:
        self._move("send", by=by, at=at)

    def ask_changes(self, *, by: User, at: dt.datetime, review: Review, remarks: Mapping[str, object]) -> None:
        """Send the draft back to the author with remarks. ``review``: unsaved, of the version that was read."""
        self._review("ask_changes", by=by, at=at, review=review, remarks=remarks)

    def approve(self, *, by: User, at: dt.datetime, review: Review, remarks: Mapping[str, object]) -> None:
        """Approve the version that was read. ``review``: unsaved, with the hash of that version."""
        if self.column.four_eyes and self.written_by(by):
            raise NotAllowed(_("You have written on this draft, so somebody else has to approve it."))
        self._review("approve", by=by, at=at, review=review, remarks=remarks)

    def _review(self, verb: str, *, by: User, at: dt.datetime, review: Review, remarks: Mapping[str, object]) -> None:
        if review.version.number != self.latest:
            raise AlreadyMoved(_("The draft was saved again after you opened it. Please read the newer text."))
        with transaction.atomic():
            self._move(verb, by=by, at=at, latest=review.version.number)
            review.at, review.number = month_of(at), self.events_count
            review.seal({**remarks, "at": at.isoformat()}, to=[desk_recipient(self.column)])
            review.at, review.is_exact = at, True

    def edit(self, *, by: User | None, at: dt.datetime) -> None:
        """Return the draft to writing; an approval lapses. ``publishing.edit`` also removes a scheduled article."""
        self._move("edit", by=by, at=at)

    def act(self, verb: str, *, by: User, at: dt.datetime) -> None:
        """Write the event of a verb of ``DRAFT_ACTS``. Its UPDATE names the status, and locks the row."""
        guards.check(DRAFT_ACTS[verb], DraftStatus(self.status))
        with transaction.atomic():
            rows = Draft.objects.filter(pk=self.pk, status=self.status, events_count=self.events_count)
            if not rows.update(**one_more("events_count"), quiet_since=believed_day(at)):
                raise AlreadyMoved(_("Somebody has already moved this draft."))
            self._write_event(verb, by=by, at=at, actor=None)
        self.quiet_since = believed_day(at)

    def unschedule(self, *, by: User, at: dt.datetime) -> None:
        self._move("unschedule", by=by, at=at)

    def schedule(self, *, by: User, at: dt.datetime, article: Article) -> None:
        self._move("schedule", by=by, at=at, article=article)

    def publish(self, *, by: User, at: dt.datetime, article: Article) -> None:
        self._move("publish", by=by, at=at, article=article)

    def go_live(self, *, at: dt.datetime) -> None:
        """Record that the scheduled article is published; called by a sweep. Readers see the article without this."""
        self._move("go_live", by=None, at=at)

    def not_live(self, *, at: dt.datetime) -> None:
        """Record that the article is not out, though a clock that was ahead had it marked as published."""
        self._move("not_live", by=None, at=at)

    def take_down(self, *, by: User, at: dt.datetime) -> None:
        self._move("take_down", by=by, at=at)

    def was_taken_down(self, *, at: dt.datetime) -> None:
        """Record that a writer took the article down at ``at``, with the day alone; called by a sweep. The words of its
        corrections are erased, also where nothing else of the draft is left to say whose letter it was."""
        with transaction.atomic():
            self._move("take_down", by=None, at=at, actor=Actor.WRITER)
            erase_words(self.corrections.all())

    def write_anew(self, *, by: User, at: dt.datetime) -> None:
        """Return the draft to writing after its article was taken down. The article stays down, no longer linked."""
        self._not_erased()
        with transaction.atomic():
            self._move("write_anew", by=by, at=at)
            Draft.objects.filter(pk=self.pk).update(article=None)
        self.article = None

    def shelve(self, *, by: User, at: dt.datetime) -> None:
        self._move("shelve", by=by, at=at)

    def unshelve(self, *, by: User, at: dt.datetime) -> None:
        self._not_erased()
        self._move("unshelve", by=by, at=at)

    def _not_erased(self) -> None:
        if self.events.filter(verb="erase").exists():
            raise NotAllowed(_("The words of this draft were erased at the end of their time, so it cannot come back."))

    def erase(self, *, at: dt.datetime) -> None:
        """Erase the words of versions, reviews and bundle at the end of retention; the article, if any, stays.

        Raises ``AlreadyMoved`` where the draft was moved since it was read.
        """
        guards.check(DRAFT_ACTS["erase"], DraftStatus(self.status))
        with transaction.atomic():
            rows = Draft.objects.filter(pk=self.pk, status=self.status, quiet_since=self.quiet_since)
            if not rows.update(**one_more("events_count")):
                raise AlreadyMoved(_("Somebody has already moved this draft."))
            self._write_event("erase", by=None, at=at, actor=Actor.SYSTEM)
            erase_all_of(self, EndsWith.DRAFT)

    def lose(self, *, at: dt.datetime) -> None:
        """Mark a restored draft as erased, because its data keys were destroyed after the site dump."""
        with transaction.atomic():
            if DraftStatus(self.status) in DRAFT_MOVES["shelve"].sources:
                self._move("shelve", by=None, at=at)
            self.erase(at=at)

    def _move(
        self,
        verb: str,
        *,
        by: User | None,
        at: dt.datetime,
        actor: Actor | None = None,
        latest: int | None = None,
        article: Article | None = None,
    ) -> None:
        """Make one move of ``DRAFT_MOVES``, guarded as a letter's. ``latest``: only if this is the newest version.

        ``article``: made of the draft as it was read, so only if the draft has had no event since, after which its
        letters could be others.
        """
        move = DRAFT_MOVES[verb]
        before = DraftStatus(self.status)
        guards.check(move, before)
        quiet = believed_day(at)
        fields: dict[str, object] = {
            "status": move.target,
            **one_more("events_count"),
            "quiet_since": quiet,
        }
        if article is not None:
            fields["article"] = article
        if before in AT_REST and move.target not in AT_REST:
            fields["saved_at"] = day_of(at)  # it is taken up again
        if move.target in AT_REST:  # a letter came before its draft was begun: only the months stay
            fields |= {name: month_of(getattr(self, name)) for name in ("started_at", "saved_at")}
        with transaction.atomic():
            rows = Draft.objects.filter(pk=self.pk, status=before)
            if latest is not None:
                rows = rows.filter(latest=latest)
            if article is not None:
                rows = rows.filter(events_count=self.events_count)
            if not rows.update(**fields):
                raise AlreadyMoved(_("Somebody has already moved this draft."))
            self._write_event(verb, by=by, at=at, actor=actor, status_before=before, status_after=move.target)
        self.status, self.quiet_since = move.target, quiet
        if article is not None:
            self.article = article

    def _write_event(
        self,
        verb: str,
        *,
        by: User | None,
        at: dt.datetime,
        actor: Actor | None,
        status_before: str = "",
        status_after: str = "",
    ) -> None:
        who = actor or (Actor.STAFF if by else Actor.SYSTEM)
        DraftEvent.objects.create(
            draft=self,
            number=number(self, "events_count"),
            verb=verb,
            by=by,
            actor=who,
            at=day_of(at),
            status_before=status_before,
            status_after=status_after,
        )


class DraftVersion(SealedItem):
    """The words of a draft at one save, sealed to the desk: the fields of ``DRAFT_FIELDS``; ``help_kinds``, the kinds
    of concern whose help lines its article has; and ``concerns``: the kinds that screening found in the letters that it
    answered then. ``at`` (ISO 8601) is sealed too: the row has the month."""

    sealed_as = SealedKind(
        holders=frozenset({Holder.DESK}),
        column="draft__column",
        ends_with=EndsWith.DRAFT,
        path="draft",
        export=OwnFile("drafts.jsonl"),
    )

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    #: Whether ``at`` is the exact time, which was sealed, and not the month of the row.
    is_exact = False

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "number"], name="draft_version_number_once")]


class Review(SealedItem):
    """A second reader's decision on one version. Sealed: ``summary``, ``remarks`` (part, quote, text) and ``at``
    (ISO 8601); the row has the month."""

    class Decision(models.TextChoices):
        APPROVED = "approved", gettext_lazy("Approved")
        CHANGES = "changes", gettext_lazy("Changes asked")

    sealed_as = SealedKind(
        holders=frozenset({Holder.DESK}),
        column="draft__column",
        ends_with=EndsWith.DRAFT,
        path="draft",
        export=Left("What colleagues remarked on a draft is talk among them; that they approved is an event."),
    )

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="reviews")
    number = models.PositiveIntegerField(default=0, db_default=0, help_text="Of its event of the draft")
    version = models.ForeignKey(DraftVersion, on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=8, choices=Decision)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text_sha256 = models.CharField(max_length=64)

    #: Whether ``at`` is the exact time, which was sealed, and not the month of the row.
    is_exact = False

    class Meta:
        ordering: ClassVar = ["-number", "-at"]
