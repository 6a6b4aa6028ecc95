"""Staff and keys of a column. Every change wants a fresh sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from columns.models import Column
from inbox.crypto import recovery_sheet, sealing
from inbox.desk.guard import Desk, desk_view
from inbox.desk.inbox.assignment import reassign_rows
from inbox.desk.owner.column import OWNER
from inbox.desk.owner.forms.staff import InviteForm, RecoveryForm, SeatsForm
from inbox.keys import keyring
from inbox.staff import access, membership
from inbox.workflow import MoveRefused, Role

#: Data keys re-sealed at one press of the button: some seconds of work.
_RESEALED_AT_ONCE = 5000


@desk_view("GET")
def staff(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who works here and who holds the keys. Everybody at the column sees it; owners change it."""
    return _page(request, desk)


@desk_view("POST", seats=OWNER, fresh=True)
def invite(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Somebody new, or new seats for somebody who has an account."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, desk, invite_form=form)
    said = form.cleaned_data
    try:
        made = membership.invite(
            said["email"],
            said["name"],
            desk.column,
            form.roles(),
            credential=said["credential"],
            by=desk.user,
            at=desk.at,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, desk, invite_form=form)
    return _page(request, desk, invited=made, mailed=_mailed(made, desk.column), status=200)


def _mailed(made: membership.Invited, column: Column) -> bool:
    try:
        membership.mail_invitation(made, column)
    except OSError:
        return False
    return True


def _told(request: HttpRequest, desk: Desk, why: MoveRefused, parts: Mapping[str, Any]) -> HttpResponse:
    """For the guard: what was asked for was refused, and nothing was changed."""
    return _page(request, desk, refused=str(why), status=409)


@desk_view("POST", seats=OWNER, fresh=True, refused=_told)
def seats(request: HttpRequest, desk: Desk, user: int) -> HttpResponse:
    """Which seats a colleague holds."""
    colleague = access.colleague(desk.column, user)
    form = SeatsForm(request.POST)
    if not form.is_valid():
        return _page(request, desk, refused=gettext("Please choose seats from the list."), status=400)
    membership.set_seats(colleague, desk.column, form.roles(), by=desk.user, at=desk.at)
    messages.success(request, gettext("The seats of %(name)s are changed.") % {"name": colleague})
    return redirect("desk:staff", desk.column.slug)


@desk_view("POST", seats=OWNER, fresh=True)
def second_factor(request: HttpRequest, desk: Desk, user: int) -> HttpResponse:
    """A colleague lost their second factor: they set up a new one at their next sign-in."""
    colleague = access.colleague(desk.column, user)
    if colleague == desk.user:
        refused = gettext("Your own second factor is changed under “Second factor”, by whoever has it in hand.")
        return _page(request, desk, refused=refused, status=409)
    membership.reset_second_factor(colleague, by=desk.user, at=desk.at)
    said = gettext("%(name)s sets up a new second factor at their next sign-in.")
    messages.success(request, said % {"name": colleague})
    return redirect("desk:staff", desk.column.slug)


@desk_view("POST", seats=keyring.HOLDERS, fresh=True, refused=_told)
def give_keys(request: HttpRequest, desk: Desk, user: int) -> HttpResponse:
    """Give a colleague the column's keys that this session holds."""
    colleague = access.colleague(desk.column, user)
    given = keyring.grant(desk.column, colleague, by=desk.user, at=desk.at, keys=desk.keys)
    if given:
        messages.success(request, gettext("%(name)s can open letters now.") % {"name": colleague})
    else:
        messages.warning(request, gettext("You hold no key that %(name)s lacks.") % {"name": colleague})
    return redirect("desk:staff", desk.column.slug)


@desk_view("POST", seats=OWNER, fresh=True)
def recover(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Give everybody whose seat needs them the keys, out of the printed recovery key."""
    form = RecoveryForm(request.POST)
    if not form.is_valid():
        return _page(request, desk, recovery_form=form, status=400)
    try:
        keys = keyring.recovered(form.cleaned_data["key"])
    except recovery_sheet.BadRecoveryKey as error:
        form.add_error("key", str(error))
        return _page(request, desk, recovery_form=form, status=400)
    waiting = [one.user for one in keyring.standing(desk.column) if one.ready and one.missing]
    given = [user for user in waiting if keyring.grant(desk.column, user, by=desk.user, at=desk.at, keys=keys)]
    names = ", ".join(str(user) for user in given)
    said = gettext("The keys were given to %(names)s.") if given else gettext("Nobody was waiting for a key.")
    messages.success(request, said % {"names": names})
    return redirect("desk:staff", desk.column.slug)


@desk_view("POST", seats=keyring.HOLDERS, fresh=True)
def reseal(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Re-seal what is still sealed to a key that somebody who left has held."""
    try:
        done = keyring.reseal(desk.column, keys=desk.keys, most=_RESEALED_AT_ONCE)
    except (sealing.CannotOpen, keyring.NoHolder):
        return _page(request, desk, refused=gettext("You do not hold the keys that are needed for this."), status=409)
    left = keyring.left_to_reseal(desk.column)
    if left:
        said = ngettext(
            "%(done)s data keys are sealed anew. %(left)s are left; press the button once more.",
            "%(done)s data keys are sealed anew. %(left)s are left; press the button once more.",
            left,
        )
    else:
        said = ngettext(
            "%(done)s data keys are sealed anew. None is left.",
            "%(done)s data keys are sealed anew. None is left.",
            done,
        )
    messages.success(request, said % {"done": done, "left": left})
    return redirect("desk:staff", desk.column.slug)


def _page(request: HttpRequest, desk: Desk, *, status: int | None = None, **more: Any) -> HttpResponse:
    column, mine = desk.column, desk.seats
    people = membership.people(column)
    standing = {one.user: one for one in keyring.standing(column)}
    second = set(Authenticator.objects.filter(user__in=[user for user, _ in people]).values_list("user_id", flat=True))
    handed = reassign_rows(desk, [user for user, _ in people])
    rows = [
        {
            "user": user,
            "letters": handed[user.pk],
            "roles": sorted(roles),
            "keys": standing.get(user),
            "second": user.pk in second,
            "form": SeatsForm(initial={"seats": sorted(roles)}, auto_id=f"seats-{user.pk}-%s"),
        }
        for user, roles in people
    ]
    forms = [more.get("invite_form"), more.get("recovery_form")]
    context = desk.context("staff") | {
        "rows": rows,
        "holds": bool(mine & keyring.HOLDERS),
        "owner": Role.OWNER in mine,
        "left": keyring.left_to_reseal(column),
        "invite_form": InviteForm(),
        "recovery_form": RecoveryForm(),
        "wrong": next((form for form in forms if form is not None and form.errors), None),
        **more,
    }
    failed = context["wrong"] is not None
    return render(request, "desk/owner/staff.html", context, status=status or (400 if failed else 200))
