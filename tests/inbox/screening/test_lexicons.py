"""An owner's own word lists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.screening import concerns, lexicons, phrases


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    lexicons.extend_from(tmp_path)
    yield tmp_path
    lexicons.extend_from(None)


@pytest.mark.parametrize("name", lexicons.NAMES)
def test_without_a_file_the_list_stays_as_it_is(name: str, folder: Path) -> None:
    extended = lexicons.load(name)
    lexicons.extend_from(None)
    assert extended == lexicons.load(name)


def test_words_and_groups_are_added_and_none_is_lost(folder: Path) -> None:
    (folder / "details.toml").write_text('places = "little-haven"', "utf-8")
    (folder / "concerns.toml").write_text('[[self_harm]]\ncertainty = 0.8\npatterns = ["catch the last bus"]', "utf-8")
    details, concerns = lexicons.load("details"), lexicons.load("concerns")
    lexicons.extend_from(None)
    assert details["places"].split() == [*lexicons.load("details")["places"].split(), "little-haven"]
    assert concerns["self_harm"][:-1] == lexicons.load("concerns")["self_harm"]
    assert concerns["self_harm"][-1]["patterns"] == ["catch the last bus"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("details", "places = ", "not a TOML file"),
        ("details", "places = 3", "places should be words between quotation marks"),
        ("details", 'palces = "x"', "names that mean nothing here: palces"),
        ("concerns", 'abuse = ["x"]', "should hold groups"),
        ("concerns", "[[abuse]]\ncertainty = 1.0", "should hold groups"),
        ("concerns", '[[abuse]]\ncertainty = 1.0\npatterns = ["(x"]', "cannot be read"),
        ("concerns", '[[abuse]]\ncertainty = 1.0\npatterns = ["x)|(?:y"]', "cannot be read"),
        ("concerns", '[[abuse]]\ncertainty = 1.0\npatterns = ["(?i)x"]', "cannot be read"),
        ("concerns", '[[abuse]]\ncertainty = 1.0\npatterns = ["x|"]', "found in every letter"),
        ("concerns", '[[abuse]]\ncertainty = 1.0\npatterns = ["(x|y) \\\\1"]', "counts its own groups"),
        ("concerns", '[[abuse]]\ncertainty = 1.0\npatterns = ["(?P<x>x)"]', "names or counts"),
        ("concerns", '[[abuse]]\ncertainty = 1.0\npatterns = "x"', "patterns should be a list"),
        ("concerns", "[[abuse]]\ncertainty = 1.0\npatterns = [7]", "phrases between quotation marks"),
        ("concerns", '[[abuse]]\npatterns = ["x"]', "should hold groups"),
        ("concerns", '[[abuse]]\ncertainty = 1.0\npatterns = ["{no_form}"]', "no form {no_form}"),
        ("spam", '[[selling]]\nrule = "x"\npatterns = ["x"]', "should hold groups"),
        ("concerns", '[[abuse]]\ncertainty = "high"\npatterns = ["x"]', "certainty should be a number"),
        ("concerns", '[[abuse]]\ncertainty = 90\npatterns = ["x"]', "not above 1"),
        ("spam", '[[selling]]\npatterns = ["x"]', "should hold groups"),
        ("spam", '[[selling]]\nweight = 1.0\nreason = 1\npatterns = ["x"]', "reason should be words"),
    ],
)
def test_a_file_that_does_not_fit_stops_the_start(name: str, content: str, said: str, folder: Path) -> None:
    (folder / f"{name}.toml").write_text(content, "utf-8")
    with pytest.raises(lexicons.WrongLexicon, match=said):
        lexicons.load(name)


def test_every_phrase_of_the_owner_is_found_with_groups_and_beside_others(folder: Path) -> None:
    own = [f"(catch|take) (the|a) bus number {number}|alone in {number}" for number in range(12)]
    groups = f"certainty = 1\npatterns = {own}"
    (folder / "concerns.toml").write_text(f"[[self_harm]]\n{groups}", "utf-8")
    phrases.forget()
    try:
        for number in range(12):
            assert "self_harm" in concerns.kinds(f"Tonight I will catch the bus number {number}.")
    finally:
        lexicons.extend_from(None)
        phrases.forget()
