"""The wellbeing of people who read letters: a limit of heavy letters a day, a time to stop, and light letters between
heavy ones. The desk only says and offers; no letter is hidden and nobody is stopped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from columns.models import Column
from inbox.keys import opened_events
from inbox.keys.vault import Vault
from inbox.models import Actor, LetterEvent, Need, User
from inbox.models.keystore import first_of_month

#: For so long after the time to stop the sentence names that time.
_JUST_NOW = dt.timedelta(minutes=10)
#: When a day begins: reading after midnight belongs to the evening before.
_MORNING = dt.time(5)
#: The hours of a clock's face in words, from twelve on.
_HOURS = (
    gettext_lazy("twelve"),
    gettext_lazy("one"),
    gettext_lazy("two"),
    gettext_lazy("three"),
    gettext_lazy("four"),
    gettext_lazy("five"),
    gettext_lazy("six"),
    gettext_lazy("seven"),
    gettext_lazy("eight"),
    gettext_lazy("nine"),
    gettext_lazy("ten"),
    gettext_lazy("eleven"),
)


@dataclass(frozen=True)
class Today:
    """A person's day so far. ``heavy``: the number of urgent letters that they acted on today."""

    heavy: int
    enough: bool
    over: bool
    stop: str = ""

    @property
    def offer(self) -> str:
        return _("Take the light pile?")

    @property
    def sentences(self) -> list[str]:
        """The sentences that the desk shows; none on most days."""
        reading = f"{self.reading} {self.offer}" if self.reading else ""
        return [sentence for sentence in (reading, self.stop) if sentence]

    @property
    def reading(self) -> str:
        if not self.enough:
            return ""
        if not self.heavy:
            return _("You wanted no heavy letters today.")
        return ngettext(
            "You have read one heavy letter today.", "You have read %(many)d heavy letters today.", self.heavy
        ) % {"many": self.heavy}


def today(user: User, columns: Iterable[Column], at: dt.datetime, keys: Vault | None) -> Today:
    """The person's day up to ``at``, in these columns; no query where they set no limit. Whose an event is, and its
    day, only ``keys`` open."""
    heavy = 0
    if user.heavy_a_day is not None and keys is not None:
        day = timezone.localdate(at)
        found = list(
            LetterEvent.objects.filter(
                # its last event is of the day, or it ended this month
                actor=Actor.STAFF,
                letter__quiet_since__gte=day,
                on__range=(first_of_month(day), day),
                letter__need__gt=Need.NONE,
                letter__column__in=columns,
            )
        )
        opened_events.open_events(found, keys)
        heavy = len({event.letter_id for event in found if (event.by_id, event.on) == (user.pk, day)})
    enough = user.heavy_a_day is not None and heavy >= user.heavy_a_day
    late = _late(user.stops_at, at)
    return Today(heavy, enough, late is not None, _stop(user.stops_at, late))


def shown(user: User, columns: Iterable[Column], at: dt.datetime, keys: Vault | None) -> dict[str, Today]:
    """The context of ``desk/inbox/_wellbeing.html``."""
    return {"wellbeing": today(user, columns, at, keys)}


def keep(user: User, **settings: object) -> None:
    """Save the person's own settings: any of the fields named below."""
    unknown = settings.keys() - {"shortcuts", "shortcuts_on", "heavy_a_day", "stops_at", "away_until"}
    if unknown:
        raise TypeError(f"that is not theirs to say: {', '.join(sorted(unknown))}")
    User.objects.filter(pk=user.pk).update(**settings)
    for name, value in settings.items():
        setattr(user, name, value)


def spaced(heavy: Sequence[bool], *, after_heavy: bool) -> int | None:
    """The index of the letter to offer next in a queue; ``None`` for an empty queue. ``heavy``: whether each letter is
    heavy. Heavy letters come first; after each of them one light letter, if any waits. Within both the order stays."""
    if not heavy:
        return None
    heavy_next = not after_heavy
    return next((place for place, is_heavy in enumerate(heavy) if is_heavy == heavy_next), 0)


def _late(stops_at: dt.time | None, at: dt.datetime) -> dt.timedelta | None:
    """The time since the person's time to stop, in the site's time zone; ``None`` before it, or where none is set."""
    if stops_at is None:
        return None
    now = timezone.localtime(at).replace(tzinfo=None)
    # both times before ``_MORNING`` belong to the day before
    night = dt.timedelta(hours=_MORNING.hour)
    day = (now - night).date() + dt.timedelta(days=stops_at < _MORNING)
    late = now - dt.datetime.combine(day, stops_at)
    return late if late >= dt.timedelta() else None


def _stop(stops_at: dt.time | None, late: dt.timedelta | None) -> str:
    if stops_at is None or late is None:
        return ""
    sentence = (
        _("It is %(time)s: you wanted to stop. The letters are here tomorrow.")
        if late < _JUST_NOW
        else _("It is after %(time)s: you wanted to stop. The letters are here tomorrow.")
    )
    return sentence % {"time": spoken(stops_at)}


def spoken(time: dt.time) -> str:
    """A time of the day as people say it: "half past five", "seven o’clock", "17:42"."""
    this, following = _HOURS[time.hour % 12], _HOURS[(time.hour + 1) % 12]
    quarters = {
        0: _("%(hour)s o’clock"),
        15: _("a quarter past %(hour)s"),
        30: _("half past %(hour)s"),
        45: _("a quarter to %(next_hour)s"),
    }
    phrase = quarters.get(time.minute, time_format(time, "TIME_FORMAT"))
    return phrase % {"hour": this, "next_hour": following}
