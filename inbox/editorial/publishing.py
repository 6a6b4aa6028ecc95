"""Publishing: the only module that writes words of the desk to the public side. Words are passed as named arguments,
and only with an approval of exactly these words. Each public function is one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import chain, count
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from columns import moving
from columns.models import Approval, Article, Column, text_sha256
from columns.search import index
from columns.site_time import day_of
from columns.text import headlines, prose
from columns.text.headlines import slug_of
from inbox.editorial import draft_case, drafts, writer_approval
from inbox.editorial.draft_case import Case
from inbox.keys.vault import Vault
from inbox.letters import notices, restored_days
from inbox.models import DRAFT_FIELDS, Consent, Draft, DraftVersion, Letter, Message, Notice, Review, User, bulk_moves
from inbox.models.keystore import first_of_month, seal_new
from inbox.models.letter import GONE
from inbox.models.times import clock
from inbox.models.times.days import quiet_from
from inbox.screening import diff
from inbox.workflow import AlreadyMoved, DraftStatus, LetterStatus, NotAllowed

#: The least time between approval and publication where the column has no second reader.
COOLING = dt.timedelta(hours=24)
_KIND_OF_ADDRESS = Message.Kind.ADDRESS


def hash_of(words: Mapping[str, Any]) -> str:
    """The hash of these words in an approval; the database computes the same hash over the article's columns."""
    text = {name: words[name] for name in DRAFT_FIELDS}
    return text_sha256(correction="", help_kinds=help_kinds(words), **text)


def help_kinds(words: Mapping[str, Any]) -> str:
    """The kinds of concern whose help lines the article has, as its column holds them. A version from before there were
    any has none."""
    return " ".join(words.get("help_kinds", ()))


def unfinished(words: Mapping[str, Any]) -> list[str]:
    """What is missing before a draft can be sent for review, as sentences; empty when complete."""
    missing = {
        "headline": _("It still needs a headline."),
        "standfirst": _("It still needs a standfirst."),
        "question": _("It still needs the question."),
        "answer": _("It still needs the answer."),
    }
    return [sentence for field, sentence in missing.items() if not words[field].strip()]


def send_for_review(draft: Draft, *, by: User, at: dt.datetime, keys: Vault) -> None:
    """Send the newest version for review; it must be complete."""
    drafts.forget_withdrawn(draft.column, at=at, keys=keys)
    missing = unfinished(draft_case.words_of(draft.newest(), keys))
    if missing:
        raise NotAllowed(" ".join(missing))
    draft.send(by=by, at=at)


def decide(
    draft: Draft,
    version: DraftVersion,
    *,
    approve: bool,
    summary: str,
    remarks: list[dict[str, str]],
    by: User,
    at: dt.datetime,
    keys: Vault,
) -> None:
    """Record the reviewer's decision on the version that they read. An approval has the hash of its text."""
    drafts.forget_withdrawn(draft.column, at=at, keys=keys)
    decision = Review.Decision.APPROVED if approve else Review.Decision.CHANGES
    text = hash_of(draft_case.words_of(version, keys))
    review = Review(draft=draft, version=version, decision=decision, by=by, at=at, text_sha256=text)
    verb = draft.approve if approve else draft.ask_changes
    verb(by=by, at=at, review=review, remarks={"summary": summary, "remarks": remarks})


def suggest_slug(column: Column, headline: str) -> str:
    """A slug from a headline that no other article of the column has: the question part ("question: angle", "question?
    Angle"), at most 80 characters, whole words, and a number where the address is taken."""
    base = slug_of(headlines.parts(headline)[0], 76) or slug_of(headline, 76) or "answer"
    taken = set(column.articles.filter(slug__startswith=base).values_list("slug", flat=True))
    names = chain([base], (f"{base}-{number}" for number in count(2)))
    return next(name for name in names if name not in taken)


