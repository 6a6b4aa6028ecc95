"""The check page: wider words at one press, and back; help by country; answers that may help. Nothing is kept."""

from __future__ import annotations

import datetime as dt
import html
import logging
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from columns.models import Column, HelpLine
from inbox.letters import rate_limits, related_answers
from inbox.models import Letter, LetterEvent
from inbox.screening import concerns
from tests import factories, hostile
from tests.reader import Reader, forms

LETTER = (
    "My name is Anna Bell and I live in Leeds. Leeds is small, and my husband Tom knows everybody there. "
    "Last year it began to hurt. Is it normal to want nothing?"
)
SEND, WRITE, UNDO = "write/send/", "write/", "/plain/write/#changed"


def button(page: str, label: str) -> str:
    """The value of the button whose name, without what only a screen reader says, is the label."""
    for value, inner in re.findall(r'<button[^>]*value="([^"]*)"[^>]*>(.*?)</button>', page, re.DOTALL):
        shown = re.sub(r'<span class="aside">.*?</span>', "", inner)
        if html.unescape(re.sub("<[^>]+>", "", shown)).strip() == label:
            return str(html.unescape(value))
    raise AssertionError(f"no button {label!r}")


def letter_of(page: str) -> str:
    return forms(page)["/plain/write/send/"]["text"]


def tap(reader: Reader, label: str) -> str:
    return reader.press(SEND, path=WRITE, action=button(reader.page, label))


def undo(reader: Reader) -> str:
    return reader.post(WRITE, {**forms(reader.page)[UNDO], "action": button(reader.page, "Undo")})


# --- one press ------------------------------------------------------------------------------------------------------


def test_one_press_changes_a_detail_everywhere_and_keeps_the_rest(column: Column) -> None:
    reader = Reader()
    filled = {"pen_name": "Awake", "topic": "pain", "consent": "light", "country": "Peru", "ask_back": "on"}
    before = forms(reader.write(text=LETTER, **filled))["/plain/write/send/"]
    page = tap(reader, "“a town”")
    after = forms(page)["/plain/write/send/"]
    assert after["text"] == LETTER.replace("in Leeds", "in a town").replace("Leeds is", "A town is")
    assert {**after, "text": ""} == {**before, "text": ""}
    assert "“Leeds” is now “a town”, in 2 places." in page
    assert page.count('<ins class="put-in">') == 2
    assert 'id="changed"' in page
    assert not Letter.objects.exists()
    assert not LetterEvent.objects.exists()


def test_a_kinship_word_stands_for_a_name(column: Column) -> None:
    reader = Reader()
    reader.write(text=LETTER)
    assert "my husband knows everybody" in letter_of(tap(reader, "“my husband”"))


def test_undo_puts_it_back_with_everything_else(column: Column) -> None:
    reader = Reader()
    before = forms(reader.write(text=LETTER, pen_name="Awake", ask_back="on"))["/plain/write/send/"]
    tap(reader, "“a town”")
    page = undo(reader)
    assert forms(page)["/plain/write/send/"] == before
    assert "Your letter is as it was before the last change." in page
    assert "Leeds" in page
    assert UNDO not in forms(page)


def test_all_at_once_and_back(column: Column) -> None:
    reader = Reader()
    reader.write(text=LETTER)
    page = tap(reader, "Change all of them")
    assert letter_of(page).startswith("My name is A. and I live in a town. A town is small, and my husband knows")
    assert "We found nothing that could point to you." in page
    assert "replace-all" not in page
    assert letter_of(undo(reader)) == LETTER


def test_what_was_changed_can_be_sent(column: Column) -> None:
    reader = Reader()
    reader.write(text=LETTER)
    tap(reader, "“a town”")
    reader.press(SEND)
    assert reader.receipt()
    assert Letter.objects.count() == 1


def test_the_words_that_were_taken_out_do_not_travel_with_the_letter(column: Column) -> None:
    reader = Reader()
    reader.write(text=LETTER)
    page = tap(reader, "“a town”")
    assert "Leeds" not in str(forms(page)["/plain/write/send/"])


@pytest.mark.parametrize(
    "action",
    ["replace:0", "replace:", "replace:ffffffffffffffff", "replace:\x00", "replace:" + "9" * 5_000, "replace:-1"],
)
def test_a_forged_button_changes_nothing_and_keeps_every_word(column: Column, action: str) -> None:
    reader = Reader()
    before = forms(reader.write(text=LETTER, pen_name="Awake"))["/plain/write/send/"]
    page = reader.press(SEND, path=WRITE, action=action)
    assert forms(page)["/plain/write/send/"] == before
    assert "Nothing was changed." in page
    assert UNDO not in forms(page)


