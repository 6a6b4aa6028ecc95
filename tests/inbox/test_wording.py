"""Values of the desk in words."""

from __future__ import annotations

import itertools
import json
import re

import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from django.conf import global_settings
from django.utils.translation import ngettext, npgettext

from columns.templatetags.lists import listed
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
    assert listed(wording.counted(numbers)) == said


#: Of the languages that Django has; Babel does not know all of them.
LANGUAGES = sorted({code.partition("-")[0] for code, _name in global_settings.LANGUAGES} & {*locale_identifiers()})


@pytest.mark.parametrize("language", LANGUAGES)
def test_scripts_get_a_sentence_for_each_kind_of_plural(language: str) -> None:
    """The sample numbers are of the kind that a browser means, in every language that Django has."""
    plural = Locale.parse(language.partition("-")[0]).plural_form
    kinds = {plural(number) for number in range(1000)}
    assert {kind: plural(number) for kind, number in wording.plural_kinds(language).items() if kind in kinds} == {
        kind: kind for kind in kinds
    }


def test_scripts_get_the_forms_of_the_catalogue(pseudo_language: str) -> None:
    """Each kind its own form, with the gap for the number."""
    own = pseudo.PLURALS if pseudo_language == pseudo.RIGHT else ("one", "other")
    for sentences in map(json.loads, wording.sentences_by_number().values()):
        assert set(sentences) == set(pseudo.PLURALS)
        for kind in own:
            assert sentences[kind].endswith(f" {pseudo.accented(kind)}{pseudo.CLOSE}")
            assert "{counter}" in sentences[kind]


def test_a_sentence_with_a_number_keeps_it_in_every_form(pseudo_language: str) -> None:
    """No gap of a marked sentence is lost or made up on the way through a catalogue, whatever the number."""
    texts = [one for one in pseudo.messages() if one[2]]
    assert len(texts) > 30
    gaps = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")
    for (context, one, many), number in itertools.product(texts, (0, 1, 2, 3, 11, 100, 1000)):
        said = npgettext(context, one, many, number) if context else ngettext(one, many, number)
        assert (said.count(pseudo.OPEN), said.count(pseudo.CLOSE)) == (1, 1), many
        assert sorted(gaps.findall(said)) == sorted(gaps.findall(one if number == 1 else many)), many
        filled = said % dict.fromkeys(re.findall(r"%\((\w+)\)", said), number)
        assert "%" not in gaps.sub("", filled.replace("%%", "")), many


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
