"""The last part of an address, from words of any script."""

from __future__ import annotations

import pytest
from django.core.validators import validate_slug
from hypothesis import given
from hypothesis import strategies as st

from columns.text.headlines import parts, slug_of


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("Größe und Straße", "grosse-und-strasse"),
        ("Почему мне больно?", "pochemu-mne-bolno"),
        ("Γιατί πονάω;", "giati-ponao"),
        ("Is it “normal” – to hurt?", "is-it-normal-to-hurt"),
        ("?!…", ""),
        ("word " * 30, "word-word-word-word"),
        ("w" * 30, "w" * 20),
        ("twenty-characters-xyz and more", "twenty-characters"),
    ],
)
def test_words_become_an_address(words: str, slug: str) -> None:
    assert slug_of(words, 20 if len(words) >= 30 else 80) == slug


@pytest.mark.parametrize(
    ("headline", "two"),
    [
        ("Is it normal? A nurse on pain", ("Is it normal?", "A nurse on pain")),
        ("Is it normal: a nurse on pain", ("Is it normal:", "a nurse on pain")),
        ("What?! Really", ("What?!", "Really")),
        ("Why!? So", ("Why!?", "So")),
        ("普通ですか？看護師", ("普通ですか？", "看護師")),
        ("本当！？看護師", ("本当！？", "看護師")),
        ("هل هذا؟ نعم", ("هل هذا؟", "نعم")),
        ("Stop! Now", ("Stop! Now", "")),
        ("Up at 10:30 again", ("Up at 10:30 again", "")),
        ("Is it normal?", ("Is it normal?", "")),
    ],
)
def test_question_and_angle(headline: str, two: tuple[str, str]) -> None:
    assert parts(headline) == two


@pytest.mark.parametrize(
    "words", ["هل هذا طبيعي؟", "これは普通ですか", "这正常吗", "זה נורמלי", "क्या यह सामान्य है", "이게 정상인가요"]
)
def test_every_script_gives_an_address(words: str) -> None:
    assert len(slug_of(words, 80)) > 5
    validate_slug(slug_of(words, 80))


@given(st.text(), st.integers(1, 80))
def test_whatever_is_written_the_address_is_valid_and_short_enough(words: str, longest: int) -> None:
    slug = slug_of(words, longest)
    assert len(slug) <= longest
    if slug:
        validate_slug(slug)
        assert slug == slug.strip("-").lower()
