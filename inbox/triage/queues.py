"""The views of the inbox: the letters of each view, their number, and one page of them.

Counts stop at ``MOST``, and pages are found by keyset (the end of the page before), so that both cost the same with a
hundred letters and with a hundred thousand.
"""

from __future__ import annotations

import datetime as dt
import functools
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.validators import slug_re
from django.db import connection
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from columns.models import Column
from inbox.letters import outbox
from inbox.models import (
    FROM_WRITERS,
    Bundle,
    Consent,
    Letter,
    Message,
    Need,
    Outgoing,
    SavedView,
    SecondLook,
    User,
)
from inbox.models.letter import GONE, LetterQuerySet
from inbox.triage import assignment
from inbox.workflow import LETTER_ENDS, LetterStatus

_S = LetterStatus
#: Letters on one page.
PAGE = 50
#: The highest count; above it a page says "more than".
MOST = 999
_OVER = Q(status__in=[*LETTER_ENDS, _S.ERASED])
_OPEN = Q(status__in=[status for status in _S if status not in (*LETTER_ENDS, _S.ERASED)])
#: Views that are counted along the index of waiting letters.
_ALONG = dict.fromkeys(("new", "light"), ("-need", "received_on", "id"))
#: As a list: a comparison of numbers does not use the index, since need is in its middle.
_RAISED = [Need.TODAY, Need.NOW]
#: Earlier than every date: a comparison with it uses the index, a test for NULL does not.
_EVER = dt.date(2000, 1, 1)

#: The views in order: name and title.
TITLES = {
    "new": _("New"),
    "light": _("Light pile"),
    "urgent": _("Urgent"),
    "replies": _("Replies"),
    "mine": _("Given to me"),
    "held": _("Held until a day"),
    "shortlist": _("Shortlist"),
    "answering": _("Being answered"),
    "asked": _("Waiting for the writer"),
    "outbox": _("Not out yet"),
    "second": _("Second look"),
    "ended": _("Ended"),
    "all": _("All"),
}


_SHOWS: dict[str, Callable[[User, dt.datetime], Q]] = {
    "new": lambda user, at: Q(waiting=True),
    # the index of waiting letters is to be used here, so not the one of need
    "light": lambda user, at: Q(waiting=True) & ~Q(need__in=_RAISED),
    "urgent": lambda user, at: _OPEN & Q(need__in=_RAISED),
    "replies": lambda user, at: Q(newest__in=FROM_WRITERS) & ~Q(status__in=GONE),
    "mine": lambda user, at: assignment.theirs(user, at) & _OPEN,
    "held": lambda user, at: Q(status=_S.HELD, held_until__gte=_EVER),
    "shortlist": lambda user, at: Q(status=_S.SHORTLISTED),
    "answering": lambda user, at: Q(status=_S.ANSWERING),
    "asked": lambda user, at: Q(newest__in=[Message.Kind.QUESTION, Message.Kind.APPROVAL]) & _OPEN,
    # few at any time: a subquery of ids lets the database find these letters by primary key
    "outbox": lambda user, at: Q(pk__in=list(_unsent(at).values_list("letter", flat=True)[:MOST])),
    "second": lambda user, at: Q(pk__in=list(_looks(user).values_list("letter", flat=True)[:MOST])),
    "ended": lambda user, at: _OVER,
    "all": lambda user, at: Q(),
}


def _unsent(at: dt.datetime) -> QuerySet[Outgoing]:
    return outbox.waiting(at).filter(message__isnull=False)


def _looks(user: User) -> QuerySet[SecondLook]:
    looks = SecondLook.objects.filter(agreed=None).exclude(declined_by=user)
    return looks.filter(_of(Letter.objects.filter(status=_S.DECLINED)))


def _of(letters: QuerySet[Letter]) -> Exists:
    """A condition that a row belongs to one of these letters. As EXISTS, the few rows are scanned, not the many
    letters."""
    return Exists(letters.filter(pk=OuterRef("letter_id")))


def which(name: str, user: User, at: dt.datetime) -> Q:
    """The letters that the view shows to the person."""
    return _SHOWS[name](user, at)


@dataclass(frozen=True)
class Filters:
    """The filters of a view, all on columns that need no key. They are part of the view's address."""

    topic: str = ""
    older: int = 0
    consent: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Filters:
        """The filters of an address or of a saved view, without invalid values."""
        topic, older, consent = (str(given.get(name, "")) for name in ("topic", "older", "consent"))
        return cls(
            topic=topic if len(topic) <= 50 and slug_re.fullmatch(topic) else "",
            older=int(older) if older.isascii() and older.isdecimal() and len(older) < 5 else 0,
            consent=consent if consent in Consent.values else "",
        )

    def given(self) -> dict[str, str]:
        """The filters that are set, for an address."""
        return {name: str(value) for name, value in vars(self).items() if value}

    @property
    def query_string(self) -> str:
        """The query string of the view's address."""
        return urlencode(self.given())

    def query(self, *, on: dt.date) -> Q:
        condition = Q()
        if self.topic:
            condition &= Q(topic=None) if self.topic == "none" else Q(topic__slug=self.topic)
        if self.older:
            condition &= Q(received_on__lte=on - dt.timedelta(days=self.older))
        if self.consent:
            condition &= Q(consent=self.consent)
        return condition


