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
#: The answers whose meaning is compared: those with most words in common.
_COMPARED = 24
#: The characters of an answer whose meaning is compared: headline, standfirst, question, and how the reply begins.
_READ = 2000
#: What the letter's own topic adds to the sum by which the shown answers are ordered. It is no evidence that one helps:
#: letters that nothing fits have topics with answers too.
_OF_ITS_TOPIC = 0.05


@dataclass(frozen=True)
class Answer:
    """A published answer, for a list. ``about``: all its words, the headline and the question first."""

    pk: int
    headline: str
    url: str
    topic: int | None
    about: str
    #: "" where the article names none.
    reviewer: str = ""


#: A key that changes whenever a column's answers change.
_State = tuple[object, ...]
_prepared: dict[int, tuple[_State, list[Answer]]] = {}
_lock = threading.Lock()
_NEEDED = (
    *("headline", "standfirst", "question", "answer", "slug", "publish_at"),
    *("topic__name", "approval__reviewer_name", "review__reviewer_name"),
)


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
            about="\n".join(
                [
                    article.headline,
                    article.standfirst,
                    article.question,
                    article.answer,
                    article.topic.name if article.topic else "",
                ]
            ),
            reviewer=article.reviewer.reviewer_name,
        )
        for article in live.newest_first().select_related("topic", "approval", "review").only(*_NEEDED)
    ]
    with _lock:
        _prepared[column.pk] = (state, answers)
    return answers


@functools.lru_cache(maxsize=16)
def _ready(abouts: tuple[str, ...]) -> similarity.Prepared:
    """The answers prepared for comparison; published words alone."""
    return similarity.Prepared(abouts)


@functools.lru_cache(maxsize=2048)
def _meant(begins: str) -> bytes:
    """The vector of published words."""
    return similarity.vector(begins)


def alike(text: str, answers: Sequence[Answer], *, topic: int | None, vector: bytes = b"") -> list[Answer]:
    """At most three answers that may help whoever wrote the text, the likeliest first; often none.

    ``vector``: that of the text, where it is known.
    """
    ready = _ready(tuple(answer.about for answer in answers))
    ranked = ready.rank(text, limit=_COMPARED)
    about = [_meant(answers[place].about[:_READ]) for place, _ in ranked]
    meant = vector or similarity.vector(text)
    scores = similarity.stand_out(
        [
            (words, similarity.likeness(meant, each) if meant else None, ready.shared(text, place))
            for (place, words), each in zip(ranked, about, strict=True)
        ]
    )
    found = [
        (score + (_OF_ITS_TOPIC if topic is not None and answers[place].topic == topic else 0.0), place)
        for (place, _), score in zip(ranked, scores, strict=True)
        if score is not None
    ]
    return [answers[place] for _, place in sorted(found, key=lambda one: -one[0])][:MOST]


def to_choose_from(text: str, answers: Sequence[Answer], *, topic: int | None) -> list[Answer]:
    """At most three answers for a person at the desk who chooses one: those that may help, then the newest of the
    letter's topic."""
    same = [answer for answer in answers if topic is not None and answer.topic == topic]
    return list(dict.fromkeys([*alike(text, answers, topic=topic), *same]))[:MOST]


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
