"""Which published answers may already help somebody who is about to send a letter. Public words in, public words out:
of the letter itself nothing is kept, here or anywhere."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass

from django.db.models import Count, Max, Sum
from django.urls import reverse

from columns.models import Article, Column, Topic
from inbox.similar import Prepared

MOST = 3
#: The least likeness, in 0..1, for which an answer is worth a look. In the invented column, letters that have their
#: answer there come to 0.10 and more, and the others to 0.09 at most.
ALIKE = 0.1


@dataclass(frozen=True)
class Answer:
    """A published answer, as a list shows it."""

    headline: str
    url: str
    topic: int | None


@dataclass(frozen=True)
class Published:
    """A column's live answers, the newest first, and their words in the same order, ready to be compared."""

    answers: list[Answer]
    words: Prepared


#: What a column's answers were when they last changed.
_State = tuple[object, ...]
_prepared: dict[int, tuple[_State, Published]] = {}
_lock = threading.Lock()


def published(column: Column, at: dt.datetime) -> Published:
    """The column's live answers. One query while nothing was published or taken down since the last
    time, and two when something was: the words of a published article do not change otherwise."""
    live = Article.objects.live(at).filter(column=column)
    # whatever is published, taken down, brought in or corrected changes one of these
    state: _State = (
        column.slug,
        *live.aggregate(Count("pk"), Sum("pk"), Max("publish_at"), Max("corrected_on")).values(),
    )
    with _lock:
        known = _prepared.get(column.pk)
    if known and known[0] == state:
        return known[1]
    found = Published([], Prepared())
    for article in live.newest_first().only("headline", "standfirst", "question", "slug", "publish_at", "topic_id"):
        url = reverse("columns:article", args=[column.slug, article.year, article.slug])
        found.answers.append(Answer(article.headline, url, article.topic_id))
        found.words.add(f"{article.headline}\n{article.standfirst}\n{article.question}")
    with _lock:
        _prepared[column.pk] = (state, found)
    return found


def alike(text: str, published: Published, *, topic: int | None) -> list[Answer]:
    """At most three of the answers for the text: those like it, of its topic first; then the newest of its topic."""
    answers = published.answers
    near = [answers[place] for place, score in published.words.rank(text, limit=len(answers)) if score >= ALIKE]
    same = [answer for answer in answers if topic is not None and answer.topic == topic]
    ordered = [*(answer for answer in near if answer in same), *near, *same]
    return list(dict.fromkeys(ordered))[:MOST]


def by_topic(column: Column, at: dt.datetime) -> list[tuple[Topic, list[Answer]]]:
    """The column's topics that have answers, each with its newest."""
    answers = published(column, at).answers
    found = [(topic, [one for one in answers if one.topic == topic.pk][:MOST]) for topic in column.topics.all()]
    return [(topic, newest) for topic, newest in found if newest]
