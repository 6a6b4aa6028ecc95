"""A practice day: a column of one's own with invented letters, to learn the desk and its keys on.

The letters come through the real intake and everything that is done with them is done by the real verbs, so nothing at
this desk behaves otherwise than at a real one. Only there are no readers: no public page knows the column, no letter
has an address to send mail to, and one who is a moderator and an author alone can approve and publish nothing there.
"""

from __future__ import annotations

import datetime as dt
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from columns.models import Author, Column, HelpLine, Topic
from inbox.keys import keyring
from inbox.letters import intake, writer_acts
from inbox.models import (
    ColumnEvent,
    Consent,
    Draft,
    Letter,
    LetterTemplate,
    Outgoing,
    Period,
    SavedView,
    Seat,
    SecondLook,
    User,
)
from inbox.staff import installation
from inbox.workflow import LetterStatus, NotAllowed, Role

#: What the person is at the column of their own: enough for the whole inbox and for writing drafts.
SEATS = (Role.MODERATOR, Role.AUTHOR)
_TITLE = "Practice"
_ABOUT = gettext_noop("Made-up letters to practise on.")


def read(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The invented content: ``topic``, ``help_line`` and ``letter`` tables."""
    return tomllib.loads(path.read_text("utf-8"))


def columns(user: User) -> list[Column]:
    """The columns that the person practises in: none or one."""
    return list(Column.objects.filter(practice=True, seats__user=user).distinct().order_by("pk"))


def begin(user: User, content: Mapping[str, list[dict[str, Any]]], *, at: dt.datetime) -> Column:
    """A practice column for the person, with its letters; all of it or nothing. Who has one gets that one."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)  # pressed twice at once, it is made once
        there = columns(user)
        if there:
            return there[0]
        column = _make_column(user, content, at=at)
        for entry in reversed(content["letter"]):
            _take(column, entry, at=at)
        ColumnEvent.write(column, "practise", by=user, at=at)
    return column


def begin_again(user: User, content: Mapping[str, list[dict[str, Any]]], *, at: dt.datetime) -> Column:
    """Throw away what the person practised on, and give them the letters anew."""
    with transaction.atomic():
        end(user, at=at)
        return begin(user, content, at=at)


def end(user: User, *, at: dt.datetime) -> None:
    """Throw away what the person practised on, if there is anything."""
    for column in columns(user):
        try:
            throw_away(column, by=user, at=at)
        except NotAllowed:  # the same button was pressed twice at the same moment, and the other press was first
            continue


def throw_away(column: Column, *, by: User, at: dt.datetime) -> None:
    """Erase every word of a practice column and every key to it; whoever practised there has no seat there any more.

    What is left are bare rows without a word and the trail of events, which nobody at a desk may delete, and a column
    that nobody can enter. Any other column is refused, as is somebody who does not practise in it.
    """
    with transaction.atomic():
        found = Column.objects.select_for_update(no_key=True).get(pk=column.pk)
        if not found.practice or not Seat.objects.filter(column=found, user=by).exists():
            raise NotAllowed(_("Only your own practice column can be thrown away."))
        for draft in Draft.objects.filter(column=found).exclude(events__verb="erase"):
            draft.erase(at=at)
        Outgoing.objects.filter(letter__column=found).delete()
        SecondLook.objects.filter(letter__column=found).delete()
        for letter in Letter.objects.filter(column=found).exclude(status=LetterStatus.ERASED):
            letter.lose(at=at)
        keyring.destroy(found)
        for model in (Seat, SavedView, LetterTemplate, Period, HelpLine, Topic):
            model._default_manager.filter(column=found).delete()
        ColumnEvent.write(found, "throw_away", by=by, at=at)


def _make_column(user: User, content: Mapping[str, list[dict[str, Any]]], *, at: dt.datetime) -> Column:
    author = Author.objects.create(name=_TITLE, credential=_(_ABOUT))
    column = Column(
        slug=f"practice-{secrets.token_hex(5)}",
        title=_TITLE,
        tagline=_(_ABOUT),
        author=author,
        practice=True,
        intake_open=False,
    )
    column.full_clean()
    column.save()
    for position, topic in enumerate(content["topic"]):
        Topic.objects.create(column=column, position=position, **topic)
    for position, line in enumerate(content["help_line"]):
        HelpLine.objects.create(column=column, position=position, **line)
    for role in SEATS:
        Seat.objects.create(column=column, user=user, role=role)
    # after the seats: a key is granted, as it is made, to whoever holds one
    installation.make_keys(column, at=at)
    return column


def _take(column: Column, entry: Mapping[str, Any], *, at: dt.datetime) -> None:
    came = at - dt.timedelta(days=entry.get("days_ago", 0))
    words = intake.Words(
        text=intake.tidy(entry["text"].strip()),
        pen_name=entry.get("pen_name", ""),
        topic=entry.get("topic", ""),
        consent=entry.get("consent", Consent.PRIVATE.value),
        about=dict(entry.get("about", {})),
    )
    taken = intake.take(column, words, nonce=intake.new_nonce(), at=came)
    if entry.get("more"):
        writer_acts.write_back(taken.letter, entry["more"], at=at)
