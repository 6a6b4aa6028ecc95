"""The form and the check page. Nothing is kept here."""

from __future__ import annotations

import re

import pytest

from columns.models import Column
from inbox.models import Letter
from inbox.writer.forms.write import WriteForm
from tests import factories
from tests.reader import TEXT, Reader, forms


def test_the_least_consent_is_chosen_already(column: Column) -> None:
    reader = Reader()
    reader.open("write/")
    fields = forms(reader.page)["/plain/write/"]
    assert fields["consent"] == "private"
    assert fields["topic"] == ""
    assert fields["subject"] == ""


def test_what_is_typed_stays_out_of_the_browsers_memory(column: Column) -> None:
    page = Reader().open("write/")
    assert page.count('autocomplete="off"') >= 9
    assert "maxlength" not in page  # a browser would cut off what is pasted


def test_check_page_shows_the_letter_and_marks_details_in_words(column: Column) -> None:
    page = Reader().write(
        text="My name is Anna Bell and we live in Leeds.\n\nIs it normal to want nothing?", pen_name="Awake"
    )
    assert '<mark class="detail detail-name">Anna Bell<span class="detail-kind"> (name)</span></mark>' in page
    assert '<mark class="detail detail-place">Leeds<span class="detail-kind"> (place)</span></mark>' in page
    assert "You may want to change these." in page
    assert "<br><br>Is it normal to want nothing?" in page
    assert "Awake" in page
    assert page.index("Anna Bell") < page.index("Night Line")
    assert Letter.objects.count() == 0


def test_check_page_says_that_it_found_nothing_and_may_miss_things(column: Column) -> None:
    assert "We found nothing that could point to you. We can miss things" in Reader().write()


def test_check_page_shows_a_care_card_first_when_there_is_a_concern(column: Column) -> None:
    page = Reader().write(text="He hits me and I do not want to live any more. What should I do about it?")
    assert "Please talk to somebody now" in page
    assert page.index("Please talk to somebody now") < page.index("Your safety comes first")
    assert page.index("Night Line") < page.index("He hits me")
    assert "Please talk to somebody now" not in Reader().write()


def test_an_age_under_eighteen_shows_the_card(column: Column) -> None:
    assert "If you are under 18" in Reader().write(age_band="16 or 17")


def test_check_page_offers_no_answer_for_its_topic_alone(column: Column) -> None:
    article = factories.make_article(column)
    unlike = "Zebras graze quietly over there, and my umbrella vanished yesterday evening."
    assert article.headline not in Reader().write(text=unlike, topic="desire").replace("&#x27;", "'")
    assert article.headline not in Reader().write(text=unlike, topic="pain").replace("&#x27;", "'")


def test_change_brings_everything_back(column: Column) -> None:
    reader = Reader()
    filled = {
        "text": "Line one of it.\n\n  Line two, with “quotes” & <b>signs</b>.",
        "pen_name": "Awake",
        "topic": "pain",
        "consent": "light",
        "email": "w@example.org",
        "age_band": "25 to 34",
        "pronoun": "they",
        "country": "Peru",
        "ask_back": "on",
    }
    reader.write(**filled)
    reader.press("write/send/", path="write/", action="change")
    assert "error-summary" not in reader.page
    fields = forms(reader.page)["/plain/write/"]
    assert {name: fields[name] for name in filled} == {**filled, "text": filled["text"]}
    assert "<details" in reader.page
    assert "open>" in reader.page.replace("\n", "")


def test_change_does_not_tick_what_was_not_ticked(column: Column) -> None:
    reader = Reader()
    reader.write()
    reader.press("write/send/", path="write/", action="change")
    assert "ask_back" not in forms(reader.page)["/plain/write/"]


@pytest.mark.parametrize(("length", "taken"), [(39, False), (40, True), (16_000, True), (16_001, False)])
def test_a_letter_has_40_to_16000_characters(column: Column, length: int, taken: bool) -> None:
    text = ("Is it so? " * 1_601)[: length - 1] + "e"
    page = Reader().write(text=text)
    assert ("Check your letter</h1>" in page) is taken
    assert ("error-summary" in page) is not taken
    assert text in page  # every word is still there


def test_line_ends_of_a_browser_count_once(column: Column) -> None:
    assert "Check your letter</h1>" in Reader().write(text="a\r\n" * 7_999 + "en")


def test_an_error_is_named_takes_focus_and_keeps_every_word(column: Column) -> None:
    filled = {"text": "Too short.", "pen_name": "x" * 81, "email": "not an address", "topic": "gone", "country": "Peru"}
    reader = Reader()
    page = reader.write(**filled)
    assert 'role="alert"' in page
    assert "autofocus" in page
    for name in ("text", "pen_name", "email", "topic"):
        assert f'href="#id_{name}"' in page
        assert f'id="id_{name}_error"' in page
    assert 'aria-describedby="id_text_helptext id_text_error"' in page
    fields = forms(page)["/plain/write/"]
    assert {name: fields[name] for name in ("text", "pen_name", "email", "country")} == {
        name: filled[name] for name in ("text", "pen_name", "email", "country")
    }


