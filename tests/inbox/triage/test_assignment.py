"""Letters given to somebody who is away are not in their queue, and all of them can be reassigned in one act."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from columns.models import Column
from inbox.keys import vault
from inbox.letters import writer_acts
from inbox.models import Letter, LetterEvent, User
from inbox.triage import assignment
from inbox.workflow import NotAllowed
from tests import factories

pytestmark = pytest.mark.databases


def give(letter: Letter, to: User, at: dt.datetime) -> Letter:
    letter.mark("give", to.pk, by=to, at=at)
    return letter


def test_given_letters_are_theirs(column: Column, moderator: User, author: User, at: dt.datetime) -> None:
    mine = give(factories.make_letter(column), moderator, at)
    factories.make_letter(column)
    letters = Letter.objects.filter(column=column)
    assert list(letters.filter(assignment.theirs(moderator, at))) == [mine]
    assert list(letters.filter(assignment.theirs(author, at))) == []


def test_while_somebody_is_away_no_letters_are_theirs(
    column: Column, moderator: User, author: User, at: dt.datetime
) -> None:
    theirs, other = give(factories.make_letter(column), moderator, at), factories.make_letter(column)
    give(other, author, at)
    moderator.away_until = timezone.localdate(at) + dt.timedelta(days=1)
    moderator.save()
    assert list(Letter.objects.filter(assignment.theirs(moderator, at))) == []
    # on the day that they named they are back, and so are their letters
    tomorrow = at + dt.timedelta(days=1)
    assert list(Letter.objects.filter(assignment.theirs(moderator, tomorrow))) == [theirs]


def test_all_of_them_in_one_act_each_with_its_event(
    column: Column, other_column: Column, moderator: User, author: User, author_elsewhere: User, at: dt.datetime
) -> None:
    mine = [give(factories.make_letter(column), moderator, at) for _ in range(3)]
    elsewhere = give(factories.make_letter(other_column), moderator, at)
    taken = factories.take_letter(column)
    give(taken.letter, moderator, at)
    writer_acts.withdraw(taken.letter, vault.writer(writer_acts.find(taken.receipt)[1].key), at=at)
    assert assignment.given(column) == {moderator.pk: 3}
    assert len(assignment.reassign(column, moderator, author, by=moderator, at=at)) == 3
    assert set(Letter.objects.filter(given_to=author)) == set(mine)
    assert set(Letter.objects.filter(given_to=moderator)) == {elsewhere, taken.letter}
    events = factories.opened(LetterEvent.objects.filter(letter__in=mine, verb="give", given_to_after=author))
    assert {(event.given_to_before, event.by) for event in events} == {(moderator, moderator)}
    assert len(assignment.reassign(column, moderator, author, by=moderator, at=at)) == 0


def test_not_to_themselves_and_not_to_somebody_who_opens_no_letters(
    column: Column, moderator: User, owner: User, author_elsewhere: User, at: dt.datetime
) -> None:
    letter = give(factories.make_letter(column), moderator, at)
    for to in (moderator, owner, author_elsewhere):
        with pytest.raises(NotAllowed):
            assignment.reassign(column, moderator, to, by=moderator, at=at)
    letter.refresh_from_db()
    assert letter.given_to == moderator


def test_of_two_who_pass_them_on_at_once_the_first_one_decides(
    column: Column, moderator: User, author: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = give(factories.make_letter(column), moderator, at)
    mark = Letter.mark

    def quicker(self: Letter, *args: object, **kwargs: object) -> object:
        Letter.objects.filter(pk=self.pk).update(given_to=None)
        return mark(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Letter, "mark", quicker)
    assert len(assignment.reassign(column, moderator, author, by=moderator, at=at)) == 0
    letter.refresh_from_db()
    assert letter.given_to is None


def test_a_letter_that_is_gone_does_not_keep_the_others_from_coming_back(
    column: Column, moderator: User, author: User, at: dt.datetime
) -> None:
    kept, taken = give(factories.make_letter(column), moderator, at), factories.take_letter(column, at=at)
    give(taken.letter, moderator, at)
    passed = assignment.reassign(column, moderator, author, by=moderator, at=at)
    assert len(passed) == 2
    _, derived = writer_acts.find(taken.receipt)
    writer_acts.withdraw(Letter.objects.get(pk=taken.letter.pk), vault.writer(derived.key), at=at)
    back = assignment.undo_reassignment(
        column, [event.pk for event in passed], by=moderator, at=at, keys=factories.desk_keys()
    )
    assert [event.letter_id for event in back] == [kept.pk]
    assert Letter.objects.get(pk=kept.pk).given_to_id == moderator.pk
    assert Letter.objects.get(pk=taken.letter.pk).given_to_id == author.pk
