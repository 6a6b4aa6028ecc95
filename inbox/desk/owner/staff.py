"""Staff and keys of a column. Every change needs a fresh sign-in."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from columns.templatetags.lists import listed
from inbox.crypto import recovery_sheet, sealing
from inbox.desk.guard import Desk, desk_view
from inbox.desk.owner.column import OWNER
from inbox.desk.owner.forms.staff import InviteForm, RecoveryForm, SeatsForm
from inbox.desk.owner.reassign import reassign_rows
from inbox.keys import drill, keyring
from inbox.keys.vault import Vault
from inbox.models import User
from inbox.staff import access, account_resets, invitations, membership
from inbox.workflow import MoveRefused, NotAllowed, Role

logger = logging.getLogger(__name__)

#: The most data keys re-sealed in one request: some seconds of work.
_RESEALED_AT_ONCE = 5000


@desk_view("GET")
def staff(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the staff of the column with their seats and keys. Everybody with a seat sees it; owners change it."""
    return _page(request, desk)


@desk_view("POST", seats=OWNER, fresh=True)
def invite(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Invite somebody to the column. The page is the same whether or not there is an account with the address."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, desk, invite_form=form)
    fields = form.cleaned_data
    try:
        invited = invitations.invite(
            fields["email"],
            fields["name"],
            desk.column,
            form.roles(),
            credential=fields["credential"],
            by=desk.user,
            at=desk.at,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, desk, invite_form=form)
    mailed = _mailed(invited)
    # whoever has the link could answer in place of the person, so the owner sees it only where no mail brings it
    link = "" if mailed and not settings.DEMO else invited.link
    return _page(request, desk, invited=invited.invitation, mailed=mailed, link=link, status=200)


def _mailed(invited: invitations.Invited) -> bool:
    """Send the mail of the invitation; returns whether the mail server said that it took it."""
    try:
        invitations.send(invited)
    except OSError as error:  # the type alone: a mail server's refusal quotes the address
        logger.warning("the mail of an invitation could not be sent: %s", type(error).__name__)
        return False
    return True


def _refused(request: HttpRequest, desk: Desk, why: MoveRefused, parts: Mapping[str, Any]) -> HttpResponse:
    """For ``desk_view``: return the staff page with the reason for the refusal."""
    return _page(request, desk, refused=str(why), status=409)


@desk_view("POST", seats=OWNER, fresh=True, refused=_refused)
def seats(request: HttpRequest, desk: Desk, user: int) -> HttpResponse:
    """Set the seats of a colleague."""
    colleague = access.colleague(desk.column, user)
    form = SeatsForm(request.POST)
    if not form.is_valid():
        return _page(request, desk, refused=gettext("Please choose seats from the list."), status=400)
    membership.set_seats(colleague, desk.column, form.roles(), by=desk.user, at=desk.at)
    messages.success(request, gettext("The seats of %(name)s are changed.") % {"name": colleague})
    return redirect("desk:staff", desk.column.slug)


@desk_view("POST", seats=OWNER, fresh=True)
def call_back(request: HttpRequest, desk: Desk, invitation: uuid.UUID) -> HttpResponse:
    """Call back an invitation that nobody has answered yet."""
    try:
        gone = invitations.call_back(desk.column, invitation, by=desk.user, at=desk.at)
    except invitations.Over as over:
        raise access.NotHere from over
    messages.success(request, gettext("The invitation of %(name)s is called back.") % {"name": gone.name})
    return redirect("desk:staff", desk.column.slug)


@desk_view("POST", seats=OWNER, fresh=True, refused=_refused)
def second_factor(request: HttpRequest, desk: Desk, user: int) -> HttpResponse:
    """Remove the second factor that a colleague has lost: they set up a new one at their next sign-in."""
    colleague = _somebody_else(
        desk, user, gettext("Your own second factor is changed under “Second factor”, by whoever has it in hand.")
    )
    account_resets.reset_second_factor(colleague, by=desk.user, at=desk.at)
    sentence = gettext("%(name)s sets up a new second factor at their next sign-in.")
    messages.success(request, sentence % {"name": colleague})
    return redirect("desk:staff", desk.column.slug)


@desk_view("POST", seats=OWNER, fresh=True, refused=_refused)
def sessions(request: HttpRequest, desk: Desk, user: int) -> HttpResponse:
    """End the sessions of a colleague, on every device."""
    colleague = _somebody_else(desk, user, gettext("Your own other sessions end when you change your password."))
    account_resets.end_sessions(colleague, by=desk.user, at=desk.at)
    messages.success(request, gettext("Every session of %(name)s is ended.") % {"name": colleague})
    return redirect("desk:staff", desk.column.slug)


@desk_view("POST", seats=OWNER, fresh=True, refused=_refused)
def password(request: HttpRequest, desk: Desk, user: int) -> HttpResponse:
    """End the password of a colleague that others may know. The link for a new one goes to them alone."""
    colleague = _somebody_else(desk, user, gettext("Your own password is changed under “Password”."))
    _link, mailed = account_resets.reset_password(colleague, by=desk.user, at=desk.at)
    if mailed:
        sentence = gettext("The password of %(name)s is ended. A mail with the way to a new one is on its way to them.")
        messages.success(request, sentence % {"name": colleague})
    else:
        sentence = gettext(
            "The password of %(name)s is ended. The mail server did not confirm that it took the mail: they use “I have"
            " forgotten my password”."
        )
        messages.warning(request, sentence % {"name": colleague})
    return redirect("desk:staff", desk.column.slug)


def _somebody_else(desk: Desk, user: int, otherwise: str) -> User:
    """Return the colleague with this id. Raises ``NotAllowed`` with the sentence ``otherwise`` for oneself."""
    colleague = access.colleague(desk.column, user)
    if colleague == desk.user:
        raise NotAllowed(otherwise)
    return colleague


@desk_view("POST", seats=keyring.HOLDERS, fresh=True, refused=_refused)
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
    """Give the column's keys to everybody whose seat needs them, by the printed recovery key, or only try whether it
    holds them (``step=try``)."""
    form = RecoveryForm(request.POST)
    if not form.is_valid():
        return _page(request, desk, recovery_form=form, status=400)
    try:
        keys = keyring.recovered(form.cleaned_data["key"])
    except recovery_sheet.BadRecoveryKey as error:
        form.add_error("key", str(error))
        return _page(request, desk, recovery_form=form, status=400)
    if request.POST.get("step") == "try":
        return _tried(request, desk, keys)
    waiting = [holder.user for holder in keyring.holdings(desk.column) if holder.ready and holder.missing]
    given = [user for user in waiting if keyring.grant(desk.column, user, by=desk.user, at=desk.at, keys=keys)]
    names = listed(given)
    sentence = gettext("The keys were given to %(names)s.") if given else gettext("Nobody was waiting for a key.")
    messages.success(request, sentence % {"names": names})
    return redirect("desk:staff", desk.column.slug)


def _tried(request: HttpRequest, desk: Desk, keys: Vault) -> HttpResponse:
    held, needed = drill.held(desk.column, keys)
    if held < needed:
        refused = gettext("This is the recovery key, but it does not hold every key of this column.")
        return _page(request, desk, refused=refused, status=409)  # a new form: the key is not shown again
    drill.passed(desk.column, by=desk.user, at=desk.at)
    messages.success(
        request, gettext("The recovery key holds every key of this column. Put the sheet back into its safe.")
    )
    return redirect("desk:staff", desk.column.slug)


@desk_view("POST", seats=keyring.HOLDERS, fresh=True)
def reseal(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Re-seal data keys that are still sealed to a key held by somebody who has left."""
    try:
        done = keyring.reseal(desk.column, keys=desk.keys, most=_RESEALED_AT_ONCE)
    except (sealing.CannotOpen, keyring.NoHolder):
        return _page(request, desk, refused=gettext("You do not hold the keys that are needed for this."), status=409)
    left = keyring.left_to_reseal(desk.column)
    if left and not done:
        sentence = ngettext(
            "%(left)s data key that is left could not be opened: it is damaged, or you do not hold its key.",
            "%(left)s data keys that are left could not be opened: they are damaged, or you do not hold their keys.",
            left,
        )
    elif left:
        sentence = ngettext(
            "%(done)s data keys are sealed anew. %(left)s are left; press the button once more.",
            "%(done)s data keys are sealed anew. %(left)s are left; press the button once more.",
            left,
        )
    else:
        sentence = ngettext(
            "%(done)s data keys are sealed anew. None is left.",
            "%(done)s data keys are sealed anew. None is left.",
            done,
        )
    messages.success(request, sentence % {"done": done, "left": left})
    return redirect("desk:staff", desk.column.slug)


def _page(request: HttpRequest, desk: Desk, *, status: int | None = None, **more: Any) -> HttpResponse:
    """Render the staff page. ``status``: without it 400 with a form that has errors, else 200."""
    column, mine = desk.column, desk.seats
    people = membership.people(column)
    holders = {holder.user: holder for holder in keyring.holdings(column)}
    with_second_factor = set(
        Authenticator.objects.filter(user__in=[user for user, _ in people]).values_list("user_id", flat=True)
    )
    assignments = reassign_rows(desk, [user for user, _ in people])
    rows = [
        {
            "user": user,
            "letters": assignments[user.pk],
            "roles": sorted(roles),
            "keys": holders.get(user),
            "second": user.pk in with_second_factor,
            "form": SeatsForm(initial={"seats": sorted(roles)}, auto_id=f"seats-{user.pk}-%s"),
        }
        for user, roles in people
    ]
    forms = [more.get("invite_form"), more.get("recovery_form")]
    context = desk.context("staff") | {
        "rows": rows,
        "holds": bool(mine & keyring.HOLDERS),
        "owner": Role.OWNER in mine,
        "invitations": invitations.still_open(at=desk.at).filter(column=column) if Role.OWNER in mine else (),
        "left": keyring.left_to_reseal(column),
        "invite_form": InviteForm(),
        "recovery_form": RecoveryForm(),
        "wrong": next((form for form in forms if form is not None and form.errors), None),
        **more,
    }
    failed = context["wrong"] is not None
    return render(request, "desk/owner/staff.html", context, status=status or (400 if failed else 200))