@dataclass(frozen=True)
class View:
    """A view as given by an address: name, filters, and where the page before ended."""

    name: str
    filters: Filters = field(default_factory=Filters)
    after: str = ""

    @property
    def title(self) -> str:
        return str(TITLES[self.name])

    @property
    def carried(self) -> str:
        """The query string of a letter's address, so that the letter's page can link back to this view."""
        return urlencode({"view": self.name, **self.filters.given()})


def page(letters: LetterQuerySet, view: View, user: User, *, at: dt.datetime) -> tuple[list[Letter], str]:
    """One page of the view in the order of need, and the position of the next page ("" where there is none)."""
    matching = letters.filter(
        which(view.name, user, at) & view.filters.query(on=timezone.localdate(at)) & _after(view.after)
    )
    rows = list(matching.by_need().select_related("topic", "given_to")[: PAGE + 1])
    return rows[:PAGE], _place(rows[PAGE - 1]) if len(rows) > PAGE else ""


def _place(letter: Letter) -> str:
    return f"{letter.need}.{letter.received_on:%Y%m%d}.{letter.pk.hex}"


def _after(place: str) -> Q:
    """A condition on letters after the position in the order of need. An invalid position is the beginning."""
    try:
        need, day, last = place.split(".")
        on, letter_id = dt.date.fromisoformat(day), uuid.UUID(last)
        level = Need(int(need))
    except ValueError:
        return Q()
    same = Q(need__in=[level], received_on__gte=on) & ~Q(received_on=on, id__lte=letter_id)
    return same | Q(need__in=[lower for lower in Need if lower < level]) if level else same


class _Capped(Subquery):
    """A subquery that counts the rows of a query, up to the query's limit."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS capped)"
    #: The count of an empty result set, which Django does not ask the database for.
    empty_result_set_value = 0
    output_field = IntegerField()


def _capped(rows: QuerySet[Any], *order: str) -> _Capped:
    """The capped count of the rows. ``order``: the order of the index that the count is to use."""
    return _Capped(rows.order_by(*order).values("pk")[: MOST + 1])


@dataclass(frozen=True)
class Counts:
    """The number of letters of each view (``None``: more than ``MOST``), whether held letters are due first, and
    whether there are bundles."""

    views: dict[str, int | None]
    bundles: bool
    held_are_due: bool
    arrived: int


def counts(column: Column, user: User, *, at: dt.datetime) -> Counts:
    """The counts, in one query. ``arrived``: the number of today's letters, for a later comparison."""
    sql, parameters, names = _counting(column, user, timezone.localdate(at), assignment.theirs(user, at))
    placeholder, now = map(connection.ops.adapt_datetimefield_value, (_NOW, at))
    with connection.cursor() as cursor:
        cursor.execute(sql, [now if parameter == placeholder else parameter for parameter in parameters])
        numbers: dict[str, Any] = dict(zip(names, cursor.fetchone(), strict=True))
    views = {name[2:]: number if number <= MOST else None for name, number in numbers.items() if name.startswith("n_")}
    return Counts(views, bool(numbers["bundled"]), bool(numbers["held_due"]), numbers["arrived"])


#: A placeholder in the statement for the time of its execution.
_NOW = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


@functools.lru_cache(maxsize=256)
def _counting(column: Column, user: User, today: dt.date, mine: Q) -> tuple[str, tuple[Any, ...], list[str]]:
    """All counts for a person on a day as one statement: SQL, parameters and the names of the counts.

    Compiling the statement takes longer than running it, so it is cached for the day. ``mine``: the condition on the
    person's letters.
    """
    noon = dt.datetime.combine(today, dt.time(12), tzinfo=timezone.get_current_timezone())
    letters = Letter.objects.filter(column=column)
    annotations: dict[str, Any] = {
        f"n_{name}": _capped(letters.filter(mine if name == "mine" else which(name, user, noon)), *_ALONG.get(name, ()))
        for name in TITLES
        if name not in ("all", "ended", "outbox", "second")
    }
    annotations["n_outbox"] = _capped(_unsent(_NOW).filter(_of(letters)))
    annotations["n_second"] = _capped(_looks(user).filter(_of(letters)))
    annotations["arrived"] = _capped(letters.filter(received_on=today))
    annotations["held_due"] = Exists(letters.filter(status=_S.HELD, held_until__lte=today))
    annotations["bundled"] = Exists(Bundle.objects.filter(column=column, draft=None))
    sql, parameters = Column.objects.filter(pk=column.pk).values(**annotations).query.sql_with_params()
    return sql, tuple(parameters), list(annotations)


def saved(column: Column, user: User) -> list[tuple[SavedView, View]]:
    """The person's own views of the column and those that colleagues share, each with its ``View``."""
    views = SavedView.objects.filter(Q(user=user) | Q(shared=True), column=column).select_related("user")
    return [
        (saved_view, View(str(saved_view.filters.get("view", "new")), Filters.read(saved_view.filters)))
        for saved_view in views
    ]
