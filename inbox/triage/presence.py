"""Presence at letters: who has a letter open, who has claimed it, the last decision about it, and the order of a
person's decisions.

All of this is in the cache alone: no row and no backup says who read which letter, or at which minute. Entries with a
time expire within the hour. The order of a person's decisions, without times, is kept until the end of the next day,
and the decisions of one bulk act for a day: the audit trail has dates only, and undo needs the last decision."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from columns.site_time import first_moment
from inbox.models import User
from inbox.workflow import MoveRefused

#: Seconds after the last request until a presence, a claim and a last decision expire.
STAYS, CLAIM_LASTS, REMEMBERED = 30, 300, 3600
#: How long the decisions of one bulk act are kept together.
_A_DAY = dt.timedelta(days=1)
#: The most decisions of a day whose order is kept.
_MOST = 200
#: A page that is being left reports this at most so many seconds after the next page was made.
_A_MOMENT = 10
#: The activities that a page reports.
DOING = ("viewing", "reading", "writing", "idle")


class InHand(MoveRefused):
    """A colleague has claimed the letter; the claim can be taken over."""


@dataclass(frozen=True)
class Here:
    """A colleague at a letter."""

    user: int
    name: str
    doing: str


@dataclass(frozen=True)
class Claim:
    """A person's claim to a letter for the next minutes. ``taken_from``: the id of the person who had the claim before,
    or 0.

    ``since``: when the claim began, in seconds since 1970. ``by_button``: claimed by the button; otherwise by a page
    for writing, which releases the claim when it is left.
    """

    user: int
    name: str
    until: float
    taken_from: int = 0
    since: float = 0
    by_button: bool = False


@dataclass(frozen=True)
class Decided:
    """The last decision about a letter, and its time (seconds since 1970). ``what``: the verb; ``detail``: the value
    that was set, in words."""

    user: int
    name: str
    what: str
    when: float
    detail: str | None = None


def note(letter: uuid.UUID, user: User, doing: str, *, at: dt.datetime) -> None:
    """Record the person's presence and activity. Of two records at the same moment one may be lost until its next
    request."""
    name = f"here-{letter.hex}"
    here = {pk: seen for pk, seen in cache.get(name, {}).items() if at.timestamp() - seen[2] < STAYS}
    here[user.pk] = (user.name, doing if doing in DOING else "viewing", at.timestamp())
    cache.set(name, here, STAYS)


def leave(
    letter: uuid.UUID, user: User, *, at: dt.datetime, to_another_page: bool = False, writing: bool = False
) -> None:
    """Remove the person's presence at the letter and release their claim.

    ``to_another_page``: called by a page that is being left. The next page may have claimed the letter a moment before,
    as the page for a decline does; that claim stays. ``writing``: only a page for writing was left, not the letter: a
    claim by the button stays.
    """
    name = f"here-{letter.hex}"
    here = cache.get(name, {})
    if here.pop(user.pk, None):
        cache.set(name, here, STAYS)
    held = holder(letter, at=at)
    if not (to_another_page and held is not None and held.until - CLAIM_LASTS > at.timestamp() - _A_MOMENT):
        release(letter, user, writing=writing)


def others(letters: Iterable[uuid.UUID], user: User, *, at: dt.datetime) -> dict[uuid.UUID, list[Here]]:
    """The colleagues at these letters, by one read of the cache."""
    names = {f"here-{letter.hex}": letter for letter in letters}
    colleagues = {}
    for name, here in cache.get_many(names).items():
        seen = [
            Here(pk, who, doing)
            for pk, (who, doing, when) in here.items()
            if pk != user.pk and at.timestamp() - when < STAYS
        ]
        if seen:
            colleagues[names[name]] = seen
    return colleagues


def claim(letter: uuid.UUID, user: User, *, at: dt.datetime, take_over: bool = False, by_button: bool = False) -> Claim:
    """Claim the letter for the next minutes, or prolong the claim. Returns the valid claim, which is a colleague's if
    they came first and ``take_over`` is not given. ``by_button``: as in ``Claim``; once true, it stays true."""
    held = holder(letter, at=at)
    now = at.timestamp()
    mine = Claim(user.pk, user.name, now + CLAIM_LASTS, since=now, by_button=by_button)
    if held is None:
        if cache.add(_claimed(letter), mine, CLAIM_LASTS):
            return mine
        held = holder(letter, at=at) or mine
    if held.user == user.pk:
        mine = replace(mine, taken_from=held.taken_from, since=held.since or now, by_button=by_button or held.by_button)
    elif take_over:
        mine = replace(mine, taken_from=held.user)
    else:
        return held
    cache.set(_claimed(letter), mine, CLAIM_LASTS)
    return mine


def go_on(letter: uuid.UUID, user: User, *, at: dt.datetime) -> Claim | None:
    """Prolong the claim if it is the person's, for another page about the letter. Returns the valid claim."""
    held = holder(letter, at=at)
    return claim(letter, user, at=at) if held is not None and held.user == user.pk else held


