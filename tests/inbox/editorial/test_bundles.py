"""Letters put together before a draft: joined, taken out, led, answered as one, and always back as they were."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.core import mail, serializers
from django.db import connection
from django.test.utils import CaptureQueriesContext

from columns.models import Column
from columns.site_time import day_of
from inbox.editorial import bundle_store, bundles, decisions, drafts, publishing
from inbox.keys import vault
from inbox.letters import notices, writer_acts
from inbox.letters.intake import Taken
from inbox.models import Bundle, Letter, LetterEvent, Notice, Outgoing, SealedKey, User
from inbox.workflow import AlreadyMoved, DraftStatus, LetterStatus, NotAllowed
from tests import factories
from tests.reader import Reader

pytestmark = pytest.mark.databases

S = LetterStatus
Act = dict[str, Any]


@pytest.fixture
def letters(column: Column) -> list[Letter]:
    return [factories.make_letter(column) for _ in range(5)]


@pytest.fixture
def act(moderator: User, at: dt.datetime, keys: vault.Vault) -> Act:
    return {"by": moderator, "at": at, "keys": keys}


def partition(column: Column) -> set[tuple[Any, ...]]:
    """Which letters lie together, the lead first, the others in no order."""
    found = bundles.of(column, factories.desk_keys()).values()
    return {(one.lead, frozenset(one.ids)) for one in found}


def state(column: Column) -> dict[str, Any]:
    """Everything that acts on bundles touch, but for what counts the trail."""
    rows = {}
    for row in Letter.objects.filter(column=column).values():
        rows[row["id"]] = {name: value for name, value in row.items() if name not in ("events_count", "quiet_since")}
    orders = [one.ids for one in bundles.of(column, factories.desk_keys()).values()]
    return {
        "orders": sorted(set(orders)),
        "letters": rows,
        "keys": SealedKey.objects.count(),
        "bundles": Bundle.objects.count(),
    }


def verbs(letter: Letter) -> list[str]:
    return list(letter.events.order_by("number").values_list("verb", flat=True))[1:]


# --- join, split, lead -----------------------------------------------------------------------------------------------


def test_letters_are_put_together_and_taken_out(column: Column, letters: list[Letter], act: Act) -> None:
    a, b, c, d, _ = letters
    bundles.join(a, [b], **act)
    bundles.join(a, [c, d], **act)
    assert bundles.of(column, act["keys"])[d.pk].ids == (a.pk, b.pk, c.pk, d.pk)
    assert bundles.of(column, act["keys"])[d.pk].others == 3
    bundles.lead(c, **act)
    assert bundles.of(column, act["keys"])[a.pk].ids == (c.pk, a.pk, b.pk, d.pk)
    bundles.split(c, **act)
    assert partition(column) == {(a.pk, frozenset({a.pk, b.pk, d.pk}))}
    assert verbs(a) == ["join", "join", "lead"]
    assert verbs(b) == ["join"]
    assert verbs(c) == ["join", "lead", "split"]
    assert {Letter.objects.get(pk=one.pk).status for one in letters} == {S.RECEIVED}


def test_bundles_are_united_under_the_letter_that_is_named(column: Column, letters: list[Letter], act: Act) -> None:
    a, b, c, d, e = letters
    bundles.join(a, [b], **act)
    bundles.join(c, [d], **act)
    bundles.join(e, [d, a], **act)
    assert bundles.of(column, act["keys"])[b.pk].ids == (e.pk, c.pk, d.pk, a.pk, b.pk)
    assert Bundle.objects.count() == 1
    bundles.split(b, **act)
    assert len(bundles.of(column, act["keys"])) == 4


def test_join_then_split_restores_the_state(column: Column, letters: list[Letter], act: Act) -> None:
    a, b, c, *_ = letters
    for first in (lambda: None, lambda: bundles.join(a, [b], **act)):
        first()
        before = state(column)
        bundles.join(a, [c], **act)
        assert state(column)["orders"] != before["orders"]
        bundles.split(c, **act)
        after = state(column)
        assert (after["orders"], after["letters"]) == (before["orders"], before["letters"])


def test_what_was_taken_apart_leaves_no_row_after_its_days(column: Column, letters: list[Letter], act: Act) -> None:
    a, b, c, d, _ = letters
    before = SealedKey.objects.count()
    bundles.join(a, [b], **act)
    bundles.split(b, **act)
    assert bundles.of(column, act["keys"]) == {}
    later = act | {"at": act["at"] + bundle_store.KEPT}
    bundles.join(c, [d], **later)
    assert Bundle.objects.count() == 2
    later["at"] += dt.timedelta(days=1)
    done = bundles.split(d, **later)
    assert Bundle.objects.count() == 1
    bundles.undo(d, done.events[0], **later)
    joined = LetterEvent.objects.get(letter=d, verb="join")
    bundles.undo(d, joined, **later)
    assert (Bundle.objects.count(), SealedKey.objects.count()) == (0, before)


def test_nothing_readable_names_a_letter_beside_another(column: Column, letters: list[Letter], act: Act) -> None:
    a, b, c, *_ = letters
    bundles.join(a, [b, c], **act)
    bundles.split(c, **act)
    rows = serializers.serialize("json", [*Bundle.objects.all(), *SealedKey.objects.all()])
    for letter in (a, b, c):
        assert str(letter.pk) not in json.dumps(
            [row for row in json.loads(rows) if row["fields"].get("item") != str(letter.pk)]
        )
    shared: dict[str, set[Any]] = {}
    for event in LetterEvent.objects.filter(verb__in=bundles.VERBS):
        assert event.changes == {}
        for name, value in (("id", event.pk), ("on", event.on)):
            shared.setdefault(name, set()).add(value)
    assert shared["on"] == {act["at"].date().replace(day=1)}
    assert {made.time() for made in Bundle.objects.values_list("created_at", flat=True)} == {dt.time()}


@pytest.mark.parametrize("status", [S.DECLINED, S.REPLIED, S.WITHDRAWN, S.ERASED, S.PUBLISHED])
def test_a_letter_at_its_end_is_refused_in_words(column: Column, act: Act, status: S) -> None:
    ended, other = factories.make_letter(column, status), factories.make_letter(column)
    for lead, more in ((ended, other), (other, ended)):
        with pytest.raises(NotAllowed, match="come to its end"):
            bundles.join(lead, [more], **act)
    with pytest.raises(NotAllowed, match="not lie together"):
        bundles.split(ended, **act)
    assert not bundles.of(column, act["keys"])
    assert verbs(other) == []


def test_what_makes_no_sense_is_refused_in_words(column: Column, letters: list[Letter], act: Act) -> None:
    a, b, c, *_ = letters
    with pytest.raises(NotAllowed, match="at least one other"):
        bundles.join(a, [a], **act)
    far = factories.make_letter(factories.make_column())
    with pytest.raises(NotAllowed, match="two columns"):
        bundles.join(a, [far], **act)
    bundles.join(a, [b, c], **act)
    with pytest.raises(NotAllowed, match="together already"):
        bundles.join(b, [c], **act)
    with pytest.raises(NotAllowed, match="leads already"):
        bundles.lead(a, **act)


def test_looking_costs_two_queries_however_many_there_are(column: Column, act: Act) -> None:
    with CaptureQueriesContext(
        connection,
    ) as none:
        assert bundles.of(column, act["keys"]) == {}
    for count in (2, 6):
        for _ in range(count):
            bundles.join(factories.make_letter(column), [factories.make_letter(column)], **act)
        with CaptureQueriesContext(connection) as some:
            assert bundles.of(column, act["keys"])
        assert (len(none), len(some)) == (1, 2)


def test_bundles_of_another_column_and_without_a_key_are_not_seen(
    column: Column, letters: list[Letter], act: Act
) -> None:
    bundles.join(letters[0], letters[1:3], **act)
    assert bundles.of(factories.make_column(), act["keys"]) == {}
    assert bundles.of(column, vault.Vault({})) == {}


# --- ends ------------------------------------------------------------------------------------------------------------


def test_a_letter_that_ends_leaves_by_itself_and_comes_back_when_that_is_undone(
    column: Column, letters: list[Letter], moderator: User, act: Act
) -> None:
    a, b, c, d, _ = letters
    bundles.join(a, [b, c], **act)
    event = decisions.decline(a, "We cannot take it up.", by=moderator, at=act["at"])
    assert partition(column) == {(b.pk, frozenset({b.pk, c.pk}))}
    decisions.undo(a, event, **act)
    assert partition(column) == {(a.pk, frozenset({a.pk, b.pk, c.pk}))}
    decisions.decline(a, "We cannot take it up.", by=moderator, at=act["at"])
    bundles.join(b, [d], **act)
    row = Bundle.objects.get()
    assert act["keys"].open(row)["letters"] == [str(one.pk) for one in (b, c, d)]


def test_a_bundle_without_words_is_removed_by_the_next_look(column: Column, moderator: User, act: Act) -> None:
    taken = [factories.take_letter(column) for _ in range(4)]
    a, b, c, d = (one.letter for one in taken)
    bundles.join(a, [b], **act)
    bundles.join(c, [d], **act)
    bundles.split(d, **act)
    for one in taken:
        _, derived = writer_acts.find(one.receipt)
        writer_acts.withdraw(one.letter, vault.writer(derived.key), at=act["at"])
        bundles.of(column, act["keys"])
    assert not Bundle.objects.exists()
    assert not SealedKey.objects.exists()


# --- answered as one -------------------------------------------------------------------------------------------------


def test_any_of_them_begins_one_draft_for_all(column: Column, author: User, letters: list[Letter], act: Act) -> None:
    a, b, c, alone, held = letters
    held.hold(by=act["by"], at=act["at"])
    a.shortlist(by=act["by"], at=act["at"])
    bundles.join(b, [a, c, held], **act)
    mine = act | {"by": author}
    begun = drafts.begin(column, [a], **mine)
    assert [one.pk for one in drafts.letters(begun.draft, act["keys"])] == [b.pk, a.pk, c.pk, held.pk]
    assert {Letter.objects.get(pk=one.pk).status for one in (a, b, c, held)} == {S.ANSWERING}
    assert Letter.objects.get(pk=alone.pk).status == S.RECEIVED
    assert bundles.of(column, act["keys"]) == {}
    assert Bundle.objects.get() == begun.draft.bundle
    assert (begun.left_out, begun.said) == ([], "")
    joined = LetterEvent.objects.filter(letter=a, verb="join").get()
    with pytest.raises(AlreadyMoved):
        bundles.undo(a, joined, **act)


def test_no_minute_says_which_draft_began_with_a_letter(
    column: Column, author: User, letters: list[Letter], act: Act
) -> None:
    bundles.join(letters[0], letters[1:3], **act)
    begun = drafts.begin(column, letters[:1], **act | {"by": author})
    tomorrow = dt.datetime.combine(act["at"].date() + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)
    second = dt.timedelta(seconds=1)
    assert all(tomorrow - second <= due <= tomorrow for due in Outgoing.objects.values_list("due_at", flat=True))
    assert Outgoing.objects.count() == 6
    assert begun.draft.started_at == day_of(act["at"])
    for letter in letters[:3]:
        if act["at"] < tomorrow - second:
            assert Letter.objects.get(pk=letter.pk).seen_by_writer(act["at"]) == S.RECEIVED


def test_a_private_only_letter_is_left_out_and_it_is_said(
    column: Column, author: User, letters: list[Letter], act: Act
) -> None:
    private = factories.make_letter(column, consent="private")
    bundles.join(private, letters[:2], **act)
    begun = drafts.begin(column, [letters[1]], **act | {"by": author})
    assert [one.pk for one in drafts.letters(begun.draft, act["keys"])] == [one.pk for one in letters[:2]]
    assert begun.left_out == [private]
    assert private.label in begun.said
    assert Letter.objects.get(pk=private.pk).status == S.RECEIVED
    assert verbs(private) == ["join", "left_out"]


def test_a_private_only_letter_begins_no_draft(column: Column, author: User, letters: list[Letter], act: Act) -> None:
    private = factories.make_letter(column, consent="private")
    bundles.join(private, letters[:2], **act)
    before = state(column)
    with pytest.raises(NotAllowed, match="private answer only"):
        drafts.begin(column, [private], **act | {"by": author})
    assert state(column) == before


def test_two_bundles_begin_one_draft(column: Column, author: User, letters: list[Letter], act: Act) -> None:
    a, b, c, d, _ = letters
    bundles.join(a, [b], **act)
    bundles.join(c, [d], **act)
    begun = drafts.begin(column, [d, b], **act | {"by": author})
    assert [one.pk for one in drafts.letters(begun.draft, act["keys"])] == [c.pk, d.pk, a.pk, b.pk]
    assert Bundle.objects.count() == 1


def test_letters_join_a_draft_in_writing_by_way_of_the_shortlist(
    column: Column, author: User, letters: list[Letter], act: Act
) -> None:
    a, b, c, *_ = letters
    private = factories.make_letter(column, consent="private")
    draft = factories.make_draft(column)
    answered = drafts.letters(draft, act["keys"])[0]
    bundles.join(a, [b, private], **act)
    done = bundles.join(answered, [b, c], **act | {"by": author})
    assert (done.draft, done.left_out, done.events) == (draft, [private], [])
    draft.refresh_from_db()
    assert [one.pk for one in drafts.letters(draft, act["keys"])] == [answered.pk, a.pk, b.pk, c.pk]
    assert {Letter.objects.get(pk=one.pk).status for one in (a, b, c)} == {S.ANSWERING}
    assert bundles.of(column, act["keys"]) == {}
    drafts.take_out(draft, a, **act | {"by": author})


def test_a_draft_with_its_reader_takes_no_more_letters(
    column: Column, author: User, letters: list[Letter], act: Act
) -> None:
    draft = factories.make_draft(column, DraftStatus.IN_REVIEW)
    answered = drafts.letters(draft, act["keys"])[0]
    with pytest.raises(NotAllowed, match="Edit again"):
        bundles.join(answered, letters[:1], **act | {"by": author})
    with pytest.raises(NotAllowed, match="answers"):
        bundles.join(letters[0], [answered], **act)
    private = factories.make_letter(column, consent="private")
    answered = drafts.letters(factories.make_draft(column), act["keys"])[0]
    with pytest.raises(NotAllowed, match="private answer only"):
        bundles.join(answered, [private], **act | {"by": author})
    assert {Letter.objects.get(pk=one.pk).status for one in [*letters, private]} == {S.RECEIVED}


def test_each_writer_hears_of_the_one_answer(column: Column, author: User, reviewer: User, act: Act) -> None:
    taken: list[Taken] = [factories.take_letter(column, email=f"writer{number}@example.org") for number in range(3)]
    a, b, c = (one.letter for one in taken)
    bundles.join(b, [a, c], **act)
    mine = act | {"by": author}
    draft = drafts.begin(column, [c], **mine).draft
    words = factories.draft_words()
    draft.save_version(words, by=author, at=act["at"], base=1)
    publishing.send_for_review(draft, **mine)
    publishing.decide(draft, draft.newest(), approve=True, summary="", remarks=[], **act | {"by": reviewer})
    article = publishing.publish(draft, publish_at=act["at"], slug="one-answer", **mine)
    pages = [Reader().open_letter(one.receipt) for one in taken]
    assert all(article.get_absolute_url() in page for page in pages)
    assert all(other.label not in page for page in pages for other in (a, b, c))
    assert {one.letter_id for one in Notice.objects.filter(kind=Notice.Kind.END)} == {a.pk, b.pk, c.pk}
    factories.ten_minutes_pass()
    assert notices.send_due(at=act["at"]) == 3
    assert sorted(message.to for message in mail.outbox) == [[f"writer{number}@example.org"] for number in range(3)]
    # one of them takes the letter back, and the one answer goes with it, for all of them
    letter, derived = writer_acts.find(taken[0].receipt)
    assert letter is not None
    assert writer_acts.withdraw(letter, vault.writer(derived.key), at=act["at"])
    article.refresh_from_db()
    assert article.taken_down_at is not None
