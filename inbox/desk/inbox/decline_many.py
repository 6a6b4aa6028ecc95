"""Declining several letters at once: with one text, filled in for each letter, and undone together."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from columns.models import Article, Column
from columns.templatetags.lists import listed
from inbox.desk.guard import Desk, desk_view
from inbox.desk.inbox.forms.decide import NAME, DeclineForm, filled_in, texts_for_many
from inbox.desk.inbox.responses import carried, need_as_seen, seen, view_address
from inbox.editorial import decisions
from inbox.keys import opened_events
from inbox.letters import related_answers, screened
from inbox.letters.intake import tidy
from inbox.models import Letter, LetterEvent
from inbox.screening import similarity
from inbox.staff import access
from inbox.triage import presence
from inbox.workflow import LETTER_MOVES, MoveRefused

#: The most letters of one round, and the most that can be chosen.
_BATCH, _MOST = 50, 500


@dataclass(frozen=True)
class Round:
    """The letters of the present page, the ids of those with a tick, and the letters of later pages."""

    letters: list[Letter]
    ticked: set[uuid.UUID]
    later: list[Letter]

    @classmethod
    def read(cls, column: Column, data: QueryDict) -> Round:
        """Return the round of a request. ``letters``: ids with a tick; ``shown``: all ids of the page; ``later``: ids
        of later pages. A request from a list has ``letters`` alone."""
        ticked, shown, later = (_ids(data.getlist(name)) for name in ("letters", "shown", "later"))
        if not shown:
            return cls.of(_declinable(column, ticked))
        letters = _declinable(column, [*shown, *later])
        now = [letter for letter in letters if letter.pk in shown][:_BATCH]
        return cls(now, set(ticked), [letter for letter in letters if letter not in now and letter.pk in later])

    @classmethod
    def of(cls, chosen: Sequence[Letter]) -> Round:
        """Return the first round for these letters, each with a tick."""
        now = list(chosen[:_BATCH])
        return cls(now, {letter.pk for letter in now}, list(chosen[_BATCH:]))

    @property
    def urgent(self) -> bool:
        return any(letter.need for letter in self.letters)


@dataclass(frozen=True)
class Filling:
    """What the text is filled in with for each letter, by its id: its opened content, and similar articles."""

    opened: Mapping[uuid.UUID, Mapping[str, Any]]
    near: Mapping[uuid.UUID, list[Article]] = field(default_factory=dict)

    @classmethod
    def of(cls, desk: Desk, letters: Sequence[Letter]) -> Filling:
        opened = desk.keys.open_many(letters)
        published = related_answers.published(desk.column, desk.at)
        alike = {
            letter.pk: [
                answer.pk
                for answer in related_answers.alike(
                    str(opened.get(letter.pk, {}).get("text", "")),
                    published,
                    topic=letter.topic_id,
                    vector=similarity.unpacked(opened.get(letter.pk, {}).get("vector")),
                )
            ]
            for letter in letters
        }
        article_ids = {pk for near in alike.values() for pk in near}
        articles = (
            Article.objects.live(desk.at).filter(pk__in=article_ids).select_related("column").without_text().in_bulk()
        )
        near = {letter: [articles[pk] for pk in pks if pk in articles] for letter, pks in alike.items()}
        return cls(opened, near)

    def text(self, letter: Letter, text: str) -> str:
        """Return the text as the writer of this letter will read it."""
        name = str(self.opened.get(letter.pk, {}).get("pen_name") or "")
        return filled_in(text, name, self.near.get(letter.pk, []), letter.topic.name if letter.topic else "")


@desk_view("GET", "POST", seats=LETTER_MOVES["decline"].roles)
def decline_many(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Decline the ticked letters with one text, each as a decision of its own.

    ``text-of`` names another text to begin with, ``preview`` shows the message to one writer, and ``step`` with
    ``send`` declines the ticked letters, except those that a colleague has moved since. Letters beyond ``_BATCH`` stay
    chosen for the next round.
    """
    data = request.POST if request.method == "POST" else request.GET
    now = Round.read(desk.column, data)
    texts = texts_for_many(desk.column, urgent=now.urgent)
    initial, own = _initial(data, texts)
    if not data.keys() & {"step", "preview"}:
        return _page(request, desk, now, DeclineForm(initial={"text": initial}), own=own)
    form = DeclineForm(request.POST)
    sends = data.get("step") == "send"
    if form.is_valid() and sends and now.letters and not now.ticked & {letter.pk for letter in now.letters}:
        form.add_error(None, gettext("No letter has a tick, so none was declined."))
    if not form.is_valid() or not sends or not now.letters:
        return _page(request, desk, now, form, own=own)
    text = form.cleaned_data["text"]
    _decline(request, desk, [letter for letter in now.letters if letter.pk in now.ticked], text)
    if not now.later:
        return redirect(view_address(desk.column, carried(request)["view"]))
    after = Round.of(now.later)
    # a round with an urgent letter begins with the text about help now
    initial = texts_for_many(desk.column, urgent=True)[0][2] if after.urgent else text
    return _page(request, desk, after, DeclineForm(initial={"text": initial}), own=text)


