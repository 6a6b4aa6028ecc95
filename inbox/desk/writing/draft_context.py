"""What the pages of the writing desk and of the second reading are made of."""

from __future__ import annotations

import datetime as dt
import textwrap
import uuid
from typing import Any

from django.db.models import F, Max
from django.http import Http404
from django.utils import timezone

from columns import prose
from columns.models import Column, Topic
from inbox.editorial import checklist
from inbox.editorial import drafts as draft_rules
from inbox.keys import vault
from inbox.models import Consent, Draft, DraftVersion, Letter, Message, Note
from inbox.screening.details import find_details
from inbox.screening.highlight import marked
from inbox.staff import access
from inbox.workflow import LetterStatus


def as_article(draft: Draft, words: dict[str, str], *, at: dt.datetime) -> dict[str, Any]:
    """A draft's words as the article template wants them, as if it went out at ``at`` (or when it did, or will).

    Rendered afresh: the words of a draft stay in no memory.
    """
    review = draft.approving_review()
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


def sources(draft: Draft, keys: vault.Vault) -> list[dict[str, Any]]:
    """The letters that a draft answers, opened, each with its conversation and its notes; the lead first."""
    letters = draft_rules.letters(draft, keys)
    said = list(
        Message.objects.filter(letter__in=letters).exclude(kind=Message.Kind.ADDRESS).order_by("letter", "number")
    )
    notes = list(Note.objects.filter(letter__in=letters).select_related("by"))
    opened = keys.open_many([*letters, *said, *notes])
    found = []
    for letter in letters:
        text = str(opened.get(letter.pk, {}).get("text", ""))
        found.append(
            {
                "letter": letter,
                "text": text,
                "pen_name": str(opened.get(letter.pk, {}).get("pen_name", "")),
                "parts": marked(text, find_details(text)),
                "turns": [
                    (one, opened[one.pk]["text"]) for one in said if one.letter_id == letter.pk and one.pk in opened
                ],
                "notes": [
                    (one, opened[one.pk]["text"]) for one in notes if one.letter_id == letter.pk and one.pk in opened
                ],
                "consent": Consent(letter.consent).label,
            }
        )
    return found


def checked(draft: Draft, words: dict[str, str], letters: list[dict[str, Any]]) -> list[checklist.Check]:
    """The checks of one version, with what is known of its letters."""
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
    return checklist.checks(words, known, care=draft.care, sign_off=draft.column.sign_off)


def headlines(drafts: list[Draft], keys: vault.Vault) -> dict[uuid.UUID, str]:
    """The headline of each draft's newest version, by the draft's id; two queries for all."""
    rows = list(DraftVersion.objects.filter(draft__in=drafts, number=F("draft__latest")))
    opened = keys.open_many(rows)
    return {row.draft_id: str(opened[row.pk]["headline"]) for row in rows if row.pk in opened}


def shortlist(column: Column, keys: vault.Vault, at: dt.datetime) -> list[dict[str, Any]]:
    """The shortlisted letters by topic, the longest waiting first, and when a topic was last answered."""
    letters = list(access.letters(column).filter(status=LetterStatus.SHORTLISTED).select_related("topic").by_need())
    opened = keys.open_many(letters)
    answered = dict(column.articles.live(at).order_by().values_list("topic").annotate(Max("publish_at")))
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
    found = {letter.pk: letter for letter in access.letters(column).filter(pk__in=wanted).select_related("topic")}
    if set(wanted) - set(found):
        raise Http404
    for letter in found.values():
        letter.column = column
    return [found[one] for one in wanted]