def obstacles(case: Case, *, at: dt.datetime) -> list[str]:
    """Why the draft cannot be published now, as sentences; empty when it can."""
    found = []
    draft, review = case.manuscript.draft, case.manuscript.approval
    # erasing a withdrawn letter returns the draft to writing, so this is checked also without an approval
    withdrawn = [
        _("The writer of %(label)s has withdrawn it. Take it out of the draft, or shelve the draft.")
        % {"label": letter.label}
        for letter in case.letters
        if letter.status == LetterStatus.WITHDRAWN
    ]
    if draft.status != DraftStatus.APPROVED or review is None:
        return [_("It needs the approval of a second reader first."), *withdrawn]
    if clock.doubt(at) is not None:
        found.append(_("The clock of the site may be wrong. The owner’s page “Health” says what it shows."))
    if hash_of(case.manuscript.words) != review.text_sha256:
        found.append(_("Its text is not the text that was approved."))
    known = approved_at(draft, review)
    if not review.is_exact:  # of an approval from before its time was sealed: it rests from the end of its day
        known += dt.timedelta(days=1)
    if not draft.column.four_eyes and draft.written_by(review.by) and at < known + COOLING:
        ready = timezone.localtime(known + COOLING)
        found.append(
            _("You approved your own text, so it rests for a day: until %(day)s, %(time)s.")
            % {"day": date_format(ready, "MONTH_DAY_FORMAT"), "time": time_format(ready, "TIME_FORMAT")}
        )
    found += [*_left_over(case), *withdrawn]
    for letter in case.letters:
        if letter.status == LetterStatus.WITHDRAWN:
            continue
        if letter.status != LetterStatus.ANSWERING:
            found.append(_("%(label)s is no longer being answered by this draft.") % {"label": letter.label})
        elif letter.consent == Consent.PRIVATE:
            found.append(_("The writer of %(label)s allowed a private answer only.") % {"label": letter.label})
    return found + writer_approval.obstacles(case, at=at)


def approved_at(draft: Draft, review: Review) -> dt.datetime:
    """The time of an approval; of one from before its time was sealed the day, from the draft's history."""
    if review.is_exact:
        return review.at
    event = draft.events.filter(verb="approve").order_by("-number").first()
    return event.at if event else review.at


def _left_over(case: Case) -> list[str]:
    """A sentence for each letter that the draft no longer answers, but whose words are still in its question."""
    question = case.manuscript.words["question"]
    return [
        _("The question still holds words of %(label)s, which this draft no longer answers. Change them first.")
        % {"label": letter.label}
        for letter in case.former
        if letter.pk in case.opened and diff.verbatim(case.text(letter), question)
    ]


def publish(draft: Draft, *, by: User, at: dt.datetime, publish_at: dt.datetime, slug: str, keys: Vault) -> Article:
    """Write the article, for now or for a later time, and a message to each of its letter writers.

    One transaction: article with its approval, the draft's move, its letters' moves, the article's address sealed to
    each writer, the notices. Raises ``NotAllowed`` with every obstacle.
    """
    case = draft_case.of(draft, keys)
    found = obstacles(case, at=at)
    # by the data just read: most drafts have no erased letter, and need no further query
    gone = any(letter.status in GONE for letter in (*case.letters, *case.former))
    if gone and drafts.forget_withdrawn(draft.column, at=at, keys=keys) and not found:
        raise AlreadyMoved(_("The words of this draft were erased meanwhile. Please open it again."))
    if found:
        raise NotAllowed(" ".join(found))
    review, words = case.manuscript.approval, case.manuscript.words
    assert review is not None  # noqa: S101 - obstacles() has just seen it
    now = publish_at <= at
    publish_at = max(publish_at, at)
    with transaction.atomic():
        article = _write_article(
            draft,
            review,
            headline=words["headline"],
            standfirst=words["standfirst"],
            content_note=words["content_note"],
            pen_name=words["pen_name"],
            question=words["question"],
            answer=words["answer"],
            help_kinds=help_kinds(words),
            slug=slug,
            publish_at=publish_at,
        )
        (draft.publish if now else draft.schedule)(by=by, at=at, article=article)
        bulk_moves.publish(case.letters, by=by, at=at, out_at=publish_at)
        # from here on the letters' rows are locked: data read now stays valid
        said = list(Message.objects.filter(letter__in=case.letters).order_by("letter", "number"))
        _tell_address(case.letters, article, at=at)
        # only dates are stored, so the mail about a scheduled article is due the day after
        due_on = timezone.localdate(at) if now else timezone.localdate(publish_at) + dt.timedelta(days=1)
        notices.owe_each(case.letters, Notice.Kind.END, due_on=due_on)
        # a writer may have asked for a change at this moment; from here on that is refused
        if found := writer_approval.obstacles(case.with_turns(said, keys), at=at):
            raise NotAllowed(" ".join(found))
    return article


