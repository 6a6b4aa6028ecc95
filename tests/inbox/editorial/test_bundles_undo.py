"""Acts on bundles taken back: each restores exactly what stood before it, and two people at once lose nothing."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from columns.models import Column
from inbox.editorial import bundle_store, bundles, decisions, drafts
from inbox.keys import vault
from inbox.letters import writer_acts
from inbox.models import Bundle, Letter, LetterEvent, User
from inbox.workflow import AlreadyMoved, LetterStatus, MoveRefused, NotAllowed, Role
from tests import factories, lock_order
from tests.inbox.editorial.test_bundles import Act, partition, state, verbs
from tests.inbox.keys.test_keyring_races import at_once

S = LetterStatus


@pytest.fixture
def letters(column: Column) -> list[Letter]:
    return [factories.make_letter(column) for _ in range(5)]


@pytest.fixture
def act(moderator: User, at: dt.datetime, keys: vault.Vault) -> Act:
    return {"by": moderator, "at": at, "keys": keys}


def test_undoing_a_union_restores_both_bundles_and_their_own_ways_back(
    column: Column, letters: list[Letter], act: Act
) -> None:
    a, b, c, d, e = letters
    one = bundles.join(a, [b], **act)
    led = bundles.lead(b, **act)
    other = bundles.join(c, [d, e], **act)
    before = state(column)
    union = bundles.join(d, [a], **act)
    decisions.undo(a, union.events[-1], **act)
    assert state(column) == before
    decisions.undo(c, other.events[0], **act)
    decisions.undo(b, led.events[0], **act)
    assert partition(column) == {(a.pk, frozenset({a.pk, b.pk}))}
    decisions.undo(b, one.events[1], **act)
    assert not Bundle.objects.exists()
    assert verbs(b) == ["join", "lead", "join", "undo_join", "undo_lead", "undo_join"]


def test_only_who_did_it_takes_it_back_and_only_while_nothing_followed(
    column: Column, letters: list[Letter], author: User, act: Act
) -> None:
    a, b, c, d, _ = letters
    first = bundles.join(a, [b, c], **act)
    with pytest.raises(NotAllowed, match="Somebody else"):
        decisions.undo(a, first.events[0], **act | {"by": author})
    out = bundles.split(c, **act)
    with pytest.raises(AlreadyMoved):
        decisions.undo(a, first.events[0], **act)
    again = bundles.join(c, [d], **act)
    with pytest.raises(AlreadyMoved):
        decisions.undo(c, out.events[0], **act)
    decisions.undo(c, again.events[0], **act)
    decisions.undo(c, out.events[0], **act)
    decisions.undo(a, first.events[0], **act)
    with pytest.raises(AlreadyMoved):
        decisions.undo(a, first.events[0], **act)
    assert not Bundle.objects.exists()


def test_an_act_is_taken_back_also_when_one_of_the_letters_was_withdrawn(column: Column, act: Act) -> None:
    taken = factories.take_letter(column)
    others = [factories.make_letter(column) for _ in range(2)]
    done = bundles.join(others[0], [taken.letter, others[1]], **act)
    _, derived = writer_acts.find(taken.receipt)
    writer_acts.withdraw(taken.letter, vault.writer(derived.key), at=act["at"])
    decisions.undo(others[0], done.events[0], **act)
    assert bundles.of(column, act["keys"]) == {}
    assert verbs(taken.letter)[-1] == "withdraw"


@pytest.fixture
def six(column: Column, letters: list[Letter]) -> list[Letter]:
    return [*letters, factories.make_letter(column)]


def afresh(letters: list[Letter]) -> list[Letter]:
    """The same letters in the same order, as they stand in the database now."""
    found = Letter.objects.select_related("column").in_bulk([letter.pk for letter in letters])
    return [found[letter.pk] for letter in letters]


@contextlib.contextmanager
def of_its_own() -> Iterator[None]:
    """What one example of a property leaves behind is gone before the next: each begins with the same few letters."""
    with transaction.atomic():
        lock_order.within()
        yield
        transaction.set_rollback(True)


ACTS = st.lists(
    st.tuples(st.sampled_from(["join", "join", "split", "lead"]), st.permutations(range(6)), st.integers(1, 3)),
    min_size=1,
    max_size=9,
)


def _made(drawn: Any, letters: list[Letter], act: Act) -> LetterEvent | None:
    """The event of one drawn act; ``None`` where the act makes no sense there."""
    verb, order, count = drawn
    first, *rest = (letters[number] for number in order)
    try:
        with transaction.atomic():
            done = bundles.join(first, rest[:count], **act) if verb == "join" else getattr(bundles, verb)(first, **act)
    except NotAllowed:
        return None
    return done.events[count % len(done.events)]


@settings(max_examples=25)
@given(ACTS)
@of_its_own()
def test_whatever_is_done_undoing_it_restores_each_state_exactly(
    column: Column, six: list[Letter], act: Act, drawn: list[Any]
) -> None:
    letters = afresh(six)
    states, events = [state(column)], list[LetterEvent]()
    for one in drawn:
        event = _made(one, letters, act)
        if event is None:
            assert state(column) == states[-1]
            continue
        events.append(event)
        states.append(state(column))
        named = [pk for ids in states[-1]["orders"] for pk in ids]
        assert len(named) == len(set(named))
    for event in reversed(events):
        assert state(column) == states.pop()
        decisions.undo(event.letter, event, **act)
    assert state(column) == states.pop()
    assert not states


ANYTHING = st.lists(
    st.tuples(
        st.sampled_from(["join", "join", "split", "lead", "undo", "undo", "decline", "begin"]),
        st.permutations(range(5)),
        st.integers(0, 9),
        st.booleans(),
    ),
    min_size=4,
    max_size=14,
)


@settings(max_examples=25)
@given(ANYTHING)
@of_its_own()
def test_in_whatever_order_two_people_act_no_letter_lies_twice(
    column: Column, letters: list[Letter], moderator: User, author: User, keys: vault.Vault, drawn: list[Any]
) -> None:
    two, events = (moderator, author), list[LetterEvent]()
    for verb, order, number, who in drawn:
        act: Act = {"by": two[who], "at": dt.datetime.now(dt.UTC), "keys": keys}
        chosen = afresh([letters[one] for one in order])
        before = state(column)
        try:
            with transaction.atomic():
                match verb:
                    case "undo":
                        event = events[number % len(events)] if events else None
                        if event:
                            decisions.undo(event.letter, event, **act)
                    case "decline":
                        chosen[0].decline(by=act["by"], at=act["at"], reason="We cannot take it up.")
                    case "begin":
                        drafts.begin(column, chosen[: 1 + number % 2], **act)
                    case _:
                        events += getattr(bundles, verb)(
                            chosen[0], *([chosen[1 : 2 + number % 3]] if verb == "join" else []), **act
                        ).events
        except MoveRefused:
            assert state(column) == before
        rows = [keys.open(row)["letters"] for row in Bundle.objects.filter(column=column, draft=None)]
        named = [one for row in rows for one in row]
        assert len(named) == len(set(named))
        assert all(len(row) != 1 for row in rows)
        status = dict(Letter.objects.values_list("pk", "status"))
        for one in bundles.of(column, keys).values():
            assert len(one.ids) > 1
            assert all(status[pk] in bundle_store.OPEN for pk in one.ids)


def test_the_ways_back_that_are_kept_are_few(column: Column, letters: list[Letter], act: Act) -> None:
    a, b, c, *_ = letters
    bundles.join(a, [b, c], **act)
    done = [bundles.lead([b, a][number % 2], **act).events[0] for number in range(bundle_store.ACTS + 5)]
    past = act["keys"].open(Bundle.objects.get())["past"]
    assert bundle_store.acts(past) == bundle_store.ACTS
    for event in reversed(done[-bundle_store.ACTS :]):
        decisions.undo(a, event, **act)
    with pytest.raises(AlreadyMoved):
        decisions.undo(a, done[-bundle_store.ACTS - 1], **act)


def test_the_acts_of_united_bundles_are_counted_together() -> None:
    def tree(depth: int) -> list[dict[str, Any]]:
        if not depth:
            return []
        return [{"verb": "join", "was": [{"letters": [], "past": tree(depth - 1)} for _ in range(2)]} for _ in range(2)]

    assert bundle_store.acts(tree(4)) > bundle_store.ACTS
    for most in range(9):
        assert bundle_store.acts(bundle_store.shortened(tree(4), most)) == most
    assert bundle_store.shortened(tree(2), 99) == tree(2)


# --- two people at once ----------------------------------------------------------------------------------------------


def quietly(act: Any, *arguments: Any, **named: Any) -> None:
    with contextlib.suppress(MoveRefused):  # one of two may come too late, and is told
        act(*arguments, **named)


@pytest.mark.databases
@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_lose_no_change_and_no_letter_lies_twice() -> None:
    column = factories.make_column()
    ana, ben = (factories.make_user(name, column, Role.MODERATOR, Role.AUTHOR) for name in ("ana", "ben"))
    keys, at = factories.desk_keys(), dt.datetime.now(dt.UTC)
    for _ in range(10):
        a, b, c, d = (factories.make_letter(column) for _ in range(4))
        first, second = ({"by": who, "at": at, "keys": keys} for who in (ana, ben))
        at_once(
            lambda a=a, b=b, act=first: bundles.join(a, [b], **act),  # type: ignore[misc]
            lambda a=a, c=c, act=second: bundles.join(a, [c], **act),  # type: ignore[misc]
        )
        assert set(bundles.of(column, keys)[a.pk].ids) == {a.pk, b.pk, c.pk}
        at_once(
            lambda a=a, d=d, act=first: bundles.join(a, [d], **act),  # type: ignore[misc]
            lambda b=b, act=second: bundles.split(b, **act),  # type: ignore[misc]
        )
        assert set(bundles.of(column, keys)[a.pk].ids) == {a.pk, c.pk, d.pk}
        begin = {"by": ben, "at": at, "keys": keys}
        at_once(
            lambda b=b, c=c, act=first: quietly(bundles.join, b, [c], **act),  # type: ignore[misc]
            lambda d=d, act=begin: quietly(drafts.begin, column, [d], **act),  # type: ignore[misc]
        )
        left = bundles.of(column, keys)
        together = [pk for one in {bundle.bundle: bundle for bundle in left.values()}.values() for pk in one.ids]
        assert len(together) == len(set(together))
        statuses = {one.pk: Letter.objects.get(pk=one.pk).status for one in (a, b, c, d)}
        assert statuses[a.pk] == statuses[c.pk] == statuses[d.pk] == S.ANSWERING
        assert statuses[b.pk] in (S.ANSWERING, S.RECEIVED)
        assert not left
