"""What is kept of screening: sealed findings, how soon a letter is read, the minute until somebody opens it, counts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import serializers
from django.db import connection

from columns.models import Column
from inbox.editorial import decisions
from inbox.keys import vault
from inbox.letters import intake, screened, writer_acts
from inbox.models import Arrival, EyeCount, Letter, Message, Need, RuleCount, SealedKey, User
from inbox.models.keystore import first_of_month
from inbox.models.screened import STEPS
from inbox.screening import concerns
from inbox.screening.concerns import Concern
from inbox.workflow import AlreadyMoved, LetterStatus
from tests import factories

pytestmark = pytest.mark.databases

NOW = "Some nights I think about ending my life and I cannot tell anyone."
CALM = factories.LETTER_TEXT
MINUTE = dt.timedelta(minutes=1)


def finds(monkeypatch: pytest.MonkeyPatch, *found: Concern) -> None:
    """Screening finds this in every text that is not empty."""
    monkeypatch.setattr(concerns, "find_concerns", lambda text: list(found) if text else [])


def counted(column: Column) -> dict[str, tuple[int, int]]:
    return {one.rule: (one.raised, one.not_so) for one in RuleCount.objects.filter(column=column)}


def eyes(column: Column) -> dict[str, int]:
    found = EyeCount.objects.filter(column=column).first()
    return {name: getattr(found, name) for name, _ in STEPS if found and getattr(found, name)}


# --- findings are sealed with the words -------------------------------------------------------------------------------


def test_the_findings_are_sealed_with_the_letter(column: Column, keys: vault.Vault) -> None:
    letter = factories.take_letter(column, text=NOW).letter
    words = keys.open(letter)
    assert words["concerns"] == ["self_harm"]
    first = words["findings"][0]
    assert first.keys() == {"kind", "start", "end", "rule", "level", "certainty"}
    assert (first["kind"], first["level"]) == ("self_harm", Need.NOW)
    assert NOW[first["start"] : first["end"]] in NOW
    assert letter.need == Need.NOW


def test_weak_words_are_read_today(column: Column, monkeypatch: pytest.MonkeyPatch) -> None:
    finds(monkeypatch, Concern("abuse", 0, 4, 0.5, "weak"))
    letter = factories.take_letter(column).letter
    assert (letter.need, letter.status) == (Need.TODAY, LetterStatus.HELD)


def test_an_age_that_the_form_asked_for_is_a_kind_without_a_place(column: Column, keys: vault.Vault) -> None:
    letter = factories.take_letter(column, text=CALM, about={"age_band": "Under 16"}).letter
    words = keys.open(letter)
    assert (words["concerns"], words["findings"], letter.need) == (["minor"], [], Need.TODAY)


def test_a_calm_letter_keeps_no_minute(column: Column, keys: vault.Vault) -> None:
    letter = factories.take_letter(column, text=CALM).letter
    assert (letter.need, Arrival.objects.count()) == (Need.NONE, 0)
    assert keys.open(letter)["findings"] == []


def test_the_longest_letter_with_the_most_findings_fits(
    column: Column, monkeypatch: pytest.MonkeyPatch, keys: vault.Vault
) -> None:
    many = [Concern("self_harm", at, at + 5, 0.5 + at % 2 * 0.4, "self_harm_with_a_long_name") for at in range(5_000)]
    finds(monkeypatch, *many)
    letter = factories.take_letter(column, text="\U0001f48c" * intake.MAX_CHARACTERS).letter
    kept = keys.open(letter)["findings"]
    assert len(kept) == screened.MOST
    assert {one["level"] for one in kept} == {Need.NOW}, "those of the highest level"
    assert [one["start"] for one in kept] == sorted(one["start"] for one in kept)


# --- later messages ---------------------------------------------------------------------------------------------------


def test_a_message_raises_again_what_a_person_lowered_and_lowers_nothing(
    column: Column, moderator: User, at: dt.datetime, keys: vault.Vault
) -> None:
    letter = factories.take_letter(column, text=NOW).letter
    letter.mark_urgent(by=moderator, at=at, urgent=False)
    stale = Letter.objects.get(pk=letter.pk)
    letter.mark_need(Need.TODAY, by=moderator, at=at)
    writer_acts.write_back(stale, "Thank you, it rains here.", at=at)
    assert Letter.objects.get(pk=letter.pk).need == Need.TODAY
    writer_acts.write_back(stale, NOW, at=at)
    assert Letter.objects.get(pk=letter.pk).need == Need.NOW
    message = Message.objects.get(number=2)
    assert keys.open(message)["findings"][0]["kind"] == "self_harm"
    assert letter.events.filter(verb="mark_urgent", actor="system").count() == 1
    assert Arrival.objects.filter(letter=letter).count() == 1, "that of the letter went as it was lowered"


# --- the minute, until somebody opens the letter ----------------------------------------------------------------------


def test_a_letter_lowered_unopened_keeps_no_minute_and_counts_nothing(
    column: Column, at: dt.datetime, moderator: User
) -> None:
    letter = factories.take_letter(column, text=NOW, at=at).letter
    letter.mark_need(Need.TODAY, by=moderator, at=at)
    assert Arrival.objects.count() == 1
    letter.mark_need(Need.NONE, by=moderator, at=at)
    assert (Arrival.objects.count(), SealedKey.objects.filter(item=letter.pk).exists()) == (0, True)
    assert (eyes(column), counted(column)) == ({}, {})


def test_the_minute_is_sealed_and_gone_once_somebody_opens_the_letter(
    column: Column, at: dt.datetime, keys: vault.Vault
) -> None:
    letter = factories.take_letter(column, text=NOW, at=at).letter
    arrival = Arrival.objects.get()
    assert keys.open(arrival)["at"] == at.replace(second=0, microsecond=0).isoformat()
    assert f"{at:%H:%M}" not in serializers.serialize("json", [arrival, letter, *letter.events.all()])
    screened.opened(letter, keys, at=at + 50 * MINUTE)
    screened.opened(letter, keys, at=at + 90 * MINUTE)
    assert not Arrival.objects.exists()
    assert not SealedKey.objects.filter(item=arrival.pk).exists()
    assert eyes(column) == {"hour": 1}
    month = EyeCount.objects.get(column=column).month
    assert month == first_of_month((at + 50 * MINUTE).date())


@pytest.mark.parametrize(
    ("waited", "step"),
    [(0, "quarter"), (15, "quarter"), (17, "hour"), (60 * 3, "four_hours"), (60 * 23, "day"), (60 * 26, "more")],
)
def test_the_time_is_counted_in_five_steps(
    column: Column, at: dt.datetime, keys: vault.Vault, waited: int, step: str
) -> None:
    at = at.replace(second=0, microsecond=0)
    letter = factories.take_letter(column, text=NOW, at=at).letter
    screened.opened(letter, keys, at=at + waited * MINUTE)
    assert eyes(column) == {step: 1}


def test_whoever_cannot_open_it_counts_nothing(column: Column, at: dt.datetime) -> None:
    letter = factories.take_letter(column, text=NOW, at=at).letter
    screened.opened(letter, vault.Vault({}), at=at)
    assert (Arrival.objects.count(), eyes(column), counted(column)) == (1, {}, {})


def test_a_withdrawn_letter_leaves_no_minute(column: Column, at: dt.datetime) -> None:
    letter = factories.take_letter(column, text=NOW, at=at).letter
    letter.withdraw(at=at)
    assert (Arrival.objects.count(), SealedKey.objects.count()) == (0, 0)


# --- what the desk says of findings -----------------------------------------------------------------------------------


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch, column: Column, at: dt.datetime, keys: vault.Vault) -> Letter:
    """A letter in which two rules found something, which somebody has opened."""
    finds(monkeypatch, Concern("abuse", 0, 4, 0.9, "hits"), Concern("self_harm", 6, 9, 0.5, "hopeless"))
    letter = factories.take_letter(column, at=at).letter
    screened.opened(letter, keys, at=at)
    return letter


def names(letter: Letter, keys: vault.Vault) -> list[str]:
    opened = keys.open_many([letter, *letter.notes.all()])
    return [one.name for one in screened.findings(opened)[letter.pk] if not one.not_so]


def test_a_rule_is_counted_once_a_letter_and_what_is_not_so_with_it(
    column: Column, two: Letter, moderator: User, at: dt.datetime, keys: vault.Vault
) -> None:
    assert counted(column) == {"hits": (1, 0), "hopeless": (1, 0)}
    act: dict[str, Any] = {"by": moderator, "at": at, "keys": keys}
    event = screened.not_so(two, names(two, keys)[:1], **act)
    assert counted(column) == {"hits": (1, 1), "hopeless": (1, 0)}
    assert len(names(two, keys)) == 1
    assert event.changes == {}, "nothing that can be read says which"
    screened.not_so(two, (), **act)
    assert counted(column) == {"hits": (1, 1), "hopeless": (1, 1)}
    with pytest.raises(AlreadyMoved, match="said that already"):
        screened.not_so(two, (), **act)
    decisions.undo(two, event, **act)
    assert counted(column) == {"hits": (1, 0), "hopeless": (1, 1)}
    assert len(names(two, keys)) == 1
    assert Letter.objects.get(pk=two.pk).need == Need.NOW, "people lower by another act"


def test_each_count_writes_every_row_of_the_month_anew(column: Column, two: Letter, at: dt.datetime) -> None:
    """So that no row's transaction tells which rule the last letter had."""
    RuleCount.add(column, ["hits"], on=at.date(), raised=1)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT xmin::text FROM inbox_rulecount")
            assert len(cursor.fetchall()) == 1
    assert counted(column) == {"hits": (2, 0), "hopeless": (1, 0)}
    RuleCount.add(column, ["hits", "hits"], on=at.date(), not_so=-5)
    assert counted(column)["hits"] == (2, 0), "no count is below zero"


