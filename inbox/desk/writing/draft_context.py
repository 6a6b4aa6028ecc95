"""What the pages of the writing desk and of the second reading are made of."""

from __future__ import annotations

import datetime as dt
import textwrap
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import F, OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.http import Http404
from django.utils import timezone

from columns import prose
from columns.models import Article, Column, Topic
from inbox.editorial import checklist
from inbox.editorial.draft_case import Case, Manuscript
from inbox.keys import vault
from inbox.models import Consent, Draft, DraftVersion, Letter, Message, Note
from inbox.screening.details import find_details
from inbox.screening.highlight import marked
from inbox.staff import access
from inbox.workflow import LetterStatus

_Item = TypeVar("_Item", Message, Note)


def as_article(draft: Draft, words: Mapping[str, str], *, at: dt.datetime) -> dict[str, Any]:
    """A draft's words as the article template wants them, as if it went out at ``at`` (or when it did, or will).

    Rendered afresh: the words of a draft stay in no memory.
    """
    review = draft.approving_review(draft.all_reviews())
    approval = {"reviewer_name": review.by.name, "reviewer_credential": review.by.credential} if review else None
    return {
        **words,
        "question_html": prose.render_question_fresh(words["question"]),
        "answer_html": prose.render_fresh(words["answer"]),
        "care": draft.care,
        "topic": draft.topic,
        "reading_minutes": prose.reading_minutes(words["question"], words["answer"]),
        "publish_at": draft.article.publish_at if draft.article else at,
        "approval": approval,
        "reviewed_on": timezone.localtime(review.at).date() if review else None,
    }


def sources(case: Case) -> list[dict[str, Any]]:
    """The letters that a draft answers, each with its conversation and its notes; the lead first."""
    entries = []
    for letter in case.letters:
        text = case.text(letter)
        entries.append(
            {
                "letter": letter,
                "text": text,
                "pen_name": str(case.opened.get(letter.pk, {}).get("pen_name", "")),
                "parts": marked(text, find_details(text)),
                "turns": _opened(case, case.turns, letter),
                "notes": _opened(case, case.notes, letter),
                "consent": Consent(letter.consent).label,
            }
        )
    return entries


def _opened(case: Case, items: Iterable[_Item], letter: Letter) -> list[tuple[_Item, str]]:
    """Those of the items that belong to the letter and still have words, with these."""
    own = (one for one in items if one.letter_id == letter.pk and one.pk in case.opened)
    return [(one, str(case.opened[one.pk]["text"])) for one in own]


def checked(manuscript: Manuscript, letters: list[dict[str, Any]]) -> list[checklist.Check]:
    """The checks of a manuscript. ``letters``: those of its ``sources`` that the person may read."""
    known = [
        checklist.Source(
            label=one["letter"].label,
            text=one["text"],
            private=one["letter"].consent == Consent.PRIVATE,
            withdrawn=one["letter"].status == LetterStatus.WITHDRAWN,
            urgent=one["letter"].urgent,
        )
        for one in letters
    ]
    draft = manuscript.draft
    return checklist.checks(manuscript.words, known, care=draft.care, sign_off=draft.column.sign_off)


def headlines(drafts: list[Draft], keys: vault.Vault) -> dict[uuid.UUID, str]:
    """The headline of each draft's newest version, by the draft's id; two queries for all."""
    rows = list(DraftVersion.objects.filter(draft__in=drafts, number=F("draft__latest")))
    opened = keys.open_many(rows)
    return {row.draft_id: str(opened[row.pk]["headline"]) for row in rows if row.pk in opened}


def read_topics(column: Column, at: dt.datetime) -> None:
    """Read the column's topics once, each with when it was last answered (``answered``), for all who ask for them."""
    last = Article.objects.live(at).filter(topic=OuterRef("pk")).order_by("-publish_at").values("publish_at")[:1]
    topics = Topic.objects.annotate(answered=Subquery(last))
    prefetch_related_objects([column], Prefetch("topics", queryset=topics))


def shortlist(
    column: Column, letters: Iterable[Letter], opened: Mapping[uuid.UUID, Mapping[str, Any]], at: dt.datetime
) -> list[dict[str, Any]]:
    """Letters of the shortlist, which come by need, by topic, and when a topic was last answered. ``opened``: their
    words by id. Call ``read_topics`` first."""
    answered = {topic.pk: topic.answered for topic in column.topics.all()}  # type: ignore[attr-defined]
    groups: dict[Topic | None, list[dict[str, Any]]] = {}
    for letter in letters:
        words = opened.get(letter.pk, {})
        text = str(words.get("text", ""))
        entry = {
            "letter": letter,
            "first": textwrap.shorten(text, 220, placeholder=" …"),
            "words": prose.words(text),
            "days": (at.date() - letter.received_on).days,
        }
        groups.setdefault(letter.topic, []).append(entry)
    ordered = sorted(
        groups.items(), key=lambda group: (group[0] is None, group[0].position if group[0] else 0, str(group[0]))
    )
    return [
        {"topic": topic, "entries": entries, "answered": answered.get(topic.pk) if topic else None}
        for topic, entries in ordered
    ]


def chosen(column: Column, ids: list[str]) -> list[Letter]:
    """The letters of this column with these ids, in this order; 404 where one is none of its letters."""
    try:
        wanted = list(dict.fromkeys(uuid.UUID(one) for one in ids))
    except ValueError as error:
        raise Http404 from error
    letters = {letter.pk: letter for letter in access.letters(column).filter(pk__in=wanted).select_related("topic")}
    if set(wanted) - set(letters):
        raise Http404
    for letter in letters.values():
        letter.column = column
    return [letters[one] for one in wanted]
