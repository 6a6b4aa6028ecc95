"""The pages of bundles: adding letters to the bundle of a letter, taking one out, and choosing the lead."""

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
from django.utils import timezone
from django.utils.translation import gettext

from columns.models import Column
from columns.templatetags.lists import listed
from inbox.desk.draft_context import chosen
from inbox.desk.guard import Desk, desk_view
from inbox.desk.inbox.forms.bundles import TogetherForm
from inbox.desk.inbox.responses import carried, decided, is_by_script, letter_address, refused, told
from inbox.editorial import bundles
from inbox.editorial.bundle_store import OPEN
from inbox.keys import vault
from inbox.models import Letter, User
from inbox.staff import access
from inbox.triage import presence
from inbox.workflow import LETTER_MOVES, LETTER_VERBS, LetterStatus, MoveRefused

#: The most letters of the same topic that are offered.
MOST = 30
#: ``alike(letter, keys)`` returns the letters most similar to a letter, the most similar first.
alike: Callable[[Letter, vault.Vault], Sequence[Letter]] | None = None


@dataclass(frozen=True)
class Neighbour:
    """A letter in the bundle of another, or offered for it. ``why``: the reason of the offer; ``others``: the number of
    other letters in its own bundle."""

    letter: Letter
    age: int
    first: str = ""
    leads: bool = False
    ticked: bool = False
    why: str = ""
    others: int = 0


def beside(shown: Letter, together: Mapping[uuid.UUID, bundles.Open], *, at: dt.datetime) -> dict[str, Any]:
    """Return the context of ``desk/inbox/_bundle.html``: the letters of the bundle in order; one query, or none.

    ``together``: the column's bundles, as ``bundle_store.of`` returns them.
    """
    bundle = together.get(shown.pk)
    letters = {shown.pk: shown}
    if bundle:
        letters |= {letter.pk: letter for letter in access.letters(shown.column).filter(pk__in=bundle.ids)}
    ids = [pk for pk in bundle.ids if pk in letters] if bundle else []
    rows = [Neighbour(letters[pk], _days(letters[pk], at), leads=pk == ids[0]) for pk in ids]
    return {
        "bundle": rows,
        "leads_bundle": bool(bundle and bundle.lead == shown.pk),
        "may_join": shown.status in LETTER_VERBS["join"].sources,
    }


