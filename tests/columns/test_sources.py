"""What machines are told of an answer: every word of it, and its sources apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from columns.text.sources import Citation, told


def test_the_whole_text_is_told_without_markup_and_without_the_sources() -> None:
    answer = (
        "Nothing is *wrong* with you.[^1]\n\n## What is [happening](https://a.example/)\n\n- One\n- two\nlines\n\n"
        "> Said `so`.\n\nLast word.[^2]\n\n[^1]: A book.\n[^2]: Another."
    )
    assert told(answer).text == (
        "Nothing is wrong with you.\n\nWhat is happening\n\nOne\n\ntwo lines\n\nSaid so.\n\nLast word."
    )


@pytest.mark.parametrize(
    ("note", "source"),
    [
        ("A book.", Citation("A book")),
        ("B: [Thrush](https://b.example/t), 2024.", Citation("B: Thrush, 2024", "https://b.example/t", "2024")),
        ("Menopause, 1999 to 2015", Citation("Menopause, 1999 to 2015")),
        ("Pain in numbers, no. 20245", Citation("Pain in numbers, no. 20245")),
        ("Report <https://a.example/r-2020>", Citation("Report", "https://a.example/r-2020")),
        ("<https://a.example/alone>", Citation("https://a.example/alone", "https://a.example/alone")),
        ("[Write](mailto:a@b.example) to us", Citation("Write to us")),
        ("[A](https://a.example/1), [B](https://a.example/2)", Citation("A, B", "https://a.example/1")),
        ("Twice 2001, 2001", Citation("Twice 2001, 2001", year="2001")),
    ],
)  # fmt: skip
def test_a_footnote_becomes_a_source(note: str, source: Citation) -> None:
    assert told(f"Words.[^a]\n\n[^a]: {note}").sources == (source,)


def test_sources_keep_their_order_and_one_that_nothing_refers_to_is_none() -> None:
    answer = "B.[^b] A.[^a] B again.[^b]\n\n[^a]: First written\n[^b]: Second written\n[^c]: Unused"
    assert [source.name for source in told(answer).sources] == ["Second written", "First written"]


def test_a_source_of_several_paragraphs_is_one() -> None:
    answer = "A.[^a]\n\n[^a]: Title\n\n    [Where](https://a.example/)\n"
    assert told(answer).sources == (Citation("Title Where", "https://a.example/"),)


@given(st.text(alphabet="[]^:()*#>-1a \n<h/t.ps", max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    for source in told(text).sources:
        assert source.name.strip()
