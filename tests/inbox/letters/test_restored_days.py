"""Whatever brings a letter back from its end restores the days that had become months, from what was sealed alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from columns.models import Column
from inbox.editorial import decisions, drafts, publishing
from inbox.keys import opened_events, vault
from inbox.letters import outbox, read_receipts, writer_acts
from inbox.models import EventKey, Letter, LetterEvent, Note, SealedKey, SecondLook, User
from inbox.models.times.days import ENDED, as_readable, month_after
from inbox.operations import seal_days
from inbox.workflow import DraftStatus, LetterStatus, Role
from tests import factories

pytestmark = pytest.mark.databases

DAY = dt.timedelta(days=1)
CAME = dt.datetime(2026, 10, 6, 14, 3, 11, tzinfo=dt.UTC)
NO = "We cannot answer every letter, and we are sorry."


@dataclass
class Scene:
    column: Column
    by: User
    other: User
    keys: vault.Vault

    def letter(self) -> Letter:
        """One with a day of each kind, none of them the first of a month."""
        letter = factories.take_letter(self.column, at=CAME, consent="rewritten").letter
        read_receipts.opened(letter, at=CAME + DAY)
        letter.hold(by=self.by, at=CAME + DAY, until=(CAME + 30 * DAY).date())
        writer_acts.write_back(self.now(letter), "One thing more.", at=CAME + 2 * DAY)
        self.now(letter).release(by=self.by, at=CAME + 3 * DAY)
        return self.now(letter)

    def now(self, letter: Letter) -> Letter:
        return Letter.objects.select_related("column").get(pk=letter.pk)

    def days(self, letter: Letter) -> dict[str, Any]:
        row = Letter.objects.filter(pk=letter.pk).values("received_on", "read_on", "held_until").get()
        return row | {"messages": list(letter.messages.filter(number=1).values_list("on", flat=True))}

    def draft(self, letter: Letter, status: DraftStatus) -> Any:
        letter.shortlist(by=self.by, at=CAME + 4 * DAY)
        factories.someone(self.column, Role.REVIEWER)
        at = CAME + 5 * DAY
        return factories.make_draft(self.column, status, letters=[self.now(letter)], at=at)


@pytest.fixture
def scene(column: Column, moderator: User, author: User, keys: vault.Vault, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr("secrets.randbelow", lambda most: 0)  # each decline gets a second look
    return Scene(column, moderator, author, keys)


def undone(scene: Scene, letter: Letter) -> None:
    at = CAME + 6 * DAY
    event = decisions.decline(letter, NO, by=scene.by, at=at, keys=scene.keys)
    assert_months(scene, letter)
    stored = LetterEvent.objects.get(pk=event.pk)
    decisions.undo(scene.now(letter), stored, by=scene.by, at=at, keys=scene.keys)


def stopped(scene: Scene, letter: Letter) -> None:
    at = CAME + 6 * DAY
    decisions.decline(letter, NO, by=scene.by, at=at, keys=scene.keys)
    assert_months(scene, letter)
    decisions.reopen(scene.now(letter), by=scene.other, at=at, keys=scene.keys)


def reopened(scene: Scene, letter: Letter) -> None:
    decisions.decline(letter, NO, by=scene.by, at=CAME + 6 * DAY, keys=scene.keys)
    outbox.let_go(at=CAME + 7 * DAY)
    assert_months(scene, letter)
    decisions.reopen(scene.now(letter), by=scene.other, at=CAME + 40 * DAY, keys=scene.keys)


def looked_at_again(scene: Scene, letter: Letter) -> None:
    decisions.decline(letter, NO, by=scene.by, at=CAME + 6 * DAY, keys=scene.keys)
    outbox.let_go(at=CAME + 7 * DAY)
    assert_months(scene, letter)
    decisions.look_again(scene.now(letter), agree=False, by=scene.other, at=CAME + 8 * DAY, keys=scene.keys)
    assert {look.asked_on.day for look in SecondLook.objects.all()} == {1}


def unscheduled(scene: Scene, letter: Letter) -> None:
    draft = scene.draft(letter, DraftStatus.SCHEDULED)
    assert_months(scene, letter)
    publishing.edit(draft, by=scene.other, at=CAME + 5.5 * DAY, keys=scene.keys)


def written_anew(scene: Scene, letter: Letter) -> None:
    draft = scene.draft(letter, DraftStatus.TAKEN_DOWN)
    assert_months(scene, letter)
    publishing.write_anew(draft, by=scene.other, at=CAME + 20 * DAY, keys=scene.keys)


def replied_from_a_draft(scene: Scene, letter: Letter) -> None:
    letter.shortlist(by=scene.by, at=CAME + 4 * DAY)
    drafts.start(scene.column, [scene.now(letter)], by=scene.by, at=CAME + 5 * DAY, keys=scene.keys)
    at = CAME + 6 * DAY
    event = decisions.reply(scene.now(letter), "Nothing is wrong.", by=scene.by, at=at, keys=scene.keys)
    assert_months(scene, letter)
    stored = LetterEvent.objects.get(pk=event.pk)
    decisions.undo(scene.now(letter), stored, by=scene.by, at=at, keys=scene.keys)


def assert_months(scene: Scene, letter: Letter) -> None:
    now = scene.now(letter)
    assert now.status in ENDED
    days = scene.days(letter)
    assert {day.day for day in [*days.pop("messages"), *days.values(), now.quiet_since]} == {1}
    assert {event.on.day for event in now.events.all()} == {1}
    assert not now.events.filter(by__isnull=False).exists()


WAYS = [undone, stopped, reopened, looked_at_again, unscheduled, written_anew, replied_from_a_draft]


@pytest.mark.parametrize("way", WAYS)
def test_each_way_back_restores_the_days(scene: Scene, way: Callable[[Scene, Letter], None]) -> None:
    letter = scene.letter()
    before = scene.days(letter)
    assert {day.day for day in (before["received_on"], before["read_on"], before["messages"][0])} == {6, 7, 8}
    way(scene, letter)
    assert scene.now(letter).status not in ENDED
    assert scene.days(letter) == before


def test_there_and_back_again_loses_nothing(scene: Scene) -> None:
    letter = scene.letter()
    before = scene.days(letter)
    for _ in range(3):
        reopened(scene, scene.now(letter))
    assert scene.days(letter) == before


def test_without_a_key_the_months_stay(scene: Scene) -> None:
    letter = scene.letter()
    decisions.decline(letter, NO, by=scene.by, at=CAME + 6 * DAY)
    outbox.let_go(at=CAME + 7 * DAY)
    decisions.reopen(scene.now(letter), by=scene.other, at=CAME + 8 * DAY, keys=vault.Vault({}))
    assert scene.now(letter).received_on == dt.date(2026, 10, 1)


def test_erasing_the_words_destroys_the_days(scene: Scene) -> None:
    letter = scene.letter()
    event = letter.events.get(verb="hold")
    letter.withdraw(at=CAME + 6 * DAY)
    key = EventKey.objects.get(letter=letter)
    assert bytes(key.sealed) == b""
    assert not SealedKey.objects.filter(item=key.pk).exists()
    opened_events.open_events([event], scene.keys)
    assert (event.on, event.by_id) == (dt.date(2026, 10, 1), None)


def test_what_a_version_before_left_is_sealed_after_a_restore(scene: Scene) -> None:
    """Its rows have days and no key; one letter waits, one has ended, of one the words are gone."""
    letters = [scene.letter() for _ in range(3)]
    known = {}
    for letter in letters:
        EventKey.objects.filter(letter=letter).delete()
        Letter.objects.filter(pk=letter.pk).update(events_public=None)
        for number, event in enumerate(letter.events.order_by("number")):
            day = (CAME + number * DAY).date()
            LetterEvent.objects.filter(pk=event.pk).update(sealed=None, on=day, by=scene.by)
            known[event.pk] = day
    Letter.objects.filter(pk=letters[1].pk).update(status=LetterStatus.DECLINED, quiet_since=(CAME + 4 * DAY).date())
    Letter.objects.filter(pk=letters[2].pk).update(status=LetterStatus.WITHDRAWN)
    assert seal_days.seal_left() == 3
    assert seal_days.seal_left() in (0, 1), "of a letter without words there is nothing to seal"
    assert not LetterEvent.objects.filter(by__isnull=False).exists()
    for event in factories.opened(LetterEvent.objects.filter(letter__in=letters[:2])):
        assert (event.on, event.by) == (known[event.pk], scene.by)
    ended = scene.now(letters[1])
    assert (ended.received_on, ended.quiet_since) == (dt.date(2026, 10, 1), month_after(CAME.date()))
    decisions.reopen(ended, by=scene.other, at=CAME + 9 * DAY, keys=scene.keys)
    assert scene.now(ended).received_on == as_readable(CAME.date(), LetterStatus.RECEIVED)
    assert not Note.objects.filter(by__isnull=False).exists()
