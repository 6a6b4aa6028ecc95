"""The edited question between desk and writer: asked, approved, corrected, left without an answer."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from columns.models import Column
from inbox.editorial import decisions, draft_case, drafts, publishing, writer_approval
from inbox.editorial.writer_approval import ApprovalStatus
from inbox.keys import vault
from inbox.letters import intake, notices, outbox, writer_acts
from inbox.letters.intake import Taken
from inbox.models import Consent, Draft, DraftEvent, Letter, Message, Notice, Outgoing, User
from inbox.workflow import AlreadyMoved, DraftStatus, LetterStatus, NotAllowed
from tests import factories
from tests.approval_scene import DAY, QUESTION, Scene, approval_of, approved_draft, rewrite, scene_of


@pytest.fixture
def scene(column: Column, author: User, at: dt.datetime, keys: vault.Vault) -> Scene:
    return scene_of(column, author, at, keys)


# --- asking ---------------------------------------------------------------------------------------------------------


def test_the_writer_is_shown_it_when_the_day_is_over(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    scene.show(at, keys)
    message = Message.objects.get()
    expected = {
        "text": QUESTION,
        "pen_name": "Awake",
        "sha256": writer_approval.sha256(QUESTION),
        "on": (at.date() + DAY).isoformat(),
    }
    assert message.on == at.date() + DAY
    assert keys.open(message) == scene.writer.open(message) == expected
    assert Outgoing.objects.get().due_at == dt.datetime.combine(at.date() + DAY, dt.time(), tzinfo=dt.UTC)
    assert writer_approval.shown_to_writer(scene.letter, scene.writer, at).status == ApprovalStatus.NEVER
    assert writer_approval.shown_to_writer(scene.letter, scene.writer, at + DAY).status == ApprovalStatus.WAITING
    assert approval_of(scene.letter, keys, at).status == ApprovalStatus.WAITING
    event = factories.opened(scene.letter.events.all())[-1]
    assert (event.verb, event.by) == ("proof", scene.by)


def test_a_mail_that_says_nothing_is_owed_for_then(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    scene.show(at, keys)
    assert Notice.objects.get().due_on == at.date() + DAY
    assert notices.send_due(at=at) == 0
    outbox.let_go(at=at + DAY)
    assert notices.send_due(at=at + DAY) == 1
    sent = mail.outbox[0]
    assert sent.to == ["somebody.private@example.org"]
    assert QUESTION not in str(sent.body)
    assert "asleep" not in str(sent.subject)


def test_nothing_of_the_draft_says_that_its_writer_was_asked(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    """Else its time would join the draft with the letter."""
    before = DraftEvent.objects.count(), Draft.objects.values().get()
    scene.show(at + dt.timedelta(minutes=7), keys)
    assert (DraftEvent.objects.count(), Draft.objects.values().get()) == before


def test_it_can_be_taken_back_until_then(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    event = writer_approval.show(scene.draft, scene.letter, by=scene.by, at=at, keys=keys)
    decisions.undo(scene.letter, event, by=scene.by, at=at, keys=keys)
    assert not Message.objects.exists()
    assert not Outgoing.objects.exists()
    assert not Notice.objects.exists()
    assert approval_of(scene.letter, keys, at).status == ApprovalStatus.NEVER
    assert writer_approval.obstacles(draft_case.of(scene.draft, keys), at=at) == []


def test_it_cannot_be_taken_back_afterwards(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    event = writer_approval.show(scene.draft, scene.letter, by=scene.by, at=at, keys=keys)
    with pytest.raises(NotAllowed, match="gone out"):
        decisions.undo(scene.letter, event, by=scene.by, at=at + DAY, keys=keys)


def test_the_very_same_words_are_not_shown_twice(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    message = scene.show(at, keys)
    with pytest.raises(AlreadyMoved, match="have it already"):
        scene.show(at, keys)
    writer_approval.approve(scene.letter, message, at=at + DAY, keys=scene.writer)
    with pytest.raises(AlreadyMoved, match="said yes"):
        scene.show(at + DAY, keys)
    assert Message.objects.filter(kind=Message.Kind.APPROVAL).count() == 1
    rewrite(scene, at, pen_name="Another")
    scene.show(at + DAY, keys)


def test_those_who_did_not_answer_can_be_asked_once_more(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    scene.show(at, keys)
    late = at + 20 * DAY
    assert approval_of(scene.letter, keys, late).status == ApprovalStatus.SILENT
    scene.show(late, keys)
    assert approval_of(scene.letter, keys, late).status == ApprovalStatus.WAITING


def test_a_letter_of_another_draft_is_not_shown_it(
    scene: Scene, column: Column, at: dt.datetime, keys: vault.Vault
) -> None:
    other = factories.make_letter(column, LetterStatus.ANSWERING)
    with pytest.raises(NotAllowed, match="does not answer that letter"):
        writer_approval.show(scene.draft, other, by=scene.by, at=at, keys=keys)


def test_each_letter_of_a_draft_can_be_asked(scene: Scene, column: Column, at: dt.datetime, keys: vault.Vault) -> None:
    second = factories.make_letter(column, LetterStatus.SHORTLISTED)
    drafts.join(scene.draft, [second], by=scene.by, at=at, keys=keys)
    writer_approval.show(scene.draft, second, by=scene.by, at=at, keys=keys)
    assert [approval_of(letter, keys, at).status for letter in (scene.letter, second)] == [
        ApprovalStatus.NEVER,
        ApprovalStatus.WAITING,
    ]
    assert [
        second.label in sentence for sentence in writer_approval.obstacles(draft_case.of(scene.draft, keys), at=at)
    ] == [True]


def test_a_private_letter_is_not_asked(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    writer_acts.allow(Letter.objects.get(), Consent.PRIVATE, at=at)
    with pytest.raises(NotAllowed, match="private answer only"):
        scene.show(at, keys)
    assert not Message.objects.exists()


@pytest.mark.parametrize("question", ["", " \n", "a" * 16_001])
def test_what_is_no_question_is_not_shown(scene: Scene, at: dt.datetime, keys: vault.Vault, question: str) -> None:
    rewrite(scene, at, question=question)
    with pytest.raises(NotAllowed):
        scene.show(at, keys)


@pytest.mark.parametrize("status", [DraftStatus.SHELVED, DraftStatus.SCHEDULED, DraftStatus.PUBLISHED])
def test_a_draft_that_is_not_at_work_shows_nothing(
    column: Column, author: User, at: dt.datetime, keys: vault.Vault, status: DraftStatus
) -> None:
    draft = factories.make_draft(column, status, at=at)
    with pytest.raises(NotAllowed, match="not at work"):
        writer_approval.show(draft, drafts.letters(draft, keys)[0], by=author, at=at, keys=keys)


def test_a_letter_that_is_not_being_answered_is_not_asked(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    """However it came to stand elsewhere while the draft still names it."""
    Letter.objects.update(status=LetterStatus.SHORTLISTED)
    with pytest.raises(AlreadyMoved, match="not being answered now"):
        scene.show(at, keys)
    scene.letter.refresh_from_db(fields=["status"])
    with pytest.raises(NotAllowed, match="not being answered now"):
        scene.show(at, keys)
    assert not Message.objects.exists()


def test_while_it_waits_it_holds_no_other_news_back(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    """A private answer that came after it is out after its ten minutes, and so is where the letter stands with it."""
    at = at.replace(hour=9)
    scene.show(at, keys)
    letter = Letter.objects.get()
    letter.column = scene.draft.column
    decisions.reply(letter, "Nothing is wrong.", by=scene.by, at=at, keys=keys)
    assert letter.seen_by_writer(at) == LetterStatus.ANSWERING
    assert letter.seen_by_writer(at + dt.timedelta(minutes=11)) == LetterStatus.REPLIED


def test_a_letter_withdrawn_at_that_moment_is_not_asked(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    writer_acts.withdraw(Letter.objects.get(), scene.writer, at=at)
    with pytest.raises(AlreadyMoved):
        scene.show(at, keys)
    assert not Message.objects.exists()
    assert not Notice.objects.exists()


# --- answering ------------------------------------------------------------------------------------------------------


def test_a_yes_names_what_it_is_to(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    message = scene.show(at, keys)
    writer_approval.approve(scene.letter, message, at=at + DAY, keys=scene.writer)
    answer = Message.objects.get(kind=Message.Kind.APPROVED)
    said = {"text": writer_approval.APPROVAL, "proof": str(message), "sha256": writer_approval.sha256(QUESTION)}
    said["on"] = (at.date() + DAY).isoformat()
    assert keys.open(answer) == scene.writer.open(answer) == {**said, "findings": []}
    approval = approval_of(scene.letter, keys, at + DAY)
    assert (approval.status, approval.sha256, approval.answered_on) == (
        ApprovalStatus.APPROVED,
        writer_approval.sha256(QUESTION),
        at.date() + DAY,
    )
    event = factories.opened(scene.letter.events.all())[-1]
    assert (event.verb, event.actor, event.by) == ("approve_text", "writer", None)
    assert Letter.objects.get().newest == Message.Kind.APPROVED


def test_a_wish_for_a_change_is_kept_in_their_words(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    message = scene.show(at, keys)
    writer_approval.correct(scene.letter, message, "Not “asleep”: tired.", at=at + DAY, keys=scene.writer)
    approval = approval_of(scene.letter, keys, at + DAY)
    assert (approval.status, approval.wish) == (ApprovalStatus.CHANGE, "Not “asleep”: tired.")
    event = factories.opened(scene.letter.events.all())[-1]
    assert (event.verb, event.actor) == ("correct_text", "writer")


def test_the_same_answer_twice_is_one(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    message, later = scene.show(at, keys), at + DAY
    for _ in range(3):
        writer_approval.correct(scene.letter, message, "Shorter.", at=later, keys=scene.writer)
    events = scene.letter.events.count()
    assert Message.objects.count() == 2
    for _ in range(3):
        writer_approval.approve(scene.letter, message, at=later, keys=scene.writer)
    assert Message.objects.count() == 3
    assert scene.letter.events.count() == events + 1
    # back again, from a page that was open all the time: the last word counts
    writer_approval.correct(scene.letter, message, "Shorter.", at=later, keys=scene.writer)
    assert approval_of(scene.letter, keys, later).status == ApprovalStatus.CHANGE


def test_a_first_answer_is_always_taken_and_a_day_has_an_end(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    message, later = scene.show(at, keys), at + DAY
    Letter.objects.update(messages_a_day=1)
    letter = Letter.objects.get()
    writer_acts.write_back(letter, "One thing more.", at=later)
    writer_approval.correct(letter, message, "Shorter.", at=later, keys=scene.writer)
    with pytest.raises(NotAllowed, match="tomorrow"):
        writer_approval.correct(letter, message, "Longer.", at=later, keys=scene.writer)
    writer_approval.correct(letter, message, "Longer.", at=later + DAY, keys=scene.writer)


def test_only_the_newest_that_they_see_is_answered(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    first = scene.show(at, keys)
    rewrite(scene, at, question="Is it normal that nobody talks any more?")
    second, later = scene.show(at + DAY, keys), at + DAY + dt.timedelta(hours=1)
    if later.date() > at.date() + DAY:
        later = at + DAY
    # the second waits in the outbox: of it they know nothing yet
    with pytest.raises(AlreadyMoved, match="newer text"):
        writer_approval.approve(scene.letter, second, at=later, keys=scene.writer)
    writer_approval.approve(scene.letter, first, at=later, keys=scene.writer)
    assert approval_of(scene.letter, keys, later).status == ApprovalStatus.WAITING, (
        "the newest is what counts at the desk"
    )
    with pytest.raises(AlreadyMoved, match="newer text"):
        writer_approval.correct(scene.letter, first, "No.", at=at + 2 * DAY, keys=scene.writer)
    writer_approval.approve(scene.letter, second, at=at + 2 * DAY, keys=scene.writer)
    assert approval_of(scene.letter, keys, at + 2 * DAY).status == ApprovalStatus.APPROVED


def test_a_message_that_is_not_theirs_is_not_answered(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    with pytest.raises(AlreadyMoved):
        writer_approval.approve(scene.letter, uuid.uuid4(), at=at, keys=scene.writer)
    assert not Message.objects.exists()


def test_nothing_is_answered_after_a_withdrawal(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    message = scene.show(at, keys)
    stale = Letter.objects.get()
    writer_acts.withdraw(Letter.objects.get(), scene.writer, at=at + DAY)
    with pytest.raises(NotAllowed, match="took this letter back"):
        writer_approval.approve(Letter.objects.get(), message, at=at + DAY, keys=scene.writer)
    with pytest.raises(AlreadyMoved):
        writer_approval.correct(stale, message, "No.", at=at + DAY, keys=scene.writer)
    assert approval_of(scene.letter, keys, at + DAY).status == ApprovalStatus.NEVER
    assert not Message.objects.exclude(sealed=b"").exists()


def test_nothing_is_answered_once_the_article_is_written(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    message, later = scene.show(at, keys), at + DAY
    writer_approval.approve(scene.letter, message, at=later, keys=scene.writer)
    stale = Letter.objects.get()
    approved_draft(scene, later, keys)
    publishing.publish(scene.draft, by=scene.by, at=later, publish_at=later + 3 * DAY, slug="a", keys=keys)
    for letter, refusal in ((stale, AlreadyMoved), (Letter.objects.get(), NotAllowed)):
        with pytest.raises(refusal, match="take your letter back"):
            writer_approval.correct(letter, message, "Wait!", at=later, keys=scene.writer)
    assert not Message.objects.filter(kind=Message.Kind.CORRECTED).exists()


def test_who_allows_a_private_answer_only_cannot_say_yes(scene: Scene, at: dt.datetime, keys: vault.Vault) -> None:
    message = scene.show(at, keys)
    writer_acts.allow(Letter.objects.get(), Consent.PRIVATE, at=at)
    with pytest.raises(NotAllowed, match="change what you allow"):
        writer_approval.approve(scene.letter, message, at=at + DAY, keys=scene.writer)


def test_what_other_writers_were_shown_goes_with_a_letter_that_is_taken_back(
    scene: Scene, column: Column, at: dt.datetime, keys: vault.Vault
) -> None:
    second = factories.make_letter(column, LetterStatus.SHORTLISTED)
    drafts.join(scene.draft, [second], by=scene.by, at=at, keys=keys)
    writer_approval.show(scene.draft, second, by=scene.by, at=at, keys=keys)
    writer_acts.withdraw(Letter.objects.get(pk=scene.letter.pk), scene.writer, at=at)
    drafts.forget_withdrawn(column, at=at, keys=keys)
    assert keys.open_many(Message.objects.all()) == {}
    assert approval_of(second, keys, at).status == ApprovalStatus.NEVER


# --- the days -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turn:
    pk: int
    kind: str
    on: dt.date
    words: dict[str, str]


SHOWN = Turn(
    1, "proof", dt.date(2026, 3, 1), {"text": QUESTION, "pen_name": "", "sha256": writer_approval.sha256(QUESTION)}
)
ANSWERS = st.lists(st.tuples(st.sampled_from(["approved", "corrected"]), st.sampled_from([1, 2])), max_size=4)


def stands(turns: list[Turn], today: dt.date) -> writer_approval.WriterApproval:
    said: Any = [(turn, turn.words) for turn in turns]
    return writer_approval.approval_by(said, today)


@given(st.integers(min_value=-1, max_value=400))
def test_fourteen_days_are_waited_for_and_the_last_one_counts(days: int) -> None:
    approval = stands([SHOWN], SHOWN.on + days * DAY)
    assert approval.until == dt.date(2026, 3, 15)
    assert approval.status == (ApprovalStatus.WAITING if days <= 14 else ApprovalStatus.SILENT)


@given(ANSWERS, st.integers(min_value=0, max_value=40))
def test_the_last_answer_to_the_newest_counts_on_every_day(answers: list[tuple[str, int]], days: int) -> None:
    newer = replace(SHOWN, pk=2, on=SHOWN.on + DAY)
    turns = [SHOWN, newer]
    turns += [
        Turn(number, kind, newer.on + DAY, {"text": f"wish {number}", "proof": str(message)})
        for number, (kind, message) in enumerate(answers, 3)
    ]
    approval = stands(turns, newer.on + days * DAY)
    mine = [turn for turn in turns[2:] if turn.words["proof"] == "2"]
    if not mine:
        assert approval.status == (ApprovalStatus.WAITING if days <= 14 else ApprovalStatus.SILENT)
        assert (approval.wish, approval.answered_on) == ("", None)
    elif mine[-1].kind == "approved":
        assert (approval.status, approval.wish) == (ApprovalStatus.APPROVED, "")
    else:
        assert (approval.status, approval.wish) == (ApprovalStatus.CHANGE, mine[-1].words["text"])


def test_another_receipt_reads_and_answers_it(scene: Scene, writer: Taken, at: dt.datetime, keys: vault.Vault) -> None:
    """A changed receipt opens the question that was shown before."""
    message = scene.show(at, keys)
    letter = Letter.objects.get(pk=scene.letter.pk)
    taken = scene.writer
    key = taken.private(next(iter(taken.kept())))
    receipt = writer_acts.change_code(letter, key, nonce=intake.new_nonce(), at=at + DAY)
    found, derived = writer_acts.find(receipt)
    assert found is not None
    writer_approval.approve(found, message, at=at + DAY, keys=vault.writer(derived.key))
    assert approval_of(found, keys, at + DAY).status == ApprovalStatus.APPROVED