def test_a_button_of_an_older_page_changes_nothing_and_keeps_every_word(column: Column) -> None:
    reader = Reader()
    old = button(reader.write(text=LETTER), "“a town”")
    other = LETTER.replace("Leeds", "Bristol")
    page = reader.press(SEND, path=WRITE, text=other, action=old)
    assert letter_of(page) == other
    assert "Nothing was changed." in page


@pytest.mark.parametrize("action", ["undo:", "undo:9999", "undo:-1", "undo:x", "undo:٣", "undo:" + "9" * 5_000])
def test_a_forged_undo_keeps_every_word(column: Column, action: str) -> None:
    reader = Reader()
    before = forms(reader.write(text=LETTER, pen_name="Awake"))["/plain/write/send/"]
    page = reader.press(SEND, path=WRITE, action=action)
    assert reader.response.status_code == 200
    assert forms(page)["/plain/write/send/"] == before


def test_a_change_of_a_form_that_is_not_right_shows_what_to_correct(column: Column) -> None:
    reader = Reader()
    reader.write(text=LETTER)
    page = reader.press(SEND, path=WRITE, text="Too short.", action="replace-all", country="Peru")
    assert "error-summary" in page
    fields = forms(page)["/plain/write/"]
    assert (fields["text"], fields["country"]) == ("Too short.", "Peru")


def test_paused_meanwhile_keeps_the_words(column: Column) -> None:
    reader = Reader()
    reader.write(text=LETTER)
    Column.objects.filter(pk=column.pk).update(intake_open=False)
    page = reader.press(SEND, path=WRITE, action="replace-all")
    assert reader.response.status_code == 503
    assert html.escape(LETTER) in page


def test_an_unknown_action_is_a_plain_check(column: Column) -> None:
    reader = Reader()
    reader.write(text=LETTER)
    page = reader.press(SEND, path=WRITE, action="replace")
    assert letter_of(page) == LETTER
    assert 'id="changed"' not in page


def test_a_letter_of_16000_characters_works_and_none_grows_beyond(column: Column) -> None:
    reader = Reader()
    full = "We met in York. " + ("It is so. " * 1_600)[: 16_000 - 17] + "e"
    assert len(full) == 16_000
    reader.write(text=full)
    page = tap(reader, "“a town nearby”")
    assert letter_of(page) == full
    assert "Nothing was changed: with those words your letter would be too long" in page
    full = full.replace("We met in York.", "We met in Bournemouth.")[:15_999] + "e"
    reader.write(text=full)
    assert letter_of(tap(reader, "“my town”")) == full.replace("Bournemouth", "my town")
    assert letter_of(undo(reader)) == full


def test_that_somebody_is_under_age_stays_in_the_words(column: Column) -> None:
    reader = Reader()
    reader.write(text="I am 15 and I do not know whom to ask about this. Is it normal to bleed?")
    page = tap(reader, "“a teenager”")
    assert letter_of(page).startswith("I am a teenager and")
    assert "If you are under 18" in page


