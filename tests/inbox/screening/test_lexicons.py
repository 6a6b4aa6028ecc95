"""An owner's own word lists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.screening import lexicons


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
    ],
)
def test_a_file_that_does_not_fit_stops_the_start(name: str, content: str, said: str, folder: Path) -> None:
    (folder / f"{name}.toml").write_text(content, "utf-8")
    with pytest.raises(lexicons.WrongLexicon, match=said):
        lexicons.load(name)
