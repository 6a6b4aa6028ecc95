"""One way of writing: what is folded, what stays, and the way back to the text as written."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.screening import normalise as normalise_module
from inbox.screening.normalise import normalise

KILL = "I want to kill myself"


@pytest.mark.parametrize(
    "written",
    [
        "I want to kill\nmyself",
        "I want to kill\r\nmyself",
        "I want to kill  myself",
        "I want\u00a0to\u2009kill\tmyself",
        "I want to ki\u00adll my\u200bself\ufeff",
        "I want to k\u2060ill\ufe0f my\u200dself",
        "Ｉ　ｗａｎｔ　ｔｏ　ｋｉｌｌ　ｍｙｓｅｌｆ",
        "\N{MATHEMATICAL BOLD CAPITAL I} want to kill myself",
        "I want to *kill* _myself_",
        "I want to **kill myself**",
        "I want to k i l l  m y s e l f",
        "I want to k.i.l.l m-y-s-e-l-f",
    ],
)
def test_an_explicit_sentence_has_one_way_of_writing(written: str) -> None:
    normal = normalise(written)
    assert normal.text == KILL
    start = normal.text.index("kill")
    assert normal.written(start, start + 4).strip("*").replace("\u00ad", "")[0] in "kｋ"


@pytest.mark.parametrize("sign", list("'’‘ʼ´`′＇"))
def test_apostrophes_are_one(sign: str) -> None:
    assert normalise(f"I don{sign}t").text == "I don't"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("“No” – «yes» — 5−3", '"No" - "yes" - 5-3'),
        ("e\u0301te\u0301 é", "été é"),
        ("\u1112\u1161\u11ab", "한"),
        ("ﬁne…", "fine..."),
        ("k*ll, snake_case, 5 * 3, a_b", "k*ll, snake_case, 5 * 3, a_b"),
        ("A1 B2", "A1 B2"),
        ("**我想死**了", "我想死了"),
        ("انتـــحار", "انتحار"),
        ("one\ntwo\n\n three \u2029four", "one two\nthree\nfour"),
        ("", ""),
        ("\u200b", ""),
    ],
)
def test_what_is_folded_and_what_stays(written: str, text: str) -> None:
    assert normalise(written).text == text


def test_line_ends_stay_for_what_reads_lines() -> None:
    assert normalise("one\r\ntwo \n\n  three\tfour", lines=True).text == "one\ntwo\nthree four"


TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("ab *_~.-'’`\n\r\t\u00a0\u200b\u0301\u202e\u1161👩🏽")))


def test_a_sign_for_a_whole_word_stays_one() -> None:
    assert normalise("ﷺ ㈱ ½").text == "ﷺ (株) 1⁄2"
    assert len(normalise("ﷺ" * 100).text) == 100


def test_letters_that_are_passed_over_are_written_in_one_way() -> None:
    passed = [sign for sign in map(chr, range(0x80, 0x10000)) if not normalise_module._ODD.search(sign)]
    assert len(passed) > 30_000
    assert [sign for sign in passed if normalise_module._folded(sign) != sign or unicodedata.combining(sign)] == []


@given(TEXTS)
def test_each_character_knows_where_it_was_written(written: str) -> None:
    normal = normalise(written)
    assert len(normal.text) == len(normal.starts) == len(normal.ends)
    assert all(start < end <= len(written) for start, end in zip(normal.starts, normal.ends, strict=True))
    assert list(normal.starts) == sorted(normal.starts)
    assert list(normal.ends) == sorted(normal.ends)
    for at, sign in enumerate(normal.text):
        if sign.isascii() and sign.isalnum():
            folded = unicodedata.normalize("NFKC", normal.written(at, at + 1))
            assert sign in folded


@given(TEXTS)
def test_nothing_unseen_is_left(written: str) -> None:
    text = normalise(written).text
    assert not re.search(r"\s{2,}|[^\S \n]", text)
    assert not {unicodedata.category(sign) for sign in text if sign != "\n"} & {"Cc", "Cf", "Cs"}


@pytest.mark.parametrize("worst", ["*_" * 8000, "e" + "\u0301" * 16000, "a " * 8000, "`" * 16000, " \n" * 8000])
def test_no_text_takes_long(worst: str) -> None:
    """Nothing is quadratic: these take hundredths of a second, and minutes where something is."""
    assert len(normalise(worst).text) <= len(worst)
