"""The history of a column: rows hold names and codes, people read sentences in their language."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.desk.owner.history import concerned
from inbox.keys import keyring
from inbox.models import ColumnEvent, Period, User
from inbox.operations import column_settings
from inbox.staff import account_resets, invitations, membership
from inbox.workflow import Role
from tests import factories, pseudo

#: Verb, what the row holds, and what is read.
SAID = [
    ("set_texts", "title, four_eyes", "Title and Every draft is approved by somebody who did not write it"),
    ("pause_intake", "2090-05-03", "until 3 May 2090"),
    ("pause_intake", "", "without a date"),
    ("open_intake", "", ""),
    ("set_period", "declined 90 1", "Letters that were not chosen: 1 day, before 90"),
    ("set_period", "replied 1 14", "Letters that were answered privately: 14 days, before 1"),
    ("make_key", "2026-11", "November 2026"),
    ("confirm_care_card", "self_harm", "Self-harm and suicide"),
    ("export", "words", "with the words of letters and drafts"),
    ("export", "no_words", "without words of letters"),
    ("invite", "Ada: of Wye: author, moderator", "Ada: of Wye: author and moderator"),
    ("set_seats", "Ada: none", "Ada: no seat"),
    ("revoke_keys", "Ada", "Ada"),
]
#: What earlier versions wrote, and what no version wrote.
AS_IT_IS = [
    ("set_texts", "title, motto"),
    ("pause_intake", "until 2026-05-03"),
    ("pause_intake", "without a date"),
    ("set_period", "declined: 90 to 14 days"),
    ("set_period", "letters 90 14"),
    ("make_key", "November 2026"),
    ("export", "without words of letters"),
    ("confirm_care_card", "a kind to come"),
    ("invite", "Ada"),
    ("invite", "Ada: baker"),
    ("add_topic", "title"),
    ("a verb to come", "2026-11"),
]


@pytest.mark.parametrize(("verb", "about", "said"), SAID)
def test_a_code_is_said_in_words(verb: str, about: str, said: str) -> None:
    assert concerned(verb, about) == said


@pytest.mark.parametrize(("verb", "about"), AS_IT_IS)
def test_what_is_no_code_stays_as_it_is(verb: str, about: str) -> None:
    assert concerned(verb, about) == about


@pytest.mark.parametrize(("verb", "about"), [(verb, about) for verb, about, said in SAID if said])
def test_nothing_but_names_is_outside_the_language_of_the_reader(pseudo_language: str, verb: str, about: str) -> None:
    left = pseudo.left_over(concerned(verb, about), {"Ada", "Ada: of Wye", *pseudo.days()})
    assert left == []


def test_every_act_writes_what_can_be_said(
    column: Column, owner: User, moderator: User, at: dt.datetime, pseudo_language: str
) -> None:
    """Of every verb that is said in words the product itself writes only what is understood."""
    ColumnEvent.objects.filter(column=column).delete()
    texts = column_settings.texts(column)
    new = {name: not old if name == "four_eyes" else f"{old} " for name, old in texts.items()} | {"language": "en-NZ"}
    column_settings.set_texts(column, new, seen=column_settings.mark(column), by=owner, at=at)
    column.refresh_from_db()
    factories.make_ready(column, owner)
    column_settings.pause(column, reopens_on=None, by=owner, at=at)
    column_settings.pause(column, reopens_on=dt.date(2090, 5, 3), by=owner, at=at)
    days = Period.of(column)
    column_settings.set_periods(column, {kept: many + 1 for kept, many in days.items()}, seen=days, by=owner, at=at)
    for words in (True, False):
        column_settings.export(column, words=words, by=owner, at=at)
    for roles in (frozenset(Role), frozenset({Role.REVIEWER}), frozenset[Role]()):
        membership.set_seats(moderator, column, roles, by=owner, at=at)
    invite = functools.partial(
        invitations.invite, "new@example.org", "New", column, list(Role), credential="", by=owner, at=at
    )
    invitations.call_back(column, invite().invitation.pk, by=owner, at=at)
    person = invitations.join(invite().invitation, "New", factories.PASSWORD, at=at)
    for act in (account_resets.reset_second_factor, account_resets.end_sessions, account_resets.reset_password):
        act(person, by=owner, at=at)
    keyring.month_key(column, at=at + dt.timedelta(days=40))
    events = list(ColumnEvent.objects.filter(column=column))
    assert {
        "set_texts",
        "pause_intake",
        "set_period",
        "export",
        "set_seats",
        "invite",
        "call_back_invitation",
        "accept_invitation",
        "make_key",
        "confirm_care_card",
    } <= {one.verb for one in events}
    names = {*User.objects.values_list("name", flat=True), *pseudo.days()}
    assert {
        one.about: left for one in events if (left := pseudo.left_over(concerned(one.verb, one.about), names))
    } == {}


def test_old_rows_and_new_ones_stand_on_one_page(
    column: Column, owner: User, at: dt.datetime, signed_in: Callable[[User], Client]
) -> None:
    ColumnEvent.write(column, "export", by=owner, at=at, about="without words of <letters>")
    ColumnEvent.write(column, "make_key", by=None, at=at, about="2026-11")
    page = signed_in(owner).get("/desk/plain/owner/").text
    assert "The column was exported. (without words of &lt;letters&gt;) – Owner" in page
    assert "The key of a month was made. (November 2026) – the system" in page