def release(letter: uuid.UUID, user: User, *, writing: bool = False) -> None:
    """Release the claim if it is the person's; with ``writing``: unless it was made by the button."""
    held = cache.get(_claimed(letter))
    if held is not None and held.user == user.pk and not (writing and held.by_button):
        cache.delete(_claimed(letter))


def holder(letter: uuid.UUID, *, at: dt.datetime) -> Claim | None:
    """The valid claim to the letter, if there is one."""
    held: Claim | None = cache.get(_claimed(letter))
    return held if held is not None and held.until > at.timestamp() else None


def need_free(letter: uuid.UUID, user: User, *, at: dt.datetime, called: str = "") -> None:
    """Raise ``InHand`` where a colleague has claimed the letter; ``called``: the letter's name in the sentence."""
    held = holder(letter, at=at)
    if held is not None and held.user != user.pk:
        words = in_words(held, called or _("this letter"), at=at)
        raise InHand(_("%(in_hand)s Take it over first, or leave it to them.") % {"in_hand": words})


def in_words(held: Claim, called: str, *, at: dt.datetime) -> str:
    """A sentence that says who has claimed the letter, and since when."""
    sentence = (
        _("%(name)s has %(letter)s in hand. They took it %(ago)s.")
        if held.since
        else _("%(name)s has %(letter)s in hand.")
    )
    return sentence % {"name": held.name, "letter": called, "ago": ago(held.since, at=at) if held.since else ""}


def decided(letter: uuid.UUID, user: User, what: str, *, at: dt.datetime, detail: str | None = None) -> None:
    """Record a decision: the claim ends, and colleagues who have the letter open are told."""
    cache.set(f"decided-{letter.hex}", Decided(user.pk, user.name, what, at.timestamp(), detail), REMEMBERED)
    cache.delete(_claimed(letter))


def last_decision(letter: uuid.UUID) -> Decided | None:
    decision: Decided | None = cache.get(f"decided-{letter.hex}")
    return decision


def ago(when: float, *, at: dt.datetime) -> str:
    """The time since ``when`` (seconds since 1970), in words."""
    seconds = max(0, int(at.timestamp() - when))
    if seconds < 60:
        return ngettext("%(seconds)d second ago", "%(seconds)d seconds ago", seconds) % {"seconds": seconds}
    minutes = seconds // 60
    return ngettext("%(minutes)d minute ago", "%(minutes)d minutes ago", minutes) % {"minutes": minutes}


def _claimed(letter: uuid.UUID) -> str:
    return f"claim-{letter.hex}"


# --- the order of decisions -------------------------------------------------------------------------------------------


def did(user: User, *events: uuid.UUID, at: dt.datetime) -> None:
    """Record the order of a person's decisions until the end of the next day: the audit trail has dates only.

    Each day has its own entry, so that a later decision does not prolong an older one.
    """
    name = _did(user, timezone.localdate(at))
    over = first_moment(timezone.localdate(at) + 2 * _A_DAY)
    cache.set(name, [*reversed(events), *cache.get(name, [])][:_MOST], (over - at).total_seconds())


def did_last(user: User, *, at: dt.datetime) -> list[uuid.UUID]:
    """The events of the person's decisions of today and yesterday, the newest first."""
    days = [_did(user, timezone.localdate(at)), _did(user, timezone.localdate(at) - _A_DAY)]
    kept = cache.get_many(days)
    return [event for day in days for event in kept.get(day, [])]


def did_together(user: User, events: Sequence[uuid.UUID], *, at: dt.datetime) -> uuid.UUID:
    """Record the decisions of one bulk act for a day, so that one act can undo them. Returns a random name."""
    did(user, *events, at=at)
    name = uuid.uuid4()
    cache.set(f"together-{user.pk}-{name.hex}", list(events), _A_DAY.total_seconds())
    return name


def together(user: User, name: uuid.UUID) -> list[uuid.UUID]:
    """The events of the person's bulk act of that name; empty if it has expired."""
    events: list[uuid.UUID] = cache.get(f"together-{user.pk}-{name.hex}", [])
    return events


def _did(user: User, day: dt.date) -> str:
    return f"did-{user.pk}-{day.isoformat()}"
