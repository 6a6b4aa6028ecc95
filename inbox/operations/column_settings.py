"""The acts of an owner on a column: texts, lists, pauses and periods. Each public function is one transaction with its
event. A refusal raises ``MoveRefused``, without any change."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping

from django.db import models, transaction
from django.db.models import F, Max
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from columns import language
from columns.help_lines import KnownLine
from columns.models import Article, Author, Column, HelpLine, Topic
from columns.old_addresses import OldAddress
from columns.text.headlines import slug_of
from inbox.models import ColumnEvent, Draft, Letter, LetterTemplate, Period, User
from inbox.operations.opening import readiness
from inbox.workflow import AlreadyMoved, NotAllowed

Item = Topic | HelpLine | LetterTemplate

#: Fields of the column that an owner may change, and those of its author, by their names here.
TEXTS = ("title", "tagline", "about", "terms", "sign_off", "language", "four_eyes")
_OF_AUTHOR = {"author": "name", "credential": "credential", "bio": "bio"}
_KIND: dict[type[models.Model], str] = {Topic: "topic", HelpLine: "help_line", LetterTemplate: "template"}
_ELSEWHERE = gettext_lazy("Somebody else has changed this since you opened the page.")
_NO_HELP_LINE = gettext_lazy(
    "A letter writer always sees where help is now, so a column that takes letters needs a help line."
)


def _in_turn(column: Column) -> None:
    """Lock the column's row by an UPDATE until the end of the transaction, so that acts run one after the other."""
    Column.objects.filter(pk=column.pk).update(slug=F("slug"))


# --- texts ----------------------------------------------------------------------------------------------------------


def texts(column: Column) -> dict[str, object]:
    """The texts of the column and of its author, by name."""
    of_author = {name: getattr(column.author, field) for name, field in _OF_AUTHOR.items()}
    return {name: getattr(column, name) for name in TEXTS} | of_author


def with_texts(column: Column, said: Mapping[str, object]) -> None:
    """Put texts into the column and its author in memory, for a preview."""
    for name, value in said.items():
        setattr(column.author if name in _OF_AUTHOR else column, _OF_AUTHOR.get(name, name), value)


def template_of_terms(column: Column) -> str:
    """Terms to begin with, as Markdown in the column's language."""
    with language.of(column):
        return render_to_string("columns/terms.md").strip()


def mark(column: Column) -> str:
    """A hash of the texts, to detect changes."""
    return hashlib.sha256(json.dumps(texts(column), sort_keys=True).encode()).hexdigest()


def set_texts(column: Column, said: Mapping[str, object], *, seen: str, by: User, at: dt.datetime) -> list[str]:
    """Set the texts of the column and of its author; returns the names of what changed.

    ``seen``: the ``mark`` of the texts that the person saw. Raises ``AlreadyMoved`` if they have changed since.
    """
    with transaction.atomic():
        _in_turn(column)
        now = Column.objects.select_related("author").get(pk=column.pk)
        if mark(now) != seen:
            raise AlreadyMoved(_ELSEWHERE)
        before = texts(now)
        changed = [name for name in before if said[name] != before[name]]
        if not changed:
            return []
        of_column = {name: said[name] for name in changed if name not in _OF_AUTHOR}
        if of_column:
            Column.objects.filter(pk=now.pk).update(**of_column)
        of_author = {_OF_AUTHOR[name]: said[name] for name in changed if name in _OF_AUTHOR}
        # an owner of another column of the author may have changed them
        as_seen = {field: before[name] for name, field in _OF_AUTHOR.items()}
        if of_author and not Author.objects.filter(pk=now.author_id, **as_seen).update(**of_author):
            raise AlreadyMoved(_ELSEWHERE)
        ColumnEvent.write(column, "set_texts", by=by, at=at, about=", ".join(changed))
    return changed


# --- topics, help lines, templates: lists that are kept in order -----------------------------------------------------


def beside(item: Item) -> models.QuerySet[Item]:
    """The items of the same list: of the same column, and the same country or kind."""
    rows: models.QuerySet[Item] = type(item)._default_manager.filter(column=item.column_id)
    if isinstance(item, HelpLine):
        return rows.filter(country=item.country)
    if isinstance(item, LetterTemplate):
        return rows.filter(kind=item.kind)
    return rows


