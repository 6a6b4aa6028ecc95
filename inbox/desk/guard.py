"""Access control of the desk: every view of it is decorated with ``desk_view``.

The middleware has authenticated the request before: signed in, second factor set, session unlocked. The guard checks
the person's seats, erases the words of withdrawn letters from drafts before a page is made, and turns refusals into
pages.
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
from inbox.desk import reauthenticate, session
from inbox.editorial import drafts
from inbox.keys.keyring import HOLDERS
from inbox.keys.vault import Locked, Vault
from inbox.models import Letter, User
from inbox.staff import access
from inbox.workflow import MoveRefused, Role

EVERY_SEAT = frozenset(Role)


@dataclass(frozen=True)
class Visit:
    """What a view open to everybody is given. ``at``: the time of the request, read once."""

    at: dt.datetime


@dataclass(frozen=True)
class _AtDesk(Visit):
    """What every view for somebody signed in is given. ``unlocked``: the keys of the session, if it is unlocked."""

    user: User
    unlocked: Vault | None = field(repr=False)

    @property
    def keys(self) -> Vault:
        """The desk keys of the unlocked session. Raises ``Locked`` for a request that a script made in a locked one."""
        if self.unlocked is None:
            raise Locked("this session is not unlocked")
        return self.unlocked


@dataclass(frozen=True)
class Person(_AtDesk):
    """What a view outside the columns is given: the person, and their seats in each of their columns, by its title."""

    seats_by_column: Mapping[Column, frozenset[Role]]


@dataclass(frozen=True)
class Desk(_AtDesk):
    """What a view of a column is given: the person, the column, and their seats in it."""

    column: Column
    seats: frozenset[Role]

    def context(self, section: str, **more: Any) -> dict[str, Any]:
        """Return the context of a page of the column. ``section``: the part of the desk that the navigation marks."""
        return {"column": self.column, "mine": self.seats, "section": section, **more}


@dataclass(frozen=True)
class Signal(Visit):
    """What a view of presence is given: the person, and the letters of the column that the request names, by id; no
    keys."""

    user: User
    letters: Mapping[uuid.UUID, Letter]


#: A view: the request, what the guard gives (``Desk`` and its like), and the arguments of the URL except the column.
_View = Callable[..., HttpResponseBase]
#: Returns the response to a refused move; the last argument is the arguments of the URL.
Refused = Callable[[HttpRequest, Desk, MoveRefused, Mapping[str, Any]], HttpResponse]


def desk_view(
    *methods: str,
    seats: frozenset[Role] = EVERY_SEAT,
    fresh: bool = False,
    strangers: bool = False,
    letters: Callable[[HttpRequest], Collection[uuid.UUID]] | None = None,
    refused: Refused | None = None,
) -> Callable[[_View], _View]:
    """Decorate a view of the desk, for people who have one of ``seats`` in the column of the URL.

    ``methods``: the HTTP methods allowed; GET includes HEAD. A URL without a column is open to everybody with a seat,
    and its view is given a ``Person``. ``strangers``: no sign-in is needed, and the view is given a ``Visit``.
    ``fresh``: a sign-in in the last minutes is needed. ``letters``: returns the ids of the letters that a request
    names; they are read in the query that checks the seats, and the view is given a ``Signal``. ``refused``: returns
    the response to a refused move; without it a page states the reason. A view that shows a form again, with what was
    typed, catches refusals itself.
    """
    allowed = (*methods, "HEAD") if "GET" in methods else methods
    rule = _AccessRule(seats, fresh=fresh, strangers=strangers, letters=letters, refused=refused)

    def decorate(view: _View) -> _View:
        @sensitive_post_parameters()
        @functools.wraps(view)
        def guarded(request: HttpRequest, column: str | None = None, **parts: Any) -> HttpResponseBase:
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            visit = None
            try:
                visit = rule.enter(request, column)
                return view(request, visit, **parts)
            except access.NotHere as error:
                raise Http404 from error
            except (PermissionDenied, CannotOpen, Locked, reauthenticate.FreshSignInWanted) as error:
                return _turned_away(request, error)
            except MoveRefused as why:
                return rule.answer(request, visit, why, parts)

        guarded.is_guarded = True  # type: ignore[attr-defined]  # looked for by the structure test
        return guarded

    return decorate


def redirect_to(name: str, *parts: str) -> Refused:
    """Return a handler that answers a refused move with a redirect to a page, on which a message states the reason.

    ``name``: of the page's URL. ``parts``: the arguments of the view's URL that the page's URL takes too, after the
    column.
    """

    def answer(request: HttpRequest, desk: Desk, why: MoveRefused, given: Mapping[str, Any]) -> HttpResponse:
        messages.warning(request, gettext("%(reason)s Nothing was changed.") % {"reason": why})
        return redirect(name, desk.column.slug, *(given[part] for part in parts))

    return answer


@dataclass(frozen=True)
class _AccessRule:
    """The arguments of ``desk_view``."""

    seats: frozenset[Role]
    _: KW_ONLY
    fresh: bool
    strangers: bool
    letters: Callable[[HttpRequest], Collection[uuid.UUID]] | None
    refused: Refused | None

    def enter(self, request: HttpRequest, slug: str | None) -> Visit:
        """Return what the view is given. Raises ``NotHere``, ``PermissionDenied`` or ``FreshSignInWanted``."""
        at = timezone.now()
        if self.strangers:
            return Visit(at)
        user = request.user
        if not isinstance(user, User) or not user.is_active:
            raise access.NotHere  # the middleware redirects strangers to the sign-in
        if self.fresh:  # before the response depends on the column
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
        """Return the response to a refused move."""
        if self.refused is not None and isinstance(visit, Desk):
            return self.refused(request, visit, why, parts)
        return render(request, "desk/refused.html", {"refused": str(why)}, status=409)


def _to_person(request: HttpRequest, user: User, at: dt.datetime) -> Person:
    admissions, keys = access.admissions(user), session.keys(request)
    for admission in admissions:
        _forget(admission, keys, at)
    return Person(at, user, keys, {admission.column: admission.seats for admission in admissions})


def _forget(admission: access.Admission, keys: Vault | None, at: dt.datetime) -> None:
    """Erase the words of withdrawn letters from the column's drafts, if this person's keys open them."""
    if keys is not None and admission.to_forget and admission.seats & HOLDERS:
        drafts.forget_withdrawn(admission.column, at=at, keys=keys)


def _turned_away(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return the page for a person without access: 403, or the question for the password."""
    if isinstance(error, reauthenticate.FreshSignInWanted):
        return reauthenticate.ask(request, error)
    # a person without the keys is no error of the site
    template = "403.html" if isinstance(error, PermissionDenied) else "desk/no_key.html"
    return render(request, template, status=403)
