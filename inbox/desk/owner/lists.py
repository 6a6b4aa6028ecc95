"""The owner's lists: topics, help lines, letter templates. One page each; every act is a plain form on it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from columns import countries
from columns.models import Column, HelpLine, Topic
from inbox.desk.guard import Desk, desk_view
from inbox.desk.owner.column import OWNER, shown
from inbox.desk.owner.forms.column import HelpLineForm, ItemForm, TemplateForm, TopicForm
from inbox.models import LetterTemplate
from inbox.operations import column_settings
from inbox.workflow import MoveRefused

_STEPS = {"up": -1, "down": 1}
_GONE = gettext_lazy("Somebody else has removed it.")


@dataclass(frozen=True)
class Noun:
    """What tells one list from another."""

    model: type[Topic] | type[HelpLine] | type[LetterTemplate]
    form: type[ItemForm]
    template: str
    url: str
    #: The heading under which an item stands; empty where the list is one.
    heading: Callable[[Any], str]
    fields: tuple[str, ...]


_TOPICS = Noun(
    Topic, TopicForm, "desk/owner/owner_topics.html", "desk:owner_topics", lambda _: "", ("name", "description")
)
_HELP_LINES = Noun(
    HelpLine,
    HelpLineForm,
    "desk/owner/owner_help_lines.html",
    "desk:owner_help_lines",
    lambda line: countries.name(line.country) if line.country else "",
    ("name", "number", "url", "about", "country"),
)
_TEMPLATES = Noun(
    LetterTemplate,
    TemplateForm,
    "desk/owner/owner_templates.html",
    "desk:owner_templates",
    lambda one: str(LetterTemplate.Kind(one.kind).label),
    ("kind", "title", "text"),
)


@desk_view("GET", "POST", seats=OWNER)
def topics(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The subjects of the column, and how much hangs on each."""
    return _page(request, desk, _TOPICS)


@desk_view("GET", "POST", seats=OWNER)
def help_lines(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Where letter writers are told that help is now, by country."""
    return _page(request, desk, _HELP_LINES)


@desk_view("GET", "POST", seats=OWNER)
def templates(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The texts with which letters to writers may begin."""
    return _page(request, desk, _TEMPLATES)


def _page(request: HttpRequest, desk: Desk, noun: Noun) -> HttpResponse:
    show = functools.partial(_show, request, desk, noun)
    if request.method != "POST":
        return show()
    act = request.POST.get("act", "")
    if act == "add":
        return _add(request, desk, noun, show)
    item = _item(request, desk.column, noun)
    if item is None:
        return show(refused=_GONE)
    if act == "change":
        return _change(request, desk, item, noun, show)
    if act in _STEPS or act == "remove":
        return _place(request, desk, item, act, noun, show)
    return show(status=400)


def _add(request: HttpRequest, desk: Desk, noun: Noun, show: Callable[..., HttpResponse]) -> HttpResponse:
    form = noun.form(request.POST, auto_id="new-%s")
    if not form.is_valid():
        return show(add_form=form, wrong=form)
    item = noun.model(column=desk.column, **form.said())
    try:
        column_settings.add(item, by=desk.user, at=desk.at)
    except MoveRefused as refused:
        return show(add_form=form, refused=str(refused))
    messages.success(request, gettext("“%(item)s” is added.") % {"item": item})
    return _back(desk.column, noun, item.pk)


def _change(
    request: HttpRequest, desk: Desk, item: column_settings.Item, noun: Noun, show: Callable[..., HttpResponse]
) -> HttpResponse:
    form = noun.form(request.POST, auto_id=f"item-{item.pk}-%s")
    if not form.is_valid():
        return show(change_form=(item.pk, form), wrong=form)
    try:
        column_settings.change(item, form.said(), by=desk.user, at=desk.at)
    except MoveRefused as refused:
        return show(change_form=(item.pk, form), refused=str(refused))
    messages.success(request, gettext("“%(item)s” is changed.") % {"item": item})
    return _back(item.column, noun, item.pk)


def _place(
    request: HttpRequest,
    desk: Desk,
    item: column_settings.Item,
    act: str,
    noun: Noun,
    show: Callable[..., HttpResponse],
) -> HttpResponse:
    by, at, pk = desk.user, desk.at, item.pk
    try:
        if act == "remove":
            column_settings.remove(item, by=by, at=at)
            messages.success(request, gettext("“%(item)s” is removed.") % {"item": item})
            return redirect(noun.url, item.column.slug)
        moved = column_settings.shift(item, _STEPS[act], by=by, at=at)
    except MoveRefused as refused:
        return show(refused=str(refused))
    if moved:
        said = gettext("“%(item)s” is one place further up.")
        if act == "down":
            said = gettext("“%(item)s” is one place further down.")
        messages.success(request, said % {"item": item})
    return _back(item.column, noun, pk)


def _back(column: Column, noun: Noun, pk: int) -> HttpResponse:
    return redirect(f"{reverse(noun.url, args=[column.slug])}#item-{pk}")


def _item(request: HttpRequest, column: Column, noun: Noun) -> column_settings.Item | None:
    asked = request.POST.get("item", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 12):
        return None
    item: column_settings.Item | None = noun.model._default_manager.filter(column=column, pk=int(asked)).first()
    if item is not None:
        item.column = column
    return item


def _show(
    request: HttpRequest,
    desk: Desk,
    noun: Noun,
    *,
    change_form: tuple[int, ItemForm] | None = None,
    **more: Any,
) -> HttpResponse:
    items: list[Any] = list(noun.model._default_manager.filter(column=desk.column))
    hanging = column_settings.concerned([item for item in items if isinstance(item, Topic)])
    rows: list[dict[str, Any]] = [
        {
            "item": item,
            "heading": noun.heading(item),
            "form": change_form[1] if change_form and change_form[0] == item.pk else _form(item, noun),
            "open": bool(change_form and change_form[0] == item.pk),
            "concerned": hanging.get(item.pk, {}),
        }
        for item in items
    ]
    rows.sort(key=lambda row: row["heading"])  # stable: within a heading the list's own order stays
    groups = [(heading, list(part)) for heading, part in groupby(rows, key=lambda row: row["heading"])]
    context = {"groups": groups, "add_form": noun.form(auto_id="new-%s"), "countries": _countries(noun), **more}
    return shown(request, noun.template, desk, **context)


def _form(item: column_settings.Item, noun: Noun) -> ItemForm:
    initial = {name: getattr(item, name) for name in noun.fields}
    if isinstance(item, HelpLine) and item.country:
        initial["country"] = countries.name(item.country)
    return noun.form(initial=initial, auto_id=f"item-{item.pk}-%s")


def _countries(noun: Noun) -> list[str]:
    return list(countries.names().values()) if noun is _HELP_LINES else []
