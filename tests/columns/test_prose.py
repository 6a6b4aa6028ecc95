"""Markdown to safe HTML: what an author needs works, and nothing else comes through."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from columns import prose


def test_what_an_answer_needs_is_rendered() -> None:
    html = prose.render(
        "# One\n\n## Two\n\n#### Four\n\nA *soft* and **strong** [link](https://example.org).\n\n> quoted\n\n"
        "- a\n- b\n\n1. c\n\nSource.[^1]\n\n[^1]: A book."
    )
    assert '<h2 id="s-one">One</h2>' in html
    assert '<h2 id="s-two">Two</h2>' in html
    assert '<h3 id="s-four">Four</h3>' in html
    for part in (
        "<em>soft</em>",
        "<strong>strong</strong>",
        "<blockquote>",
        "<ul>",
        "<ol>",
        'class="footnotes"',
        "A book.",
    ):
        assert part in html
    assert 'href="https://example.org"' in html
    assert 'rel="noopener noreferrer"' in html


def test_headings_with_the_same_words_get_ids_of_their_own() -> None:
    ids = re.findall(r'id="([^"]+)"', prose.render("## Same\n\n## Same\n\n## ???"))
    assert len(ids) == len(set(ids)) == 3


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://example.org/track.png)",
        '<a href="https://x" onclick="alert(1)">x</a>',
        "<style>*{display:none}</style>",
        "[x](<javascript:alert(1)>)",
        "<iframe src=https://example.org></iframe>",
        '[x](https://x.example "onmouseover=alert(1)")',
    ],
)
def test_nothing_dangerous_comes_through(text: str) -> None:
    for html in (prose.render(text), prose.render_question(text)):
        assert not re.search(r"<(script|img|style|iframe|svg|object|form|input)\b", html)
        assert not re.search(r"<[^>]*\s(on\w+|style|src)\s*=", html)
        assert not re.search(r'href="(?!https?:|mailto:|tel:|#)', html)


@settings(max_examples=150)
@given(st.text(max_size=400))
def test_any_text_gives_html_of_allowed_tags_only(text: str) -> None:
    html = prose.render_fresh(text)
    assert set(re.findall(r"<\s*([a-zA-Z][\w-]*)", html)) <= prose._TAGS


@pytest.mark.parametrize(
    "text", ["<" * 50_000, "[a](" * 5_000, "*" * 20_000, "> " * 3_000, "[^1]" * 3_000, "`" * 20_000]
)
def test_hostile_repetition_is_rendered_in_time(text: str) -> None:
    started = time.process_time()
    prose.render_fresh(text)
    assert time.process_time() - started < 20  # a hang, not a benchmark


def test_a_question_knows_no_footnotes() -> None:
    assert "footnote" not in prose.render_question("Words[^1].\n\n[^1]: A note.")


def test_drafts_are_not_remembered() -> None:
    before = prose.render.cache_info().currsize
    prose.render_fresh("words of a draft that must not stay")
    prose.render_question_fresh("words of a draft that must not stay")
    assert prose.render.cache_info().currsize == before


@pytest.mark.parametrize(("count", "minutes"), [(0, 1), (1, 1), (220, 1), (221, 2), (1500, 7)])
def test_reading_time_is_whole_minutes(count: int, minutes: int) -> None:
    assert prose.reading_minutes("word " * count) == minutes


def test_plain_text_for_descriptions() -> None:
    assert prose.plain("Some **bold** [link](https://x.example) words[^1].") == "Some bold link words."
    short = prose.plain("word " * 100, 50)
    assert len(short) <= 50
    assert short.endswith("word…")


def test_paragraphs_for_remarks() -> None:
    assert prose.blocks("One.\r\n\r\n## Two\n\n\n- a\n- b\n") == ["One.", "## Two", "- a\n- b"]