def test_a_practice_column_counts_nothing(column: Column, at: dt.datetime, keys: vault.Vault) -> None:
    Column.objects.filter(pk=column.pk).update(practice=True)
    column.refresh_from_db()
    letter = factories.take_letter(column, text=NOW, at=at).letter
    screened.opened(letter, keys, at=at)
    assert (Arrival.objects.count(), eyes(column), counted(column)) == (0, {}, {})


def test_a_writer_sees_nothing_of_what_was_said(
    column: Column, two: Letter, moderator: User, at: dt.datetime, keys: vault.Vault
) -> None:
    screened.not_so(two, (), by=moderator, at=at, keys=keys)
    said = two.notes.get()
    assert SealedKey.objects.filter(item=said.pk).count() == 1, "sealed to the desk alone"
    assert keys.open(said)["text"] == ""


def test_old_and_new_processes_read_what_the_other_wrote(column: Column) -> None:
    """While a new version is put in place: the column that the old one knows follows, on PostgreSQL."""
    if connection.vendor != "postgresql":
        assert "urgent" not in {field.name for field in Letter._meta.get_fields()}
        return
    letter = factories.make_letter(column, text=NOW)

    def now() -> tuple[bool, int]:
        cursor.execute("SELECT urgent, need FROM inbox_letter WHERE id = %s", [letter.pk])
        return tuple(cursor.fetchone())

    with connection.cursor() as cursor:
        assert now() == (True, 2)
        Letter.objects.filter(pk=letter.pk).update(need=0)
        assert now() == (False, 0)
        cursor.execute("UPDATE inbox_letter SET urgent = true WHERE id = %s", [letter.pk])
        assert now() == (True, 2)
        cursor.execute("UPDATE inbox_letter SET urgent = false WHERE id = %s", [letter.pk])
        assert now() == (False, 0)


@pytest.mark.parametrize(
    ("rule", "name", "title"),
    [
        ("self_harm.wish_to_die", "a wish to be dead", "self-harm: a wish to be dead"),
        ("self_harm.own_words", "own words", "self-harm: own words"),
        ("self_harm", "self harm", "self-harm"),
        ("classifier", "the classifier", "the classifier"),
        ("of_an_owner", "of an owner", "of an owner"),
    ],
)
def test_a_rule_has_a_name_that_people_read(rule: str, name: str, title: str) -> None:
    assert (screened.rule_name(rule), screened.rule_title(rule)) == (name, title)
