"""The index of the articles. A sweep (``fill``) writes what was published or corrected within a minute, so that neither
act waits for the reading of a whole article; what is taken down leaves it in the same transaction.

Whether readers may see an article is not asked here: ``ask`` asks ``Article.objects.live``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from columns.search import engines, meaning, words
from columns.search.tables import Likeness, SearchEntry, SearchWord
from columns.text import prose

if TYPE_CHECKING:
    from columns.models import Article

#: How often a word counts that stands in the headline, the lines under it, a heading, the letter and the answer.
_HEADLINE, _STANDFIRST, _HEADING, _LETTER, _ANSWER = 5.0, 3.0, 2.0, 1.5, 1.0
#: BM25's saturation and length constants, and the words of an article of the usual length.
_K1, _B, _USUAL = 1.2, 0.5, 500
#: The least part of a word, in 0..1, for each letter of ``engines.WEIGHTS`` above the first.
_STEPS = ((0.35, "b"), (0.55, "c"), (0.75, "d"))
#: The most entries whose words are counted in one query, the articles nearest to one that are kept, and how near they
#: are at least.
_AT_ONCE, NEAREST, _NEAR = 400, 8, 350
#: The characters of a letter whose meaning is kept.
_READ = 2000
_HEADINGS = re.compile(r"^#+ (.+)$", re.MULTILINE)
_WHOLE = 1_000_000


def put(article: Article) -> None:
    """Index an article with the words it has now, in place of what was indexed before."""
    forget(article.pk)
    with transaction.atomic():
        language, column = article.column.language, article.column_id
        weights, spelt = Counter[str](), dict[str, str]()
        for text, times in _parts(article):
            for token in words.tokens(text, language):
                for stem in token.stems:
                    weights[stem] += times  # type: ignore[assignment]
                spelt[token.word] = token.stems[0]
        vectors = meaning.packed(_meant(article))
        entry = SearchEntry.objects.create(
            column_id=column,
            article=article,
            approval=article.approval_id,
            lexemes=" ".join(sorted(_lexemes(column, weights))),
            vectors=vectors,
        )
        SearchWord.objects.bulk_create(
            [
                SearchWord(
                    column_id=column,
                    word=word,
                    lexeme=words.lexeme(column, stem),
                    slips=" ".join(sorted(words.slips(column, word))),
                )
                for word, stem in sorted(spelt.items())
            ],
            ignore_conflicts=True,
        )
        if vectors:
            _find_near(entry)


def forget(article: int) -> None:
    """Remove an article, and the words that no other article of its column has."""
    entry = SearchEntry.objects.filter(article=article).first()
    if entry is None:
        return
    with transaction.atomic():
        Likeness.objects.filter(Q(article=article) | Q(other=article)).delete()
        entry.delete()
        had = sorted({lexeme[:-1] for lexeme in entry.lexemes.split()})
        for start in range(0, len(had), _AT_ONCE):
            part = had[start : start + _AT_ONCE]
            gone = [lexeme for lexeme, count in zip(part, engines.counts(part), strict=True) if not count]
            SearchWord.objects.filter(column=entry.column_id, lexeme__in=gone).delete()
        engines.forget_removed()


def _parts(article: Article) -> Iterator[tuple[str, float]]:
    """The texts of an article, and how often a word of each counts."""
    yield article.headline, _HEADLINE
    yield article.standfirst, _STANDFIRST
    yield "\n".join(_HEADINGS.findall(article.answer)), _HEADING - _ANSWER
    yield prose.plain(article.question, _WHOLE), _LETTER
    yield prose.plain(article.answer, _WHOLE), _ANSWER


def _meant(article: Article) -> list[str]:
    return [f"{article.headline}\n{article.standfirst}", prose.plain(article.question, _READ)]


def _lexemes(column: int, weights: Counter[str]) -> Iterable[str]:
    length = sum(weights.values()) / _USUAL
    for stem, times in weights.items():
        part = times / (times + _K1 * (1 - _B + _B * length))
        letter = next((letter for least, letter in reversed(_STEPS) if part >= least), "a")
        yield words.lexeme(column, stem) + letter


def _find_near(entry: SearchEntry) -> None:
    others = SearchEntry.objects.filter(column=entry.column_id).exclude(pk=entry.pk).order_by("pk")
    rows = list(others.values_list("article", "vectors"))
    known = meaning.read((0, 0), rows)
    if not known.entries:
        return
    near = sorted(zip(meaning.between(bytes(entry.vectors), known), known.entries, strict=True), reverse=True)[:NEAREST]
    pairs = [(other, round(float(each) * 1000)) for each, other in near if each * 1000 >= _NEAR]
    found = [(entry.article_id, other, nearness) for other, nearness in pairs]
    found += [(other, entry.article_id, nearness) for other, nearness in pairs]
    Likeness.objects.bulk_create(
        [Likeness(article_id=one, other_id=other, nearness=nearness) for one, other, nearness in sorted(found)],
        ignore_conflicts=True,
    )
