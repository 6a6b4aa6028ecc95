"""Who is at which letter, who has it in hand, who has just decided about it, and in which order somebody decided.

All of it lies in the cache alone: no row and no backup says who read what, or at which minute. What knows a minute is
gone within the hour. The order of a person's decisions, without minutes, stays until the next day is over, and which of
them one press made for a day: the trail keeps days, and what was done last must be found to be taken back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inbox.models import User
from inbox.workflow import MoveRefused

#: Seconds after the last sign of life: then somebody is away from the letter, or their claim ends.
STAYS, CLAIM_LASTS, REMEMBERED = 30, 300, 3600
#: For so long decisions are known to have been made by one press.
_A_DAY = dt.timedelta(days=1)
#: So many decisions of a day are kept in their order.
_MOST = 200
#: A page on its way out speaks at most so many seconds after the next one was made.
_A_MOMENT = 10
#: What people can be doing.
DOING = ("viewing", "reading", "writing", "idle")


class InHand(MoveRefused):
    """A colleague has the letter in hand; it can be taken over."""


@dataclass(frozen=True)
class Here:
    """A colleague at a letter."""

    user: int
    name: str
    doing: str


@dataclass(frozen=True)
class Claim:
    """Whose letter it is for the next minutes. ``taken_from``: the id of whoever it was taken over from, or 0.

    ``since``: when they took it, in seconds since 1970. ``by_button``: they said so; else they write about it, and the
    page on which they do so lets it go.
    """

    user: int
    name: str
    until: float
    taken_from: int = 0
    since: float = 0
    by_button: bool = False


@dataclass(frozen=True)
class Decided:
    """The last decision about a letter, and when (seconds since 1970). ``what``: its verb; ``detail``: what was set
    with it, in words."""

    user: int
    name: str
    what: str
    when: float
    detail: str | None = None


def note(letter: uuid.UUID, user: User, doing: str, *, at: dt.datetime) -> None:
    """The person is at the letter and does this. Of two at the same moment one may be lost until its next sign."""
    name = f"here-{letter.hex}"
    here = {pk: seen for pk, seen in cache.get(name, {}).items() if at.timestamp() - seen[2] < STAYS}
    here[user.pk] = (user.name, doing if doing in DOING else "viewing", at.timestamp())
    cache.set(name, here, STAYS)


def leave(
    letter: uuid.UUID, user: User, *, at: dt.datetime, to_another_page: bool = False, writing: bool = False
) -> None:
    """The person has gone to another letter, or away; what they had in hand is free.

    ``to_another_page``: said by a page on its way out. The next page may have taken the letter in hand a moment before,
    as the page on which a decline is written does; that stays. ``writing``: it is such a page that was left, and the
    letter is not: what was taken by its button stays.
    """
    name = f"here-{letter.hex}"
    here = cache.get(name, {})
    if here.pop(user.pk, None):
        cache.set(name, here, STAYS)
    held = holder(letter, at=at)
    if not (to_another_page and held is not None and held.until - CLAIM_LASTS > at.timestamp() - _A_MOMENT):
        release(letter, user, writing=writing)


def others(letters: Iterable[uuid.UUID], user: User, *, at: dt.datetime) -> dict[uuid.UUID, list[Here]]:
    """The colleagues at these letters, in one question to the cache."""
    names = {f"here-{letter.hex}": letter for letter in letters}
    found = {}
    for name, here in cache.get_many(names).items():
        seen = [
            Here(pk, who, doing)
            for pk, (who, doing, when) in here.items()
            if pk != user.pk and at.timestamp() - when < STAYS
        ]
        if seen:
            found[names[name]] = seen
    return found


def claim(letter: uuid.UUID, user: User, *, at: dt.datetime, take_over: bool = False, by_button: bool = False) -> Claim:
    """Have the letter in hand for the next minutes, or go on having it. Returns whose it is then: whoever asks first
    gets it, and ``take_over`` gets it from whoever has it. ``by_button``: as in ``Claim``; once said, it stays so."""
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
    """The person comes to another page about the letter: if they have it in hand, they go on having it. Returns whose
    it is."""
    held = holder(letter, at=at)
    return claim(letter, user, at=at) if held is not None and held.user == user.pk else held


def release(letter: uuid.UUID, user: User, *, writing: bool = False) -> None:
    """Let it go, if it is the person's; ``writing``: unless it was taken by its button."""
    held = cache.get(_claimed(letter))
    if held is not None and held.user == user.pk and not (writing and held.by_button):
        cache.delete(_claimed(letter))