def _write_article(draft: Draft, review: Review, *, slug: str, publish_at: dt.datetime, **text: str) -> Article:
    approval = Approval.objects.create(
        text_sha256=review.text_sha256,
        reviewer_name=review.by.name,
        reviewer_credential=review.by.credential,
        approved_at=day_of(approved_at(draft, review)),
    )
    if Article.objects.filter(column=draft.column, slug=slug).exists():
        raise NotAllowed(_("Another article of this column has this address already. Choose another one."))
    if moving.was_elsewhere(Article(column=draft.column, slug=slug, publish_at=publish_at).get_absolute_url()):
        raise NotAllowed(_("This address was that of another article, and leads there. Choose another one."))
    try:
        article = Article.objects.create(
            column=draft.column,
            author=draft.column.author,
            topic=draft.topic,
            slug=slug,
            approval=approval,
            care=draft.care,
            reading_minutes=prose.reading_minutes(text["question"], text["answer"]),
            publish_at=publish_at,
            reviewed_on=timezone.localdate(approved_at(draft, review)),
            **text,
        )
    except IntegrityError as error:
        raise NotAllowed(_("The article could not be written: its address was taken meanwhile.")) from error
    return article


def _tell_address(letters: Sequence[Letter], article: Article, *, at: dt.datetime) -> None:
    """Seal the article's address to each writer, as the message that ``bulk_moves.publish`` has counted."""
    turns = [
        Message(
            letter=letter,
            kind=_KIND_OF_ADDRESS,
            on=first_of_month(timezone.localdate(at)),
            number=letter.messages_count,
        )
        for letter in letters
    ]
    seal_new([(turn, {"article": article.pk}, [turn.letter.writer_recipient()]) for turn in turns])


def edit(draft: Draft, *, by: User, at: dt.datetime, keys: Vault) -> None:
    """Return the draft to writing: the approval lapses, a scheduled article is deleted. Refused once it is out."""
    known = max(at, clock.believed(at))  # an article that is out is not deleted while the clock is behind
    with transaction.atomic():
        if draft.status == DraftStatus.PUBLISHED and draft.status_at(known) == DraftStatus.SCHEDULED:
            draft.not_live(at=at)
        scheduled, article = draft.status == DraftStatus.SCHEDULED, draft.article
        draft.edit(by=by, at=at)
        if scheduled and article is not None:
            _stop(draft, article, by=by, at=at, known=known, keys=keys)


def unschedule(draft: Draft, *, by: User, at: dt.datetime, keys: Vault) -> None:
    """Take a scheduled article off its date: it is deleted, its letters wait for an answer again, and the draft stays
    approved, since its words are what was approved. Refused once the article is out."""
    known = max(at, clock.believed(at))
    with transaction.atomic():
        if draft.status == DraftStatus.PUBLISHED and draft.status_at(known) == DraftStatus.SCHEDULED:
            draft.not_live(at=at)
        article = draft.article
        draft.unschedule(by=by, at=at)
        if article is not None:
            _stop(draft, article, by=by, at=at, known=known, keys=keys)


def _stop(draft: Draft, article: Article, *, by: User, at: dt.datetime, known: dt.datetime, keys: Vault) -> None:
    """Delete an article that is not out, with its approval; its letters wait for an answer again."""
    Draft.objects.filter(pk=draft.pk).update(article=None)
    draft.article = None
    _unpublish(_published(draft, keys), by=by, at=at, keys=keys)
    # after the letters, as a withdrawal locks them
    index.forget(article.pk)
    gone, _rows = Article.objects.filter(pk=article.pk, publish_at__gt=known, taken_down_at=None).delete()
    if not gone:
        raise AlreadyMoved(_("The article is out already. It can be taken down, but not stopped in silence."))
    Approval.objects.filter(pk=article.approval_id).delete()


def _published(draft: Draft, keys: Vault) -> list[Letter]:
    return [letter for letter in drafts.letters(draft, keys) if letter.status == LetterStatus.PUBLISHED]


