"""Markdown to safe HTML: what an author needs works, and nothing else comes through."""

from __future__ import annotations

import re
import time
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from columns.text import anatomy, prose
from inbox.letters import intake
from tests import hostile


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
        '<ol class="sources">',
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
    kept = [prose._render_in, prose.render_question, anatomy._read_in]
    before = [cached.cache_info().currsize for cached in kept]
    for fresh in (prose.render_fresh, prose.render_question_fresh, anatomy.read_fresh):
        fresh("words of a draft that must not stay")
    assert [cached.cache_info().currsize for cached in kept] == before


@pytest.mark.parametrize(("count", "minutes"), [(0, 1), (1, 1), (220, 1), (221, 2), (1500, 7)])
def test_reading_time_is_whole_minutes(count: int, minutes: int) -> None:
    assert prose.reading_minutes("word " * count) == minutes


def test_plain_text_for_descriptions() -> None:
    assert prose.plain("Some **bold** [link](https://x.example) words[^1].") == "Some bold link words."
    assert prose.plain("[a [b](https://x.example/(c)) [d]") == "[a b) [d]"
    short = prose.plain("word " * 100, 50)
    assert len(short) <= 50
    assert short.endswith("word…")


@pytest.mark.parametrize("unit", ["[", "[^", "[a](", "[](", "](", "[[a](b", "[^a"])
def test_plain_text_of_hostile_repetition_is_read_once(unit: str) -> None:
    """Four times the text costs about four times as much, not sixteen times."""

    def spent(size: int) -> float:
        text, rounds = (unit * size)[:size], []
        for _ in range(5):
            begin = time.process_time()
            prose.plain(text)
            rounds.append(time.process_time() - begin)
        return min(rounds)

    assert spent(80_000) < 10 * spent(20_000)


def test_paragraphs_for_remarks() -> None:
    assert prose.blocks("One.\r\n\r\n## Two\n\n\n- a\n- b\n") == ["One.", "## Two", "- a\n- b"]


def shown(text: str) -> str:
    """What somebody reads of the HTML of a question: paragraphs with an empty line between them, lines as they end."""
    html = prose.render_question_fresh(text)
    assert not set(re.findall(r"<(\w+)", html)) - {"p", "br"}
    plain = re.sub(r"<br>\n?", "\n", html).replace("</p>\n", "\n\n").replace("<p>", "")
    return unescape(plain).strip()


def as_typed(text: str) -> str:
    """The plain text, without the white space that no page shows."""
    lines = [line.strip() for line in text.replace("\r\n", "\n").split("\n")]
    return re.sub(r"\n{2,}", "\n\n", "\n".join(lines)).strip()


LETTERS = [
    "\tIt began in spring.\n\tI was 19.",
    "    Four spaces begin this line.\n\nAnd here it goes on.",
    "It was the year\n1998. That was hard.",
    "1998. That was hard.",
    "A line\n---\nand one below it.",
    "A line\n===\nand one below it.",
    "# 1 on my list\n> he said\n- one\n+ two\n* three\n3) four",
    "It is *my* _own_ `body`, [mine](https://a.example) <b>and</b> ![x](y).",
    "john_doe_x, 2*3*4, a & b &amp; &lt; \\* \\",
    "```\nnot a program\n```\n~~~\nneither\n~~~",
    "* * *\n***\n___\n- - -",
    "[a]: https://a.example\n\n[a]\n\n[^1]: a note\n\n[^1]",
    "<https://a.example> <a@b.example> <!-- no --> <?x?>",
]


@pytest.mark.parametrize("text", [*LETTERS, *hostile.STRINGS])
def test_a_letter_reads_in_a_draft_as_its_writer_typed_it(text: str) -> None:
    text = intake.tidy(hostile.letter(text) if text in hostile.STRINGS else text)
    assert shown(prose.from_plain(text)) == as_typed(text)


@given(st.text("ab1. \n\t-+*_`#>=~[]()!<&;\\:|^", max_size=60))
def test_whatever_is_typed_reads_as_it_was_typed(text: str) -> None:
    assert shown(prose.from_plain(text)) == as_typed(text)


@given(st.text("ab \n", max_size=60))
def test_plain_words_are_left_as_they_are(text: str) -> None:
    assert prose.from_plain(text) == as_typed(text)


@pytest.mark.parametrize("text", ["    four spaces", "\ta tab", "```\nfence\n```", "a\n---\nb", "a\n===\nb"])
def test_prose_has_no_blocks_of_code_and_no_headings_by_a_line_below(text: str) -> None:
    for html in (prose.render_fresh(text), prose.render_question_fresh(text)):
        assert not re.search(r"<(pre|h[1-6])", html)