def test_two_column_topics_do_not_mix(column: Column, other_column: Column) -> None:
    other_column.topics.create(slug="only-there", name="Only there")
    assert "That topic is not there any more" in Reader().write(topic="only-there")


HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"'><svg/onload=alert(1)>",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "NUL \x00 and \x07 bell and \x1b escape",
    "\u202eright to left\u202c \u2066\u2069 \ufeff",
    "z̸̡a̵l̷g̶o" * 30,
    "👩‍👩‍👧‍👦" * 100,
    "'; DROP TABLE inbox_letter; --",
    "\u2028\u2029\u0085line ends",
    "</textarea></form><h1>mine</h1>",
    "%00%0d%0aSet-Cookie: a=b",
    "ﷺ" * 500,
    "\uffff\ufffe\ufdd0",
    "a" * 20_000,
]


@pytest.mark.parametrize("string", HOSTILE)
def test_nothing_that_is_typed_breaks_a_page_or_comes_back_unescaped(column: Column, string: str) -> None:
    reader = Reader()
    reader.open("write/")
    form = forms(reader.page)["/plain/write/"]
    names = [
        "text",
        "pen_name",
        "topic",
        "consent",
        "email",
        "age_band",
        "pronoun",
        "country",
        "ask_back",
        "subject",
        "page",
        "action",
    ]
    for name in names:
        # short of forty characters a text goes no further than the form, so it is sent with more words too
        for sent in (string, f"{TEXT} {string}") if name == "text" else (string,):
            for path in ("write/", "write/send/"):
                page = reader.post(path, {**form, "text": TEXT, name: sent})
                assert reader.response.status_code in (200, 400)
                assert "<script>alert" not in page
                assert "<img src=x" not in page
                assert "<svg/onload" not in page
                assert "<h1>mine</h1>" not in page


@pytest.mark.parametrize("raw", [b"%ED%A0%80", b"%FF%FE", b"%C3%28", b"%F0%28%8C%28", b"%"])
def test_bytes_that_are_no_text_do_no_harm(column: Column, raw: bytes) -> None:
    reader = Reader()
    body = b"consent=private&text=" + TEXT.encode().replace(b" ", b"+") + raw
    response = reader.client.post("/plain/write/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200
    assert b"Check your letter</h1>" in response.content


def test_far_too_much_is_refused_kindly(column: Column) -> None:
    reader = Reader()
    page = reader.post("write/", {"text": "a" * 1_100_000}, content_type="application/x-www-form-urlencoded")
    assert "Check your letter" not in page
    body = "text=" + "a" * 1_100_000
    page = reader._seen(reader.client.post("/plain/write/", body, content_type="application/x-www-form-urlencoded"))
    assert reader.response.status_code == 413
    assert "That was too much for one letter" in page


def test_a_page_that_was_changed_on_its_way_gets_a_new_token(column: Column) -> None:
    reader = Reader()
    page = reader.write(page="00ff")
    assert "Check your letter</h1>" in page
    assert forms(page)["/plain/write/send/"]["page"] not in ("", "00ff")


def test_paused_keeps_the_words_of_somebody_who_was_writing(column: Column) -> None:
    reader = Reader()
    reader.open("write/")
    Column.objects.filter(pk=column.pk).update(intake_open=False)
    page = reader.press("write/", text="My <b>words</b> that I want to keep, please.")
    assert "This column takes no letters now" in page
    assert "My &lt;b&gt;words&lt;/b&gt; that I want to keep, please." in page
    assert "This column takes no letters now" in reader.open("write/")


def test_wrong_method_is_refused(column: Column) -> None:
    assert Reader().client.put("/plain/write/").status_code == 405


def test_a_column_that_is_not_there(db: None) -> None:
    assert Reader().client.get("/nowhere/write/").status_code == 404


@pytest.mark.parametrize("blank", ["\u200b", "\u2800", "\u3164", "\u00ad", "\ufeff"])
def test_a_letter_that_nobody_can_see_is_none_and_a_pen_name_is_left_out(column: Column, blank: str) -> None:
    words = "Nothing is wrong with me but this, and I cannot tell."
    for text in (blank * 60, f"Help.{blank * 60}"):
        form = WriteForm({"text": text, "consent": "rewritten"}, column=column)
        assert not form.is_valid()
        assert set(form.errors) == {"text"}
    form = WriteForm({"text": words, "consent": "rewritten", "pen_name": blank * 9}, column=column)
    assert form.is_valid()
    assert form.words().pen_name == ""


def test_a_letter_and_its_pen_name_turn_no_page_round(column: Column) -> None:
    data = {"text": "Nothing is \u202ewrong with me but this, and I cannot tell.", "pen_name": "\u202eelttil \u2066x"}
    form = WriteForm({**data, "consent": "rewritten"}, column=column)
    assert form.is_valid()
    assert form.words().text == "Nothing is wrong with me but this, and I cannot tell."
    assert form.words().pen_name == "elttil x"


def test_no_choice_has_what_belongs_to_typed_text_alone(column: Column) -> None:
    page = Reader().open("write/")
    choices = re.findall(r"<input[^>]*type=\"(?:radio|checkbox)\"[^>]*>", page)
    assert len(choices) >= 4
    assert not [one for one in choices if "autocomplete" in one]