@desk_view("GET", "POST", seats=LETTER_VERBS["join"].roles)
def together(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Choose letters, and add them to the bundle of this one."""
    shown = access.letter(desk.column, letter)
    if request.method != "POST":
        presence.go_on(shown.pk, desk.user, at=desk.at)
        return _page(request, desk, shown, TogetherForm(), request.GET.getlist("with"))
    form, ticked = TogetherForm(request.POST), request.POST.getlist("with")
    more = chosen(desk.column, ticked)
    if not form.is_valid():
        return _page(request, desk, shown, form, ticked, status=400)
    by_label = _by_label(desk.column, shown, form.cleaned_data["label"])
    if form.cleaned_data["label"] and len(by_label) != 1:
        form.add_error("label", _label_error(by_label))
        offered = [*ticked, *(str(letter.pk) for letter in by_label)]
        return _page(request, desk, shown, form, offered, unticked=by_label, status=400)
    if shown.status == LetterStatus.ANSWERING:  # the letters join its draft, too
        access.need(desk.seats, LETTER_MOVES["answer"].roles)
    user, at, keys = desk.user, desk.at, desk.keys
    lead = _present_lead(shown, keys)
    held = _held(bundles.touched(lead, [shown, *more, *by_label], keys=keys), user, at=at)
    try:
        _take_over(held, request.POST.get("take", "").split(), user, at=at)
        done = bundles.join(lead, [shown, *more, *by_label], by=user, at=at, keys=keys)
    except MoveRefused as why:
        claimed = held if isinstance(why, presence.InHand) else ()
        return _page(request, desk, shown, form, ticked, why=str(why), held=claimed, status=409)
    if done.left_out:
        labels = listed(letter.label for letter in done.left_out)
        sentence = gettext("Left out, since a private answer is all that is allowed: %(letters)s.")
        messages.warning(request, sentence % {"letters": labels})
    if done.draft is not None:
        sentence = gettext("%(letter)s is answered together with them: they are in its draft.")
        return told(request, desk, shown, sentence % {"letter": shown.label}, stay=True)
    answer = decided(request, desk, lead, done.events[0], stay=True)
    return answer if is_by_script(request) else redirect(letter_address(request, desk.column, shown))


@desk_view("POST", seats=LETTER_VERBS["split"].roles)
def out(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Take a letter out of its bundle."""
    return _act(request, desk, letter, bundles.split, _left_alone)


@desk_view("POST", seats=LETTER_VERBS["lead"].roles)
def lead(request: HttpRequest, desk: Desk, letter: uuid.UUID) -> HttpResponse:
    """Make a letter the lead of its bundle."""
    return _act(request, desk, letter, bundles.lead, lambda bundle: bundle.ids[:1])


def _left_alone(bundle: bundles.Open) -> tuple[uuid.UUID, ...]:
    """Return the letters of a bundle that ends when one of two is taken out."""
    return bundle.ids if len(bundle.ids) == 2 else ()


def _act(
    request: HttpRequest,
    desk: Desk,
    letter: uuid.UUID,
    act: Callable[..., bundles.BundleChange],
    also: Callable[[bundles.Open], Sequence[uuid.UUID]],
) -> HttpResponse:
    """Do an act on the bundle of a letter. ``also``: returns the ids of the other letters that the act changes."""
    touched, user, at = access.letter(desk.column, letter), desk.user, desk.at
    bundle = bundles.of(desk.column, desk.keys).get(touched.pk)
    beside = set(also(bundle)) - {touched.pk} if bundle else set()
    held = _held([touched, *access.letters(desk.column).filter(pk__in=beside)], user, at=at)
    try:
        for claimed in held:
            presence.need_free(claimed.pk, user, at=at, called=claimed.label)
        done = act(touched, by=user, at=at, keys=desk.keys)
    except presence.InHand as why:
        # to the page of the claimed letter, which has the button to take it over
        answer = refused(request, desk, next(iter(held)), why)
        if not is_by_script(request):
            return answer
    except MoveRefused as why:
        answer = refused(request, desk, touched, why)
    else:
        answer = decided(request, desk, touched, done.events[0], stay=True)
    if is_by_script(request):
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
    """Render the page. ``ticked``: ids of letters to offer, ticked but for ``unticked``. ``held``: claimed letters that
    the next submit takes over."""
    column, keys = desk.column, desk.keys
    own = bundles.of(column, keys)
    offered = _candidates(column, shown, chosen(column, list(ticked)), keys, own)
    opened = keys.open_many([shown, *offered])
    ticked_ids = set(ticked) - {str(letter.pk) for letter in unticked}
    context = desk.context("inbox") | {
        "letter": shown,
        "text": str(opened.get(shown.pk, {}).get("text", "")),
        "form": form,
        "offered": [
            Neighbour(
                letter,
                _days(letter, desk.at),
                _first(letter, opened),
                ticked=str(letter.pk) in ticked_ids,
                why=reason,
                others=own[letter.pk].others if letter.pk in own else 0,
            )
            for letter, reason in offered.items()
        ],
        "refused": why,
        "held": held,
        "take": " ".join(str(letter.pk) for letter in held),
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
    """Return the letters offered for the bundle of this one, each with the reason; none that is in it already."""
    offered = dict.fromkeys(named, gettext("chosen by you"))
    if alike is not None:
        offered = dict.fromkeys(alike(shown, keys), gettext("like this one")) | offered
    if shown.topic_id is not None:
        same = access.letters(column).filter(Q(waiting=True) | Q(status=LetterStatus.SHORTLISTED), topic=shown.topic_id)
        others = same.exclude(pk=shown.pk).select_related("topic").by_need()[:MOST]
        offered |= {letter: gettext("same topic") for letter in others if letter not in offered}
    bundle = own.get(shown.pk)
    in_bundle = {shown.pk, *(bundle.ids if bundle else ())}
    return {letter: reason for letter, reason in offered.items() if letter.pk not in in_bundle}


def _by_label(column: Column, shown: Letter, span: tuple[uuid.UUID, uuid.UUID] | None) -> list[Letter]:
    """Return the letters of the column with ids in the span of a label: those that can be bundled, or else all."""
    if span is None:
        return []
    letters = list(access.letters(column).filter(pk__range=span).exclude(pk=shown.pk).order_by("pk")[:MOST])
    for letter in letters:
        letter.column = column
    return [letter for letter in letters if letter.status in OPEN] or letters


def _label_error(letters: Sequence[Letter]) -> str:
    """Return why the label does not name one of the letters found by it."""
    if letters:
        return gettext("More than one letter is called so. Tick the one that you mean.")
    return gettext("No other letter is called so.")


def _held(letters: Iterable[Letter], user: User, *, at: dt.datetime) -> dict[Letter, presence.Claim]:
    """Return the letters that colleagues have claimed, with their claims."""
    claims = {letter: presence.holder(letter.pk, at=at) for letter in letters}
    return {letter: claim for letter, claim in claims.items() if claim is not None and claim.user != user.pk}


def _take_over(held: Mapping[Letter, presence.Claim], named: Collection[str], user: User, *, at: dt.datetime) -> None:
    """Take over the claims of colleagues. Raises ``InHand`` where one of the letters is not in ``named``, the list that
    the person saw."""
    if any(str(letter.pk) not in named for letter in held):
        claims = (presence.in_words(claim, letter.label, at=at) for letter, claim in held.items())
        raise presence.InHand(" ".join(claims))
    for letter in held:
        presence.claim(letter.pk, user, at=at, take_over=True, by_button=True)


def _present_lead(shown: Letter, keys: vault.Vault) -> Letter:
    """Return the present lead of the letter's bundle; the letter itself where it is in none."""
    bundle = bundles.of(shown.column, keys).get(shown.pk)
    return access.letter(shown.column, bundle.lead) if bundle else shown


def _page_of(request: HttpRequest, column: Column, touched: Letter) -> Letter:
    """Return the letter on whose page the button was pressed."""
    try:
        return access.letter(column, uuid.UUID(request.POST.get("from", "")))
    except (ValueError, access.NotHere):
        return touched


def _first(letter: Letter, opened: Mapping[uuid.UUID, Mapping[str, Any]]) -> str:
    """Return the first words of the letter; "" for an urgent one, which shows no words before it is opened."""
    text = str(opened.get(letter.pk, {}).get("text", ""))
    return "" if letter.need else textwrap.shorten(text, 160, placeholder=" …")


def _days(letter: Letter, at: dt.datetime) -> int:
    return (timezone.localdate(at) - letter.received_on).days
