"""The address that is suggested for an article."""

from __future__ import annotations

import pytest

from columns.models import Column
from inbox.editorial import publishing
from tests import factories


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("Is it normal: a nurse's view", "is-it-normal"),
        ("Is it normal? A nurse's view", "is-it-normal"),
        ("At 10:30 every day I cry", "at-1030-every-day-i-cry"),
        ("Почему? Взгляд медсестры", "pochemu"),
        ("なぜ？看護師の答え", "naze"),
        ("…", "answer"),
    ],
)
def test_an_address_is_suggested_from_the_question_of_a_headline(column: Column, headline: str, slug: str) -> None:
    assert publishing.suggest_slug(column, headline) == slug


def test_an_address_that_is_taken_gets_a_number(column: Column) -> None:
    for slug in ("is-it-normal", "is-it-normal-2", "is-it-normal-3"):
        assert publishing.suggest_slug(column, "Is it normal? My view") == slug
        assert factories.make_article(column, headline="Is it normal: again").slug == slug
    factories.make_article(factories.make_column(), headline="Is it strange?")
    assert publishing.suggest_slug(column, "Is it strange?") == "is-it-strange"
