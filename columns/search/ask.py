"""What readers find: the articles whose words or meaning answer a question, the best first."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Max

from columns.models import Article, Column
from columns.search import engines, marks, meaning, words
from columns.search.tables import SearchEntry
from columns.text import prose

#: Characters of a question that are read, the words that are looked up, and those that are added up: the rarest.
LONGEST, _LOOKED_UP, _ADDED = 500, 48, 14
#: The articles that are compared by words and by meaning, and those that are shown.
_COMPARED, SHOWN = 60, 20
#: What words in common weigh beside meaning, each in 0..1.
_WORDS = 0.5
#: An article is shown from this sum on, and no further below the best one than this share of it. A question of few
#: words looks for the words themselves: an article that has all of them is shown, however seldom it says them.
_FLOOR, _SHARE, _FEW, _SELDOM = 0.4, 0.6, 3, 0.2
#: The floor where there are words alone, for want of the encoder.
_BY_WORDS = 0.12
#: Words that are misspelt, at most so many of a question.
_MISSPELT = 6
_WHOLE = 1_000_000


@dataclass(frozen=True)
class Result:
    """An article that was found. ``passage``: pieces of its words, with those that were looked for marked."""

    article: Article
    headline: list[marks.Piece]
    passage: list[marks.Piece]
    score: float


@dataclass(frozen=True)
class Found:
    """What was found. ``instead``: words that were not known, each with the one that was looked for in its place."""

    results: list[Result] = field(default_factory=list)
    instead: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class _Asked:
    """A question as its words. ``worth``: of each lexeme; ``stems``: what is marked; ``instead``: as in ``Found``, with
    the lexeme. ``whole``: the worth of all words, those that no article has too; ``few``: whether it is
    a few words that articles have."""

    worth: dict[str, int] = field(default_factory=dict)
    stems: set[str] = field(default_factory=set)
    instead: list[tuple[str, str, str]] = field(default_factory=list)
    whole: float = 0.0
    few: bool = False


def search(column: Column, question: str, *, at: dt.datetime, topic: int | None = None) -> Found:
    """The live articles of a column that answer a question; the same number of queries whatever is found."""
    question = question[:LONGEST]
    count, newest = SearchEntry.objects.filter(column=column).aggregate(Count("pk"), Max("pk")).values()
    if not count or not question.strip():
        return Found()
    asked = _read(column, question, count)
    by_words = dict(engines.sums(asked.worth, topic=topic, limit=_COMPARED))
    best = 9 * asked.whole
    known = meaning.known(column.pk, (count, newest), lambda: _vectors(column))
    near = meaning.nearness(_spelt(question, asked), known) if known else None
    by_meaning = {} if near is None or known is None else dict(zip(known.entries, map(float, near), strict=True))
    nearest = sorted(by_meaning, key=lambda entry: (-by_meaning[entry], -entry))[: 2 * _COMPARED]
    live = Article.objects.live(at).filter(column=column, search_entry__in={*by_words, *nearest})
    live = live if topic is None else live.filter(topic=topic)
    scored = []
    for article, entry, of_words, approval in live.values_list(
        "pk", "search_entry", "approval_id", "search_entry__approval"
    ):
        if of_words != approval:
            continue
        common = by_words.get(entry, 0) / best if best else 0.0
        score = _WORDS * common + by_meaning.get(entry, 0.0)
        has = asked.few and common >= _SELDOM
        if has or score >= (_FLOOR if by_meaning else _BY_WORDS):
            scored.append((score, article, has))
    scored.sort(key=lambda one: (-one[0], -one[1]))
    kept = [(score, article) for score, article, has in scored if has or score >= _SHARE * scored[0][0]][:SHOWN]
    return _shown(column, kept, asked)


def _vectors(column: Column) -> Sequence[tuple[int, meaning.Buffer]]:
    return list(SearchEntry.objects.filter(column=column).order_by("pk").values_list("pk", "vectors"))


def _read(column: Column, question: str, count: int) -> _Asked:
    """The words of a question with their worth: the rarer, the more. A word that no article has is taken for the known
    word that is nearest to it in spelling."""
    asked = {token.word: token.stems for token in words.tokens(question, column.language)}
    asked = dict(list(asked.items())[:_LOOKED_UP])
    lexemes = [words.lexeme(column.pk, stem) for stems in asked.values() for stem in stems]
    have = dict(zip(lexemes, engines.counts(lexemes), strict=True))
    found = _Asked()
    unknown = [word for word, stems in asked.items() if not any(have[words.lexeme(column.pk, stem)] for stem in stems)]
    for word, near, lexeme in _respelt(column, unknown[:_MISSPELT]):
        found.instead.append((word, near, lexeme))
        asked[word] = words.stems(near, column.language)
    again = [lexeme for _word, _known, lexeme in found.instead if lexeme not in have]
    have |= dict(zip(again, engines.counts(again), strict=True))
    worth: dict[str, float] = {}
    known = True
    for word, stems in asked.items():
        each = [words.lexeme(column.pk, stem) for stem in stems]
        there = [lexeme for lexeme in each if have.get(lexeme)]
        # somebody who writes an accent finds words without it too
        worths = {lexeme: _rarity(have[lexeme], count) / len(there) for lexeme in there}
        known = known and bool(there)
        mistyped = any(word == typed for typed, _known, _lexeme in found.instead)
        found.whole += sum(worths.values()) or _rarity(0, count) * (0.0 if len(word) > words.LONGEST else 0.5)
        found.stems.update(stems)
        # a guess says less than a word
        worth |= {lexeme: value / 2 for lexeme, value in worths.items()} if mistyped and len(asked) > 1 else worths
    rarest = sorted(worth, key=lambda lexeme: (-worth[lexeme], lexeme))[:_ADDED]
    found.worth = {lexeme: max(1, round(100 * worth[lexeme])) for lexeme in rarest}
    found.whole *= 100
    found.few = known and len(asked) <= _FEW
    return found


def _spelt(question: str, asked: _Asked) -> str:
    """The question with the words that were known in place of those that were not."""
    instead = {word: known for word, known, _lexeme in asked.instead}
    return " ".join(instead.get(words.folded(word), word) for word in question.split()) if instead else question


def _rarity(have: int, count: int) -> float:
    return math.log(1 + (count - have + 0.5) / (have + 0.5))


def _respelt(column: Column, unknown: Sequence[str]) -> list[tuple[str, str, str]]:
    """Each unknown word with the known one that is nearest to it, and its lexeme; those without any are left out."""
    keys = sorted({key for word in unknown for key in words.slips(column.pk, word)})
    if not keys:
        return []
    candidates = engines.near_words(keys)
    found = []
    for word in unknown:
        near = [
            (slips, known[:1] != word[:1], known, lexeme)
            for known, lexeme in candidates
            if (slips := words.distance(word, known)) is not None
        ]
        if near:
            _slips, _first, known, lexeme = min(near)
            found.append((word, known, lexeme))
    return found


def _shown(column: Column, kept: Sequence[tuple[float, int]], asked: _Asked) -> Found:
    found = Article.objects.filter(pk__in=[pk for _, pk in kept]).select_related("topic", "search_entry")
    articles = {article.pk: article for article in found.defer("search_entry__vectors")}
    results, lexemes = [], set[str]()
    for score, pk in kept:
        if (article := articles.get(pk)) is None:
            continue
        article.column = column
        lexemes.update(lexeme[:-1] for lexeme in article.search_entry.lexemes.split())
        results.append(
            Result(
                article, marks.marked(article.headline, asked.stems, column.language), _passage(article, asked), score
            )
        )
    # a word of an article that is yet to come is not told
    instead = [(word, known) for word, known, lexeme in asked.instead if lexeme in lexemes]
    return Found(results, instead)


def _passage(article: Article, asked: _Asked) -> list[marks.Piece]:
    text = f"{article.standfirst} {prose.plain(article.question, _WHOLE)} {prose.plain(article.answer, _WHOLE)}"
    return marks.passage(text, asked.stems, article.column.language) or [(article.standfirst, False)]
