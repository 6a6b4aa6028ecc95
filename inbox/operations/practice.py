"""Practice columns: a person's own column with invented letters, to learn the desk.

Letters come through the real intake and the real verbs, so the desk behaves as for any other column. No public page
shows the column, no letter has an e-mail address, and the person, a moderator and author without a reviewer, cannot
approve or publish.
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

#: The person's roles in their practice column: enough for the inbox and for writing drafts.
SEATS = (Role.MODERATOR, Role.AUTHOR)
_TITLE = "Practice"
_ABOUT = gettext_noop("Made-up letters to practise on.")


def read(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The invented content: ``topic``, ``help_line`` and ``letter`` tables."""
    return tomllib.loads(path.read_text("utf-8"))


def columns(user: User) -> list[Column]:
    """The person's practice columns: none or one."""
    return list(Column.objects.filter(practice=True, seats__user=user).distinct().order_by("pk"))


def begin(user: User, content: Mapping[str, list[dict[str, Any]]], *, at: dt.datetime) -> Column:
    """A practice column for the person, with its letters; in one transaction. An existing one is returned."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two requests at once make one column
        there = columns(user)
        if there:
            return there[0]
        column = _make_column(user, content, at=at)
        for entry in reversed(content["letter"]):
            _take(column, entry, at=at)
        ColumnEvent.write(column, "practise", by=user, at=at)
    return column


def begin_again(user: User, content: Mapping[str, list[dict[str, Any]]], *, at: dt.datetime) -> Column:
    """Throw the person's practice column away and make a new one."""
    with transaction.atomic():
        end(user, at=at)
        return begin(user, content, at=at)


def end(user: User, *, at: dt.datetime) -> None:
    """Throw the person's practice column away, if there is one."""
    for column in columns(user):
        try:
            throw_away(column, by=user, at=at)
        except NotAllowed:  # the same form was sent twice at the same moment, and the other request came first
            continue


def throw_away(column: Column, *, by: User, at: dt.datetime) -> None:
    """Erase every word and every key of a practice column, and remove the person's seats.

    Rows without words, the audit trail, which no desk process may delete, and a column without seats remain. Refused
    for any other column, and for somebody without a seat in it.
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
    # after the seats: a new key is granted to the people with seats
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
