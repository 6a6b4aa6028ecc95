"""The table alone says where a verb is allowed: nothing that moves no letter is done outside the sources of its row."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from django.db import transaction

from columns.models import Column
from inbox.editorial import bundle_store, decisions, writer_approval
from inbox.keys import vault
from inbox.letters import screened, undo, writer_acts
from inbox.models import Consent, Draft, Letter, LetterEvent, Message, SecondLook, User, guards
from inbox.models.outgoing import WAITS, due_at, is_held_back
from inbox.workflow import (
    AT_WORK,
    DRAFT_ACTS,
    LETTER_ACTS,
    LETTER_MOVES,
    LETTER_VERBS,
    WITH_WORDS,
    AlreadyMoved,
    DraftStatus,
    LetterStatus,
    NotAllowed,
    Wait,
)
from tests import factories


@dataclass(frozen=True)
class Scene:
    by: User
    at: dt.datetime
    keys: vault.Vault

    def marks(self, letter: Letter, verb: str) -> None:
        # every letter made here has a topic, which is removed
        values = {"topic": None, "give": self.by.pk, "wait": self.at.date(), "limit": 3}
        letter.mark(verb, values[verb], by=self.by, at=self.at)

    def records(self, letter: Letter, verb: str) -> None:
        letter.record(verb, by=self.by, at=self.at)

    def urgent(self, letter: Letter, verb: str) -> None:
        letter.mark_urgent(by=self.by, at=self.at, urgent=verb == "mark_urgent")

    def asks(self, letter: Letter, verb: str) -> None:
        if verb == "ask":
            decisions.ask(letter, "Since when?", by=self.by, at=self.at)
        else:
            letter.ask("A question", kind=Message.Kind.APPROVAL, verb=verb, by=self.by, at=self.at)

    def notes(self, letter: Letter, verb: str) -> None:
        letter.note("Seen before.", by=self.by, at=self.at)

    def denies(self, letter: Letter, verb: str) -> None:
        screened.not_so(letter, (), by=self.by, at=self.at, keys=self.keys)

    def agrees(self, letter: Letter, verb: str) -> None:
        other = factories.make_user(f"other{uuid.uuid4().hex[:8]}")
        letter.second_looks.filter(agreed=None).delete()
        SecondLook.objects.create(letter=letter, declined_by=other, asked_on=self.at.date())
        decisions.look_again(letter, agree=True, by=self.by, at=self.at, keys=self.keys)

    def leaves_out(self, letter: Letter, verb: str) -> None:
        bundle_store.leave_out([letter], by=self.by, at=self.at)

    def writes_back(self, letter: Letter, verb: str) -> None:
        writer_acts.write_back(letter, "One thing more.", at=self.at)

    def answers(self, letter: Letter, verb: str) -> None:
        if verb == "approve_text":
            writer_approval.approve(letter, uuid.uuid4(), at=self.at, keys=self.keys)
        else:
            writer_approval.correct(letter, uuid.uuid4(), "No.", at=self.at, keys=self.keys)

    def allows(self, letter: Letter, verb: str) -> None:
        letter.allow(Consent.PRIVATE, at=self.at)

    def changes_code(self, letter: Letter, verb: str) -> None:
        letter.change_code(index="0" * 64, public=bytes(32), at=self.at)

    def forgets(self, letter: Letter, verb: str) -> None:
        letter.forget(at=self.at)


#: How each verb is done that moves nothing; where it is an act on bundles, the event that the act writes.
ACTS: dict[str, Callable[[Scene, Letter, str], None]] = {
    **dict.fromkeys(("mark_urgent", "unmark_urgent"), Scene.urgent),
    **dict.fromkeys(("ask", "proof"), Scene.asks),
    **dict.fromkeys(("topic", "give", "wait", "limit"), Scene.marks),
    **dict.fromkeys(("join", "split", "lead", "receive"), Scene.records),
    "note": Scene.notes,
    "not_so": Scene.denies,
    "agree": Scene.agrees,
    "left_out": Scene.leaves_out,
    "write_back": Scene.writes_back,
    **dict.fromkeys(("approve_text", "correct_text"), Scene.answers),
    "allow": Scene.allows,
    "change_code": Scene.changes_code,
    "forget": Scene.forgets,
}
#: Written by the undo of a move, whose guard is the status that the move led to.
BY_UNDO = "undo_decline"


@pytest.fixture
def scene(moderator: User, at: dt.datetime, keys: vault.Vault) -> Scene:
    return Scene(moderator, at, keys)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever the block writes is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_every_verb_that_moves_nothing_is_tried_here() -> None:
    assert set(ACTS) | {BY_UNDO} == set(LETTER_ACTS)


@pytest.mark.parametrize("status", list(DraftStatus))
def test_no_act_on_a_draft_is_written_outside_its_sources(
    column: Column, author: User, at: dt.datetime, status: DraftStatus
) -> None:
    made = factories.make_draft(column, status)
    before = made.events.count()
    for verb, row in DRAFT_ACTS.items():
        with undone():
            draft = Draft.objects.get(pk=made.pk)
            if verb == "erase":
                assert row.sources == frozenset(DraftStatus)
            elif status in row.sources:
                draft.act(verb, by=author, at=at)
                assert draft.events.count() == before + 1
            else:
                with pytest.raises(NotAllowed, match=r"\.$"):
                    draft.act(verb, by=author, at=at)
                assert draft.events.count() == before, verb


@pytest.mark.parametrize("status", list(LetterStatus))
def test_no_verb_is_done_outside_its_sources(column: Column, scene: Scene, status: LetterStatus) -> None:
    made = factories.make_letter(column, status)
    before = list(LetterEvent.objects.filter(letter=made).values_list("verb", flat=True))
    for verb, act in ACTS.items():
        letter = Letter.objects.get(pk=made.pk)
        if status in LETTER_ACTS[verb].sources:
            letter.refuse_unless(verb)
            continue
        with undone(), pytest.raises(NotAllowed, match=r"\.$"):
            act(scene, letter, verb)
        assert list(LetterEvent.objects.filter(letter=made).values_list("verb", flat=True)) == before, verb
    assert Letter.objects.get(pk=made.pk).status == status


@pytest.mark.databases
@pytest.mark.parametrize("verb", sorted(set(ACTS) - {"forget"}))
def test_a_letter_that_got_another_status_since_it_was_read_is_left_alone(
    column: Column, scene: Scene, verb: str
) -> None:
    """The condition is part of the UPDATE, for every verb but that of the sweep that finds the letters itself."""
    row = LETTER_ACTS[verb]
    made = factories.make_letter(column, min(row.sources - {LetterStatus.RECEIVED}, default=LetterStatus.RECEIVED))
    for status in sorted(set(LetterStatus) - row.sources - {LetterStatus.ERASED}):
        with undone():
            letter = Letter.objects.get(pk=made.pk)
            Letter.objects.filter(pk=made.pk).update(status=status)
            with pytest.raises(AlreadyMoved):
                ACTS[verb](scene, letter, verb)
            assert not LetterEvent.objects.filter(letter=made, verb=verb).exclude(verb="receive").exists()


def test_a_row_that_is_changed_changes_the_guard(column: Column, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = factories.make_letter(column)
    row = replace(LETTER_ACTS["note"], sources=frozenset({LetterStatus.HELD}))
    monkeypatch.setitem(LETTER_ACTS, "note", row)
    with pytest.raises(NotAllowed, match="This cannot be done with a letter that is received"):
        scene.notes(letter, "note")
    refused = {LetterStatus.RECEIVED: "Hold %(letter)s first."}
    monkeypatch.setitem(LETTER_ACTS, "note", replace(row, refused=refused))
    with pytest.raises(NotAllowed, match=f"Hold {letter.label} first"):
        scene.notes(letter, "note")
    letter.hold(by=scene.by, at=scene.at)
    scene.notes(letter, "note")


def test_a_stopped_decline_is_written_only_for_what_is_declined(column: Column, scene: Scene) -> None:
    letter = factories.make_letter(column)
    event = decisions.decline(letter, "We are sorry.", by=scene.by, at=scene.at)
    for status in set(LetterStatus) - LETTER_ACTS[BY_UNDO].sources:
        with undone():
            Letter.objects.filter(pk=letter.pk).update(status=status)
            with pytest.raises(AlreadyMoved):
                undo.stop(letter, event, by=scene.by, at=scene.at)
            assert not LetterEvent.objects.filter(verb=BY_UNDO).exists()


@pytest.mark.parametrize("status", sorted(LetterStatus))
def test_what_takes_an_act_back_needs_the_words(status: LetterStatus) -> None:
    assert (guards.why_not(guards.row_of("undo_note"), status) == "") == (status in WITH_WORDS)


def test_what_is_in_no_table_is_refused_in_every_status() -> None:
    for verb in ("fly", "undo_fly"):
        with pytest.raises(KeyError):
            guards.row_of(verb)


def test_a_refusal_is_said_only_outside_the_sources() -> None:
    for verb, row in LETTER_VERBS.items():
        assert not row.refused.keys() & row.sources, verb
        assert all(words.endswith(".") for words in row.refused.values()), verb


def test_how_long_a_decision_waits_is_in_its_row(at: dt.datetime) -> None:
    tomorrow = dt.datetime.combine(at.date() + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)
    for verb, row in LETTER_VERBS.items():
        assert due_at(verb, at) == (tomorrow if row.wait == Wait.DAY else at + WAITS), verb
    # a time would lead from a letter to its draft
    assert {verb for verb, row in LETTER_VERBS.items() if row.wait == Wait.DAY} == {"answer", "unanswer", "proof"}
    articles = {verb for verb, move in LETTER_MOVES.items() if move.wait == Wait.NONE}
    assert articles == {"publish", "unpublish"}
    for verb, move in LETTER_MOVES.items():
        held_back = {is_held_back(verb, source) for source in move.sources}
        assert (held_back == {False}) == (verb in articles | {"hold", "release"}), verb


def test_letters_are_being_answered_while_their_draft_can_be_shelved() -> None:
    assert frozenset({DraftStatus.WRITING, DraftStatus.IN_REVIEW, DraftStatus.APPROVED}) == AT_WORK
