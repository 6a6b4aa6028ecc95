"""Putting letters together and taking them apart, from the page of one of them."""

from __future__ import annotations

import datetime as dt
import textwrap
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from columns.models import Column
from inbox.desk.guard import Desk, desk_view
from inbox.desk.inbox.forms.bundles import TogetherForm
from inbox.desk.inbox.responses import carried, decided, letter_address, quietly, refused, told
from inbox.desk.writing.draft_context import chosen
from inbox.editorial import bundles
from inbox.editorial.bundle_store import OPEN
from inbox.keys import vault
from inbox.models import Letter, User
from inbox.staff import access
from inbox.triage import presence
from inbox.workflow import LETTER_MOVES, LETTER_VERBS, LetterStatus, MoveRefused

#: How many letters of the same topic are offered.
MOST = 30
#: The letters most like one, nearest first, where the desk can tell: ``alike(letter, keys)``.
alike: Callable[[Letter, vault.Vault], Sequence[Letter]] | None = None


@dataclass(frozen=True)
class Neighbour:
    """A letter that lies beside another, or could."""

    letter: Letter
    age: int
    first: str = ""
    leads: bool = False
    ticked: bool = False
    why: str = ""
    others: int = 0


def beside(shown: Letter, together: Mapping[uuid.UUID, bundles.Open], *, at: dt.datetime) -> dict[str, Any]:
    """What ``desk/inbox/_bundle.html`` shows beside a letter: those that lie with it, in order; one query, or none.

    ``together``: what ``bundle_store.of`` returned.
    """
    bundle = together.get(shown.pk)
    known = {shown.pk: shown}
    if bundle:
        known |= {one.pk: one for one in access.letters(shown.column).filter(pk__in=bundle.ids)}
    ids = [one for one in bundle.ids if one in known] if bundle else []
    rows = [Neighbour(known[one], _days(known[one], at), leads=one == ids[0]) for one in ids]
    return {
        "bundle": rows,
        "leads_bundle": bool(bundle and bundle.lead == shown.pk),
        "may_join": shown.status in LETTER_VERBS["join"].sources,
    }


