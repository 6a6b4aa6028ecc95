"""Not chosen, several at once: looked at, written once, filled in for each, and taken back together."""

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
from inbox.desk.guard import Desk, desk_view
from inbox.desk.inbox.forms.decide import NAME, DeclineForm, filled_in, texts_for_many
from inbox.desk.inbox.responses import carried, need_as_seen, seen, view_address
from inbox.editorial import decisions
from inbox.letters import related_answers
from inbox.letters.intake import tidy
from inbox.models import Letter, LetterEvent
from inbox.staff import access
from inbox.triage import presence
from inbox.workflow import LETTER_MOVES, MoveRefused

#: Letters that are declined at once, and those that can be chosen.
_BATCH, _MOST = 50, 500


@dataclass(frozen=True)
class Round:
    """The letters that are looked at now, those of them with a tick, and those that come after them."""

    letters: list[Letter]
    ticked: set[uuid.UUID]
    later: list[Letter]

    @classmethod
    def read(cls, column: Column, given: QueryDict) -> Round:
        """``letters``: with a tick; ``shown``: what the page had, with and without; ``later``: what did not fit. From a
        list everything that was chosen has its tick."""
        ticked, shown, later = (_ids(given.getlist(name)) for name in ("letters", "shown", "later"))
        if not shown:
            return cls.of(_declinable(column, ticked))
        letters = _declinable(column, [*shown, *later])
        now = [letter for letter in letters if letter.pk in shown][:_BATCH]
        return cls(now, set(ticked), [letter for letter in letters if letter not in now and letter.pk in later])

    @classmethod
    def of(cls, chosen: Sequence[Letter]) -> Round:
        now = list(chosen[:_BATCH])
        return cls(now, {letter.pk for letter in now}, list(chosen[_BATCH:]))

    @property
    def urgent(self) -> bool:
        return any(letter.urgent for letter in self.letters)


@dataclass(frozen=True)
class Filling:
    """What the text is filled in with for each letter."""

    words: Mapping[uuid.UUID, Mapping[str, Any]]
    near: Mapping[uuid.UUID, list[Article]] = field(default_factory=dict)

    @classmethod
    def of(cls, desk: Desk, letters: Sequence[Letter]) -> Filling:
        words = desk.keys.open_many(letters)
        published = related_answers.published(desk.column, desk.at)
        alike = {
            letter.pk: [
                one.pk
                for one in related_answers.alike(
                    str(words.get(letter.pk, {}).get("text", "")), published, topic=letter.topic_id
                )
            ]
            for letter in letters
        }
        wanted = {pk for near in alike.values() for pk in near}
        articles = Article.objects.live(desk.at).filter(pk__in=wanted).select_related("column").without_text().in_bulk()
        near = {letter: [articles[pk] for pk in pks if pk in articles] for letter, pks in alike.items()}
        return cls(words, near)

    def text(self, letter: Letter, text: str) -> str:
        """The text as this letter's writer reads it."""
        name = str(self.words.get(letter.pk, {}).get("pen_name") or "")
        return filled_in(text, name, self.near.get(letter.pk, []), letter.topic.name if letter.topic else "")


