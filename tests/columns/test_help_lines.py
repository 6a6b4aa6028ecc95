"""Help lines by the country that somebody types."""

from __future__ import annotations

import pytest

from columns import help_lines
from columns.models import Column, HelpLine
from tests import hostile


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Peru", "PE"),
        ("peru ", "PE"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("the United Kingdom", "GB"),
        ("Scotland", "GB"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("The Netherlands", "NL"),
        ("nz", "NZ"),
        ("South Korea", "KR"),
        ("España", "ES"),
        ("", ""),
        ("Atlantis", ""),
        ("I would rather not say", ""),
    ],
)
def test_a_country_is_known_by_the_words_that_people_type(typed: str, code: str) -> None:
    assert help_lines.country_code(typed) == code


@pytest.mark.parametrize("string", hostile.STRINGS)
def test_hostile_strings_are_no_country(string: str) -> None:
    assert help_lines.country_code(string) == ""


def test_names_of_countries_are_in_small_letters_and_no_abbreviations() -> None:
    names = help_lines.country_names()
    assert {"peru", "united kingdom", "england"} <= names
    assert not {"us", "pe", "states"} & names


def _names(groups: list[help_lines.Group]) -> list[str]:
    return [line.name for _, lines in groups for line in lines]


def test_the_countrys_own_lines_come_first_then_those_for_everybody(column: Column) -> None:
    for country, name in (("PE", "Lima Line"), ("ES", "Línea")):
        HelpLine.objects.create(column=column, name=name, country=country)
    found = help_lines.lines(column, "Peru")
    assert (_names(found.first), _names(found.others)) == (["Lima Line", "Night Line"], ["Línea"])
    found = help_lines.lines(column, "Norway")
    assert (_names(found.first), _names(found.others)) == (["Night Line"], ["Lima Line", "Línea"])
    found = help_lines.lines(column, "")
    assert (_names(found.first), _names(found.others)) == (["Night Line", "Lima Line", "Línea"], [])


def test_no_line_is_hidden_where_nothing_else_is_left(column: Column) -> None:
    column.help_lines.update(country="PE")
    found = help_lines.lines(column, "Norway")
    assert (_names(found.first), found.others) == (["Night Line"], [])
    column.help_lines.all().delete()
    assert help_lines.lines(column, "Norway") == help_lines.Help([], [])
