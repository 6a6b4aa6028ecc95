"""The owner's lists: topics, help lines, letter templates. One page each, with a plain form for every act."""

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
class ListPage:
    """One of the lists: its model, form, template, URL name and the fields of its form."""

    model: type[Topic] | type[HelpLine] | type[LetterTemplate]
    form: type[ItemForm]
    template: str
    url: str
    #: Returns the heading of an item's group; "" where the list has no groups.
    heading: Callable[[Any], str]
    fields: tuple[str, ...]


_TOPICS = ListPage(
    Topic, TopicForm, "desk/owner/owner_topics.html", "desk:owner_topics", lambda _: "", ("name", "description")
)
_HELP_LINES = ListPage(
    HelpLine,
    HelpLineForm,
    "desk/owner/owner_help_lines.html",
    "desk:owner_help_lines",
    lambda line: countries.name(line.country) if line.country else "",
    ("name", "number", "url", "about", "country", "concerns", "hours", "ways", "languages"),
)
_TEMPLATES = ListPage(
    LetterTemplate,
    TemplateForm,
    "desk/owner/owner_templates.html",
    "desk:owner_templates",
    lambda template: str(LetterTemplate.Kind(template.kind).label),
    ("kind", "title", "text"),
)


@desk_view("GET", "POST", seats=OWNER)
def topics(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Edit the topics of the column, each with the number of letters and articles that have it."""
    return _page(request, desk, _TOPICS)


@desk_view("GET", "POST", seats=OWNER)
def help_lines(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Edit the help lines that letter writers are shown, by country."""
    return _page(request, desk, _HELP_LINES)


@desk_view("GET", "POST", seats=OWNER)
def templates(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Edit the templates of messages to letter writers, by kind."""
    return _page(request, desk, _TEMPLATES)


def _page(request: HttpRequest, desk: Desk, page: ListPage) -> HttpResponse:
    """Answer a request to the page of a list: show it, or add, change, remove or move an item."""
    show = functools.partial(_show, request, desk, page)
    if request.method != "POST":
        return show()
    act = request.POST.get("act", "")
    if act == "add":
        return _add(request, desk, page, show)
    item = _item(request, desk.column, page)
    if item is None:
        return show(refused=_GONE)
    if act == "change":
        return _change(request, desk, item, page, show)
    if act in _STEPS or act == "remove":
        return _remove_or_shift(request, desk, item, act, page, show)
    return show(status=400)


def _add(request: HttpRequest, desk: Desk, page: ListPage, show: Callable[..., HttpResponse]) -> HttpResponse:
    form = page.form(request.POST, auto_id="new-%s")
    if not form.is_valid():
        return show(add_form=form, wrong=form)
    item = page.model(column=desk.column, **form.row())
    try:
        column_settings.add(item, by=desk.user, at=desk.at)
    except MoveRefused as refused:
        return show(add_form=form, refused=str(refused))
    messages.success(request, gettext("“%(item)s” is added.") % {"item": item})
    return _redirect_to_item(desk.column, page, item.pk)


def _change(
    request: HttpRequest, desk: Desk, item: column_settings.Item, page: ListPage, show: Callable[..., HttpResponse]
) -> HttpResponse:
    form = page.form(request.POST, auto_id=f"item-{item.pk}-%s")
    if not form.is_valid():
        return show(change_form=(item.pk, form), wrong=form)
    try:
        column_settings.change(item, form.row(), by=desk.user, at=desk.at)
    except MoveRefused as refused:
        return show(change_form=(item.pk, form), refused=str(refused))
    messages.success(request, gettext("“%(item)s” is changed.") % {"item": item})
    return _redirect_to_item(item.column, page, item.pk)


def _remove_or_shift(
    request: HttpRequest,
    desk: Desk,
    item: column_settings.Item,
    act: str,
    page: ListPage,
    show: Callable[..., HttpResponse],
) -> HttpResponse:
    by, at, pk = desk.user, desk.at, item.pk
    try:
        if act == "remove":
            column_settings.remove(item, by=by, at=at)
            messages.success(request, gettext("“%(item)s” is removed.") % {"item": item})
            return redirect(page.url, item.column.slug)
        moved = column_settings.shift(item, _STEPS[act], by=by, at=at)
    except MoveRefused as refused:
        return show(refused=str(refused))
    if moved:
        sentence = gettext("“%(item)s” is one place further up.")
        if act == "down":
            sentence = gettext("“%(item)s” is one place further down.")
        messages.success(request, sentence % {"item": item})
    return _redirect_to_item(item.column, page, pk)


def _redirect_to_item(column: Column, page: ListPage, pk: int) -> HttpResponse:
    return redirect(f"{reverse(page.url, args=[column.slug])}#item-{pk}")


def _item(request: HttpRequest, column: Column, page: ListPage) -> column_settings.Item | None:
    """Return the item that the form names; ``None`` where the column has none of this id."""
    item_id = request.POST.get("item", "")
    if not (item_id.isascii() and item_id.isdecimal() and len(item_id) < 12):
        return None
    item: column_settings.Item | None = page.model._default_manager.filter(column=column, pk=int(item_id)).first()
    if item is not None:
        item.column = column
    return item


def _show(
    request: HttpRequest,
    desk: Desk,
    page: ListPage,
    *,
    change_form: tuple[int, ItemForm] | None = None,
    **more: Any,
) -> HttpResponse:
    """Render the list. ``change_form``: the id of an item and its form with errors."""
    items: list[Any] = list(page.model._default_manager.filter(column=desk.column))
    concerned = column_settings.concerned([item for item in items if isinstance(item, Topic)])
    rows: list[dict[str, Any]] = [
        {
            "item": item,
            "heading": page.heading(item),
            "form": change_form[1] if change_form and change_form[0] == item.pk else _form(item, page),
            "open": bool(change_form and change_form[0] == item.pk),
            "concerned": concerned.get(item.pk, {}),
        }
        for item in items
    ]
    rows.sort(key=lambda row: row["heading"])  # stable: within a heading the list's own order stays
    groups = [(heading, list(part)) for heading, part in groupby(rows, key=lambda row: row["heading"])]
    context = {"groups": groups, "add_form": page.form(auto_id="new-%s"), "countries": _countries(page), **more}
    return shown(request, page.template, desk, **context)


def _form(item: column_settings.Item, page: ListPage) -> ItemForm:
    initial = {name: getattr(item, name) for name in page.fields}
    if isinstance(item, HelpLine) and item.country:
        initial["country"] = countries.name(item.country)
    return page.form(initial=initial, auto_id=f"item-{item.pk}-%s")


def _countries(page: ListPage) -> list[str]:
    return list(countries.names().values()) if page is _HELP_LINES else []
