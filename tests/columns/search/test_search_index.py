"""What is found, and what no longer is: the index goes with the articles."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from columns.models import Article, Column
from columns.search import ask, fill, index, marks, words
from columns.search.tables import Likeness, SearchEntry, SearchWord
from columns.views import _related
from tests import factories

pytestmark = pytest.mark.databases


def made(column: Column, at: dt.datetime, **text: str) -> Article:
    return factories.make_article(column, at=at - dt.timedelta(days=2), **text)


@pytest.fixture(autouse=True)
def swept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep has been by whenever an article was made."""
    make = factories.make_article

    def and_swept(*args: Any, **more: Any) -> Article:
        article = make(*args, **more)
        fill.fill()
        return article

    monkeypatch.setattr(factories, "make_article", and_swept)


def slugs(column: Column, question: str, at: dt.datetime, **more: int) -> list[str]:
    return [found.article.slug for found in ask.search(column, question, at=at, **more).results]


def test_an_article_is_found_as_soon_as_it_is_out_and_by_its_column_alone(
    column: Column, article: Article, at: dt.datetime
) -> None:
    other = factories.make_column(slug="other")
    assert slugs(column, "wondering whether this is normal", at) == [article.slug]
    assert slugs(other, "wondering", at) == []


def test_an_article_is_not_found_before_its_time(column: Column, article: Article, at: dt.datetime) -> None:
    early = article.publish_at - dt.timedelta(seconds=1)
    assert slugs(column, "wondering", early) == []
    found = ask.search(column, "wonderring", at=early)
    assert found == ask.Found(), "a word of an article that is yet to come is not told"


@pytest.mark.parametrize("typed", ["wondering", "WONDERED", "wonderring", "wodnering", "wönderíng", "wonders?!"])
def test_forms_slips_and_accents(column: Column, article: Article, at: dt.datetime, typed: str) -> None:
    assert slugs(column, typed, at) == [article.slug]


def test_a_guess_is_told(column: Column, article: Article, at: dt.datetime) -> None:
    assert ask.search(column, "wodnering", at=at).instead == [("wodnering", "wondering")]


def test_what_is_taken_down_leaves_no_word_behind(column: Column, article: Article, at: dt.datetime) -> None:
    kept = made(
        column, at, headline="Another question about cramps", question="It cramps.", answer="Let it be looked at."
    )
    Likeness.objects.create(article=article, other=kept, nearness=700)
    assert SearchWord.objects.filter(word="wondering").exists()
    article.take_down(at=at)
    assert slugs(column, "wondering", at) == []
    assert not SearchWord.objects.filter(word="wondering").exists()
    assert list(SearchEntry.objects.values_list("article", flat=True)) == [kept.pk]
    assert not Likeness.objects.exists()
    assert slugs(column, "cramps", at) == [kept.slug]


def test_a_take_down_that_is_undone_leaves_the_index_as_it_was(
    column: Column, article: Article, at: dt.datetime
) -> None:
    def undone() -> None:
        with transaction.atomic():
            article.take_down(at=at)
            raise IntegrityError

    with pytest.raises(IntegrityError):
        undone()
    assert slugs(column, "wondering", at) == [article.slug]


def test_what_was_indexed_with_other_words_is_not_found_until_it_is_again(
    column: Column, article: Article, at: dt.datetime
) -> None:
    SearchEntry.objects.update(approval="00000000-0000-0000-0000-000000000000")
    assert slugs(column, "wondering", at) == []
    assert fill.fill() == 1
    assert fill.fill() == 0
    assert slugs(column, "wondering", at) == [article.slug]


def test_what_is_missing_is_filled_in(column: Column, article: Article, at: dt.datetime) -> None:
    index.forget(article.pk)
    assert slugs(column, "wondering", at) == []
    fill.fill()
    assert slugs(column, "wondering", at) == [article.slug]


def test_within_a_topic(column: Column, article: Article, at: dt.datetime) -> None:
    one, other = column.topics.order_by("position")
    here = one if article.topic == one else other
    assert slugs(column, "wondering", at, topic=here.pk) == [article.slug]
    assert slugs(column, "wondering", at, topic=(other if here == one else one).pk) == []