def add(item: Item, *, by: User, at: dt.datetime) -> None:
    """Put a new item at the end of its list. A topic gets its address from its name, once."""
    with transaction.atomic():
        _in_turn(item.column)
        _check_title(item)
        if isinstance(item, Topic):
            item.slug = _free_slug(item)
        item.position = _last(item)
        item.save(force_insert=True)
        _record("add", item, by=by, at=at)


def take_over(column: Column, lines: Iterable[KnownLine], *, by: User, at: dt.datetime) -> int:
    """Add the national help lines that the column does not have yet; returns how many. Refused where none is named."""
    with transaction.atomic():
        _in_turn(column)
        have = set(HelpLine.objects.filter(column=column).values_list("country", "name"))
        new = [row for line in lines if ((row := line.row(column)).country, row.name) not in have]
        if not new:
            raise NotAllowed(_("Tick at least one line that the column does not have yet."))
        for row in new:
            add(row, by=by, at=at)
    return len(new)


def change(item: Item, said: Mapping[str, object], *, by: User, at: dt.datetime) -> None:
    """Change the fields of an item. The slug of a topic stays, so that links keep working."""
    with transaction.atomic():
        _in_turn(item.column)
        list_before = _place_of(item)
        for name, value in said.items():
            setattr(item, name, value)
        _check_title(item)
        fields = dict(said)
        if _place_of(item) != list_before:
            fields["position"] = _last(item)
        if not type(item)._default_manager.filter(pk=item.pk, column=item.column_id).update(**fields):
            raise AlreadyMoved(_("Somebody else has removed it."))
        _record("change", item, by=by, at=at)


def shift(item: Item, step: int, *, by: User, at: dt.datetime) -> bool:
    """Move an item one place up (-1) or down (1) in its list; returns whether the item was moved."""
    with transaction.atomic():
        _in_turn(item.column)
        order = list(beside(item))
        if item not in order:
            raise AlreadyMoved(_("Somebody else has removed it."))
        here = order.index(item)
        there = here + step
        if not 0 <= there < len(order):
            return False
        order[here], order[there] = order[there], order[here]
        for position, one in enumerate(order):
            type(item)._default_manager.filter(pk=one.pk).exclude(position=position).update(position=position)
        _record("reorder", item, by=by, at=at)
    return True


def remove(item: Item, *, by: User, at: dt.datetime) -> None:
    """Remove an item. Articles, letters and drafts of a topic stay, without a topic."""
    with transaction.atomic():
        _in_turn(item.column)
        if isinstance(item, HelpLine):
            _check_help_lines_left(item)
        if isinstance(item, Topic):
            # the deletion would do it too, but locks the articles first
            for model in (Draft, Letter, Article):
                model._default_manager.filter(topic=item).update(topic=None)
        gone, _rows = type(item)._default_manager.filter(pk=item.pk, column=item.column_id).delete()
        if not gone:
            raise AlreadyMoved(_("Somebody else has removed it already."))
        _record("remove", item, by=by, at=at)


def concerned(topics: Iterable[Topic]) -> dict[int, dict[str, int]]:
    """The number of articles, letters and drafts of each topic, in three queries."""
    ids = [topic.pk for topic in topics]
    found: dict[int, dict[str, int]] = {pk: {} for pk in ids}
    for name, model in (("articles", Article), ("letters", Letter), ("drafts", Draft)):
        rows = model._default_manager.filter(topic__in=ids).order_by().values("topic").annotate(many=models.Count("pk"))
        for row in rows:
            found[row["topic"]][name] = row["many"]
    return found


def _place_of(item: Item) -> str:
    return item.country if isinstance(item, HelpLine) else item.kind if isinstance(item, LetterTemplate) else ""


def _last(item: Item) -> int:
    last = beside(item).aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def _check_title(item: Item) -> None:
    if isinstance(item, LetterTemplate) and beside(item).filter(title=item.title).exclude(pk=item.pk).exists():
        raise NotAllowed(_("Another text of this kind has this title already."))


