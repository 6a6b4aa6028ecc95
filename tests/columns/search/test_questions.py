"""Sixty questions in letters' words: the right answer is among the first three, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from columns.models import Column
from columns.search import ask, engines
from columns.search.tables import SearchEntry

pytestmark = [pytest.mark.databases, pytest.mark.encoder]

QUESTIONS = tomllib.loads((Path(__file__).parent / "questions.toml").read_text())["question"]


def test_there_are_sixty_half_of_them_judged_once() -> None:
    assert Counter(one["part"] for one in QUESTIONS) == {"tune": 30, "judge": 30}


def test_the_right_answer_is_among_the_first_three(answers: Column, at: dt.datetime) -> None:
    missed = [
        one["asked"]
        for one in QUESTIONS
        if one["article"]
        and one["article"] not in [found.article.slug for found in ask.search(answers, one["asked"], at=at).results[:3]]
    ]
    assert len(missed) <= 4, missed


def test_nothing_is_found_where_nothing_fits(answers: Column, at: dt.datetime) -> None:
    assert [
        one["asked"] for one in QUESTIONS if not one["article"] and ask.search(answers, one["asked"], at=at).results
    ] == []


def test_the_database_adds_what_the_entries_say(answers: Column) -> None:
    """Whatever database: the sums are those that anybody gets who reads the entries, and so is their order."""
    entries = dict(SearchEntry.objects.values_list("pk", "lexemes"))
    for one in QUESTIONS:
        worth = ask._read(answers, one["asked"], len(entries)).worth
        sums = Counter(
            {
                entry: sum(worth.get(lexeme[:-1], 0) * engines.WEIGHTS[lexeme[-1]] for lexeme in lexemes.split())
                for entry, lexemes in entries.items()
            }
        )
        expected = sorted(
            ((entry, total) for entry, total in sums.items() if total), key=lambda each: (-each[1], -each[0])
        )
        assert engines.sums(worth, topic=None, limit=1000) == expected