@pytest.mark.parametrize(
    ("language", "written", "asked"),
    [
        ("es", "Me duele la menstruación cada mes.", "menstruacion"),
        ("de", "Die Blutungen kommen nach den Wechseljahren.", "blutung"),
        ("fr", "J'ai des règles très douloureuses.", "regle douloureux"),
        ("ru", "Болит каждый месяц, таблетки не помогают.", "таблетка"),
        ("el", "Πονάω κάθε μήνα στην κοιλιά.", "κοιλια"),
        ("ar", "أشعر بألم شديد كل شهر.", "ألم"),
        ("hi", "मुझे हर महीने बहुत दर्द होता है।", "दर्द"),
        ("zh", "我每个月都很痛经，吃药没有用。", "痛经"),
        ("ja", "毎月の生理痛がひどくて眠れません。", "生理痛"),
        ("ko", "매달 생리통이 심해서 잠을 못 자요.", "생리통"),
        ("th", "ฉันปวดท้องประจำเดือนทุกเดือน", "ปวดท้อง"),
        ("he", "יש לי כאבים חזקים בכל חודש", "כאבים"),
    ],
)
def test_scripts(db: None, at: dt.datetime, language: str, written: str, asked: str) -> None:
    column = factories.make_column(slug="written", language=language)
    article = made(column, at, question=written)
    assert slugs(column, asked, at) == [article.slug]
    assert slugs(column, "xyzzyq", at) == []


HOSTILE = [
    "",
    " ",
    '"',
    "'",
    "*",
    'a"b',
    "OR",
    "AND NOT",
    "NEAR(a b)",
    "col:word",
    "^a",
    "{a b}: c",
    "(",
    "a' OR 1=1--",
]
HOSTILE += [
    "\0",
    "\ud800",
    "%",
    "_",
    "😀",
    "😀😀 wondering",
    "!:* & |",
    "\\",
    "a" * 100_000,
    "ab " * 30_000,
    "\u202e",
    "ﷺ",
]


@pytest.mark.parametrize("asked", HOSTILE)
def test_no_sign_means_anything_to_the_database(column: Column, article: Article, at: dt.datetime, asked: str) -> None:
    found = slugs(column, asked, at)
    assert found == ([article.slug] if "wondering" in asked else [])


@given(asked=st.text(max_size=80))
def test_whatever_is_asked(asked: str) -> None:
    for token in words.tokens(asked, "en"):
        assert asked[token.start : token.end]
        assert all(token.stems)
        assert words.lexeme(1, token.stems[0]).isalnum()
        assert words.slips(1, token.word)


@given(text=st.text(max_size=300), picked=st.integers(0, 20))
def test_the_pieces_of_a_text_are_the_text(text: str, picked: int) -> None:
    stems = {stem for token in list(words.tokens(text, "en"))[:picked] for stem in token.stems}
    assert "".join(piece for piece, _hit in marks.marked(text, stems, "en")) == text
    passage = "".join(piece for piece, _hit in marks.passage(text, stems, "en"))
    assert passage.removeprefix("… ").removesuffix(" …") in text


def test_the_same_number_of_queries_however_much_is_found(column: Column, article: Article, at: dt.datetime) -> None:
    def count(asked: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            ask.search(column, asked, at=at)
        return len(queries)

    count("wondering")  # reads what is kept in memory
    one = count("wondering whether it is normal")
    for number in range(4):
        made(column, at, headline=f"Wondering whether it is normal, {number}", question="I am wondering, is it normal?")
    ask.search(column, "normal", at=at)
    assert count("wondering whether it is normal") == one == 5


def test_related_articles_are_the_nearest_then_those_of_the_topic(
    column: Column, article: Article, at: dt.datetime
) -> None:
    others = [made(column, at, headline=f"Another question, number {number}") for number in range(4)]
    Likeness.objects.all().delete()
    Likeness.objects.create(article=article, other=others[0], nearness=800)
    Likeness.objects.create(article=article, other=others[2], nearness=900)
    with time_machine.travel(at, tick=False):
        assert [each.pk for each in _related(article, at)] == [others[2].pk, others[0].pk, others[3].pk]
    others[2].take_down(at=at)
    assert others[2].pk not in [each.pk for each in _related(article, at)]
