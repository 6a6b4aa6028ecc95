"""The state of a column and its site, as sentences for the owner. Only numbers and dates are read, without any key."""

from __future__ import annotations

import datetime as dt
import platform
import shutil
import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import django
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from columns.models import Column
from columns.templatetags.lists import listed
from inbox import mail
from inbox.letters import notices, retention_periods
from inbox.models import Chain, ColumnEvent, Draft, Letter, Period, PublicKey, User
from inbox.models.times import clock
from inbox.operations import as_recorded, heartbeat, noticing
from inbox.operations.opening import care_cards
from inbox.staff import old_passwords
from inbox.workflow import LetterStatus

#: Sweeps run every twenty seconds; silence of this length means that the worker or beat is down.
SILENCE = dt.timedelta(minutes=5)
#: A backup older than this is reported.
BACKUP_LASTS = dt.timedelta(days=2)
LEAST_FREE = 1024**3
#: The most ids in one query.
_AT_ONCE = 500


@dataclass(frozen=True)
class Finding:
    """One sentence, and whether it is good; ``None`` where the reader must judge."""

    title: str
    text: str
    well: bool | None = True


def findings(column: Column, *, at: dt.datetime) -> list[Finding]:
    """All findings, in the order of the page."""
    return [
        _intake(column, at),
        _waiting(column, at),
        _key(column, at),
        _second_factor(column),
        _passwords(column),
        _overdue(column, at),
        _stuck(),
        *_mail_server(at),
        _mail(),
        _sweeps(heartbeat.Slot.WORKER, at),
        _sweeps(heartbeat.Slot.MAIL, at),
        _backup(column, at),
        _chains(column),
        _care_cards(column),
        _encoder(),
        *_disk(),
        _clock(at),
        _versions(),
    ]


def _intake(column: Column, at: dt.datetime) -> Finding:
    if column.takes_letters(timezone.localdate(at)):
        return Finding(_("Letters"), _("The column takes letters."))
    if column.never_opened:
        text = _("The column was not opened yet.")
    elif column.reopens_on is None:
        text = _("The column is paused, and no date is set for opening again.")
    else:
        text = _("The column is paused until %(day)s.") % {"day": date_format(column.reopens_on, "DATE_FORMAT")}
    return Finding(_("Letters"), text, well=column.reopens_on is not None)


def _care_cards(column: Column) -> Finding:
    names = [gettext(one.ships.name) for one in care_cards.unconfirmed(column)]
    if names:
        text = _("What somebody in danger reads first. Nobody has confirmed: %(names)s.") % {"names": listed(names)}
        return Finding(_("Care cards"), text, well=False)
    return Finding(_("Care cards"), _("Every care card is confirmed as it is shown."))


def _waiting(column: Column, at: dt.datetime) -> Finding:
    numbers = Letter.objects.filter(column=column).aggregate(
        waiting=Count("pk", filter=Q(status=LetterStatus.RECEIVED)),
        held=Count("pk", filter=Q(status=LetterStatus.HELD)),
        oldest=Min("received_on", filter=Q(status__in=[LetterStatus.RECEIVED, LetterStatus.HELD])),
    )
    if numbers["oldest"] is None:
        return Finding(_("Unread letters"), _("No letter waits."))
    days = (timezone.localdate(at) - numbers["oldest"]).days
    text = ngettext(
        "Waiting: %(waiting)d. Held: %(held)d. The oldest has waited for %(days)d day.",
        "Waiting: %(waiting)d. Held: %(held)d. The oldest has waited for %(days)d days.",
        days,
    ) % {"waiting": numbers["waiting"], "held": numbers["held"], "days": days}
    return Finding(_("Unread letters"), text, well=days <= 30)


