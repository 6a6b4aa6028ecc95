"""Staff and keys of a column, and the page on which an invitation is accepted."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from columns.models import Column
from inbox.crypto import recovery_sheet, sealing
from inbox.desk.account.reauthenticate import fresh_sign_in
from inbox.desk.inbox.assignment import hand_over_rows
from inbox.desk.owner.forms.staff import InviteForm, RecoveryForm, SeatsForm
from inbox.keys import keyring
from inbox.staff import access, membership
from inbox.workflow import MoveRefused, Role

_OWNER = frozenset({Role.OWNER})
#: Data keys re-sealed at one press of the button: some seconds of work.
_RESEALED_AT_ONCE = 5000


@require_http_methods(["GET", "HEAD"])
def staff(request: HttpRequest, column: str) -> HttpResponse:
    """Who works here and who holds the keys. Everybody at the column sees it; owners change it."""
    found, mine = access.column(access.staff(request), column, frozenset(Role))
    return _page(request, found, mine)


@fresh_sign_in
@require_POST
def invite(request: HttpRequest, column: str) -> HttpResponse:
    """Somebody new, or new seats for somebody who has an account."""
    by = access.staff(request)
    found, mine = access.column(by, column, _OWNER)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, mine, invite_form=form)
    said = form.cleaned_data
    try:
        made = membership.invite(
            said["email"], said["name"], found, form.roles(), credential=said["credential"], by=by, at=timezone.now()
        )
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, found, mine, invite_form=form)
    return _page(request, found, mine, invited=made, mailed=_mailed(made, found), status=200)


def _mailed(made: membership.Invited, column: Column) -> bool:
    try:
        membership.mail_invitation(made, column)
    except OSError:
        return False
    return True


@fresh_sign_in
@require_POST
def seats(request: HttpRequest, column: str, user: int) -> HttpResponse:
    """Which seats a colleague holds."""
    by = access.staff(request)
    found, mine = access.column(by, column, _OWNER)
    colleague = access.colleague(found, user)
    form = SeatsForm(request.POST)
    if not form.is_valid():
        return _page(request, found, mine, refused="Please choose seats from the list.", status=400)
    try:
        membership.set_seats(colleague, found, form.roles(), by=by, at=timezone.now())
    except MoveRefused as refused:
        return _page(request, found, mine, refused=str(refused), status=409)
    messages.success(request, f"The seats of {colleague} are changed.")
    return redirect("desk:staff", found.slug)


@fresh_sign_in
@require_POST
def second_factor(request: HttpRequest, column: str, user: int) -> HttpResponse:
    """A colleague lost their second factor: they set up a new one at their next sign-in."""
    by = access.staff(request)
    found, mine = access.column(by, column, _OWNER)
    colleague = access.colleague(found, user)
    if colleague == by:
        refused = "Your own second factor is changed under “Second factor”, by whoever has it in hand."
        return _page(request, found, mine, refused=refused, status=409)
    membership.reset_second_factor(colleague, by=by, at=timezone.now())
    messages.success(request, f"{colleague} sets up a new second factor at their next sign-in.")
    return redirect("desk:staff", found.slug)


@fresh_sign_in
@require_POST
def give_keys(request: HttpRequest, column: str, user: int) -> HttpResponse:
    """Give a colleague the column's keys that this session holds."""
    by = access.staff(request)
    found, mine = access.column(by, column, keyring.HOLDERS)
    colleague = access.colleague(found, user)
    try:
        given = keyring.grant(found, colleague, by=by, at=timezone.now(), keys=access.keys(request))
    except MoveRefused as refused:
        return _page(request, found, mine, refused=str(refused), status=409)
    if given:
        messages.success(request, f"{colleague} can open letters now.")
    else:
        messages.warning(request, f"You hold no key that {colleague} lacks.")
    return redirect("desk:staff", found.slug)


@fresh_sign_in
@sensitive_post_parameters("key")
@require_POST
def recover(request: HttpRequest, column: str) -> HttpResponse:
    """Give everybody whose seat needs them the keys, out of the printed recovery key."""
    by = access.staff(request)
    found, mine = access.column(by, column, _OWNER)
    form, at = RecoveryForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, found, mine, recovery_form=form, status=400)
    try:
        keys = keyring.recovered(form.cleaned_data["key"])
    except recovery_sheet.BadRecoveryKey as error:
        form.add_error("key", str(error))
        return _page(request, found, mine, recovery_form=form, status=400)
    waiting = [one.user for one in keyring.standing(found) if one.ready and one.missing]
    given = [user for user in waiting if keyring.grant(found, user, by=by, at=at, keys=keys)]
    names = ", ".join(str(user) for user in given)
    messages.success(request, f"The keys were given to {names}." if given else "Nobody was waiting for a key.")
    return redirect("desk:staff", found.slug)


@fresh_sign_in
@require_POST
def reseal(request: HttpRequest, column: str) -> HttpResponse:
    """Re-seal what is still sealed to a key that somebody who left has held."""
    found, mine = access.column(access.staff(request), column, keyring.HOLDERS)
    try:
        done = keyring.reseal(found, keys=access.keys(request), most=_RESEALED_AT_ONCE)
    except (sealing.CannotOpen, keyring.NoHolder):
        return _page(request, found, mine, refused="You do not hold the keys that are needed for this.", status=409)
    left = keyring.left_to_reseal(found)
    more = f"{left} are left; press the button once more." if left else "None is left."
    messages.success(request, f"{done} data keys are sealed anew. {more}")
    return redirect("desk:staff", found.slug)


def _page(
    request: HttpRequest, column: Column, mine: frozenset[Role], *, status: int | None = None, **more: Any
) -> HttpResponse:
    people = membership.people(column)
    standing = {one.user: one for one in keyring.standing(column)}
    second = set(Authenticator.objects.filter(user__in=[user for user, _ in people]).values_list("user_id", flat=True))
    handed = hand_over_rows(column, [user for user, _ in people], mine, access.staff(request))
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
    context = {
        "column": column,
        "mine": mine,
        "section": "staff",
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
