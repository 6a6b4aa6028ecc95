"""Send: the letter is kept, sealed, and its receipt shown once."""

from __future__ import annotations

import datetime as dt
import html
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import InterfaceError, OperationalError, connection

from columns.models import Column
from config.middleware import retry
from inbox.crypto import receipts
from inbox.keys import vault
from inbox.letters import rate_limits, writer_acts
from inbox.models import Letter, PublicKey, WriterAddress
from inbox.screening import concerns, encoder, language
from inbox.workflow import LetterStatus
from tests.config.test_retry import conflict
from tests.inbox.letters.test_rate_limits import solved
from tests.reader import TEXT, Reader, forms

NOON = dt.datetime(2026, 5, 12, 12, 0, tzinfo=dt.UTC)


def slowly_written(reader: Reader, **filled: str) -> str:
    """As a person does it: the form is opened, and the letter sent a minute later."""
    with time_machine.travel(NOON, tick=False):
        reader.open("write/")
    with time_machine.travel(NOON + dt.timedelta(minutes=1), tick=False):
        reader.press("write/", **{"text": TEXT, **filled})
        return reader.press("write/send/")


def test_keeps_the_letter_as_it_was_written(column: Column, keys: vault.Vault) -> None:
    reader = Reader()
    slowly_written(
        reader,
        pen_name="Awake",
        topic="pain",
        consent="light",
        age_band="25 to 34",
        country="Peru",
        ask_back="on",
        email="w@example.org",
    )
    letter = Letter.objects.get()
    assert keys.open(letter) == {
        "text": TEXT,
        "pen_name": "Awake",
        "about": {"age_band": "25 to 34", "country": "Peru", "ask_back": "yes"},
        "concerns": [],
        "findings": [],
        "details": 0,
        "language": "en",
    }
    assert letter.topic is not None
    assert (letter.topic.slug, letter.consent, letter.status) == ("pain", "light", LetterStatus.RECEIVED)
    assert WriterAddress.objects.count() == 1
    found, _ = writer_acts.find(receipts.normalise(reader.receipt()))
    assert found == letter


