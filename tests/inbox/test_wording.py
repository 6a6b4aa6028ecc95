"""Values of the desk in words."""

from __future__ import annotations

import pytest

from inbox.letters.about_writers import AGE_BANDS
from inbox.models.status_names import STATUS_NAMES
from inbox.screening import concerns
from inbox.screening.details import KIND_NAMES
from inbox.templatetags import wording
from inbox.workflow import DraftStatus, LetterStatus, Role
from inbox.writer.forms.write import WriteForm
from tests import pseudo


@pytest.mark.parametrize("status", [*Role, *LetterStatus, *DraftStatus])
def test_every_seat_and_status_has_a_name(status: Role | LetterStatus | DraftStatus) -> None:
    assert str(STATUS_NAMES[status]) == status.value.replace("_", " ")
    assert wording.status_name(status.value) == str(STATUS_NAMES[status])


def test_what_has_no_name_stays_as_it_is() -> None:
    assert wording.status_name("something else") == "something else"


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"articles": 1}, "1 article"),
        ({"articles": 2, "letters": 1}, "2 articles and 1 letter"),
        ({"articles": 1, "letters": 3, "drafts": 2}, "1 article, 3 letters and 2 drafts"),
    ],
)
def test_counts_are_a_list_in_a_sentence(numbers: dict[str, int], said: str) -> None:
    assert wording.listed(wording.counted(numbers)) == said


@pytest.mark.parametrize("name", [*WriteForm._ABOUT, "ask_back"])
def test_what_writers_say_about_themselves_has_a_heading(name: str) -> None:
    assert wording.about_name(name) != name


def test_what_was_chosen_has_a_label_in_the_language_of_the_reader(pseudo_language: str) -> None:
    """The value that is sealed with the letter stays; words that somebody typed are nobody's to translate."""
    assert wording.about_value("Under 16", "age_band") == pseudo.pseudo("Under 16")
    assert wording.about_value("yes", "ask_back") == pseudo.pseudo("yes")
    assert wording.about_value("Under 16", "pronoun") == "Under 16"
    assert wording.about_value("a hundred", "age_band") == "a hundred"


def test_screening_knows_the_ages_by_their_values() -> None:
    assert set(list(AGE_BANDS)[:2]) == concerns._MINOR_AGES


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_kind_of_detail_has_a_name_in_the_language_of_the_reader(pseudo_language: str, kind: str) -> None:
    assert wording.detail_kind(kind) == pseudo.pseudo(KIND_NAMES[kind])
