"""The writer reads the edited question and says yes, or what to change."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.test import Client

from columns.models import Column
from inbox.editorial import drafts, publishing, writer_approval
from inbox.keys import vault
from inbox.letters import outbox, writer_acts
from inbox.models import Consent, Draft, Letter, Message, User
from inbox.workflow import LetterStatus
from inbox.writer.guard import LETTER_PAGE
from tests import factories
from tests.approval_scene import approval_of
from tests.reader import Reader, forms

Clock = time_machine.Traveller

DAY = dt.timedelta(days=1)
ACTION = "letter/text/"
#: Ten in the morning: hours before and after are of the same day.
MORNING = dt.datetime(2026, 5, 4, 10, tzinfo=dt.UTC)
LETTER = "My husband Bernd sleeps all day since spring. I wonder whether that is normal."
QUESTION = "My husband sleeps all day since spring. I wonder whether that is *normal*."


@dataclass
class Asked:
    letter: Letter
    receipt: str
    draft: Draft
    author: User
    message: str

    def open(self) -> Reader:
        reader = Reader()
        reader.open_letter(self.receipt)
        return reader


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(MORNING, tick=False) as moved:
        yield moved


def ask(column: Column, author: User, keys: vault.Vault, question: str = QUESTION, **words: Any) -> Asked:
    taken = factories.take_letter(column, at=MORNING, **{"text": LETTER, **words})
    taken.letter.shortlist(by=author, at=MORNING)
    draft = drafts.start(column, [taken.letter], by=author, at=MORNING, keys=keys)
    draft.save_version(factories.draft_words(question=question), by=author, at=MORNING, base=1)
    writer_approval.show(draft, taken.letter, by=author, at=MORNING, keys=keys)
    return Asked(taken.letter, taken.receipt, draft, author, str(Message.objects.latest("number").pk))


@pytest.fixture
def asked(clock: Clock, column: Column, author: User, keys: vault.Vault) -> Asked:
    """A writer who was shown their question yesterday."""
    made = ask(column, author, keys)
    clock.move_to(MORNING + DAY)
    outbox.let_go(at=MORNING + DAY)
    return made


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def test_the_question_stands_there_with_what_was_changed(asked: Asked, column: Column) -> None:
    page = asked.open().page
    assert "<h1>We have a question for you</h1>" in page
    assert page.index("Is your question right like this?") < page.index('id="standing-title"')
    assert "whether that is <em>normal</em>." in page
    assert "Awake writes" in plain(page)
    assert re.search(r"<del>\[−Bernd −\]</del>", page)
    assert "<ins>" not in page, "what is said with emphasis was not put in"
    assert "We wait for your answer until 19 May 2026." in plain(page)
    assert "tell your question in other words, as you allowed. We do not use your own words." in plain(page)
    assert f"{column.title} shows you your question" in plain(page)
    assert page.count("sleeps all day since spring") == 3, "as it would stand, as it differs, as it was sent"


def test_nothing_of_it_is_seen_before_it_is_out(clock: Clock, column: Column, author: User, keys: vault.Vault) -> None:
    made = ask(column, author, keys)
    assert "Is your question right" not in made.open().page
    clock.move_to(MORNING.replace(hour=23, minute=59))
    assert "Is your question right" not in made.open().page
    clock.move_to(MORNING.replace(hour=0) + DAY)
    assert "Is your question right" in made.open().page, "whether or not a sweep ran"


@pytest.mark.parametrize(
    ("consent", "said"),
    [
        ("rewritten", "we may still tell your question in other words, as you allowed"),
        ("light", "If you do not answer by then, we do not use your own words."),
        ("private", "You allow a private answer only, so nothing is published."),
    ],
)
def test_what_happens_without_an_answer_is_said(asked: Asked, consent: str, said: str) -> None:
    writer_acts.allow(Letter.objects.get(), Consent(consent), at=MORNING + DAY)
    page = asked.open().page
    assert said in plain(page)
    assert (f'action="/plain/{ACTION}"' in page) == (consent != "private")


def test_after_the_days_it_is_said_and_can_still_be_answered(asked: Asked, clock: Clock) -> None:
    clock.move_to(MORNING + 16 * DAY)
    reader = asked.open()
    assert "We waited for your answer until 19 May 2026." in plain(reader.page)
    assert "If your question goes out, it goes out like this." in reader.press(ACTION, answer="publish")


def test_a_question_told_anew_is_not_shown_word_by_word(
    clock: Clock, column: Column, author: User, keys: vault.Vault
) -> None:
    made = ask(column, author, keys, question="Is it usual for somebody who is dear to me to be tired at noon?")
    clock.move_to(MORNING + DAY)
    page = made.open().page
    assert "Nearly every word is new" in page
    assert "<del>" not in page


def test_yes(asked: Asked, keys: vault.Vault) -> None:
    reader = asked.open()
    page = reader.press(ACTION, answer="publish")
    assert "Thank you. If your question goes out, it goes out like this." in page
    assert "You said yes to this text on 5 May." in page
    assert "Publish it like this." in plain(page)
    assert 'value="publish"' not in page, "what was said needs no button any more"
    assert 'value="change"' in page
    assert len(reader.response.content) % LETTER_PAGE == 0
    approval = approval_of(Letter.objects.get(), keys, MORNING + DAY)
    assert (approval.status, approval.sha256) == (
        writer_approval.ApprovalStatus.APPROVED,
        writer_approval.sha256(QUESTION),
    )


def test_please_change_this(asked: Asked, keys: vault.Vault) -> None:
    reader = asked.open()
    page = reader.press(ACTION, answer="change", change="Not “husband”.\nSay partner.")
    assert "Nothing goes out before we have looked at your change" in page
    assert "You asked for a change" in page
    assert "Not “husband”.<br>Say partner." in page
    assert forms(page)[f"/plain/{ACTION}"]["change"] == ""
    approval = approval_of(Letter.objects.get(), keys, MORNING + DAY)
    assert (approval.status, approval.wish) == (writer_approval.ApprovalStatus.CHANGE, "Not “husband”.\nSay partner.")


@pytest.mark.parametrize("fields", [{"answer": "publish"}, {"answer": "change", "change": "Shorter."}])
def test_pressing_twice_is_one_answer(asked: Asked, fields: dict[str, str]) -> None:
    reader = asked.open()
    before = reader.response
    for _ in range(3):
        reader.response = before
        assert "Thank you." in reader.press(ACTION, **fields)
    assert Message.objects.count() == 2


def test_where_it_fails_the_words_stand_in_a_box_and_the_same_button_sends_them_later(
    asked: Asked, keys: vault.Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, wish = asked.open(), "Please leave out the spring."
    reader.client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(writer_approval, "correct", None)
        page = reader.press(ACTION, change=wish, answer="change")
    assert reader.response.status_code == 503
    assert re.search(rf'<textarea[^>]* name="change"[^>]*>\s*{wish}</textarea>', page)
    assert "Thank you" in reader.press(ACTION)


def test_they_can_change_their_mind(asked: Asked, keys: vault.Vault) -> None:
    reader = asked.open()
    reader.press(ACTION, answer="publish")
    assert "You can still change your answer" in reader.page
    reader.press(ACTION, answer="change", change="Shorter.")
    assert approval_of(Letter.objects.get(), keys, MORNING + DAY).status == writer_approval.ApprovalStatus.CHANGE


def test_a_change_that_was_written_down_is_never_a_yes(asked: Asked) -> None:
    reader = asked.open()
    page = reader.press(ACTION, answer="publish", change="Take out the spring.")
    assert "You wrote down a change." in page
    assert forms(page)[f"/plain/{ACTION}"]["change"] == "Take out the spring."
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"answer": "change"}, "Say what we should change."),
        ({"answer": "change", "change": " \n"}, "Say what we should change."),
        ({"answer": "change", "change": "a" * 16_001}, "the most we can take is 16,000"),
        ({"change": "Shorter."}, "Press one of the two buttons."),
        ({"answer": "\x00"}, "Press one of the two buttons."),
    ],
)
def test_an_error_keeps_every_word(asked: Asked, fields: dict[str, str], sentence: str) -> None:
    reader = asked.open()
    page = reader.press(ACTION, **fields)
    assert sentence in page
    assert "Your answer was not sent yet" in page
    assert forms(page)[f"/plain/{ACTION}"]["change"].strip() == fields.get("change", "").strip()
    assert forms(page)[f"/plain/{ACTION}"]["shown"] == asked.message
    assert Message.objects.count() == 1
    assert len(reader.response.content) % LETTER_PAGE == 0


def test_what_a_button_cannot_do_without_is_not_called_optional(asked: Asked) -> None:
    page = asked.open().response.content.decode()
    label = page[page.index("What should we change?") :].split("</label>")[0]
    assert "optional" not in label


@pytest.mark.parametrize("shown", ["", "zz", "\x00", "00000000-0000-4000-8000-000000000000"])
def test_an_answer_to_nothing_that_was_shown_is_refused(asked: Asked, shown: str) -> None:
    reader = asked.open()
    page = reader.press(ACTION, answer="change", change="Shorter.", shown=shown)
    assert "There is a newer text for you." in page
    assert "Shorter." in page
    assert Message.objects.count() == 1


def test_an_answer_to_an_older_text_is_refused_and_kept_on_the_page(
    asked: Asked, clock: Clock, keys: vault.Vault
) -> None:
    reader = asked.open()
    words = {**keys.open(asked.draft.newest()), "question": "Somebody sleeps all day. Is that normal?"}
    asked.draft.save_version(words, by=asked.author, at=MORNING, base=asked.draft.latest)
    writer_approval.show(asked.draft, asked.letter, by=asked.author, at=MORNING + DAY, keys=keys)
    clock.move_to(MORNING + 2 * DAY)
    reader.open_letter(asked.receipt)
    stale = {
        **forms(reader.page)[f"/plain/{ACTION}"],
        "shown": asked.message,
        "answer": "change",
        "change": "No spring.",
    }
    page = reader.post(ACTION, stale)
    assert "There is a newer text for you." in page
    assert "No spring." in page
    assert "Somebody sleeps all day." in page
    assert Message.objects.count() == 2


def test_after_a_withdrawal_nothing_is_asked(asked: Asked) -> None:
    reader = asked.open()
    before = reader.response
    reader.press("letter/withdraw/", sure="on")
    assert "Is your question right" not in reader.page
    assert "This page stays open" not in reader.page, "there is nothing on it that could close"
    reader.response = before
    assert "This page stays open" in reader.page
    assert "You took this letter back." in reader.press(ACTION, answer="publish")
    assert QUESTION not in reader.page


def test_once_the_article_is_written_nothing_is_asked(asked: Asked, keys: vault.Vault) -> None:
    reader, at = asked.open(), MORNING + DAY
    reader.press(ACTION, answer="publish")
    before = reader.response
    reviewer = factories.someone(asked.draft.column, factories.Role.REVIEWER)
    publishing.send_for_review(asked.draft, by=asked.author, at=at, keys=keys)
    newest = asked.draft.newest()
    publishing.decide(asked.draft, newest, approve=True, summary="", remarks=[], by=reviewer, at=at, keys=keys)
    publishing.publish(asked.draft, by=asked.author, at=at, publish_at=at + DAY, slug="a", keys=keys)
    reader.response = before
    page = reader.press(ACTION, answer="change", change="Wait!")
    assert "take your letter back" in page
    assert "Wait!" in page
    assert "Is your question right" not in page
    assert "Is your question right" not in asked.open().page


def test_a_letter_that_came_to_its_end_is_not_asked_any_more(asked: Asked) -> None:
    Letter.objects.update(status=LetterStatus.DECLINED)
    page = asked.open().page
    assert "Is your question right" not in page
    assert QUESTION in page, "it stays in what was said"


def test_hostile_words_come_back_escaped(clock: Clock, column: Column, author: User, keys: vault.Vault) -> None:
    attack = "</textarea><script>alert(1)</script> [x](javascript:alert(1)) ![x](https://elsewhere.example/x.png)"
    made = ask(column, author, keys, question=f"{attack} and I wonder.", text=f"{attack} and more words of a letter.")
    clock.move_to(MORNING + DAY)
    reader = made.open()
    reader.press(ACTION, answer="publish", change=attack)
    reader.press(ACTION, answer="change", change=attack)
    assert "<script>alert" not in reader.page
    assert "javascript:alert" not in "".join(re.findall(r'href="[^"]*"', reader.page))
    assert "<img" not in reader.page


def test_a_closed_letter_shows_the_words_again(asked: Asked, clock: Clock) -> None:
    reader = asked.open()
    clock.move_to(MORNING + DAY + dt.timedelta(minutes=31))
    page = reader.press(ACTION, answer="change", change="Take out the spring.")
    assert reader.response.status_code == 400
    assert "Your letter has closed" in page
    assert "Take out the spring." in page
    assert Message.objects.count() == 1


def test_a_letter_of_another_column_is_not_open_here(asked: Asked, other_column: Column) -> None:
    fields = {**forms(asked.open().page)[f"/plain/{ACTION}"], "answer": "publish"}
    assert "Your letter has closed" in Reader("elsewhere").post(ACTION, fields)
    assert Message.objects.count() == 1


def test_somebody_elses_question_is_not_answered_with_ones_own_letter(asked: Asked, column: Column) -> None:
    other = factories.take_letter(column, at=MORNING)
    reader = asked.open()
    fields = {**forms(reader.page)[f"/plain/{ACTION}"], "answer": "publish"}
    reader.open_letter(other.receipt)
    fields["token"] = forms(reader.page)["/plain/letter/reply/"]["token"]
    assert "There is a newer text for you." in reader.post(ACTION, fields)
    assert Message.objects.count() == 1


def test_opened_without_a_form_leads_to_the_receipt(column: Column) -> None:
    reader = Reader()
    reader.open(ACTION)
    assert reader.response.headers["Location"] == "/plain/letter/"


def test_another_sites_form_is_refused(column: Column) -> None:
    reader = Reader()
    reader.post(ACTION, {}, headers={"sec-fetch-site": "cross-site"})
    assert reader.response.status_code == 403


def test_wrong_method_is_refused(column: Column) -> None:
    assert Client().put(f"/plain/{ACTION}").status_code == 405