def holder(letter: uuid.UUID, *, at: dt.datetime) -> Claim | None:
    """Who has it in hand."""
    held: Claim | None = cache.get(_claimed(letter))
    return held if held is not None and held.until > at.timestamp() else None


def need_free(letter: uuid.UUID, user: User, *, at: dt.datetime, called: str = "") -> None:
    """Raise ``InHand`` where a colleague has the letter in hand; ``called``: how it is named to the person."""
    held = holder(letter, at=at)
    if held is not None and held.user != user.pk:
        words = in_words(held, called or _("this letter"), at=at)
        raise InHand(_("%(in_hand)s Take it over first, or leave it to them.") % {"in_hand": words})


def in_words(held: Claim, called: str, *, at: dt.datetime) -> str:
    """Who has the letter in hand, and since when."""
    said = (
        _("%(name)s has %(letter)s in hand. They took it %(ago)s.")
        if held.since
        else _("%(name)s has %(letter)s in hand.")
    )
    return said % {"name": held.name, "letter": called, "ago": ago(held.since, at=at) if held.since else ""}


def decided(letter: uuid.UUID, user: User, what: str, *, at: dt.datetime, detail: str | None = None) -> None:
    """The person has decided something: it is nobody's any more, and colleagues who have it open are told."""
    cache.set(f"decided-{letter.hex}", Decided(user.pk, user.name, what, at.timestamp(), detail), REMEMBERED)
    cache.delete(_claimed(letter))


def last_decision(letter: uuid.UUID) -> Decided | None:
    found: Decided | None = cache.get(f"decided-{letter.hex}")
    return found


def ago(when: float, *, at: dt.datetime) -> str:
    """How long ago, in words."""
    seconds = max(0, int(at.timestamp() - when))
    if seconds < 60:
        return ngettext("%(seconds)d second ago", "%(seconds)d seconds ago", seconds) % {"seconds": seconds}
    minutes = seconds // 60
    return ngettext("%(minutes)d minute ago", "%(minutes)d minutes ago", minutes) % {"minutes": minutes}


def _claimed(letter: uuid.UUID) -> str:
    return f"claim-{letter.hex}"


# --- what somebody did, in its order ----------------------------------------------------------------------------------


def did(user: User, *events: uuid.UUID, at: dt.datetime) -> None:
    """Remember the order of a person's decisions of the day until the next day is over: the trail keeps days only.

    Each day has an entry of its own, so that no later decision keeps an older one alive.
    """
    name = _did(user, at.date())
    over = dt.datetime.combine(at.date() + 2 * _A_DAY, dt.time(), tzinfo=dt.UTC)
    cache.set(name, [*reversed(events), *cache.get(name, [])][:_MOST], (over - at).total_seconds())


def did_last(user: User, *, at: dt.datetime) -> list[uuid.UUID]:
    """The events of the person's decisions of this day and of the one before, the newest first."""
    days = [_did(user, at.date()), _did(user, at.date() - _A_DAY)]
    kept = cache.get_many(days)
    return [event for day in days for event in kept.get(day, [])]


def did_together(user: User, events: Sequence[uuid.UUID], *, at: dt.datetime) -> uuid.UUID:
    """Remember decisions that were made by one press, for a day, so that one press takes them back. Returns their name,
    which says nothing."""
    did(user, *events, at=at)
    name = uuid.uuid4()
    cache.set(f"together-{user.pk}-{name.hex}", list(events), _A_DAY.total_seconds())
    return name


def together(user: User, name: uuid.UUID) -> list[uuid.UUID]:
    """The events of the person's decisions of that name; none, if they are forgotten."""
    found: list[uuid.UUID] = cache.get(f"together-{user.pk}-{name.hex}", [])
    return found


def _did(user: User, day: dt.date) -> str:
    return f"did-{user.pk}-{day.isoformat()}"
