"""Every decision of the desk about a letter, from every place where the table has it: done and taken back. Nothing of
the letter is otherwise than before but the lines of its trail. What has no way back is named here, with the reason."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from columns.models import Column, Topic
from inbox.editorial import bundle_store, bundles, decisions, drafts, writer_approval
from inbox.keys import vault
from inbox.letters import screened, undo, writer_acts
from inbox.models import Arrival, Letter, LetterEvent, Need, Note, Outgoing, SealedKey, SecondLook, User
from inbox.triage import assignment
from inbox.workflow import DRAFT_MOVES, LETTER_MOVES, LETTER_VERBS, AlreadyMoved, DraftStatus, LetterStatus, NotAllowed
from tests import factories

S = LetterStatus
MINUTE = dt.timedelta(minutes=1)
WORDS = "We cannot take it up, and we are sorry."


@dataclass(frozen=True)
class Desk:
    """Who decides, when, and with which keys; ``colleague``: whoever did what came before."""

    by: User
    colleague: User
    at: dt.datetime
    keys: vault.Vault

    @property
    def act(self) -> dict[str, Any]:
        return {"by": self.by, "at": self.at}

    @property
    def opening(self) -> dict[str, Any]:
        return {**self.act, "keys": self.keys}


Do = Callable[[Letter, Desk], LetterEvent]
Before = Callable[[Letter, Desk], object]


def in_a_week(desk: Desk) -> dt.date:
    return desk.at.date() + dt.timedelta(days=7)


def topic(name: str) -> int:
    return int(Topic.objects.get(slug=name).pk)


def draft(letter: Letter, desk: Desk) -> Any:
    return drafts.draft_of(letter, desk.keys)


def other(letter: Letter) -> Letter:
    return factories.make_letter(letter.column)


def urgent(letter: Letter, desk: Desk) -> None:
    letter.mark_urgent(by=desk.colleague, at=desk.at, urgent=True)


def wrote_of_danger(letter: Letter, desk: Desk) -> None:
    writer_acts.write_back(letter, "Some nights I think about ending my life.", at=desk.at)
    letter.refresh_from_db()


def read_today(letter: Letter, desk: Desk) -> None:
    letter.mark_need(Need.TODAY, by=desk.colleague, at=desk.at)


def declined_just_now(letter: Letter, desk: Desk) -> None:
    decisions.decline(letter, WORDS, by=desk.colleague, at=desk.at)


def urgent_and_declined(letter: Letter, desk: Desk) -> None:
    urgent(letter, desk)
    declined_just_now(letter, desk)


def declined_and_out(letter: Letter, desk: Desk) -> None:
    urgent_and_declined(letter, desk)
    factories.ten_minutes_pass()


def together(letter: Letter, desk: Desk) -> None:
    bundles.join(other(letter), [letter, other(letter)], by=desk.colleague, at=desk.at, keys=desk.keys)


def nothing(letter: Letter, desk: Desk) -> None:
    pass


#: Each decision, by the verb of its event; for moves, what is done from each place where the table has them.
MOVES: dict[str, Do] = {
    "shortlist": lambda letter, desk: letter.shortlist(**desk.act),
    "hold": lambda letter, desk: letter.hold(**desk.act, until=in_a_week(desk)),
    "release": lambda letter, desk: letter.release(**desk.act),
    "put_back": lambda letter, desk: letter.put_back(**desk.act),
    "decline": lambda letter, desk: decisions.decline(letter, WORDS, **desk.act),
    "reply": lambda letter, desk: decisions.reply(letter, "Nothing is wrong.", **desk.opening),
    "point": lambda letter, desk: decisions.point(letter, "It is in the column already.", **desk.act),
    "reopen": lambda letter, desk: decisions.reopen(letter, **desk.opening),
}
#: What moves nothing, or moves by another way: the verb of the event, what comes before, what is done.
OTHERS: list[tuple[str, LetterStatus, Before, Do]] = [
    ("hold", S.RECEIVED, nothing, lambda letter, desk: letter.hold(**desk.act)),
    ("decline", S.RECEIVED, urgent, MOVES["decline"]),
    ("undo_decline", S.RECEIVED, declined_just_now, MOVES["reopen"]),
    ("undo_decline", S.HELD, urgent_and_declined, MOVES["reopen"]),
    ("undo_decline", S.SHORTLISTED, declined_just_now, MOVES["reopen"]),
    (
        "undo_decline",
        S.RECEIVED,
        urgent_and_declined,
        lambda letter, desk: decisions.look_again(letter, agree=False, **desk.opening),
    ),
    (
        "reopen",
        S.RECEIVED,
        declined_and_out,
        lambda letter, desk: decisions.look_again(letter, agree=False, **desk.opening),
    ),
    ("reopen", S.RECEIVED, declined_and_out, MOVES["reopen"]),
    (
        "agree",
        S.RECEIVED,
        declined_and_out,
        lambda letter, desk: decisions.look_again(letter, agree=True, **desk.opening),
    ),
    ("mark_urgent", S.RECEIVED, nothing, lambda letter, desk: letter.mark_urgent(**desk.act, urgent=True)),
    ("unmark_urgent", S.RECEIVED, urgent, lambda letter, desk: letter.mark_urgent(**desk.act, urgent=False)),
    ("topic", S.RECEIVED, nothing, lambda letter, desk: letter.mark("topic", topic("desire"), **desk.act)),
    ("topic", S.DECLINED, nothing, lambda letter, desk: letter.mark("topic", None, **desk.act)),
    ("give", S.RECEIVED, nothing, lambda letter, desk: letter.mark("give", desk.by.pk, **desk.act)),
    (
        "give",
        S.RECEIVED,
        lambda letter, desk: letter.mark("give", desk.by.pk, by=desk.by, at=desk.at),
        lambda letter, desk: assignment.reassign(letter.column, desk.by, desk.colleague, **desk.act)[0],
    ),
    ("wait", S.HELD, nothing, lambda letter, desk: letter.mark("wait", in_a_week(desk), **desk.act)),
    ("limit", S.RECEIVED, nothing, lambda letter, desk: letter.mark("limit", 1, **desk.act)),
    (
        "note",
        S.RECEIVED,
        lambda letter, desk: letter.note("Another.", by=desk.by, at=desk.at),
        lambda letter, desk: LetterEvent.objects.get(pk=letter.note("Ask Maren.", **desk.act).pk),
    ),
    (
        "not_so",
        S.RECEIVED,
        wrote_of_danger,
        lambda letter, desk: screened.not_so(letter, (), **desk.opening),
    ),
    ("unmark_urgent", S.RECEIVED, wrote_of_danger, lambda letter, desk: letter.mark_urgent(**desk.act, urgent=False)),
    ("mark_urgent", S.RECEIVED, read_today, lambda letter, desk: letter.mark_urgent(**desk.act, urgent=True)),
    ("unmark_urgent", S.RECEIVED, read_today, lambda letter, desk: letter.mark_urgent(**desk.act, urgent=False)),
    ("ask", S.RECEIVED, nothing, lambda letter, desk: decisions.ask(letter, "Since when?", **desk.act)),
    ("ask", S.ANSWERING, nothing, lambda letter, desk: decisions.ask(letter, "Since when?", **desk.act)),
    (
        "proof",
        S.ANSWERING,
        nothing,
        lambda letter, desk: writer_approval.show(draft(letter, desk), letter, **desk.opening),
    ),
    (
        "join",
        S.RECEIVED,
        nothing,
        lambda letter, desk: bundles.join(letter, [other(letter)], **desk.opening).events[0],
    ),
    (
        "join",
        S.RECEIVED,
        together,
        lambda letter, desk: bundles.join(letter, [other(letter)], **desk.opening).events[0],
    ),
    ("split", S.RECEIVED, together, lambda letter, desk: bundles.split(letter, **desk.opening).events[0]),
    ("lead", S.RECEIVED, together, lambda letter, desk: bundles.lead(letter, **desk.opening).events[0]),
]
EVERY = [
    *((verb, source, nothing, MOVES[verb]) for verb in MOVES for source in sorted(LETTER_MOVES[verb].sources)),
    *OTHERS,
]

#: What has no way back from the inbox, and why.
LEFT_OUT = {
    "answer": "a draft begins with it: the letter is taken out of the draft, or the draft shelved, which is 'unanswer'",
    "unanswer": "follows from an act at a draft, and is taken back there: the letter is put into a draft again",
    "publish": "follows from publishing a draft; taking the article down has a page of its own",
    "unpublish": "follows from stopping or taking down an article, whose words are gone",
    "left_out": "follows from beginning a draft: its answer is public, and this letter's may not be",
    "receive": "the writer's",
    "write_back": "the writer's",
    "approve_text": "the writer's",
    "correct_text": "the writer's",
    "allow": "the writer's",
    "change_code": "the writer's",
    "withdraw": "the writer's: every word is erased at once, and that is the promise",
    "erase": "the end of its time: every word is erased",
    "forget": "follows from a withdrawal: what drafts had copied is erased",
}
#: Moves of a draft that no other move of the table leads back from, and why.
ONE_WAY = {
    "go_live": "time does it; what is out is taken down",
    "not_live": "a sweep does it; go_live follows when its time has come",
    "take_down": "the words of the article are gone in the same act; the draft is written anew and approved anew",
    "write_anew": "begins a version of its own, and nothing is lost by it; it is shelved",
}


def state(letter: Letter, desk: Desk) -> dict[str, Any]:
    """Everything that is kept of a letter, opened, but its trail and what counts it."""
    row: dict[str, Any] = dict(Letter.objects.filter(pk=letter.pk).values().get())
    for counted in ("events_count", "quiet_since"):
        del row[counted]
    now = Letter.objects.select_related("column").get(pk=letter.pk)
    said, notes = list(now.messages.order_by("number")), list(now.notes.order_by("pk"))
    words = desk.keys.open_many([now, *said, *notes])
    kept = SealedKey.objects.filter(item__in=[now.pk, *(one.pk for one in [*said, *notes])])
    lying = bundle_store.of(now.column, desk.keys).get(now.pk)
    answered = drafts.draft_of(now, desk.keys)
    return {
        **row,
        "words": words[now.pk],
        "messages": [(one.kind, one.number, one.on, words.get(one.pk)) for one in said],
        "notes": sorted((str(words[one.pk]["text"]), one.by_id, one.on) for one in notes),
        "keys": Counter(kept.values_list("key_id", flat=True)),
        # without the minute at which it was raised, which is dropped with the first mark that it is not urgent
        "all keys": SealedKey.objects.count() - Arrival.objects.count(),
        "outbox": list(
            Outgoing.objects.filter(letter=now)
            .order_by("due_at", "pk")
            .values_list("event__verb", "before", "message__kind", "message__number")
        ),
        "notices": list(now.notices.values_list("kind", "due_on", "sent_on")),
        "looks": list(now.second_looks.values_list("declined_by", "asked_on", "by", "agreed", "looked_on")),
        "bundle": (lying.bundle, lying.ids) if lying else None,
        "draft": (answered.pk, answered.status, drafts.letter_ids(answered.bundle, desk.keys)) if answered else None,
        "seen by its writer": now.seen_by_writer(desk.at),
    }


@pytest.fixture
def desk(moderator: User, author: User, at: dt.datetime, keys: vault.Vault) -> Desk:
    return Desk(by=moderator, colleague=author, at=at, keys=keys)


@pytest.fixture(autouse=True)
def no_lot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda most: 1)


def named(one: tuple[str, LetterStatus, Before, Do]) -> str:
    verb, source, before, _ = one
    return f"{verb} from {source}{'' if before is nothing else ' later'}"


@pytest.mark.parametrize("one", EVERY, ids=named)
def test_a_decision_that_is_taken_back_leaves_nothing_but_lines_of_the_trail(
    one: tuple[str, LetterStatus, Before, Do], column: Column, desk: Desk
) -> None:
    verb, source, comes_before, do = one
    letter = factories.make_letter(column, source, at=desk.at, email="somebody.private@example.org")
    comes_before(letter, desk)
    before, trail = state(letter, desk), letter.events.count()
    event = do(letter, desk)
    assert event.verb == verb
    assert event.letter_id == letter.pk
    assert undo.can_be_undone(verb)
    assert {**state(letter, desk), "all keys": 0} != {**before, "all keys": 0}
    decisions.undo(Letter.objects.get(pk=letter.pk), event, by=desk.by, at=desk.at + 9 * MINUTE, keys=desk.keys)
    after = state(letter, desk)
    if verb == "join":  # the letter that it was put together with came meanwhile
        before["all keys"] = after["all keys"]
    assert after == before
    assert letter.events.count() > trail
    assert [line.number for line in letter.events.all()] == list(range(1, letter.events.count() + 1))


def test_every_act_on_a_letter_has_its_way_back_or_a_reason_why_not() -> None:
    walked = {verb for verb, *_ in EVERY}
    assert set(MOVES) | set(LEFT_OUT) >= set(LETTER_MOVES)
    assert walked | set(LEFT_OUT) == set(LETTER_VERBS)
    assert not walked & set(LEFT_OUT)
    assert all(undo.can_be_undone(verb) for verb in walked)
    assert not any(undo.can_be_undone(verb) for verb in LEFT_OUT)


def test_every_move_of_a_draft_has_its_way_back_or_a_reason_why_not() -> None:
    for verb, move in DRAFT_MOVES.items():
        back = DRAFT_MOVES.get(move.undo)
        assert (back is None) == (verb in ONE_WAY), verb
        if back is not None:
            assert move.target in back.sources, verb
    assert DraftStatus.TAKEN_DOWN in DRAFT_MOVES["write_anew"].sources


# --- ways back that the walk shows once, in more detail ---------------------------------------------------------------


def test_a_stopped_decline_says_what_it_said_and_asks_for_the_same_second_look(column: Column, desk: Desk) -> None:
    letter = factories.make_letter(column, at=desk.at)
    urgent_and_declined(letter, desk)
    stopped = decisions.reopen(letter, **desk.opening)
    assert letter.messages.count() == 0
    assert WORDS in str(desk.keys.open(letter.notes.get())["text"])
    back = decisions.undo(letter, stopped, **desk.opening)
    assert (back.verb, back.by) == ("decline", desk.by)
    assert SecondLook.objects.get().declined_by == desk.colleague
    assert not Note.objects.exists()
    # and that one is a decision like every other
    decisions.undo(letter, back, **desk.opening)
    assert letter.messages.count() == 0
    assert Letter.objects.get(pk=letter.pk).status == S.RECEIVED


def test_a_stopped_decline_is_not_declined_after_all_by_somebody_else_or_when_something_followed(
    column: Column, desk: Desk
) -> None:
    letter = factories.make_letter(column, at=desk.at)
    declined_just_now(letter, desk)
    stopped = decisions.reopen(letter, **desk.opening)
    with pytest.raises(NotAllowed, match="Somebody else"):
        decisions.undo(letter, stopped, **{**desk.opening, "by": desk.colleague})
    held = letter.hold(**desk.act)
    with pytest.raises(AlreadyMoved, match="decided since"):
        decisions.undo(Letter.objects.get(pk=letter.pk), stopped, **desk.opening)
    assert Letter.objects.get(pk=letter.pk).status == S.HELD
    assert not letter.messages.exists()
    decisions.undo(letter, held, **desk.opening)
    Note.objects.all().delete()
    with pytest.raises(NotAllowed, match="declined anew"):
        decisions.undo(Letter.objects.get(pk=letter.pk), stopped, **desk.opening)


def test_of_two_notes_and_two_questions_the_one_that_was_meant_goes(column: Column, desk: Desk) -> None:
    letter = factories.make_letter(column, at=desk.at)
    first, second = (LetterEvent.objects.get(pk=letter.note(text, **desk.act).pk) for text in ("One.", "Two."))
    decisions.undo(letter, first, **desk.opening)
    assert [desk.keys.open(note)["text"] for note in letter.notes.all()] == ["Two."]
    with pytest.raises(AlreadyMoved, match="not kept"):
        decisions.undo(letter, first, **desk.opening)
    decisions.undo(letter, second, **desk.opening)
    assert not letter.notes.exists()
    first, second = (decisions.ask(letter, text, **desk.act) for text in ("One?", "Two?"))
    decisions.undo(letter, first, **desk.opening)
    assert [desk.keys.open(said)["text"] for said in letter.messages.all()] == ["Two?"]
