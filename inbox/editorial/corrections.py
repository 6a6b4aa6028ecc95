"""Corrections of an article that is out, and its review. What is corrected is the article itself, so it can be done
after the draft's words are erased. The page changes when a second reader has approved the new words, in one
transaction; the database asks for that approval. Each public function is one transaction."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from columns.models import Approval, Article, text_sha256, with_correction
from columns.site_time import day_of, month_of
from columns.text import prose
from inbox.crypto.sealing import CannotOpen
from inbox.editorial.publishing import COOLING
from inbox.keys.vault import Vault
from inbox.models import DRAFT_FIELDS, Correction, Draft, User, desk_recipient
from inbox.models.times import clock
from inbox.screening import diff
from inbox.workflow import AlreadyMoved, DraftStatus, NotAllowed

#: The states of a correction that somebody works on.
IN_WORK = (Correction.State.IN_REVIEW, Correction.State.BACK)
#: The parts that an article cannot be without.
_NEEDED = ("headline", "question", "answer")


@dataclass(frozen=True)
class InWork:
    """A correction that is not out yet, with its words."""

    row: Correction
    words: Mapping[str, Any] = field(repr=False)

    @property
    def after(self) -> dict[str, str]:
        return {name: str(self.words["after"][name]) for name in DRAFT_FIELDS}

    @property
    def sent_at(self) -> dt.datetime:
        return dt.datetime.fromisoformat(str(self.words["at"]))


def in_work(draft: Draft, keys: Vault) -> InWork | None:
    """The correction of the draft's article that somebody works on; none where its words were erased."""
    row = draft.corrections.filter(state__in=IN_WORK).exclude(sealed=b"").select_related("by").first()
    if row is None:
        return None
    row.draft = draft
    return InWork(row, keys.open(row))


def words_of(article: Article) -> dict[str, str]:
    """The words of the article that can be corrected."""
    return {name: str(getattr(article, name)) for name in DRAFT_FIELDS}


def sha256_of(article: Article) -> str:
    """The hash of all that its approval covers."""
    return text_sha256(**article.approved_text())


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, list[tuple[diff.Kind, str]]]]:
    """What differs: the name of the part, and its changed paragraphs with those beside them."""
    return [
        (name, diff.words(*_in_context(before[name], after[name])))
        for name in DRAFT_FIELDS
        if before[name] != after[name]
    ]


def _in_context(before: str, after: str) -> tuple[str, str]:
    """Both texts without the paragraphs that lie further than one from a change."""
    old, new = prose.blocks(before), prose.blocks(after)
    groups = difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(1)
    spans = [(group[0][1], group[-1][2], group[0][3], group[-1][4]) for group in groups]
    left = "\n\n…\n\n".join("\n\n".join(old[i:j]) for i, j, _k, _m in spans)
    right = "\n\n…\n\n".join("\n\n".join(new[k:m]) for _i, _j, k, m in spans)
    return left or before, right or after


def send(
    draft: Draft,
    after: Mapping[str, str],
    *,
    note: str,
    ask: str,
    base: str,
    seen: int,
    by: User,
    at: dt.datetime,
    keys: Vault,
) -> None:
    """Send other words of the article to the second reader. The page stays as it is until they are approved.

    ``base``: the hash of the article that the person had before them; ``seen``: the number of the event of the draft
    that was its last one then, so that of two who correct at once the second is told.
    """
    with transaction.atomic():
        article = _out(draft, at=at)
        if draft.events_count != seen or sha256_of(article) != base:
            raise AlreadyMoved(_("Somebody else has corrected this article since you opened it. Yours is kept below."))
        before = words_of(article)
        if dict(after) == before:
            raise NotAllowed(_("Nothing is changed yet."))
        if not all(after[name].strip() for name in _NEEDED):
            raise NotAllowed(_("An article needs a headline, a question and an answer."))
        found = in_work(draft, keys)
        draft.act("correct", by=by, at=at)
        writers = {by.pk} | set(found.words["writers"] if found else ())
        # one whose words were erased makes room
        draft.corrections.filter(state__in=IN_WORK, sealed=b"").delete()
        number = draft.events_count
        row = found.row if found else Correction(draft=draft)
        row.number, row.state, row.by, row.at = number, Correction.State.IN_REVIEW, by, month_of(at)
        sealed = {
            "before": before,
            "after": dict(after),
            "base": base,
            "note": " ".join(note.split()),
            "ask": ask,
            "remark": "",
            "writers": sorted(writers),
            "at": at.isoformat(),
        }
        try:
            row.seal(sealed, to=[desk_recipient(draft.column)])
        except IntegrityError as error:  # pragma: no cover - the UPDATE of the draft's row decides before
            raise AlreadyMoved(_("Somebody else corrects this article now.")) from error


