"""One of everything in a column, and one of every kind of person, for ``test_matrix.py``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.utils import timezone

from columns.models import Column
from inbox.editorial import decisions
from inbox.keys import vault
from inbox.letters import writer_acts
from inbox.models import Draft, Invitation, Letter, User
from inbox.staff import invitations
from inbox.workflow import DraftStatus, LetterStatus, Role
from tests import factories
from tests.access_checks import client_of
from tests.matrix import A, M

MARK = re.compile(r"zqmark[a-z]+\d+x")
LONG = "Thank you for your letter, which we have read with very much care."


@dataclass
class Things:
    """One of everything, with the words that give each away."""

    column: Column
    letters: dict[LetterStatus, Letter] = field(default_factory=dict)
    drafts: dict[DraftStatus, Draft] = field(default_factory=dict)
    #: What each word belongs to: kind ("letter", "copied", "beside", "gone" or "draft") and the state of its object.
    marks: dict[str, tuple[str, str]] = field(default_factory=dict)
    elsewhere: list[Letter | Draft] = field(default_factory=list)
    #: An open invitation to the column, and one to the other.
    invitations: list[Invitation] = field(default_factory=list)

    def mark(self, kind: str, state: str) -> str:
        word = f"zqmark{kind}{len(self.marks)}x"
        self.marks[word] = (kind, state)
        return word


def letter_with(things: Things, state: str, *, copied: bool = False, gone: bool = False) -> Letter:
    """A letter with marked words, notes and messages."""
    kind = "gone" if gone else "copied" if copied else "letter"
    beside = "gone" if gone else "beside"
    at, column = timezone.now(), things.column
    text = f"{things.mark(kind, state)} {factories.LETTER_TEXT}"
    taken = factories.take_letter(column, text=text, pen_name=things.mark(kind, state))
    desk = factories.someone(column, Role.MODERATOR)
    taken.letter.note(f"{things.mark(beside, state)} was here before", by=desk, at=at)
    decisions.ask(taken.letter, f"Since when, {things.mark(beside, state)}?", by=desk, at=at)
    writer_acts.write_back(taken.letter, f"Since {things.mark(beside, state)}.", at=at)
    if gone:
        _, derived = writer_acts.find(taken.receipt)
        things.letters[LetterStatus(state)] = taken.letter
        if state == LetterStatus.WITHDRAWN:
            writer_acts.withdraw(taken.letter, vault.writer(derived.key), at=at)
        else:
            decisions.decline(taken.letter, LONG, by=desk, at=at)
            taken.letter.erase(at=at)
    return taken.letter


def make_things(column: Column) -> Things:
    things = Things(column)
    at = timezone.now()
    desk, author = factories.someone(column, M), factories.someone(column, A)
    for state in map(LetterStatus, ("received", "held", "shortlisted", "declined", "replied")):
        letter = things.letters[state] = letter_with(things, state)
        match state:
            case LetterStatus.HELD:
                letter.hold(by=desk, at=at)
            case LetterStatus.SHORTLISTED:
                letter.shortlist(by=desk, at=at)
            case LetterStatus.DECLINED:
                decisions.decline(letter, LONG, by=desk, at=at)
            case LetterStatus.REPLIED:
                decisions.reply(letter, LONG, by=author, at=at, keys=factories.desk_keys())
    for state in (LetterStatus.WITHDRAWN, LetterStatus.ERASED):
        letter_with(things, state, gone=True)
    for status in DraftStatus:
        letter = letter_with(things, f"draft {status}", copied=True)
        letter.shortlist(by=desk, at=at)
        mark = things.mark("draft", status)
        words = {"headline": f"{mark} is it normal", "answer": f"{mark} nothing is wrong with you."}
        words |= {"question": f"{mark} a question of somebody", "standfirst": mark}
        things.drafts[status] = factories.make_draft(column, status, letters=[letter], words=words)
        letter.refresh_from_db()
        letter.column = column
        things.letters.setdefault(LetterStatus(letter.status), letter)
    other = factories.make_column(slug="far")
    things.elsewhere = [factories.make_letter(other), factories.make_draft(other)]
    things.invitations = [
        invitations.invite(
            "somebody@example.org", "Some", one, [A], credential="", by=factories.someone(one, Role.OWNER), at=at
        ).invitation
        for one in (column, other)
    ]
    assert set(things.letters) == set(LetterStatus)
    return things


# --- the people ------------------------------------------------------------------------------------------------------


@dataclass
class Person:
    client: Client
    #: Their seats in the column; ``None``: somebody who is not let in anywhere.
    roles: frozenset[Role] | None
    sent_to: str = ""


def freshen(client: Client, user: User) -> Client:
    """As if the person had just typed their password."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": timezone.now().timestamp()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def person(kind: str, column: Column, settings: Any) -> Person:
    login, nobody = "/accounts/login/", frozenset[Role]()
    match kind:
        case "stranger":
            return Person(Client(), None, login)
        case "elsewhere":
            user = factories.make_user("elsewhere", factories.make_column(), *Role)
            return Person(freshen(client_of(user), user), nobody)
        case "no seat":
            user = factories.make_user("seatless")
            return Person(freshen(client_of(user), user), nobody)
        case "inactive":
            user = factories.make_user("inactive", column, *Role)
            client = client_of(user)
            User.objects.filter(pk=user.pk).update(is_active=False)
            return Person(client, None, login)
        case "demonstration":
            client = client_of(factories.make_user("demonstration", column, *Role))
            settings.DEMO = False
            return Person(client, None, login)
        case "no second factor":
            client = client_of(factories.make_user("single", column, *Role, demo=False))
            return Person(client, None, "/accounts/2fa/totp/activate/")
    user = factories.make_user(f"only {kind}", column, Role(kind))
    return Person(freshen(client_of(user), user), frozenset({Role(kind)}))


PEOPLE = [*Role, "stranger", "elsewhere", "no seat", "inactive", "demonstration", "no second factor"]