@desk_view("GET", "POST", seats=LETTER_MOVES["decline"].roles)
def decline_many(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Not chosen, several at once: one text, each letter looked at and left in or out, each told by itself.

    ``text-of`` begins with another text, ``preview`` shows what the writer of one of them reads, and ``step`` with
    ``send`` declines those with a tick, but for those that a colleague has moved since. What does not fit into one
    round stays chosen for the next.
    """
    given = request.POST if request.method == "POST" else request.GET
    now = Round.read(desk.column, given)
    texts = texts_for_many(desk.column, urgent=now.urgent)
    begun, own = _begun(given, texts)
    if not given.keys() & {"step", "preview"}:
        return _page(request, desk, now, DeclineForm(initial={"text": begun}), own=own)
    form = DeclineForm(request.POST)
    sends = given.get("step") == "send"
    if form.is_valid() and sends and now.letters and not now.ticked & {letter.pk for letter in now.letters}:
        form.add_error(None, gettext("No letter has a tick, so none was declined."))
    if not form.is_valid() or not sends or not now.letters:
        return _page(request, desk, now, form, own=own)
    text = form.cleaned_data["text"]
    _decline(request, desk, [letter for letter in now.letters if letter.pk in now.ticked], text)
    if not now.later:
        return redirect(view_address(desk.column, carried(request)["view"]))
    after = Round.of(now.later)
    # an urgent letter begins with the text that says who is there now
    begun = texts_for_many(desk.column, urgent=True)[0][2] if after.urgent else text
    return _page(request, desk, after, DeclineForm(initial={"text": begun}), own=text)


def _begun(given: QueryDict, texts: list[tuple[str, str, str]]) -> tuple[str, str]:
    """The text to begin with, and the person's own words, which stay to be had when another text is chosen."""
    written, own = tidy(given.get("text", "")).strip(), tidy(given.get("own", "")).strip()
    if written and written not in [text.strip() for _, _, text in texts]:
        own = written
    chosen = given.get("text-of", "")
    if chosen == "own" and own:
        return own, own
    return next((text for name, _, text in texts if name == chosen), texts[0][2]), own


def _page(request: HttpRequest, desk: Desk, now: Round, form: DeclineForm, *, own: str) -> HttpResponse:
    filling = Filling.of(desk, now.letters)
    looked_at = _looked_at(now, request.POST.get("preview", "")) if "preview" in request.POST else None
    preview = form.is_valid() and looked_at is not None
    context = desk.context("inbox") | {
        "form": form,
        "own": own,
        "texts": texts_for_many(desk.column, urgent=now.urgent),
        "letters": [
            (
                letter,
                filling.words.get(letter.pk, {}),
                letter.pk in now.ticked,
                _stood(letter),
                seen(request, letter, name=_stood(letter)),
            )
            for letter in now.letters
        ],
        "later": now.later,
        "looked_at": looked_at if preview else None,
        "preview": filling.text(looked_at, form.cleaned_data["text"]) if preview and looked_at else "",
        "name": NAME,
        **carried(request),
    }
    return render(request, "desk/inbox/decline_many.html", context, status=400 if form.errors else 200)


def _stood(letter: Letter) -> str:
    """The field that says where the letter stood when the person first had this page before them."""
    return f"seen-{letter.pk}"


def _looked_at(now: Round, asked: str) -> Letter | None:
    """The letter whose writer's page is shown: the one that was asked for, else the first with a tick."""
    ticked = [letter for letter in now.letters if letter.pk in now.ticked]
    return next((letter for letter in now.letters if str(letter.pk) == asked), next(iter(ticked or now.letters), None))


def _decline(request: HttpRequest, desk: Desk, letters: list[Letter], text: str) -> None:
    """Decline each with its own words, and say what became of them, with one way back."""
    user, at, filling = desk.user, desk.at, Filling.of(desk, letters)
    events, late = [], []
    for letter in letters:
        try:
            presence.need_free(letter.pk, user, at=at)
            need_as_seen(request, letter, name=_stood(letter))
            event = decisions.decline(letter, filling.text(letter, text), by=user, at=at)
        except MoveRefused:
            late.append(letter.label)
            continue
        presence.decided(letter.pk, user, event.verb, at=at)
        events.append(event.pk)
    if events:
        undo = reverse("desk:undo_many", args=[desk.column.slug, presence.did_together(user, events, at=at)])
        said = ngettext(
            "%(count)s declined. They can be taken back for ten minutes: all here, each under “What I did”.",
            "%(count)s declined. They can be taken back for ten minutes: all here, each under “What I did”.",
            len(events),
        )
        messages.success(
            request, said % {"count": len(events)}, extra_tags=f"undo-all {undo}?{carried(request)['view'].carried}"
        )
    if late:
        said = gettext("Not declined, since somebody has them or was quicker: %(letters)s.")
        messages.warning(request, said % {"letters": ", ".join(late)})


@desk_view("POST", seats=access.READS_LETTERS)
def undo_many(request: HttpRequest, desk: Desk, batch: uuid.UUID) -> HttpResponse:
    """Take back what was declined by one press. What cannot be taken back any more is named."""
    user, at = desk.user, desk.at
    own = LetterEvent.objects.filter(pk__in=presence.together(user, batch), by=user, letter__column=desk.column)
    back, late = 0, []
    for event in own.select_related("letter__column"):
        try:
            back_event = decisions.undo(event.letter, event, by=user, at=at, keys=desk.keys)
        except MoveRefused:
            late.append(event.letter.label)
            continue
        presence.decided(event.letter_id, user, back_event.verb, at=at)
        back += 1
    if back:
        said = ngettext("%(count)s as they were before.", "%(count)s as they were before.", back)
        messages.success(request, said % {"count": back})
    if late:
        said = gettext("Not taken back, since they are out or were decided since: %(letters)s.")
        messages.warning(request, said % {"letters": ", ".join(late)})
    if not back and not late:
        said = gettext("Which letters these were is forgotten by now. What you did is listed here.")
        messages.warning(request, said)
        return redirect("desk:did", desk.column.slug)
    return redirect(view_address(desk.column, carried(request)["view"]))


def _ids(given: Sequence[str]) -> list[uuid.UUID]:
    ids = []
    for one in given[:_MOST]:
        try:
            ids.append(uuid.UUID(one))
        except ValueError:
            continue
    return ids


def _declinable(column: Column, ids: Sequence[uuid.UUID]) -> list[Letter]:
    """The letters of these ids that can still be declined, in the order of need."""
    sources = LETTER_MOVES["decline"].sources
    letters = list(access.letters(column).filter(pk__in=ids, status__in=sources).by_need().select_related("topic"))
    for letter in letters:
        letter.column = column
    return letters
