"""The guard of the desk: what every page of it has in common, asked over HTTP and of views made for it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from columns.models import Column
from inbox.crypto.sealing import CannotOpen
from inbox.desk.guard import Desk, Person, Visit, desk_view
from inbox.desk.reauthenticate import FreshSignInWanted
from inbox.keys.vault import Locked, Vault
from inbox.models import Draft, Letter, LetterEvent, User
from inbox.staff import access
from inbox.workflow import AlreadyMoved, LetterStatus, NotAllowed, Role
from tests import factories
from tests.access_checks import client_of

WORD = "zanzibarquux"
TEXT = f"I am writing about a {WORD} that nobody else in the whole wide world would ever mention to anybody."


def asked(user: User | None, method: str = "get", keys: Vault | None = None) -> HttpRequest:
    request = getattr(RequestFactory(), method)("/desk/plain/")
    request.user, request.session, request._desk_keys = user, {}, keys
    return request


def answered(error: Exception, user: User) -> HttpResponse:
    """What comes of it where a view of the desk raises this."""

    @desk_view("GET")
    def view(request: HttpRequest, desk: Desk) -> HttpResponse:
        raise error

    response = view(asked(user), column="plain")
    assert isinstance(response, HttpResponse)
    return response


def test_a_view_is_given_who_asks_where_and_when(column: Column, author: User, keys: Vault) -> None:
    given: list[Any] = []

    @desk_view("GET", seats=access.READS_DRAFTS)
    def view(request: HttpRequest, desk: Desk, draft: uuid.UUID) -> HttpResponse:
        given.extend([desk, draft])
        return HttpResponse()

    pk = uuid.uuid4()
    assert view(asked(author, keys=keys), column="plain", draft=pk).status_code == 200
    desk, draft = given
    assert (desk.user, desk.column, desk.seats, desk.keys, draft) == (author, column, {Role.AUTHOR}, keys, pk)
    assert isinstance(desk.at, dt.datetime)
    with pytest.raises(AttributeError):
        desk.seats = frozenset(Role)


def test_a_page_of_no_column_is_given_the_person_and_their_places(
    column: Column, other_column: Column, author: User
) -> None:
    given: list[Person] = []

    @desk_view("GET")
    def view(request: HttpRequest, person: Person) -> HttpResponse:
        given.append(person)
        return HttpResponse()

    view(asked(author))
    assert given[0].seats_by_column == {column: {Role.AUTHOR}}
    with pytest.raises(Locked):
        _ = given[0].keys


def test_a_stranger_comes_in_where_the_view_says_so_alone(column: Column) -> None:
    def view(request: HttpRequest, visit: Visit) -> HttpResponse:
        return HttpResponse("come in")

    assert desk_view("GET", strangers=True)(view)(asked(None)).status_code == 200
    for parts in ({}, {"column": "plain"}):
        with pytest.raises(Http404):
            desk_view("GET")(view)(asked(None), **parts)


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (NotAllowed("That cannot be done."), 409, "That cannot be done."),
        (AlreadyMoved("Somebody was quicker."), 409, "Somebody was quicker."),
        (PermissionDenied(), 403, "This page is not open to you"),
        (CannotOpen("no key"), 403, "You hold no key for this"),
        (Locked("locked"), 403, "You hold no key for this"),
        (FreshSignInWanted(), 403, "Your password once more"),
        (FreshSignInWanted("This is not your password."), 400, "This is not your password."),
    ],
)
def test_refusals_become_pages(column: Column, author: User, error: Exception, status: int, said: str) -> None:
    response = answered(error, author)
    assert (response.status_code, said in response.content.decode()) == (status, True)


def test_what_is_not_here_is_not_found(column: Column, author: User) -> None:
    with pytest.raises(Http404):
        answered(access.NotHere(), author)


def test_somebody_with_another_seat_or_none_is_not_let_in(column: Column, owner: User, author_elsewhere: User) -> None:
    reached = []

    @desk_view("GET", "POST", seats=access.READS_LETTERS)
    def view(request: HttpRequest, desk: Desk) -> HttpResponse:
        reached.append(desk)
        return HttpResponse()

    assert view(asked(owner), column="plain").status_code == 403
    with pytest.raises(Http404):
        view(asked(author_elsewhere), column="plain")
    with pytest.raises(Http404):
        view(asked(owner), column="no-such-column")
    assert view(asked(owner, "put"), column="plain").status_code == 405
    owner.is_active = False
    with pytest.raises(Http404):
        view(asked(owner), column="plain")
    assert reached == []


# --- forgetting what was withdrawn ----------------------------------------------------------------------------------


def withdrawn(column: Column, at: dt.datetime) -> Draft:
    """A draft whose letter was withdrawn."""
    letter = factories.make_letter(column, LetterStatus.SHORTLISTED, text=TEXT)
    draft = factories.make_draft(column, letters=[letter], at=at, words={"question": f"A {WORD}?"})
    Letter.objects.get(pk=letter.pk).withdraw(at=at)
    return draft


@pytest.mark.parametrize("roles", [(Role.MODERATOR,), (Role.OWNER, Role.REVIEWER)])
@pytest.mark.parametrize("path", ["", "me/", "plain/staff/", "plain/practice/"])
def test_any_page_of_somebody_with_keys_forgets(
    column: Column, at: dt.datetime, keys: Vault, path: str, roles: tuple[Role, ...]
) -> None:
    client = client_of(factories.make_user("somebody", column, *roles))
    draft = withdrawn(column, at)
    assert WORD in str(list(keys.open_many(draft.versions.all()).values()))
    assert client.get(f"/desk/{path}").status_code == 200
    assert WORD not in str(list(keys.open_many(draft.versions.all()).values()))


def test_somebody_without_keys_forgets_nothing_and_sees_no_error(column: Column, owner: User, at: dt.datetime) -> None:
    client = client_of(owner)
    withdrawn(column, at)
    for path in ("", "plain/owner/", "plain/staff/"):
        assert client.get(f"/desk/{path}").status_code == 200
    assert not LetterEvent.objects.filter(verb="forget").exists()


@pytest.mark.parametrize("path", ["", "me/", "plain/inbox/", "plain/drafts/", "plain/reviews/", "plain/panels/"])
def test_asking_costs_no_query_of_its_own(
    column: Column, at: dt.datetime, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(factories.make_user("all", column, Role.MODERATOR, Role.AUTHOR, Role.REVIEWER))
    factories.make_letter(column, LetterStatus.ANSWERING)
    called: list[Callable[..., object]] = []
    monkeypatch.setattr("inbox.desk.guard.drafts.forget_withdrawn", lambda *_, **__: called.append(print))
    client.get(f"/desk/{path}")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/desk/{path}")
    assert called == []
    assert sum("forget" in query["sql"] for query in queries) == 1, "in the query that asks for the seats"