@desk_view("GET", "POST", seats=LETTER_VERBS["join"].roles)
def together(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Choose which letters go with this one."""
    shown = access.letter(desk.column, letter)
    if request.method != "POST":
        presence.go_on(shown.pk, desk.user, at=desk.at)
        return _page(request, desk, shown, TogetherForm(), request.GET.getlist("with"))
    form, ticked = TogetherForm(request.POST), request.POST.getlist("with")
    more = chosen(desk.column, ticked)
    if not form.is_valid():
        return _page(request, desk, shown, form, ticked, status=400)
    called = _called(desk.column, shown, form.cleaned_data["label"])
    if form.cleaned_data["label"] and len(called) != 1:
        form.add_error("label", _which(called))
        offered = [*ticked, *(str(one.pk) for one in called)]
        return _page(request, desk, shown, form, offered, unticked=called, status=400)
    if shown.status == LetterStatus.ANSWERING:  # then it is the draft that takes them
        access.need(desk.seats, LETTER_MOVES["answer"].roles)
    user, at, keys = desk.user, desk.at, desk.keys
    lead = _present_lead(shown, keys)
    held = _held(bundles.touched(lead, [shown, *more, *called], keys=keys), user, at=at)
    try:
        _take_over(held, request.POST.get("take", "").split(), user, at=at)
        done = bundles.join(lead, [shown, *more, *called], by=user, at=at, keys=keys)
    except MoveRefused as why:
        theirs = held if isinstance(why, presence.InHand) else ()
        return _page(request, desk, shown, form, ticked, why=str(why), held=theirs, status=409)
    if done.left_out:
        names = ", ".join(one.label for one in done.left_out)
        said = gettext("Left out, since a private answer is all that is allowed: %(letters)s.")
        messages.warning(request, said % {"letters": names})
    if done.draft is not None:
        said = gettext("%(letter)s is answered together with them: they are in its draft.")
        return told(request, desk, shown, said % {"letter": shown.label}, stay=True)
    answer = decided(request, desk, lead, done.events[0], stay=True)
    return answer if quietly(request) else redirect(letter_address(request, desk.column, shown))


@desk_view("POST", seats=LETTER_VERBS["split"].roles)
def out(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Take a letter out of its bundle."""
    return _act(request, desk, letter, bundles.split, _left_alone)


@desk_view("POST", seats=LETTER_VERBS["lead"].roles)
def lead(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Let a letter lead its bundle."""
    return _act(request, desk, letter, bundles.lead, lambda bundle: bundle.ids[:1])


def _left_alone(bundle: bundles.Open) -> tuple[uuid.UUID, ...]:
    return bundle.ids if len(bundle.ids) == 2 else ()


def _act(
    request: HttpRequest,
    desk: Desk,
    letter: uuid.UUID,
    act: Callable[..., bundles.BundleChange],
    also: Callable[[bundles.Open], Sequence[uuid.UUID]],
) -> HttpResponse:
    """``also``: which letters of the bundle the act touches beside this one."""
    touched, user, at = access.letter(desk.column, letter), desk.user, desk.at
    bundle = bundles.of(desk.column, desk.keys).get(touched.pk)
    beside = set(also(bundle)) - {touched.pk} if bundle else set()
    held = _held([touched, *access.letters(desk.column).filter(pk__in=beside)], user, at=at)
    try:
        for one in held:
            presence.need_free(one.pk, user, at=at, called=one.label)
        done = act(touched, by=user, at=at, keys=desk.keys)
    except presence.InHand as why:
        # on its page it is taken over by one click
        answer = refused(request, desk, next(iter(held)), why)
        if not quietly(request):
            return answer
    except MoveRefused as why:
        answer = refused(request, desk, touched, why)
    else:
        answer = decided(request, desk, touched, done.events[0], stay=True)
    if quietly(request):
        return answer
    return redirect(letter_address(request, desk.column, _page_of(request, desk.column, touched)))


def _page(
    request: HttpRequest,
    desk: Desk,
    shown: Letter,
    form: TogetherForm,
    ticked: Sequence[str],
    *,
    unticked: Sequence[Letter] = (),
    why: str = "",
    held: Collection[Letter] = (),
    status: int = 200,
) -> HttpResponse:
    column, keys = desk.column, desk.keys
    own = bundles.of(column, keys)
    offered = _candidates(column, shown, chosen(column, list(ticked)), keys, own)
    words = keys.open_many([shown, *offered])
    wanted = set(ticked) - {str(one.pk) for one in unticked}
    context = desk.context("inbox") | {
        "letter": shown,
        "text": str(words.get(shown.pk, {}).get("text", "")),
        "form": form,
        "offered": [
            Neighbour(
                one,
                _days(one, desk.at),
                _first(one, words),
                ticked=str(one.pk) in wanted,
                why=why,
                others=own[one.pk].others if one.pk in own else 0,
            )
            for one, why in offered.items()
        ],
        "refused": why,
        "held": held,
        "take": " ".join(str(one.pk) for one in held),
        **carried(request),
        **beside(shown, own, at=desk.at),
    }
    return render(request, "desk/inbox/together.html", context, status=status)


def _candidates(
    column: Column,
    shown: Letter,
    named: Sequence[Letter],
    keys: vault.Vault,
    own: Mapping[uuid.UUID, bundles.Open],
) -> dict[Letter, str]:
    """Letters that may go with this one, and why each is offered; none that lies with it already."""
    offered = dict.fromkeys(named, gettext("chosen by you"))
    if alike is not None:
        offered = dict.fromkeys(alike(shown, keys), gettext("like this one")) | offered
    if shown.topic_id is not None:
        same = access.letters(column).filter(Q(waiting=True) | Q(status=LetterStatus.SHORTLISTED), topic=shown.topic_id)
        others = same.exclude(pk=shown.pk).select_related("topic").by_need()[:MOST]
        offered |= {one: gettext("same topic") for one in others if one not in offered}
    bundle = own.get(shown.pk)
    there = {shown.pk, *(bundle.ids if bundle else ())}
    return {one: why for one, why in offered.items() if one.pk not in there}


def _called(column: Column, shown: Letter, span: tuple[uuid.UUID, uuid.UUID] | None) -> list[Letter]:
    """The letters of the column that are called so; those that can be put together, where there are any."""
    if span is None:
        return []
    letters = list(access.letters(column).filter(pk__range=span).exclude(pk=shown.pk).order_by("pk")[:MOST])
    for letter in letters:
        letter.column = column
    return [letter for letter in letters if letter.status in OPEN] or letters


def _which(called: Sequence[Letter]) -> str:
    if called:
        return gettext("More than one letter is called so. Tick the one that you mean.")
    return gettext("No other letter is called so.")


def _held(letters: Iterable[Letter], user: User, *, at: dt.datetime) -> dict[Letter, presence.Claim]:
    """Those of the letters that colleagues have in hand."""
    claims = {one: presence.holder(one.pk, at=at) for one in letters}
    return {one: claim for one, claim in claims.items() if claim is not None and claim.user != user.pk}


def _take_over(held: Mapping[Letter, presence.Claim], named: Collection[str], user: User, *, at: dt.datetime) -> None:
    """Take over what colleagues have in hand, where the person was told of each and pressed the button that says so."""
    if any(str(one.pk) not in named for one in held):
        raise presence.InHand(" ".join(presence.in_words(claim, one.label, at=at) for one, claim in held.items()))
    for one in held:
        presence.claim(one.pk, user, at=at, take_over=True, by_button=True)


def _present_lead(shown: Letter, keys: vault.Vault) -> Letter:
    """Whoever leads the bundle of the letter goes on leading it."""
    bundle = bundles.of(shown.column, keys).get(shown.pk)
    return access.letter(shown.column, bundle.lead) if bundle else shown


def _page_of(request: HttpRequest, column: Column, touched: Letter) -> Letter:
    """The letter on whose page the button was pressed."""
    try:
        return access.letter(column, uuid.UUID(request.POST.get("from", "")))
    except (ValueError, access.NotHere):
        return touched


def _first(one: Letter, words: Mapping[uuid.UUID, Mapping[str, Any]]) -> str:
    """Its first words; those of an urgent letter are shown when it is opened."""
    text = str(words.get(one.pk, {}).get("text", ""))
    return "" if one.urgent else textwrap.shorten(text, 160, placeholder=" …")


def _days(one: Letter, at: dt.datetime) -> int:
    return (at.date() - one.received_on).days
