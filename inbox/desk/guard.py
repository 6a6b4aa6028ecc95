"""The one way to a page of the desk: every view of it is decorated with ``desk_view``.

The middleware has asked before who it is: signed in, second factor set, session unlocked. The guard asks whether this
person may be here, lets the desk forget what was withdrawn before anything is shown, and turns refusals into pages.
"""

from __future__ import annotations

import datetime as dt
import functools
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from columns.models import Column
from inbox.crypto.sealing import CannotOpen
from inbox.desk import session
from inbox.desk.account import reauthenticate
from inbox.editorial import drafts
from inbox.keys.keyring import HOLDERS
from inbox.keys.vault import Locked, Vault
from inbox.models import Letter, User
from inbox.staff import access
from inbox.workflow import MoveRefused, Role

EVERY_SEAT = frozenset(Role)


@dataclass(frozen=True)
class Visit:
    """What a page for anybody is given. ``at``: the clock, read once."""

    at: dt.datetime


@dataclass(frozen=True)
class _AtDesk(Visit):
    user: User
    unlocked: Vault | None = field(repr=False)

    @property
    def keys(self) -> Vault:
        """The desk keys of the unlocked session; ``Locked`` for what a page asks by itself."""
        if self.unlocked is None:
            raise Locked("this session is not unlocked")
        return self.unlocked


@dataclass(frozen=True)
class Person(_AtDesk):
    """What a page of no column is given: who asks, and the columns at which they have seats, by title."""

    places: Mapping[Column, frozenset[Role]]


@dataclass(frozen=True)
class Desk(_AtDesk):
    """What a page of a column is given: who asks, the column, and the seats that they have there."""

    column: Column
    seats: frozenset[Role]

    def context(self, section: str, **more: Any) -> dict[str, Any]:
        """What the template of every page of a column is given. ``section``: the part of the desk that it stands in."""
        return {"column": self.column, "mine": self.seats, "section": section, **more}


@dataclass(frozen=True)
class Signal(Visit):
    """What a sign of life is given: who asks, and the letters of the column that it names, by id. No key is in hand."""

    user: User
    letters: Mapping[uuid.UUID, Letter]


#: A view: the request, what the guard gives (``Desk`` and its like), then the parts of the address but for the column.
_View = Callable[..., HttpResponseBase]
#: What to answer where a move is refused, with the parts of the address.
Refused = Callable[[HttpRequest, Desk, MoveRefused, Mapping[str, Any]], HttpResponse]


def desk_view(
    *methods: str,
    seats: frozenset[Role] = EVERY_SEAT,
    fresh: bool = False,
    strangers: bool = False,
    letters: Callable[[HttpRequest], Collection[uuid.UUID]] | None = None,
    refused: Refused | None = None,
) -> Callable[[_View], _View]:
    """A view of the desk, for those who have one of ``seats`` in the column of the address.

    ``methods``: those it answers; GET brings HEAD along. An address without a column is open to everybody at the desk,
    and its view is given a ``Person``. ``strangers``: nobody need be signed in, and the view is given a ``Visit``.
    ``fresh``: it wants a sign-in of the last minutes. ``letters``: the ids of the letters that a request names, which
    are read in the query that admits, and the view is given a ``Signal``. ``refused``: what a refused move is answered
    with; otherwise it is a page that says why. Views that keep what somebody typed catch their refusals themselves.
    """
    allowed = (*methods, "HEAD") if "GET" in methods else methods
    door = _Door(seats, fresh=fresh, strangers=strangers, letters=letters, refused=refused)

    def decorate(view: _View) -> _View:
        @sensitive_post_parameters()
        @functools.wraps(view)
        def guarded(request: HttpRequest, column: str | None = None, **parts: Any) -> HttpResponseBase:
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            visit = None
            try:
                visit = door.enter(request, column)
                return view(request, visit, **parts)
            except access.NotHere as error:
                raise Http404 from error
            except (PermissionDenied, CannotOpen, Locked, reauthenticate.FreshSignInWanted) as error:
                return _turned_away(request, error)
            except MoveRefused as why:
                return door.answer(request, visit, why, parts)

        guarded.is_guarded = True  # type: ignore[attr-defined]  # looked for by the structure test
        return guarded

    return decorate


def said_at(name: str, *parts: str) -> Refused:
    """Answer a refused move with the page of this URL name, where a line says why. ``parts``: those of the address that
    the page's own has, after the column."""

    def answer(request: HttpRequest, desk: Desk, why: MoveRefused, given: Mapping[str, Any]) -> HttpResponse:
        messages.warning(request, gettext("%(reason)s Nothing was changed.") % {"reason": why})
        return redirect(name, desk.column.slug, *(given[part] for part in parts))

    return answer


@dataclass(frozen=True)
class _Door:
    """What ``desk_view`` was told."""

    seats: frozenset[Role]
    _: KW_ONLY
    fresh: bool
    strangers: bool
    letters: Callable[[HttpRequest], Collection[uuid.UUID]] | None
    refused: Refused | None

    def enter(self, request: HttpRequest, slug: str | None) -> Visit:
        """What the view is given; raises what the guard turns into a page where this person may not be here."""
        at = timezone.now()
        if self.strangers:
            return Visit(at)
        user = request.user
        if not isinstance(user, User) or not user.is_active:
            raise access.NotHere  # the middleware has sent them to the sign-in before
        if self.fresh:  # before anything is said about the column
            reauthenticate.need_fresh(request, user, at=at)
        return _to_person(request, user, at) if slug is None else self._to_column(request, user, slug, at)

    def _to_column(self, request: HttpRequest, user: User, slug: str, at: dt.datetime) -> Visit:
        if self.letters is not None:
            return Signal(at, user, access.among(user, slug, self.seats, self.letters(request)))
        admission, keys = access.admit(user, slug, self.seats), session.keys(request)
        _forget(admission, keys, at)
        return Desk(at, user, keys, admission.column, admission.seats)

    def answer(
        self, request: HttpRequest, visit: Visit | None, why: MoveRefused, parts: Mapping[str, Any]
    ) -> HttpResponse:
        """Nothing was changed, and the person is told why."""
        if self.refused is not None and isinstance(visit, Desk):
            return self.refused(request, visit, why, parts)
        return render(request, "desk/refused.html", {"refused": str(why)}, status=409)


def _to_person(request: HttpRequest, user: User, at: dt.datetime) -> Person:
    admissions, keys = access.admissions(user), session.keys(request)
    for admission in admissions:
        _forget(admission, keys, at)
    return Person(at, user, keys, {admission.column: admission.seats for admission in admissions})


def _forget(admission: access.Admission, keys: Vault | None, at: dt.datetime) -> None:
    """Let the column's drafts forget what was withdrawn, as soon as somebody is here whose keys open them."""
    if keys is not None and admission.to_forget and admission.seats & HOLDERS:
        drafts.forget_withdrawn(admission.column, at=at, keys=keys)


def _turned_away(request: HttpRequest, error: Exception) -> HttpResponse:
    if isinstance(error, reauthenticate.FreshSignInWanted):
        return reauthenticate.ask(request, error)
    # words that this person's keys do not open are no error of the site
    template = "403.html" if isinstance(error, PermissionDenied) else "desk/no_key.html"
    return render(request, template, status=403)
