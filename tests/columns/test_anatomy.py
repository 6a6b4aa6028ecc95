"""The parts of an answer that stand apart on its page."""

from __future__ import annotations

import re

import pytest
from django.utils import translation
from django.utils.translation import gettext

from columns.text import anatomy, prose

WHOLE = """## The short answer

Nothing is *wrong*.[^a]

## When to see somebody

### Go to an emergency department now if you

- faint

### Urgent: ring this week if you

- bleed

### Not urgent: ask if you

- wonder

## The long answer

It begins.

## Why

One.[^b] Two.[^a]

## The kinds of it

There are two.

### The first

Small.

### The second

Large.

## When to be concerned

Never.

## What to do

1. **Wait.** It passes.

[^a]: Makers: [A book](https://example.org/a), 2020.
[^b]: Others: [A paper](https://example.org/b).
"""


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_every_part_is_found() -> None:
    parts = anatomy.read(WHOLE)
    assert words(parts.short).startswith("Nothing is wrong .")
    assert [(card.hurry, str(card.heading), words(card.text)) for card in parts.see] == [
        ("now", "Go to an emergency department now if you", "faint"),
        ("urgent", "Urgent: ring this week if you", "bleed"),
        ("", "Not urgent: ask if you", "wonder"),
    ]
    assert [title for _, title in parts.contents] == ["Why", "The kinds of it", "When to be concerned", "What to do"]
    assert parts.concern == {title: anchor for anchor, title in parts.contents}["When to be concerned"]
    assert words(parts.first).startswith("It begins. Why")
    assert words(parts.first).endswith("When to be concerned Never.")
    assert words(parts.rest) == "What to do Wait. It passes."
    assert "The long answer" not in parts.first
    assert "A book" not in parts.first + parts.rest
    for anchor, _ in parts.contents:
        assert f'id="{anchor}"' in parts.first + parts.rest


def test_each_kind_has_a_box_of_its_own() -> None:
    html = anatomy.read(WHOLE).first
    (kinds,) = re.findall(r'<div class="kinds">(.*?)</div>\s*</div>', html, re.DOTALL)
    assert [words(kind) for kind in kinds.split('<div class="kind">')[1:]] == ["The first Small.", "The second Large."]
    assert '<div class="kinds">' not in anatomy.read("## One\n\n### Alone\n\nText.").rest


def test_marks_and_sources_lead_to_each_other() -> None:
    parts = anatomy.read(WHOLE)
    html = parts.short + parts.first + parts.rest + parts.sources
    marks = re.findall(r'(\u2060?)<a class="ref" id="([^"]+)" href="#([^"]+)" aria-label="([^"]+)"', html)
    assert [(glue, target, label) for glue, _, target, label in marks] == [
        ("\u2060", "n1", "Source 1"),
        ("\u2060", "n2", "Source 2"),
        ("\u2060", "n1", "Source 1"),
    ], "a word joiner holds each at the word before it"
    places = [place for _, place, _, _ in marks]
    assert len(set(places)) == 3
    assert set(re.findall(r'class="back" href="#([^"]+)"', parts.sources)) == set(places)
    assert re.findall(r'<li id="([^"]+)">', parts.sources) == ["n1", "n2"]
    assert "Back to the text, source 2" in parts.sources


@pytest.mark.parametrize("text", ["Hello.\n\n## Why\n\nSo.", "## Why\n\nSo.\n\n## The short answer\n\nNo.", ""])
def test_an_answer_without_them_is_only_a_text(text: str) -> None:
    parts = anatomy.read(text)
    assert (parts.short, parts.see, parts.contents, parts.sources) == ("", (), (), "")
    assert parts.rest == prose.render(text)


def test_an_answer_may_begin_with_either() -> None:
    see_alone = anatomy.read("## When to see somebody\n\nAny day.\n\n## Why\n\nSo.")
    assert [(card.hurry, card.heading, words(card.text)) for card in see_alone.see] == [("", "", "Any day.")]
    short_alone = anatomy.read("## The short answer\n\nYes.")
    assert (words(short_alone.short), short_alone.rest) == ("Yes.", "")


def test_the_headings_may_be_in_the_languages_own_words(pseudo_language: str) -> None:
    short, see = gettext(anatomy.SHORT), gettext(anatomy.SEE)
    assert short != anatomy.SHORT
    parts = anatomy.read(f"## {short}\n\nYes.\n\n## {see}\n\n### Now\n\n- faint")
    assert (words(parts.short), parts.see[0].hurry) == ("Yes.", "now")
    assert anatomy.read(WHOLE).short, "English is always known"


def test_what_is_remembered_is_remembered_for_one_language() -> None:
    with translation.override("en"):
        english = anatomy.read(WHOLE).sources
    with translation.override("de"):
        anatomy.read(WHOLE)
    with translation.override("en"):
        assert anatomy.read(WHOLE).sources == english


@pytest.mark.parametrize(
    ("text", "first_ends", "rest_begins"),
    [
        ("Hello.\n\n## When to be concerned\n\nNow.\n\n### More\n\nSoon.\n\n## What to do\n\nThis.", "Soon.", "What"),
        ("# See a doctor\n\nNow.\n\n# Why\n\nSo.", "Now.", "Why"),
        ("## A\n\n### When to worry\n\nNow.\n\n### B\n\nLater.", "Now.", "B"),
        ("## A\n\n### When to worry\n\nNow.\n\n## B\n\nLater.", "Now.", "B"),
        ("Why.[^1]\n\n## When it is urgent\n\nNow.\n\n[^1]: A book.", "Now.", ""),
        ("## When to be concerned\n\nNow.", "Now.", ""),
        ("> ## When to be concerned\n\nNow.\n\n## Why\n\nSo.", "", "When"),
        ("Nothing of the kind.", "", "Nothing"),
        ("", "", ""),
    ],
)
def test_an_answer_is_parted_where_it_says_when_to_be_concerned(text: str, first_ends: str, rest_begins: str) -> None:
    parts = anatomy.read(text)
    assert words(parts.first).endswith(first_ends)
    assert bool(parts.first) == bool(first_ends) == prose.says_when_to_be_concerned(text)
    assert words(parts.rest).startswith(rest_begins)
    together = words(parts.first + parts.rest + parts.sources)
    assert together.replace(" ", "") == words(prose.render_fresh(text)).replace(" ", "")
    assert anatomy.read_fresh(text) == parts


def test_a_heading_in_the_languages_own_words_says_it_too(pseudo_language: str) -> None:
    heading = gettext("When to be concerned")
    assert heading != "When to be concerned"
    assert anatomy.read(f"## {heading}\n\nNow.").first
    with translation.override("en"):
        assert not anatomy.read("## Wann?\n\nJetzt.").first