def ask_changes(draft: Draft, *, number: int, remark: str, by: User, at: dt.datetime, keys: Vault) -> None:
    """Send a correction back to the author with a remark."""
    with transaction.atomic():
        _out(draft, at=at)
        found = _read(draft, number, keys)
        draft.act("ask_correction", by=by, at=at)
        found.row.state = Correction.State.BACK
        found.row.seal({**found.words, "remark": remark}, to=[desk_recipient(draft.column)])


def obstacle(found: InWork, *, by: User, at: dt.datetime) -> str:
    """Why this person cannot approve the correction now; "" where they can."""
    own = by.pk in found.words["writers"]
    if own and found.row.draft.column.four_eyes:
        return _("You have written this correction, so somebody else has to approve it.")
    if own and at < found.sent_at + COOLING:
        ready = timezone.localtime(found.sent_at + COOLING)
        return _("You wrote this yourself, so it rests for a day: until %(day)s, %(time)s.") % {
            "day": date_format(ready, "MONTH_DAY_FORMAT"),
            "time": time_format(ready, "TIME_FORMAT"),
        }
    return ""


def approve(draft: Draft, *, number: int, by: User, at: dt.datetime, keys: Vault) -> Article:
    """Put the corrected words into the article, with an approval of exactly these. The day of its review, and who
    reviewed the whole of it, stay as they are. The words before stay sealed with the correction."""
    with transaction.atomic():
        article = _out(draft, at=at)
        found = _read(draft, number, keys)
        if why := obstacle(found, by=by, at=at):
            raise NotAllowed(why)
        if sha256_of(article) != found.words["base"]:
            raise AlreadyMoved(_("The article was changed since this correction was written."))
        if clock.doubt(at) is not None:
            raise NotAllowed(_("The clock of the site may be wrong. The owner’s page “Health” says what it shows."))
        draft.act("approve_correction", by=by, at=at)
        found.row.state = Correction.State.OUT
        found.row.save(update_fields=["state"])
        today, after = timezone.localdate(at), found.after
        correction = with_correction(article, str(found.words["note"]), on=today)
        text = {**article.approved_text(), **after, "correction": correction}
        minutes = prose.reading_minutes(after["question"], after["answer"])
        more = {
            "corrected_on": today,
            "reading_minutes": minutes,
            "review_id": article.review_id or article.approval_id,
        }
        return _write(article, text, by=by, at=at, **more)


def confirm(draft: Draft, *, base: str, by: User, at: dt.datetime) -> Article:
    """Record that somebody read the whole article again, and nothing is to be changed. ``base``: the hash of the text
    that they read."""
    with transaction.atomic():
        article = _out(draft, at=at)
        if sha256_of(article) != base:
            raise AlreadyMoved(_("The article was changed since you opened it. Please read it again."))
        if draft.column.four_eyes and draft.written_by(by):
            raise NotAllowed(_("You have written this article, so somebody else has to review it."))
        draft.act("confirm", by=by, at=at)
        former = article.review
        text = article.approved_text()
        found = _write(article, text, by=by, at=at, reviewed_on=timezone.localdate(at), review_id=None)
        if former is not None:
            former.delete()
        return found


def _write(article: Article, text: Mapping[str, str], *, by: User, at: dt.datetime, **more: Any) -> Article:
    """Give the article these words with an approval of their own; the approval before goes, unless it is its review."""
    approval = Approval.objects.create(
        text_sha256=text_sha256(**text),
        reviewer_name=by.name,
        reviewer_credential=by.credential,
        approved_at=day_of(at),
    )
    former = article.approval_id
    rows = Article.objects.filter(pk=article.pk, approval=former, taken_down_at=None)
    if not rows.update(approval=approval, **text, **more):
        raise AlreadyMoved(_("The article was changed or taken down meanwhile."))
    if more["review_id"] != former:
        Approval.objects.filter(pk=former).delete()
    article.refresh_from_db()
    return article


def _read(draft: Draft, number: int, keys: Vault) -> InWork:
    """The correction that the person read."""
    found = in_work(draft, keys)
    if found is None or found.row.state != Correction.State.IN_REVIEW or found.row.number != number:
        raise AlreadyMoved(_("This correction is not with the second reader any more."))
    return found


def _out(draft: Draft, *, at: dt.datetime) -> Article:
    """The draft's article as it is out now; the draft's history follows it."""
    if draft.status_at(at) != DraftStatus.PUBLISHED or draft.article is None:
        raise NotAllowed(_("There is no article of this draft in the column now."))
    if draft.status == DraftStatus.SCHEDULED:  # the sweep has not said so yet
        draft.go_live(at=at)
    return draft.article


def opened(draft: Draft, keys: Vault) -> list[tuple[Correction, Mapping[str, Any]]]:
    """The corrections that are in the article, the newest first, those with words that the keys open."""
    rows = list(draft.corrections.filter(state=Correction.State.OUT).exclude(sealed=b"").select_related("by"))
    try:
        words = keys.open_many(rows)
    except CannotOpen:
        return []
    return [(row, words[row.pk]) for row in rows if row.pk in words]
