"""Acts on somebody's account: every act, by every kind of owner, on people of one column and of two."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from columns.models import Column
from inbox.models import ColumnEvent, Seat, StaffKey, User
from inbox.staff import account_resets, invitations
from inbox.workflow import NotAllowed, Role
from tests import factories

SignIn = Callable[[User], Client]
CONFIRM = {"confirm_password": factories.PASSWORD}
#: Each act by the last part of its address: its function, its event, and the subject of the mail to the person.
ACTS: dict[str, tuple[Callable[..., Any], str, str]] = {
    "second-factor": (account_resets.reset_second_factor, "reset_second_factor", "Your second factor was removed"),
    "sessions": (account_resets.end_sessions, "end_sessions", "Your sessions were ended"),
    "password": (account_resets.reset_password, "reset_password", "Your password lets nobody in any more"),
}
#: Who asks: the columns that they own, and other seats that they hold.
KINDS: dict[str, tuple[set[str], set[tuple[str, Role]]]] = {
    "owner here": ({"plain"}, set()),
    "owner there": ({"elsewhere"}, set()),
    "owner of both": ({"plain", "elsewhere"}, set()),
    "owner here, colleague there": ({"plain"}, {("elsewhere", role) for role in Role if role != Role.OWNER}),
    "every other seat here": (set(), {("plain", role) for role in Role if role != Role.OWNER}),
}
#: Whom it is about: their seats.
PEOPLE: dict[str, set[tuple[str, Role]]] = {
    "of one column": {("plain", Role.MODERATOR)},
    "of both": {("plain", Role.MODERATOR), ("elsewhere", Role.REVIEWER)},
    "an owner of both": {("plain", Role.OWNER), ("elsewhere", Role.OWNER)},
}


@pytest.fixture
def columns(column: Column, other_column: Column) -> dict[str, Column]:
    return {"plain": column, "elsewhere": other_column}


def make(name: str, columns: dict[str, Column], seats: set[tuple[str, Role]]) -> User:
    user = factories.make_user(name)
    for slug, role in sorted(seats):
        Seat.objects.create(user=user, column=columns[slug], role=role)
    factories.give_address(user)
    return user


@pytest.fixture
def about() -> str:
    return "of both"


@pytest.fixture
def person(columns: dict[str, Column], about: str) -> User:
    user = make("person", columns, PEOPLE[about])
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "theirs"})
    return user


def standing(user: User) -> tuple[Any, ...]:
    fresh = User.objects.get(pk=user.pk)
    return fresh.password, fresh.session_epoch, Authenticator.objects.filter(user=user).count()


def allowed(kind: str, about: str, through: str) -> int:
    """The status that the owner's page answers with."""
    owned, others = KINDS[kind]
    works = {slug for slug, _ in PEOPLE[about]}
    if through not in owned:
        return 403 if through in {slug for slug, _ in others} else 404
    if through not in works:
        return 404
    return 302 if works <= owned else 409


@pytest.mark.parametrize("through", ["plain", "elsewhere"])
@pytest.mark.parametrize("about", PEOPLE)
@pytest.mark.parametrize(
    "kind",
    # whoever may do it reaches every statement; who may is worked out in the program
    [pytest.param(kind, marks=pytest.mark.databases if kind == "owner of both" else ()) for kind in KINDS],
)
@pytest.mark.parametrize("act", ACTS)
def test_every_act_by_every_kind_of_owner(
    columns: dict[str, Column], person: User, signed_in: SignIn, act: str, kind: str, about: str, through: str
) -> None:
    owned, others = KINDS[kind]
    asks = make("asks", columns, {*((slug, Role.OWNER) for slug in owned), *others})
    theirs, before = signed_in(person), standing(person)
    answer = signed_in(asks).post(f"/desk/{through}/staff/{person.pk}/{act}/", CONFIRM)
    assert answer.status_code == allowed(kind, about, through)
    events = set(ColumnEvent.objects.filter(verb=ACTS[act][1]).values_list("column__slug", "by"))
    if answer.status_code != 302:
        assert (standing(person), events, mail.outbox) == (before, set(), [])
        assert theirs.get("/desk/").status_code == 200
        if answer.status_code == 409:
            assert "Only an owner of every column they work in, or the operator of the site" in answer.text
            assert columns["elsewhere" if through == "plain" else "plain"].title not in answer.text
        return
    assert standing(person) != before
    assert theirs.get("/desk/").headers["Location"].startswith("/accounts/login/")
    assert events == {(slug, asks.pk) for slug, _ in PEOPLE[about]}
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([person.email], ACTS[act][2])
    assert "Asks, who owns your column" in sent.body


