"""The context shared by the pages of drafts and of the second reading."""

from __future__ import annotations

import datetime as dt
import textwrap
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import F, OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.http import Http404
from django.utils import timezone

from columns.models import Article, Column, Topic
from columns.text import anatomy, prose
from inbox.editorial import checklist, draft_case, publishing
from inbox.editorial.draft_case import Case, Manuscript
from inbox.keys import vault
from inbox.keys.vault import Vault
from inbox.models import Consent, Draft, DraftVersion, Letter, Message, Note
from inbox.screening import language
from inbox.screening.details import find_details, speaks
from inbox.screening.highlight import beyond, marked
from inbox.staff import access
from inbox.workflow import LetterStatus

_Item = TypeVar("_Item", Message, Note)


def as_article(draft: Draft, words: Mapping[str, Any], *, at: dt.datetime, keys: Vault) -> dict[str, Any]:
    """Return a draft as the article template takes it. Its date is that of its article, or ``at`` without one.

    ``words``: of a version. The Markdown is rendered without the cache, which must not hold drafts.
    """
    review = draft.approving_review(draft.all_reviews())
    if review:
        draft_case.show_times([review], keys.open_many([review]))
    approval = {"reviewer_name": review.by.name, "reviewer_credential": review.by.credential} if review else None
    return {
        **words,
        "author": None,
        "question_html": prose.render_question_fresh(words["question"]),
        "answer_parts": anatomy.read_fresh(words["answer"]),
        "help_kinds": publishing.help_kinds(words),
        "care": draft.care,
        "topic": draft.topic,
        "reading_minutes": prose.reading_minutes(words["question"], words["answer"]),
        "publish_at": draft.article.publish_at if draft.article else at,
        "reviewer": approval,
        "reviewed_on": timezone.localdate(publishing.approved_at(draft, review)) if review else None,
    }


def sources(case: Case) -> list[dict[str, Any]]:
    """Return the letters that a draft answers, the lead first, each with its conversation and its notes."""
    entries = []
    for letter in case.letters:
        text = case.text(letter)
        found = find_details(text, case.manuscript.draft.column.public_names())
        entries.append(
            {
                "letter": letter,
                "text": text,
                "pen_name": str(case.opened.get(letter.pk, {}).get("pen_name", "")),
                "parts": marked(text, found),
                "beyond": beyond(found),
                "unmarked": not speaks(language.code(text)),
                "turns": _opened(case, case.turns, letter),
                "notes": _opened(case, case.notes, letter),
                "consent": Consent(letter.consent).label,
            }
        )
    return entries


def _opened(case: Case, items: Iterable[_Item], letter: Letter) -> list[tuple[_Item, str]]:
    """Return the messages or notes of the letter that could be opened and have a text, each with it."""
    own = (item for item in items if item.letter_id == letter.pk and item.pk in case.opened)
    return [(item, str(case.opened[item.pk]["text"])) for item in own if case.opened[item.pk]["text"]]


def checked(manuscript: Manuscript, letters: list[dict[str, Any]]) -> list[checklist.Check]:
    """Return the checks of a manuscript. ``letters``: those of its ``sources`` that the person may read."""
    readable = [
        checklist.Source(
            label=source["letter"].label,
            text=source["text"],
            private=source["letter"].consent == Consent.PRIVATE,
            withdrawn=source["letter"].status == LetterStatus.WITHDRAWN,
            urgent=bool(source["letter"].need),
        )
        for source in letters
    ]
    draft = manuscript.draft
    return checklist.checks(
        manuscript.words,
        readable,
        help_lines=checklist.HelpLines(draft.care, manuscript.words.get("help_kinds", ()), manuscript.concerns),
        sign_off=draft.column.sign_off,
        known=draft.column.public_names(),
    )


def headlines(drafts: list[Draft], keys: vault.Vault) -> dict[uuid.UUID, str]:
    """Return the headline of each draft's newest version, by the draft's id; two queries for all."""
    rows = list(DraftVersion.objects.filter(draft__in=drafts, number=F("draft__latest")))
    opened = keys.open_many(rows)
    return {row.draft_id: str(opened[row.pk]["headline"]) for row in rows if row.pk in opened}


def read_topics(column: Column, at: dt.datetime) -> None:
    """Prefetch the column's topics, each with the time of its newest article (``answered``)."""
    last = Article.objects.live(at).filter(topic=OuterRef("pk")).order_by("-publish_at").values("publish_at")[:1]
    topics = Topic.objects.annotate(answered=Subquery(last))
    prefetch_related_objects([column], Prefetch("topics", queryset=topics))


def shortlist(
    column: Column, letters: Iterable[Letter], opened: Mapping[uuid.UUID, Mapping[str, Any]], at: dt.datetime
) -> list[dict[str, Any]]:
    """Return the letters of the shortlist by topic, each topic with the time of its newest article.

    ``letters``: in the order of need. ``opened``: their content by id. Call ``read_topics`` first.
    """
    answered = {topic.pk: topic.answered for topic in column.topics.all()}  # type: ignore[attr-defined]
    groups: dict[Topic | None, list[dict[str, Any]]] = {}
    for letter in letters:
        text = str(opened.get(letter.pk, {}).get("text", ""))
        entry = {
            "letter": letter,
            "first": textwrap.shorten(text, 220, placeholder=" …"),
            "words": prose.words(text),
            "days": (timezone.localdate(at) - letter.received_on).days,
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
    """Return the letters of the column with these ids, in this order; 404 where it has no letter of an id."""
    try:
        letter_ids = list(dict.fromkeys(uuid.UUID(letter_id) for letter_id in ids))
    except ValueError as error:
        raise Http404 from error
    letters = {letter.pk: letter for letter in access.letters(column).filter(pk__in=letter_ids).select_related("topic")}
    if set(letter_ids) - set(letters):
        raise Http404
    for letter in letters.values():
        letter.column = column
    return [letters[letter_id] for letter_id in letter_ids]