def _free_slug(topic: Topic) -> str:
    base = slug_of(topic.name, 40) or "topic"
    taken = set(beside(topic).filter(slug__startswith=base).values_list("slug", flat=True))
    # an old address of another topic goes on leading there
    place = Topic(column=topic.column, slug=base).get_absolute_url().removesuffix("/")
    old = OldAddress.objects.filter(path__startswith=place).values_list("path", flat=True)
    taken |= {path.rstrip("/").rpartition("/")[2] for path in old}
    if base not in taken:
        return base
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{base}-{number}") not in taken)


def _check_help_lines_left(line: HelpLine) -> None:
    column = Column.objects.get(pk=line.column_id)
    left = HelpLine.objects.filter(column=column).exclude(pk=line.pk)
    if (column.intake_open or column.reopens_on) and not left.exists():
        raise NotAllowed(
            _(
                "A letter writer always sees where help is now, so a column that takes letters needs a help line."
                " Add another one first, or pause the column without a date."
            )
        )


def _record(verb: str, item: Item, *, by: User, at: dt.datetime) -> None:
    ColumnEvent.write(item.column, f"{verb}_{_KIND[type(item)]}", by=by, at=at, about=str(item))


# --- intake, periods, export ----------------------------------------------------------------------------------------


def open_intake(column: Column, *, by: User, at: dt.datetime) -> None:
    """Take letters from now on. A column that is closed opens when what is necessary is done (``readiness``)."""
    _set_intake(column, open_now=True, reopens_on=None, by=by, at=at)


def pause(column: Column, *, reopens_on: dt.date | None, by: User, at: dt.datetime) -> None:
    """Take no letters until the day, from which on the column is open by itself; without a day, until it is opened."""
    _set_intake(column, open_now=False, reopens_on=reopens_on, by=by, at=at)


def _set_intake(column: Column, *, open_now: bool, reopens_on: dt.date | None, by: User, at: dt.datetime) -> None:
    with transaction.atomic():
        _in_turn(column)
        if (open_now or reopens_on) and not HelpLine.objects.filter(column=column).exists():
            raise NotAllowed(_NO_HELP_LINE)
        # a column that takes letters already, or has a day for it, keeps that: the health page says what is missing
        opens = (open_now or reopens_on) and not (column.intake_open or column.reopens_on)
        if opens:
            readiness.need_ready(column)
        as_seen = Column.objects.filter(pk=column.pk, intake_open=column.intake_open, reopens_on=column.reopens_on)
        new = column.never_opened and not (open_now or reopens_on)
        if not as_seen.update(intake_open=open_now, reopens_on=reopens_on, never_opened=new):
            raise AlreadyMoved(_ELSEWHERE)
        about = reopens_on.isoformat() if reopens_on and not open_now else ""
        ColumnEvent.write(column, "open_intake" if open_now else "pause_intake", by=by, at=at, about=about)
    column.intake_open, column.reopens_on, column.never_opened = open_now, reopens_on, new


def set_periods(column: Column, days: Mapping[str, int], *, seen: Mapping[str, int], by: User, at: dt.datetime) -> bool:
    """Set the retention periods in days; returns whether any changed. ``seen``: the periods that the person saw."""
    with transaction.atomic():
        _in_turn(column)
        before = Period.of(column)
        if before != dict(seen):
            raise AlreadyMoved(_ELSEWHERE)
        changed = {kept: many for kept, many in days.items() if before[kept] != many}
        for kept, many in changed.items():
            Period.objects.update_or_create(column=column, kept=kept, defaults={"days": many})
        for kept, many in changed.items():
            ColumnEvent.write(column, "set_period", by=by, at=at, about=f"{kept} {before[kept]} {many}")
    return bool(changed)


def export(column: Column, *, words: bool, by: User, at: dt.datetime) -> None:
    """Write the event of an export, before the first byte is sent."""
    with transaction.atomic():
        _in_turn(column)
        ColumnEvent.write(column, "export", by=by, at=at, about="words" if words else "no_words")