def test_a_concern_is_never_changed_away(column: Column, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(text: str) -> list[concerns.Concern]:
        return [concerns.Concern("minor", at, at + 2, 1.0) for at in [text.find("15")] if at >= 0]

    monkeypatch.setattr(concerns, "find_concerns", found)
    reader = Reader()
    text = "I am 15 and live in Leeds. I do not know whom to ask about this at all."
    reader.write(text=text)
    page = tap(reader, "“a teenager”")
    assert letter_of(page) == text
    assert "“15” stays as it is." in page
    page = tap(reader, "Change all of them")
    assert letter_of(page) == text.replace("Leeds", "a town")
    assert "but for ages" in page


@pytest.mark.parametrize("string", hostile.STRINGS)
def test_hostile_strings_pass_through_a_change_unharmed(column: Column, string: str) -> None:
    reader, string = Reader(), string.encode("utf-8", "replace").decode()
    reader.write(text=hostile.letter(f"{string} My name is Anna Bell and I live in Leeds. {string}"), pen_name="Awake")
    assert "Check your letter</h1>" in reader.page
    before = letter_of(reader.page)
    page = tap(reader, "“A.”")
    assert letter_of(page) == before.replace("Anna Bell", "A.")
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert letter_of(undo(reader)) == before
    page = tap(reader, "Change all of them")
    assert "Leeds" not in letter_of(page)
    assert letter_of(undo(reader)) == before


def test_a_detail_that_holds_signs_of_html_is_escaped(column: Column) -> None:
    reader = Reader()
    page = reader.write(text='Look at www.example.org/"><script>alert(1)</script> for all that I could not write.')
    assert "<script>alert" not in page
    assert "<script>alert" not in tap(reader, "“[removed]”")


def test_an_old_browser_without_the_new_headers_can_press_too(column: Column) -> None:
    reader = Reader(origin="null")
    reader.write(text=LETTER)
    assert "a town" in letter_of(tap(reader, "“a town”"))


def test_another_sites_form_is_refused(column: Column) -> None:
    reader = Reader()
    fields = forms(reader.write(text=LETTER))["/plain/write/send/"]
    reader.post(WRITE, {**fields, "action": "replace-all"}, headers={"sec-fetch-site": "cross-site"})
    assert reader.response.status_code == 403


def test_nothing_of_it_is_logged_and_nothing_stands_in_an_address(
    column: Column, caplog: pytest.LogCaptureFixture
) -> None:
    reader = Reader()
    with caplog.at_level(logging.DEBUG):
        reader.write(text=LETTER)
        page = tap(reader, "“a town”")
        undo(reader)
    said = "".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert "Leeds" not in said
    assert "Anna" not in said
    addresses = re.findall(r'(?:href|action)="([^"]*)"', page)
    assert not [one for one in addresses if "Leeds" in one or "?" in one]


# --- what is marked --------------------------------------------------------------------------------------------------


def test_details_are_counted_by_kind_in_words(column: Column) -> None:
    page = Reader().write(text=LETTER)
    assert "2 names and 2 places" in page
    assert "We can miss some, so read it once more." in page


def test_what_is_wide_already_is_not_marked(column: Column) -> None:
    page = Reader().write(text="I am in my thirties and my daughter is a teenager. Is it normal to want nothing?")
    assert "We found nothing that could point to you." in page


def test_many_details_are_folded_and_every_one_has_its_button(column: Column) -> None:
    more = ["Bristol", "York", "Hull", "Derby", "Exeter", "Oxford", "Norwich", "Preston", "Lincoln", "Durham"]
    towns = ["Leeds", "Cambridge", *more, "Carlisle", "Swansea"]
    reader = Reader()
    page = reader.write(text=" ".join(f"I lived in {town} for a while." for town in towns))
    assert ">6 more</summary>" in page
    assert page.count("replace:") == 2 * len(towns)
    last = re.findall('value="(replace:[^"]*)"', page)[-1]
    page = reader.press(SEND, path=WRITE, action=last)
    assert "“Swansea” is now" in page
    assert '<details class="group" open>' in page


@pytest.mark.parametrize("action", [None, "replace-all"])
def test_a_contrived_letter_has_so_many_marks_and_a_sentence_about_the_others(
    column: Column, action: str | None
) -> None:
    text = "@a1 " * 3_999 + "end."
    reader = Reader()
    page = reader.write(text=text)
    if action:
        page = reader.press(SEND, path=WRITE, action=action)
    else:
        assert letter_of(page) == text
        assert "We marked 3999 parts that could point to you" in page
        assert "3699 more places, towards the end of your letter, are not marked here." in page
    assert 0 < page.count("<mark class") + page.count('<ins class="put-in">') <= 300
    assert len(page) < 150_000


def test_the_last_place_that_is_marked_needs_no_sentence(column: Column) -> None:
    page = Reader().write(text="@a1 " * 300 + "end.")
    assert page.count("<mark class") == 300
    assert "towards the end of your letter" not in page


# --- help -----------------------------------------------------------------------------------------------------------


def lines(column: Column) -> None:
    for country, name in (("ES", "Línea"), ("GB", "Britain Line"), ("PE", "Lima Line")):
        HelpLine.objects.create(column=column, name=name, number="555", country=country)


@pytest.mark.parametrize(("country", "first"), [("Peru", "Lima Line"), ("the UK", "Britain Line"), ("es", "Línea")])
def test_help_of_the_country_that_was_given_comes_first(column: Column, country: str, first: str) -> None:
    lines(column)
    page = Reader().write(text="He hits me and I do not know what to do about it.", country=country)
    names = ["Línea", "Britain Line", "Lima Line"]
    places = {name: page.index(name) for name in names}
    assert min(places, key=lambda name: places[name]) == first
    assert places[first] < page.index("Night Line") < page.index("Help in other countries")
    assert page.index("Night Line") < page.index("Your letter</h2>")
    assert 'class="label">Peru<' in page  # every list says where it answers


def test_a_single_list_of_another_country_says_so(column: Column) -> None:
    HelpLine.objects.create(column=column, name="Lima Line", number="555", country="PE")
    page = Reader().write(country="Norway")
    assert (
        page.index("Wherever you are") < page.index("Night Line") < page.index(">Peru</h3>") < page.index("Lima Line")
    )


@pytest.mark.parametrize("country", ["", "Atlantis", "<b>"])
def test_without_a_country_that_we_know_the_order_is_the_columns_own(column: Column, country: str) -> None:
    lines(column)
    page = Reader().write(country=country)
    assert page.index("Night Line") < page.index("Lima Line") < page.index("Línea") < page.index("Britain Line")
    assert "Help in other countries" not in page


def test_a_country_without_a_line_has_those_for_everybody(column: Column) -> None:
    lines(column)
    page = Reader().write(country="Norway")
    assert page.index("Night Line") < page.index("Help in other countries") < page.index("Britain Line")


def test_the_emergency_comes_first(column: Column) -> None:
    page = Reader().write(text="I am bleeding very heavily and I fainted, and he hits me. What should I do?")
    assert page.index("Call the emergency number") < page.index("Night Line")
    assert page.index("Night Line") < page.index("Your safety comes first")


# --- answers that are there already ----------------------------------------------------------------------------------


@pytest.mark.encoder
def test_a_letter_like_a_published_question_shows_it_without_a_topic(column: Column) -> None:
    article = factories.make_article(column)
    page = Reader().write(text=f"{article.question} {article.headline} I would like to know more about it.")
    assert article.headline in html.unescape(page)
    assert "This helped, I do not need to send my letter" in page
    assert 'href="/plain/helped/"' in page


@pytest.mark.encoder
def test_only_what_is_live_is_shown(column: Column) -> None:
    article = factories.make_article(column)
    text = f"{article.question} {article.headline} I would like to know more about it."
    headline = article.headline
    assert f"{headline}</a>" in html.unescape(Reader().write(text=text))
    article.take_down(at=timezone.now())
    assert f"{headline}</a>" not in html.unescape(Reader().write(text=text, topic="pain"))


def test_another_columns_answers_are_not_shown(column: Column, other_column: Column) -> None:
    article = factories.make_article(other_column)
    assert article.headline not in html.unescape(Reader().write(text=article.question + " What now? Tell me, please."))


@pytest.mark.encoder
def test_at_most_three_are_shown_those_of_the_topic_first() -> None:
    about = "pain that burns after birthing children"
    answers = [
        related_answers.Answer(number, f"Answer {number}", f"/{number}", topic, about)
        for number, topic in enumerate([None, 7, None, 7, None])
    ]
    found = related_answers.alike("My pain burns since birthing my children.", answers, topic=7)
    assert [one.topic for one in found] == [7, 7, None]
    assert related_answers.alike("Nothing in common", answers, topic=None) == []


def test_the_page_asks_the_database_a_fixed_number_of_things(column: Column) -> None:
    for number in range(4):
        factories.make_article(column, at=timezone.now() - dt.timedelta(days=number + 1))
    reader = Reader()
    reader.open("write/")
    counts: list[int] = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            reader.press(WRITE, text=LETTER, topic="pain") if not counts else reader.press(SEND, path=WRITE)
        counts.append(len(asked))
    assert counts == [5, 4]  # column, topics, help lines, what is published; and once the published answers
    with CaptureQueriesContext(connection) as asked:
        tap(reader, "“a town”")
    assert len(asked) == 4


# --- before writing --------------------------------------------------------------------------------------------------


def test_before_writing_each_topic_shows_what_people_asked(column: Column) -> None:
    article = factories.make_article(column)
    page = html.unescape(Reader().open("before-you-write/"))
    assert "What is it about?" in page
    assert article.headline in page
    assert ">Pain</summary>" in page
    assert ">Desire</summary>" not in page


def test_before_writing_nothing_is_said_where_nothing_was_published(column: Column) -> None:
    assert "What is it about?" not in Reader().open("before-you-write/")


def test_in_a_crowd_a_change_still_works(column: Column, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "PER_NETWORK", 0)
    reader = Reader()
    reader.write(text=LETTER)
    page = tap(reader, "“a town”")
    assert "Many letters are arriving just now" in page
    assert "Leeds" not in letter_of(page)


def test_a_language_that_is_not_read_is_said(column: Column) -> None:
    german = (
        "Seit drei Jahren wohne ich mit meinem Mann in einem Haus, das uns nicht gehört, und ich weiß nicht, wie ich "
        "ihm sagen soll, dass ich lieber wieder in der Stadt leben würde. Er hört mir nicht zu."
    )
    reader = Reader()
    page = reader.write(text=german)
    assert "Your letter seems to be in German." in page
    assert "We found nothing that could point to you" not in page
    assert "seems to be in" not in Reader().write(text=LETTER)