def reschedule(draft: Draft, *, by: User, at: dt.datetime, publish_at: dt.datetime, keys: Vault) -> Article:
    """Give a scheduled article another date. Its approval is of its words, so it stays; the mails to the letters'
    writers and the retention of the letters follow the date. Refused once the article is out."""
    known = max(at, clock.believed(at))
    if clock.doubt(at) is not None:
        raise NotAllowed(_("The clock of the site may be wrong. The owner’s page “Health” says what it shows."))
    if publish_at <= known:
        raise NotAllowed(_("This time is past. Choose a later one."))
    with transaction.atomic():
        draft.act("reschedule", by=by, at=at)
        letters, day = _published(draft, keys), timezone.localdate(publish_at)
        published = Letter.objects.filter(pk__in=[one.pk for one in letters], status=LetterStatus.PUBLISHED)
        published.update(quiet_since=quiet_from(day, LetterStatus.PUBLISHED))
        owed = Notice.objects.filter(letter__in=letters, kind=Notice.Kind.END, sent_on=None)
        owed.update(due_on=day + dt.timedelta(days=1))
        article = draft.article
        assert article is not None  # noqa: S101 - a scheduled draft has one
        rows = Article.objects.filter(pk=article.pk, publish_at__gt=known, taken_down_at=None)
        if not rows.update(publish_at=publish_at):
            raise AlreadyMoved(_("The article is out already, so its date stays."))
    article.publish_at = publish_at
    return article


def _unpublish(letters: Sequence[Letter], *, by: User, at: dt.datetime, keys: Vault) -> None:
    """Move the letters back to waiting for an answer, and remove the messages about the article."""
    bulk_moves.unpublish(letters, by=by, at=at)
    restored_days.restore(letters, keys)
    bulk_moves.remove_messages(letters, Message.objects.filter(letter__in=letters, kind=_KIND_OF_ADDRESS))
    Notice.objects.filter(letter__in=letters, kind=Notice.Kind.END, sent_on=None).delete()


def write_anew(draft: Draft, *, by: User, at: dt.datetime, keys: Vault) -> None:
    """Return a draft whose article was taken down to writing, with those of its letters that still have words.

    The draft needs a new review and becomes another article at another address; the first article stays down. Withdrawn
    and erased letters leave the draft, after the words copied from them were erased.
    """
    with transaction.atomic():
        drafts.forget_withdrawn(draft.column, at=at, keys=keys)
        draft.refresh_from_db()
        if draft.status != DraftStatus.TAKEN_DOWN and draft.status_at(at) == DraftStatus.TAKEN_DOWN:
            _follow(draft, at=at)  # taken down by a writer, and not recorded by the sweep yet
        draft.write_anew(by=by, at=at)
        back = drafts.keep_only(draft, LetterStatus.PUBLISHED, keys)
        if not back:
            raise NotAllowed(_("None of its letters is here any more, so there is nothing left to answer."))
        _unpublish(back, by=by, at=at, keys=keys)


def take_down(draft: Draft, *, by: User, at: dt.datetime) -> None:
    """Take the article down at once: its words are deleted, its address answers 410.

    A scheduled article is stopped by ``edit`` instead: then its letters wait for an answer again.
    """
    if draft.article is not None and draft.article.publish_at > at and draft.article.taken_down_at is None:
        raise NotAllowed(
            _("This article is not out yet. Choose “Do not publish” at its draft; its letters stay with the draft.")
        )
    with transaction.atomic():
        draft.take_down(by=by, at=at)
        if draft.article is not None:
            draft.article.take_down(at=at)


def follow_articles(*, at: dt.datetime) -> int:
    """Record in the drafts' histories that scheduled articles came out, that writers took articles down, or that those
    which a clock that was ahead brought out are not out; returns the number of drafts. Readers see all of it without
    this sweep."""
    moved = 0
    waiting = Draft.objects.filter(status__in=[DraftStatus.SCHEDULED, DraftStatus.PUBLISHED]).select_related(
        "article", "column"
    )
    for draft in waiting.filter(article__taken_down_at__isnull=False):
        moved += _follow(draft, at=at)
    for draft in waiting.filter(status=DraftStatus.SCHEDULED, article__in=Article.objects.live(at)):
        moved += _follow(draft, at=at)
    for draft in waiting.filter(status=DraftStatus.PUBLISHED, article__publish_at__gt=at, article__taken_down_at=None):
        moved += _follow(draft, at=at)
    return moved


def _follow(draft: Draft, *, at: dt.datetime) -> int:
    try:
        if draft.article is not None and draft.article.taken_down_at is not None:
            draft.was_taken_down(at=draft.article.taken_down_at)
        elif draft.status == DraftStatus.PUBLISHED:
            draft.not_live(at=at)
        else:
            draft.go_live(at=at)
    except AlreadyMoved:
        return 0
    return 1
