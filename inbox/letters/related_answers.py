"""Published answers that may help somebody who is about to send a letter. Nothing of the letter is stored."""

from __future__ import annotations

import datetime as dt
import functools
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Sum
from django.urls import reverse

from columns.models import Article, Column, Topic
from inbox.screening import similarity

MOST = 3
#: The least score in 0..1 of an answer that is shown: where the letter has a word of the answer's subject, and where it
#: has none.
ALIKE, VERY_ALIKE = 0.05, 0.25
#: Characters at the beginning of a published question that are compared.
_BEGINNING = 600


@dataclass(frozen=True)
class Answer:
    """A published answer, for a list."""

    pk: int
    headline: str
    url: str
    topic: int | None
    about: str
    subject: frozenset[str]
    #: "" where the article names none.
    reviewer: str = ""


#: A key that changes whenever a column's answers change.
_State = tuple[object, ...]
_prepared: dict[int, tuple[_State, list[Answer]]] = {}
_lock = threading.Lock()
_NEEDED = ("headline", "standfirst", "question", "slug", "publish_at", "topic_id", "approval__reviewer_name")


def published(column: Column, at: dt.datetime) -> list[Answer]:
    """The column's live answers, the newest first. One query while no answer has changed since the last call, else
    two."""
    live = Article.objects.live(at).filter(column=column)
    # publishing, taking down, importing and correcting an article each change one of these
    state: _State = (
        column.slug,
        *live.aggregate(Count("pk"), Sum("pk"), Max("publish_at"), Max("corrected_on")).values(),
    )
    with _lock:
        cached = _prepared.get(column.pk)
    if cached and cached[0] == state:
        return cached[1]
    answers = [
        Answer(
            pk=article.pk,
            headline=article.headline,
            url=reverse("columns:article", args=[column.slug, article.year, article.slug]),
            topic=article.topic_id,
            about=f"{article.headline} {article.standfirst} {article.question[:_BEGINNING]}",
            subject=similarity.subject(article.headline),
            reviewer=article.approval.reviewer_name,
        )
        for article in live.newest_first().select_related("approval").only(*_NEEDED)
    ]
    with _lock:
        _prepared[column.pk] = (state, answers)
    return answers


@functools.lru_cache(maxsize=16)
def _ready(abouts: tuple[str, ...]) -> similarity.Prepared:
    """The answers prepared for comparison; published words alone."""
    return similarity.Prepared(abouts)


def alike(text: str, answers: Sequence[Answer], *, topic: int | None) -> list[Answer]:
    """At most three answers for the text: similar ones, those of its topic first; then the newest of its topic."""
    ranked = _ready(tuple(answer.about for answer in answers)).rank(text, limit=len(answers))
    terms = set(similarity.terms_of(text))
    scores = [(answers[place], score) for place, score in ranked]
    near = [answer for answer, score in scores if score >= (ALIKE if answer.subject & terms else VERY_ALIKE)]
    same = [answer for answer in answers if topic is not None and answer.topic == topic]
    ordered = [*(answer for answer in near if answer in same), *near, *same]
    return list(dict.fromkeys(ordered))[:MOST]


def why(text: str, answer: Answer, answers: Sequence[Answer]) -> list[str]:
    """The words of the text that contribute most to its similarity to this answer, as spelt in the text."""
    return _ready(tuple(other.about for other in answers)).why(text, answer.about)


def by_topic(column: Column, at: dt.datetime) -> list[tuple[Topic, list[Answer]]]:
    """The column's topics that have answers, each with its newest answers."""
    answers = published(column, at)
    answers_by_topic = [
        (topic, [answer for answer in answers if answer.topic == topic.pk][:MOST]) for topic in column.topics.all()
    ]
    return [(topic, newest) for topic, newest in answers_by_topic if newest]
