"""Which language a letter is in. It says nothing rather than something wrong."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from inbox.screening import language
from tests import factories

SAMPLES = tomllib.loads((Path(__file__).parent / "languages.toml").read_text("utf-8"))
#: One invented letter in each language.
LETTERS: dict[str, str] = SAMPLES["letters"]


def test_each_language_has_its_letter() -> None:
    assert set(LETTERS) == set(language.NAMES)


@pytest.mark.parametrize("code", LETTERS)
def test_knows_each_language(code: str) -> None:
    assert language.guess(LETTERS[code]) == code
    assert language.guess(LETTERS[code].upper()) == code
    assert language.foreign(LETTERS[code], "en-NZ") == ("" if code == "en" else language.NAMES[code])
    assert language.foreign(LETTERS[code], code) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?!? 12 34",
        "Ich bin traurig und weiß nicht weiter.",
        factories.LETTER_TEXT,
        "asdf qwer yxcv " * 20,
        "http://example.org/one http://example.org/two " * 12,
        LETTERS["en"] + LETTERS["de"],
        LETTERS["en"] + LETTERS["ru"],
        # other languages that share a script with one that is known
        *SAMPLES["others"].values(),
    ],
)
def test_says_nothing_where_there_is_doubt(text: str) -> None:
    assert language.guess(text) in (None, "en" if text == factories.LETTER_TEXT else None)
    assert language.foreign(text, "en") == ""


@pytest.mark.parametrize(
    "text",
    [
        "Ayaw ko na mabuhay, sinasaktan ako ng asawa ko araw araw at walang tumutulong sa akin.",
        "Mujhe ab jeena nahi hai, mere pati mujhe roz maarte hain, koi madad nahi karta.",
        "Nu mai vreau să trăiesc, soțul meu mă bate în fiecare zi și nu știu ce să fac acum.",
        "Tôi không muốn sống nữa, chồng tôi đánh tôi mỗi ngày và không ai giúp tôi cả.",
        "نمی‌خواهم زنده باشم، شوهرم هر روز مرا می‌زند و هیچ کس نیست",
    ],
)
def test_what_nobody_screened_is_said_also_where_its_language_has_no_name_here(text: str) -> None:
    assert language.guess(text) is None
    assert language.code(text) == language.UNKNOWN
    assert language.unread(language.code(text), "en-NZ") == "another language"
    # who can read it is not known of a column of another language, where each short letter would be one
    assert language.unread(language.code(text), "de") == ""


@pytest.mark.parametrize(
    "text", ["im so sad n idk wot 2 do plz hlp my bf hits me n i cry", factories.LETTER_TEXT, "?!", "x " * 40]
)
def test_short_and_hurried_english_is_english(text: str) -> None:
    assert language.unread(language.code(text)) == ""


def test_names_and_greetings_of_another_language_do_not_make_a_letter_foreign() -> None:
    text = "Querida enfermera, my abuela says que será, será. " + LETTERS["en"] + " Muchas gracias, María José"
    assert language.foreign(text, "en") == ""


def test_of_the_letters_to_practise_on_two_are_foreign() -> None:
    letters = tomllib.loads((settings.BASE_DIR / "demo" / "practice.toml").read_text("utf-8"))["letter"]
    found = [language.foreign(letter["text"], "en") for letter in letters]
    assert sorted(name for name in found if name) == ["Polish", "Spanish"]


def test_a_column_of_another_language_sees_english_as_foreign() -> None:
    assert language.foreign(LETTERS["en"], "de") == "English"
    assert language.foreign(LETTERS["de"], "DE-at") == ""


def test_a_long_letter_is_judged_at_once() -> None:
    began = time.process_time()
    language.guess(LETTERS["fr"] * 80)
    assert time.process_time() - began < 60


def test_the_decline_text_has_room_for_the_help_lines() -> None:
    assert "- Night Line: 555" in language.DECLINE.format(lines="- Night Line: 555")
    assert len(language.DECLINE.split()) < 160