def _initial(data: QueryDict, texts: list[tuple[str, str, str]]) -> tuple[str, str]:
    """Return the text that the form begins with, and the person's own text, which is kept when another is chosen."""
    written, own = tidy(data.get("text", "")).strip(), tidy(data.get("own", "")).strip()
    if written and written not in [text.strip() for _, _, text in texts]:
        own = written
    chosen = data.get("text-of", "")
    if chosen == "own" and own:
        return own, own
    return next((text for name, _, text in texts if name == chosen), texts[0][2]), own


def _page(request: HttpRequest, desk: Desk, now: Round, form: DeclineForm, *, own: str) -> HttpResponse:
    filling = Filling.of(desk, now.letters)
    for letter in now.letters:  # their words are shown
        screened.opened(letter, desk.keys, at=desk.at)
    previewed = _previewed(now, request.POST.get("preview", "")) if "preview" in request.POST else None
    has_preview = form.is_valid() and previewed is not None
    context = desk.context("inbox") | {
        "form": form,
        "own": own,
        "texts": texts_for_many(desk.column, urgent=now.urgent),
        "letters": [
            (
                letter,
                filling.opened.get(letter.pk, {}),
                letter.pk in now.ticked,
                _seen_field(letter),
                seen(request, letter, name=_seen_field(letter)),
            )
            for letter in now.letters
        ],
        "later": now.later,
        "looked_at": previewed if has_preview else None,
        "preview": filling.text(previewed, form.cleaned_data["text"]) if has_preview and previewed else "",
        "name": NAME,
        **carried(request),
    }
    return render(request, "desk/inbox/decline_many.html", context, status=400 if form.errors else 200)


def _seen_field(letter: Letter) -> str:
    """Return the name of the field with the status of the letter that the page showed at first."""
    return f"seen-{letter.pk}"


def _previewed(now: Round, letter_id: str) -> Letter | None:
    """Return the letter whose message is previewed: that of the id, else the first with a tick, else the first."""
    ticked = [letter for letter in now.letters if letter.pk in now.ticked]
    return next(
        (letter for letter in now.letters if str(letter.pk) == letter_id), next(iter(ticked or now.letters), None)
    )


def _decline(request: HttpRequest, desk: Desk, letters: list[Letter], text: str) -> None:
    """Decline each letter with its own message, and report the result, with one undo for all."""
    user, at, filling = desk.user, desk.at, Filling.of(desk, letters)
    events, refused = [], []
    for letter in letters:
        try:
            presence.need_free(letter.pk, user, at=at)
            need_as_seen(request, letter, name=_seen_field(letter))
            event = decisions.decline(letter, filling.text(letter, text), by=user, at=at, keys=desk.keys)
        except MoveRefused:
            refused.append(letter.label)
            continue
        presence.decided(letter.pk, user, event.verb, at=at)
        events.append(event.pk)
    if events:
        undo = reverse("desk:undo_many", args=[desk.column.slug, presence.did_together(user, events, at=at)])
        sentence = ngettext(
            "%(count)s declined. They can be taken back for ten minutes: all here, each under “What I did”.",
            "%(count)s declined. They can be taken back for ten minutes: all here, each under “What I did”.",
            len(events),
        )
        messages.success(
            request, sentence % {"count": len(events)}, extra_tags=f"undo-all {undo}?{carried(request)['view'].carried}"
        )
    if refused:
        sentence = gettext("Not declined, since somebody has them or was quicker: %(letters)s.")
        messages.warning(request, sentence % {"letters": listed(refused)})


@desk_view("POST", seats=access.READS_LETTERS)
def undo_many(request: HttpRequest, desk: Desk, batch: uuid.UUID) -> HttpResponse:
    """Undo one act of declining several letters. Letters for which that is too late are listed."""
    user, at = desk.user, desk.at
    events = LetterEvent.objects.filter(pk__in=presence.together(user, batch), letter__column=desk.column)
    own = list(events.select_related("letter__column"))
    opened_events.open_events(own, desk.keys)
    undone, refused = 0, []
    for event in (one for one in own if one.by_id == user.pk):
        try:
            undoing = decisions.undo(event.letter, event, by=user, at=at, keys=desk.keys)
        except MoveRefused:
            refused.append(event.letter.label)
            continue
        presence.decided(event.letter_id, user, undoing.verb, at=at)
        undone += 1
    if undone:
        sentence = ngettext("%(count)s as they were before.", "%(count)s as they were before.", undone)
        messages.success(request, sentence % {"count": undone})
    if refused:
        sentence = gettext("Not taken back, since they are out or were decided since: %(letters)s.")
        messages.warning(request, sentence % {"letters": listed(refused)})
    if not undone and not refused:
        sentence = gettext("Which letters these were is forgotten by now. What you did is listed here.")
        messages.warning(request, sentence)
        return redirect("desk:did", desk.column.slug)
    return redirect(view_address(desk.column, carried(request)["view"]))


def _ids(texts: Sequence[str]) -> list[uuid.UUID]:
    """Return the first ``_MOST`` ids, without invalid ones."""
    ids = []
    for text in texts[:_MOST]:
        try:
            ids.append(uuid.UUID(text))
        except ValueError:
            continue
    return ids


def _declinable(column: Column, ids: Sequence[uuid.UUID]) -> list[Letter]:
    """Return the letters with these ids that can still be declined, in the order of need."""
    sources = LETTER_MOVES["decline"].sources
    letters = list(access.letters(column).filter(pk__in=ids, status__in=sources).by_need().select_related("topic"))
    for letter in letters:
        letter.column = column
    return letters
