"""What a column needs before it takes letters: what is done, what is missing, and what is not necessary for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from columns.models import Column
from columns.templatetags.lists import listed
from inbox.keys import drill
from inbox.models import ColumnEvent, Seat, User
from inbox.operations.opening import care_cards
from inbox.staff import notifications
from inbox.workflow import NotAllowed, Role

#: The events that tell what was done.
_VERBS = ("back_up", "try_mail", "try_recovery_key", "new_recovery_key")


class Readiness(Enum):
    """What is so of one item of the list."""

    DONE = "done"
    MISSING = "missing"
    UNNEEDED = "unneeded"


@dataclass(frozen=True)
class Requirement:
    """One item of the list. ``why``: one sentence that says why it is so, or what it is for. A column opens only when
    each ``necessary`` one is done or not necessary for it; the others are recommended."""

    key: str
    title: str
    why: str
    state: Readiness
    necessary: bool = True

    @property
    def missing(self) -> bool:
        return self.state == Readiness.MISSING


def requirements(column: Column) -> list[Requirement]:
    """The whole list, what is necessary first."""
    rows = ColumnEvent.objects.filter(column=column, verb__in=_VERBS).order_by()
    last: dict[str, int] = dict(rows.values_list("verb").annotate(Max("number")))
    return [
        _help_lines(column),
        _terms(column),
        _care_cards(column),
        _reviewer(column),
        _recovery_key(last),
        _topics(column),
        *_of_the_site(column, last),
    ]


def missing(column: Column) -> list[Requirement]:
    """What keeps the column from being opened."""
    return [one for one in requirements(column) if one.necessary and one.missing]


def need_ready(column: Column) -> None:
    """Raise ``NotAllowed``, with the names of what is missing, where the column cannot be opened yet."""
    if left := missing(column):
        what = listed(one.title for one in left)
        raise NotAllowed(_("Before the column opens, this is needed: %(what)s.") % {"what": what})


def try_mail(column: Column, *, by: User, at: dt.datetime) -> bool:
    """Send a mail to the person's own address; returns whether the mail server took it, which then stands in the
    column's history."""
    if not notifications.tell(by, "mail_tried"):
        return False
    with transaction.atomic():
        ColumnEvent.write(column, "try_mail", by=by, at=at)
    return True


def _state(done: object) -> Readiness:
    """Done where the value is true."""
    return Readiness.DONE if done else Readiness.MISSING


def _help_lines(column: Column) -> Requirement:
    count = column.help_lines.count()
    why = _("A letter writer always sees where help is now. Nobody reads letters in real time.")
    if count:
        why = ngettext("%(count)d line is shown to writers.", "%(count)d lines are shown to writers.", count)
    return Requirement("help_lines", _("Help lines"), why % {"count": count}, _state(count))


def _terms(column: Column) -> Requirement:
    done = bool(column.terms.strip())
    why = _("Writers read, before they write, what becomes of a letter.")
    if not done:
        why = _(
            "Writers read, before they write, what becomes of a letter. “Texts and terms” has a text to begin with."
        )
    return Requirement("terms", _("The terms of this column"), why, _state(done))


def _care_cards(column: Column) -> Requirement:
    count = len(care_cards.unconfirmed(column))
    why = _("Somebody in danger reads them before anybody reads the letter. Each is confirmed.")
    if count:
        why = ngettext(
            "Somebody in danger reads them before anybody reads the letter. %(count)d is not confirmed.",
            "Somebody in danger reads them before anybody reads the letter. %(count)d are not confirmed.",
            count,
        ) % {"count": count}
    return Requirement("care_cards", _("Care cards"), why, _state(not count))


def _reviewer(column: Column) -> Requirement:
    title = _("A second reader")
    if not column.four_eyes:
        why = _("Authors may approve their own drafts here, which then rest for a day.")
        return Requirement("reviewer", title, why, Readiness.UNNEEDED)
    seats = Seat.objects.filter(column=column, user__is_active=True, role__in=[Role.AUTHOR, Role.REVIEWER])
    people: dict[str, set[int]] = {Role.AUTHOR: set(), Role.REVIEWER: set()}
    for role, user in seats.values_list("role", "user"):
        people[role].add(user)
    done = any(people[Role.REVIEWER] - {author} for author in people[Role.AUTHOR])
    why = _("Somebody with a reviewer’s seat reads what an author wrote.")
    if not done:
        why = _(
            "A draft is approved by somebody who did not write it. Invite a reviewer, or let drafts of a column with "
            "one person rest for a day instead."
        )
    return Requirement("reviewer", title, why, _state(done))


def _recovery_key(last: dict[str, int]) -> Requirement:
    why = _("If everybody forgets their password, only the printed sheet opens the letters. Try whether it does.")
    done = drill.is_tried(last)
    if done:
        why = _("The printed sheet was tried, and holds the keys of this column.")
    return Requirement("recovery_key", _("A trial of the recovery key"), why, _state(done))


def _topics(column: Column) -> Requirement:
    count = column.topics.count()
    why = _("Writers may choose one, and readers find answers by it.")
    if count:
        why = ngettext("The column has %(count)d topic.", "The column has %(count)d topics.", count) % {"count": count}
    return Requirement("topics", _("Topics"), why, _state(count), necessary=False)


def _of_the_site(column: Column, last: dict[str, int]) -> Iterator[Requirement]:
    """What a demonstration does without: it keeps nothing that is worth a backup, and sends no mail."""
    backup, mail = _("A backup"), _("A trial of the mail")
    if column.demo:
        yield Requirement("backup", backup, _("This column is a demonstration."), Readiness.UNNEEDED, necessary=False)
        yield Requirement("mail", mail, _("This column is a demonstration."), Readiness.UNNEEDED, necessary=False)
        return
    why = _("Whoever runs the server makes one each day, with the command manage.py backup.")
    if "back_up" in last:
        why = _("A backup was made. “Health” says of which day the last one is.")
    yield Requirement("backup", backup, why, _state("back_up" in last), necessary=False)
    why = _("Writers and colleagues get mails. Send one to yourself and see whether it comes.")
    if "try_mail" in last:
        why = _("The mail server took a mail to an owner of this column.")
    yield Requirement("mail", mail, why, _state("try_mail" in last), necessary=False)