@pytest.mark.databases
@pytest.mark.parametrize("act", ACTS)
def test_the_operator_may_do_each(columns: dict[str, Column], person: User, act: str) -> None:
    before, out = standing(person), io.StringIO()
    call_command("reset_account", act, person.email.upper(), stdout=out)
    assert standing(person) != before
    events = ColumnEvent.objects.filter(verb=ACTS[act][1])
    assert set(events.values_list("column__slug", flat=True)) == {"plain", "elsewhere"}
    assert not events.exclude(by=None).exists()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([person.email], ACTS[act][2])
    assert "the operator of the site" in sent.body


@pytest.mark.parametrize("act", ACTS)
def test_an_invitation_to_ones_own_column_gives_no_power(
    columns: dict[str, Column], signed_in: SignIn, act: str, at: dt.datetime
) -> None:
    """What was seen: a colleague of another column is invited, and at once their second factor is removed."""
    attacker = make("attacker", columns, {("plain", Role.OWNER)})
    colleague = make("colleague", columns, {("elsewhere", Role.AUTHOR)})
    before = standing(colleague)
    invited = invitations.invite(
        colleague.email, "Somebody", columns["plain"], [Role.REVIEWER], credential="", by=attacker, at=at
    )
    address = f"/desk/plain/staff/{colleague.pk}/{act}/"
    assert signed_in(attacker).post(address, CONFIRM).status_code == 404
    invitations.accept(invited.invitation, colleague, at=at)
    assert signed_in(attacker).post(address, CONFIRM).status_code == 409
    assert standing(colleague) == before


@pytest.mark.parametrize("act", ACTS)
def test_a_practice_column_neither_gives_nor_takes_this(columns: dict[str, Column], act: str, at: dt.datetime) -> None:
    do = ACTS[act][0]
    owner, person = make("owner", columns, {("plain", Role.OWNER)}), make("person", columns, PEOPLE["of one column"])
    practised = factories.make_column(practice=True)
    Seat.objects.create(user=person, column=practised, role=Role.AUTHOR)
    Seat.objects.create(user=owner, column=practised, role=Role.OWNER)
    do(person, by=owner, at=at)  # their practice column does not stand in the way
    alone = factories.make_user("alone")
    Seat.objects.create(user=alone, column=practised, role=Role.AUTHOR)
    with pytest.raises(NotAllowed):
        do(alone, by=owner, at=at)


@pytest.mark.parametrize("act", ACTS)
def test_not_on_oneself(columns: dict[str, Column], signed_in: SignIn, act: str) -> None:
    owner = make("owner", columns, {("plain", Role.OWNER)})
    answer = signed_in(owner).post(f"/desk/plain/staff/{owner.pk}/{act}/", CONFIRM)
    assert answer.status_code == 409
    assert "Your own " in answer.text


def test_an_ended_password_lets_nobody_in_and_the_link_goes_to_its_person_alone(
    columns: dict[str, Column], signed_in: SignIn
) -> None:
    owner, person = make("owner", columns, {("plain", Role.OWNER)}), make("person", columns, PEOPLE["of one column"])
    pair = bytes(StaffKey.objects.get(user=person).public)
    page = signed_in(owner).post(f"/desk/plain/staff/{person.pk}/password/", CONFIRM, follow=True)
    (sent,) = mail.outbox
    link = re.search(r"http://127\.0\.0\.1:8000(/accounts/password/reset/key/\S+)", str(sent.body))
    assert link
    assert link[1] not in page.text
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": factories.PASSWORD})
    assert client.get("/desk/").status_code == 302
    form = client.get(link[1], follow=True)
    passwords = {"password1": "six other words for the lamp", "password2": "six other words for the lamp"}
    assert client.post(form.redirect_chain[-1][0], passwords).status_code == 302
    client.post("/accounts/login/", {"login": person.email, "password": "six other words for the lamp"})
    assert client.get("/desk/").status_code == 200
    assert bytes(StaffKey.objects.get(user=person).public) != pair
    assert "Your password was reset" in [one.subject for one in mail.outbox]


def test_where_no_mail_goes_out_the_act_is_done_and_said(
    columns: dict[str, Column], signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    owner, person = make("owner", columns, {("plain", Role.OWNER)}), make("person", columns, PEOPLE["of one column"])
    monkeypatch.setattr("inbox.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(OSError(*self.to)))
    page = signed_in(owner).post(f"/desk/plain/staff/{person.pk}/password/", CONFIRM, follow=True)
    assert "The mail server did not confirm that it took the mail" in page.text
    assert not User.objects.get(pk=person.pk).has_usable_password()
    assert person.email not in caplog.text
    out = io.StringIO()
    call_command("reset_account", "password", person.email, stdout=out)
    assert "did not confirm that it took the mail, so give it to them" in out.getvalue()
    assert "/accounts/password/reset/key/" in out.getvalue()


def test_a_deactivated_person_gets_no_mail(columns: dict[str, Column]) -> None:
    person = make("person", columns, PEOPLE["of one column"])
    User.objects.filter(pk=person.pk).update(is_active=False)
    person.refresh_from_db()
    account_resets.end_sessions(person, by=None, at=timezone.now())
    assert mail.outbox == []