@pytest.mark.encoder
def test_a_letter_is_screened_once_a_page(column: Column, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its sentences are encoded once for the check page and once where it is sent; its phrases and language too."""
    read = dict.fromkeys(("encoded", "found", "language"), 0)

    def counts(name: str, one: Callable[[str], Any]) -> Callable[[str], Any]:
        def counted(text: str) -> Any:
            read[name] += text == TEXT
            return one(text)

        return counted

    reader = Reader()
    reader.write()  # published answers that are compared are encoded with the first letter
    monkeypatch.setattr(encoder, "_encoded", counts("encoded", encoder._encoded))
    monkeypatch.setattr(concerns, "find_concerns", counts("found", concerns.find_concerns))
    monkeypatch.setattr(language, "code", counts("language", language.code))
    encoder.sentences("Of another letter.")
    reader.write()
    # details are looked for by language too, so that is told once for each of the two
    assert read == {"encoded": 1, "found": 1, "language": 2}
    encoder.sentences("Of another letter.")
    reader.press("write/send/")
    assert Letter.objects.count() == 1
    assert read == {"encoded": 2, "found": 2, "language": 4}


def test_the_page_shows_the_receipt_and_what_comes_next(column: Column) -> None:
    reader = Reader()
    page = slowly_written(reader)
    assert reader.response.status_code == 200
    assert "Your letter is sent" in page
    assert "You can print this page" in page
    assert "What happens next" in page
    assert "short mail" not in page
    assert "short mail" in slowly_written(Reader(), email="w@example.org")


def test_the_receipt_and_the_letter_stand_in_no_address_and_no_header(column: Column) -> None:
    reader = Reader()
    slowly_written(reader)
    receipt = reader.receipt()
    headers = str(reader.response.headers)
    for secret in (receipt, receipt.replace("-", ""), TEXT):
        assert secret not in headers
        assert secret not in reader.response.request["PATH_INFO"] + reader.response.request["QUERY_STRING"]


def test_pressing_twice_gives_one_letter_and_the_same_page(column: Column) -> None:
    reader = Reader()
    reader.write()
    check = reader.response
    first = reader.press("write/send/")
    receipt = reader.receipt()
    reader.response = check
    second = reader.press("write/send/")
    assert reader.receipt() == receipt
    tokens = [forms(page)["/plain/write/kept/"]["token"] for page in (first, second)]
    # the padding at the end is random
    bare = [re.sub(r"<!-- [0-9a-f]+ -->", "", page) for page in (first, second)]
    assert bare[0].replace(tokens[0], "") == bare[1].replace(tokens[1], "")
    assert Letter.objects.count() == 1


def test_other_words_from_the_same_form_are_a_second_letter_and_the_page_says_so(column: Column) -> None:
    reader = Reader()
    reader.write()
    check = reader.response
    assert "This is a second letter" not in reader.press("write/send/")
    first = reader.receipt()
    reader.response = check
    reader.press("write/send/", path="write/", action="change")
    reader.press("write/", text=TEXT + " And there is one more thing.")
    assert "This is a second letter with a receipt of its own. Both are kept." in reader.press("write/send/")
    assert reader.receipt() != first
    assert Letter.objects.count() == 2


def test_two_forms_are_two_letters(column: Column) -> None:
    assert Reader().send() != Reader().send()
    assert Letter.objects.count() == 2


def test_a_form_left_open_for_a_week_still_sends(column: Column) -> None:
    reader = Reader()
    with time_machine.travel(NOON, tick=False):
        reader.open("write/")
    with time_machine.travel(NOON + dt.timedelta(days=7), tick=False):
        reader.press("write/", text=TEXT)
    with time_machine.travel(NOON + dt.timedelta(days=8, hours=1), tick=False):
        reader.press("write/send/")
    assert reader.receipt()
    letter = Letter.objects.get()
    assert letter.status == LetterStatus.RECEIVED
    assert letter.received_on == dt.date(2026, 5, 20)


def test_a_filled_trap_is_held_and_not_dropped(column: Column, keys: vault.Vault) -> None:
    reader = Reader()
    slowly_written(reader, subject="cheap pills")
    assert reader.receipt()
    letter = Letter.objects.get()
    assert letter.status == LetterStatus.HELD
    assert not letter.need
    assert keys.open(letter)["suspect"] is True
    assert keys.open(letter)["why"] == ["A field that no person sees was filled in."]
    assert keys.open(letter)["text"] == TEXT


def test_faster_than_a_person_is_held_and_not_dropped(column: Column) -> None:
    reader = Reader()
    with time_machine.travel(NOON, tick=False):
        reader.send()
    assert Letter.objects.get().status == LetterStatus.HELD


def test_a_suspect_letter_with_a_concern_is_held_once(column: Column) -> None:
    reader = Reader()
    with time_machine.travel(NOON, tick=False):
        reader.send(text="He hits me and I am afraid of him. Please tell me what to do now.")
    letter = Letter.objects.get()
    assert (letter.status, bool(letter.need)) == (LetterStatus.HELD, True)
    assert [event.verb for event in letter.events.all()] == ["receive", "hold"]


@pytest.mark.parametrize("token", ["", "00ff", "nonsense", "é", "\x00"])
def test_a_changed_page_is_not_sent_but_can_be_at_once(column: Column, token: str) -> None:
    reader = Reader()
    reader.write()
    page = reader.press("write/send/", page=token)
    assert reader.response.status_code == 400
    assert "was not sent" in page
    assert TEXT in page
    assert Letter.objects.count() == 0
    reader.press("write/send/")
    assert reader.receipt()


def test_an_invalid_letter_is_not_sent_and_its_words_are_kept(column: Column) -> None:
    reader = Reader()
    reader.write()
    page = reader.press("write/send/", text="Short now.", country="Peru")
    fields = forms(page)["/plain/write/"]
    assert (fields["text"], fields["country"]) == ("Short now.", "Peru")
    assert "Nothing was sent" in page
    assert Letter.objects.count() == 0


def test_a_topic_that_went_meanwhile_loses_nothing(column: Column) -> None:
    reader = Reader()
    reader.write(topic="pain")
    column.topics.all().delete()
    page = reader.press("write/send/")
    assert "That topic is not there any more" in page
    assert forms(page)["/plain/write/"]["text"] == TEXT


def test_without_a_key_nothing_is_sent_and_the_words_are_kept(column: Column) -> None:
    PublicKey.objects.all().delete()
    reader = Reader()
    reader.write(pen_name="Awake")
    page = reader.press("write/send/")
    assert reader.response.status_code == 503
    assert "It may not have been sent" in page
    fields = forms(page)["/plain/write/send/"]
    assert (fields["text"], fields["pen_name"]) == (TEXT, "Awake")
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, OSError, RuntimeError])
def test_whatever_fails_the_words_are_kept_and_the_same_button_sends_later(
    column: Column, error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    reader = Reader()
    reader.client.raise_request_exception = False
    reader.write(pen_name="Awake")

    def fail(execute: object, sql: str, *args: object) -> object:
        raise error(f"no room left for {sql}")

    with caplog.at_level(logging.DEBUG), connection.execute_wrapper(fail):
        page = reader.press("write/send/")
    assert reader.response.status_code == 503
    assert "It may not have been sent" in page
    assert TEXT not in caplog.text
    reader.press("write/send/")
    assert reader.receipt()
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("error", [MemoryError, OSError, ValueError])
def test_an_encoder_that_fails_costs_no_letter(
    column: Column, error: type[Exception], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> None:
        raise error(TEXT)

    monkeypatch.setattr(encoder, "available", lambda: True)
    monkeypatch.setattr(encoder, "_encoder", fails)
    reader = Reader()
    assert reader.send(text=f"{TEXT} None of the texts before is this one: {error}.")
    assert Letter.objects.count() == 1
    assert f"the sentence encoder failed: {error.__name__}" in caplog.text
    assert TEXT not in caplog.text


def test_a_fault_after_the_letter_was_kept_makes_no_second_one(column: Column, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader()
    reader.client.raise_request_exception = False
    reader.write()
    with monkeypatch.context() as broken:
        broken.setattr("inbox.writer.write.sent_page", None)
        reader.press("write/send/")
    assert (reader.response.status_code, Letter.objects.count()) == (503, 1)
    reader.press("write/send/")
    assert reader.receipt()
    assert Letter.objects.count() == 1


def test_a_conflict_in_the_database_is_run_again_and_nobody_notices(
    column: Column, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "PAUSE", 0)
    reader = Reader()
    reader.write()
    left = [conflict("40P01")]

    def fail_once(execute: Callable[..., object], *args: object) -> object:
        if left:
            raise left.pop()
        return execute(*args)

    with connection.execute_wrapper(fail_once):
        reader.press("write/send/")
    assert reader.receipt()
    assert (left, Letter.objects.count()) == ([], 1)


def test_paused_meanwhile_keeps_the_words(column: Column) -> None:
    reader = Reader()
    reader.write()
    Column.objects.filter(pk=column.pk).update(intake_open=False)
    page = reader.press("write/send/")
    assert reader.response.status_code == 503
    assert TEXT in page
    assert Letter.objects.count() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "http://["},
    ],
)
def test_another_sites_form_is_refused(column: Column, headers: dict[str, str]) -> None:
    reader = Reader()
    reader.write()
    page = reader.post("write/send/", forms(reader.page)["/plain/write/send/"], headers=headers)
    assert reader.response.status_code == 403
    assert "This came from another site" in page
    assert Letter.objects.count() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"origin": "null"},
        {"origin": "http://testserver"},
        {},
    ],
)
def test_a_form_of_this_site_passes_whatever_its_browser_says(column: Column, headers: dict[str, str]) -> None:
    reader = Reader()
    reader.write()
    reader.post("write/send/", forms(reader.page)["/plain/write/send/"], headers=headers)
    assert reader.receipt()


def test_opened_without_a_form_leads_to_the_beginning(column: Column) -> None:
    reader = Reader()
    reader.open("write/send/")
    assert reader.response.status_code == 302
    assert reader.response.headers["Location"] == "/plain/before-you-write/"


def test_wrong_method_is_refused(column: Column) -> None:
    assert Reader().client.put("/plain/write/send/").status_code == 405


# --- many letters at once -------------------------------------------------------------------------------------------


def challenge(page: str) -> str:
    found = re.search(r'challenge="([^"]*)"', page)
    assert found, "no challenge on this page"
    return html.unescape(found[1])


def test_junk_is_held_with_its_reasons_and_a_receipt(column: Column, keys: vault.Vault) -> None:
    reader = Reader()
    slowly_written(reader, text="Best online casino with free spins. Come to us and play tonight, all of you.")
    letter, _ = writer_acts.find(receipts.normalise(reader.receipt()))
    assert letter is not None
    assert letter.status == LetterStatus.HELD
    assert keys.open(letter)["why"] == ["It advertises gambling."]


def test_the_same_words_from_a_third_form_are_held_with_a_receipt_of_their_own(column: Column) -> None:
    found = []
    for _ in range(3):
        reader = Reader()
        slowly_written(reader)
        found.append(writer_acts.find(receipts.normalise(reader.receipt()))[0])
    states = [letter.status for letter in found if letter]
    assert states == [LetterStatus.RECEIVED, LetterStatus.RECEIVED, LetterStatus.HELD]


def test_in_a_crowd_the_check_page_asks_for_a_proof_and_with_it_the_letter_is_received(
    column: Column, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "PER_NETWORK", 0)
    reader = Reader()
    with time_machine.travel(NOON, tick=False):
        reader.open("write/")
    with time_machine.travel(NOON + dt.timedelta(minutes=1), tick=False):
        page = reader.press("write/", text=TEXT)
        assert "Many letters are arriving just now" in page
        assert "worker-src 'self'" in reader.response.headers["Content-Security-Policy"]
        reader.press("write/send/", altcha=solved(challenge(page)))
    assert reader.receipt()
    assert Letter.objects.get().status == LetterStatus.RECEIVED


def test_in_a_crowd_without_script_the_letter_is_taken_and_held(
    column: Column, keys: vault.Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "PER_NETWORK", 0)
    reader = Reader()
    slowly_written(reader)
    assert reader.receipt()
    letter = Letter.objects.get()
    assert letter.status == LetterStatus.HELD
    assert (keys.open(letter)["text"], keys.open(letter)["why"]) == (TEXT, [rate_limits.MANY])


def test_otherwise_no_page_may_start_a_worker(column: Column) -> None:
    reader = Reader()
    page = reader.write()
    assert "altcha" not in page
    assert "worker-src" not in reader.response.headers["Content-Security-Policy"]