def _key(column: Column, at: dt.datetime) -> Finding:
    desk = PublicKey.objects.filter(kind=PublicKey.Kind.DESK, column=column, retired=False)
    month = desk.order_by("-month").values_list("month", flat=True).first()
    if month is None:
        return Finding(
            _("Keys"), _("The column has no key, so no letter can be sealed. Run manage.py setup."), well=False
        )
    last_month = (timezone.localdate(at).replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    return Finding(
        _("Keys"),
        _("The newest desk key is of %(month)s.") % {"month": date_format(month, "YEAR_MONTH_FORMAT")},
        well=month >= last_month,
    )


def _second_factor(column: Column) -> Finding:
    staff = User.objects.filter(seats__column=column, is_active=True, demo=False).distinct()
    without = staff.exclude(pk__in=Authenticator.objects.values("user")).order_by("name")
    names = listed(without.values_list("name", flat=True))
    if names:
        return Finding(
            _("Second factor"),
            _("Without a second factor, and shut out until they set one: %(names)s.") % {"names": names},
            well=False,
        )
    return Finding(
        _("Second factor"), _("Everybody with a seat has set a second factor, or is a demonstration account.")
    )


def _passwords(column: Column) -> Finding:
    here = set(User.objects.filter(seats__column=column).values_list("pk", flat=True))
    names = listed([name for pk, name in old_passwords.not_checked().items() if pk in here])
    if names:
        text = _(
            "Kept in a way that this version cannot check, so that no sign-in succeeds: the passwords of %(names)s."
            " End their passwords under Staff and keys; they choose new ones."
        ) % {"names": names}
        return Finding(_("Passwords"), text, well=False)
    return Finding(_("Passwords"), _("Every password is kept in a way that can be checked."))


def _overdue(column: Column, at: dt.datetime) -> Finding:
    yesterday = timezone.localdate(at) - dt.timedelta(days=1)
    if changed := as_recorded.number(column):
        text = ngettext(
            "%(changed)d letter or draft is not as its events say, so somebody changed it in the database. It is not"
            " erased before your operator runs manage.py verify_chains and sets it right.",
            "%(changed)d letters or drafts are not as their events say, so somebody changed them in the database. They"
            " are not erased before your operator runs manage.py verify_chains and sets them right.",
            changed,
        ) % {"changed": changed}
        return Finding(_("How long things are kept"), text, well=False)
    late = sum(retention_periods.due(column, Period.of(column), on=yesterday).values())
    if late:
        text = _("Letters and drafts kept longer than you have set: %(late)s. The worker erases them: does it run?") % {
            "late": late
        }
        return Finding(_("How long things are kept"), text, well=False)
    return Finding(_("How long things are kept"), _("Nothing is kept longer than you have set."))


def _stuck() -> Finding:
    stuck = notices.stuck()
    if stuck:
        return Finding(
            _("Mail to letter writers"),
            ngettext(
                "%(stuck)d mail could not be sent after many tries.",
                "%(stuck)d mails could not be sent after many tries.",
                stuck,
            )
            % {"stuck": stuck},
            well=False,
        )
    return Finding(_("Mail to letter writers"), _("No mail is stuck."))


def _mail_server(at: dt.datetime) -> list[Finding]:
    """An outage, while mail to letter writers waits for its end."""
    known = mail.outage(at=at)
    waiting = notices.waiting(at=at) if known else 0
    if known is None or not waiting:
        return []
    text = _(
        "The mail server took no mail, or did not say whether it did. Mails that wait for it: %(waiting)s. Tries in a"
        " row that failed: %(tries)s. The next one is on %(until)s."
    ) % {
        "waiting": waiting,
        "tries": known.tries,
        "until": date_format(timezone.localtime(known.until), "DATETIME_FORMAT"),
    }
    return [Finding(_("Mail server"), text, well=False)]


def _mail() -> Finding:
    if not settings.EMAIL_BACKEND.endswith(("smtp.EmailBackend", "locmem.EmailBackend")):
        return Finding(_("Mail settings"), _("Mails are written down, not sent."), well=settings.DEMO)
    if not (settings.EMAIL_HOST and settings.DEFAULT_FROM_EMAIL):
        return Finding(_("Mail settings"), _("No mail server, or no sender address, is set."), well=False)
    return Finding(_("Mail settings"), _("A mail server and a sender address are set."))


def _sweeps(slot: heartbeat.Slot, at: dt.datetime) -> Finding:
    sends = slot == heartbeat.Slot.MAIL
    title = _("Worker for mail") if sends else _("Worker and beat")
    last = heartbeat.last(slot)
    if last is not None:
        seen = date_format(timezone.localtime(last), "DATETIME_FORMAT")
        text = (
            _("The worker for mail last ran, woken by beat, on %(seen)s.")
            if sends
            else _("The worker last ran, woken by beat, on %(seen)s.")
        )
        return Finding(title, text % {"seen": seen}, well=at - last < SILENCE)
    if not settings.REDIS_URL:
        return Finding(title, _("Without Redis the desk cannot see when it last ran."), well=None)
    return Finding(title, _("It has not been seen in the last week."), well=False)


def _backup(column: Column, at: dt.datetime) -> Finding:
    made = ColumnEvent.objects.filter(column=column, verb="back_up").order_by("-number").first()
    if made is None:
        return Finding(_("Backup"), _("No backup is known."), well=False)
    day = timezone.localdate(made.at)
    return Finding(
        _("Backup"),
        _("The last backup is of %(day)s.") % {"day": date_format(day, "DATE_FORMAT")},
        well=timezone.localdate(at) - day <= BACKUP_LASTS,
    )


def _chains(column: Column) -> Finding:
    heads = Counter(dict(Chain.objects.order_by().values_list("kind").annotate(many=Count("pk"))))
    for kind, model in ((Chain.Kind.LETTER, Letter), (Chain.Kind.DRAFT, Draft)):
        practised = [
            str(pk) for pk in model._default_manager.filter(column__practice=True).values_list("pk", flat=True)
        ]
        for start in range(0, len(practised), _AT_ONCE):
            chains = Chain.objects.filter(kind=kind, subject__in=practised[start : start + _AT_ONCE])
            heads[kind] -= chains.count()
    upto = Chain.objects.filter(kind=Chain.Kind.COLUMN, subject=str(column.pk)).values_list("upto", flat=True).first()
    events = ColumnEvent.objects.filter(column=column).count()
    text = ngettext(
        "Chains over events: %(letters)d of letters, %(drafts)d of drafts."
        " The column’s own covers %(covered)d of its %(events)d event.",
        "Chains over events: %(letters)d of letters, %(drafts)d of drafts."
        " The column’s own covers %(covered)d of its %(events)d events.",
        events,
    ) % {"letters": heads["letter"], "drafts": heads["draft"], "covered": upto or 0, "events": events}
    return Finding(_("History"), text, well=None)


def _encoder() -> Finding:
    if noticing.has_encoder():
        return Finding(_("Screening"), _("Screening reads by its rules and with the encoder of sentences."))
    text = _(
        "Screening reads by its rules alone: the encoder of sentences is not installed, or could not be loaded. It"
        " would notice more of what no rule has words for."
    )
    return Finding(_("Screening"), text, well=None)


def _disk() -> list[Finding]:
    """The free space, for SQLite alone: a full disk would lose letters."""
    if connection.vendor != "sqlite":
        return []
    name = Path(str(connection.settings_dict["NAME"]))
    folder = name.parent if name.is_absolute() and name.parent.exists() else Path(settings.BASE_DIR)
    free = shutil.disk_usage(folder).free
    return [
        Finding(
            _("Disk"),
            _("%(free)s GiB are free where the database lies.") % {"free": floatformat(free / 1024**3, 1)},
            well=free >= LEAST_FREE,
        )
    ]


def _clock(at: dt.datetime) -> Finding:
    found = clock.doubt(at)
    if found is not None:
        return Finding(_("Clock"), _why_doubted(found), well=False)
    return Finding(
        _("Clock"),
        _("It is %(now)s, in the time zone %(zone)s.")
        % {"now": date_format(timezone.localtime(at), "DATETIME_FORMAT"), "zone": settings.TIME_ZONE},
        well=None,
    )


def _why_doubted(found: clock.Doubt) -> str:
    shown, newest, expected = (
        one and date_format(timezone.localtime(one), "DATETIME_FORMAT")
        for one in (found.shown, found.newest, found.expected)
    )
    values = {"shown": shown, "newest": newest, "expected": expected}
    if found.expected is not None:
        text = _(
            "The clock shows %(shown)s. By the time that the machine has run it is %(expected)s: the clock was set to"
            " another time. Nothing is erased, mailed or marked as published meanwhile. Whoever runs the site puts the"
            " clock right; if it is right, they run manage.py clock --confirm."
        )
    elif found.is_behind:
        text = _(
            "The clock shows %(shown)s, but the site has seen %(newest)s already: the clock is behind. Nothing is"
            " erased, mailed or marked as published meanwhile. Whoever runs the site puts the clock right; if it is"
            " right, they run manage.py clock --confirm."
        )
    else:
        text = _(
            "The clock shows %(shown)s. The site was last seen at work on %(newest)s: it stood still for long, or the"
            " clock is ahead. Nothing is erased, mailed or marked as published meanwhile. Whoever runs the site looks"
            " at the clock; if it is right, they run manage.py clock --confirm."
        )
    return text % values


def _versions() -> Finding:
    database = f"SQLite {sqlite3.sqlite_version}" if connection.vendor == "sqlite" else "PostgreSQL"
    return Finding(
        _("Versions"),
        f"Django {django.get_version()}, Python {platform.python_version()}, {database}.",
        well=None,
    )
