"""The check page: the letter as it would be sent, the details and concerns found in it, and buttons that generalise
details.

The page is computed from the posted form, and nothing is stored. The form before a change is part of the page too, for
undo.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from columns import help_lines
from columns.models import Column
from inbox.letters import rate_limits, related_answers
from inbox.letters.care import cards, needs
from inbox.screening import concerns, details, generalise, language
from inbox.writer.forms.write import WriteForm
from inbox.writer.guard import page
from inbox.writer.proof_of_work import proof_page

#: The value of the button that changes every detail, and the prefixes of the values of a single change and of undo.
ALL = "replace-all"
ONE = "replace:"
UNDO = "undo:"
#: The number of details listed before the rest is collapsed, and the most that are listed at all.
_LISTED = 8
_MOST = 60
#: The most places that are marked in the letter; a contrived one has thousands.
_MARKED = 300
#: Each kind of detail with its number.
_COUNTS = {
    "name": ngettext_lazy("%(number)d name", "%(number)d names", "number"),
    "place": ngettext_lazy("%(number)d place", "%(number)d places", "number"),
    "age": ngettext_lazy("%(number)d age", "%(number)d ages", "number"),
    "contact": ngettext_lazy("%(number)d way to reach somebody", "%(number)d ways to reach somebody", "number"),
    "date": ngettext_lazy("%(number)d date", "%(number)d dates", "number"),
    "organisation": ngettext_lazy(
        "%(number)d workplace, school or group", "%(number)d workplaces, schools or groups", "number"
    ),
    "id": ngettext_lazy("%(number)d number", "%(number)d numbers", "number"),
    "relation": ngettext_lazy("%(number)d person close to you", "%(number)d people close to you", "number"),
    "only": ngettext_lazy(
        "%(number)d thing that only one person is", "%(number)d things that only one person is", "number"
    ),
    "event": ngettext_lazy("%(number)d event", "%(number)d events", "number"),
}


class Seen:
    """The screening of a text; each result is computed once, on first use."""

    def __init__(self, text: str, age_band: str, known: Sequence[str] = ()) -> None:
        """``known``: names that are no details."""
        self.text, self.age_band, self.known = text, age_band, known

    @cached_property
    def details(self) -> list[details.Detail]:
        """The details, without those that are as wide already as an offered replacement."""
        wide = bytearray(len(self.text))
        for start, end in generalise.wide(self.text):
            wide[start:end] = b"\1" * (end - start)
        return [one for one in details.find_details(self.text, self.known) if not all(wide[one.start : one.end])]

    @cached_property
    def groups(self) -> list[generalise.Group]:
        placed = [(one.start, one.end, one.kind) for one in self.details]
        return generalise.groups(self.text, placed, countries=help_lines.country_names())

    @cached_property
    def language(self) -> str:
        return language.code(self.text)

    @property
    def unread(self) -> str:
        """The name of the letter's language where screening does not read it, else an empty text."""
        name = language.unread(self.language)
        return _(name) if name else ""

    @cached_property
    def found(self) -> list[concerns.Concern]:
        return concerns.find_concerns(self.text)

    @property
    def concerns(self) -> set[str]:
        """The kinds of what was found in the words."""
        return {one.kind for one in self.found}

    @property
    def needs(self) -> list[needs.CareNeed]:
        """What the care cards are for."""
        return needs.of_text(self.found, age_band=self.age_band, unread=bool(self.unread))


@dataclass(frozen=True)
class Changed:
    """The effect of a button, as a sentence. ``at``: the index in the list of details before which the sentence is
    shown. ``spans``: the new words in the letter. ``before``: the fields of the form before, where the change can be
    undone."""

    said: str
    at: int = 0
    spans: list[generalise.Span] = field(default_factory=list)
    before: list[tuple[str, str]] = field(default_factory=list)


def check(request: HttpRequest, column: Column, form: WriteForm, at: dt.datetime, *, trouble: str = "") -> HttpResponse:
    """The page for a valid form, after the change of the button that was pressed."""
    published = related_answers.published(column, at)
    known = [*column.public_names(), *dict.fromkeys(answer.reviewer for answer in published if answer.reviewer)]
    seen, changed = Seen(form.cleaned_data["text"], form.cleaned_data["age_band"], known), None
    action = str(form.data.get("action", ""))
    if not trouble and (action == ALL or action.startswith((ONE, UNDO))):
        form, seen, changed = change(form, seen, action)
    given = form.cleaned_data
    listed = rows(seen.groups, changed)
    # the sentence of a change does not count as a detail
    shown = _LISTED + (changed is not None and changed.at <= _LISTED)
    shown = len(listed) if len(listed) <= shown + 2 else shown
    places = spans(seen, changed)
    context = {
        "form": form,
        "trouble": trouble,
        "changed": changed,
        "parts": marked(seen.text, places[:_MARKED]),
        "beyond": len(places[_MARKED:]),
        "details": len(seen.details),
        "counted": counted(seen.details),
        "groups": len(seen.groups),
        "listed": listed[:shown],
        "folded": listed[shown:_MOST],
        "unlisted": len(listed[_MOST:]),
        "unfolded": changed is not None and changed.at >= shown,
        "care": cards.cards(column, seen.needs, country=given["country"]),
        "unread": seen.unread,
        "unmarked": not details.speaks(seen.language),
        "help_near": help_lines.lines(column, given["country"]),
        "answered": related_answers.alike(seen.text, published, topic=form.topics.get(given["topic"])),
    }
    status = 400 if trouble else 200
    if rate_limits.crowded(rate_limits.network_of(request.META)):
        return proof_page(request, column, "writer/check.html", at, status=status, **context)
    return page(request, column, "writer/check.html", status=status, **context)


def rows(groups: list[generalise.Group], changed: Changed | None) -> list[tuple[generalise.Group | None, str]]:
    """Each group with the name of its kind, and an empty row for the sentence of a change."""
    found: list[tuple[generalise.Group | None, str]] = [(group, called(group.kind)) for group in groups]
    if changed:
        found.insert(min(changed.at, _MOST - 1), (None, ""))
    return found


def called(kind: str) -> str:
    """The name of a kind of detail."""
    return _(details.KIND_NAMES[kind])


def counted(found: list[details.Detail]) -> list[str]:
    """The number of details of each kind, as text: "2 names"."""
    kinds = Counter(one.kind for one in found)
    return [_COUNTS[kind] % {"number": count} for kind, count in kinds.items()]


def spans(seen: Seen, changed: Changed | None) -> list[tuple[int, int, str]]:
    """What is marked in the letter, in order: where, and the kind of detail, or ``new`` for words just put in. Where
    both overlap, it is the detail."""
    found = [(detail.start, detail.end, detail.kind) for detail in seen.details]
    covered = bytearray(len(seen.text))
    for start, end, _kind in found:
        covered[start:end] = b"\1" * (end - start)
    new = changed.spans if changed else []
    return sorted([*found, *((start, end, "new") for start, end in new if not any(covered[start:end]))])


def marked(text: str, places: list[tuple[int, int, str]]) -> list[tuple[str, str, str]]:
    """The text in parts, each with its kind and the name of the kind; "" for what is between the places."""
    parts, last = [], 0
    for start, end, kind in places:
        parts += [(text[last:start], "", ""), (text[start:end], kind, "" if kind == "new" else called(kind))]
        last = end
    return [part for part in [*parts, (text[last:], "", "")] if part[0]]


def change(form: WriteForm, seen: Seen, action: str) -> tuple[WriteForm, Seen, Changed]:
    """The form after the button ``action``, its screening, and the change. ``form`` must be valid, and the returned
    form is valid; where the change is not possible, it is the same form."""
    if action.startswith(UNDO):
        place = action.removeprefix(UNDO)[:4]
        at = int(place) if place.isdecimal() else 0
        return form, seen, Changed(_("Your letter is as it was before the last change."), min(at, len(seen.groups)))
    if action == ALL:
        return _all(form, seen)
    key = action.removeprefix(ONE)
    for at, group in enumerate(seen.groups):
        for choice in group.choices:
            if choice.key == key:
                said = ngettext(
                    "“%(words)s” is now “%(new)s”.",
                    "“%(words)s” is now “%(new)s”, in %(places)d places.",
                    len(group.spans),
                ) % {"words": group.words, "new": choice.new, "places": len(group.spans)}
                return _change(
                    form,
                    seen,
                    [(group.spans, choice.new)],
                    Changed(said, at),
                    kept=_("“%(words)s” stays as it is. It helps us to see how soon you need somebody.")
                    % {"words": group.words},
                )
    return form, seen, Changed(_("Nothing was changed. Those words do not stand in your letter like that any more."))


def _all(form: WriteForm, seen: Seen) -> tuple[WriteForm, Seen, Changed]:
    """Replace every detail by its first replacement; all but ages where that would hide a concern."""
    kept = _("Nothing was changed at once. Please look at each part by itself.")
    some = [(group.spans, group.choices[0].new) for group in seen.groups if group.kind != "age"]
    every = [(group.spans, group.choices[0].new) for group in seen.groups]
    after = _change(form, seen, every, Changed(_("Every part that we had marked has wider words now.")), kept=kept)
    if after[2].said != kept or not some or len(some) == len(every):
        return after
    said = _("Every part that we had marked has wider words now, but for ages: they help us to see what you need.")
    return _change(form, seen, some, Changed(said), kept=kept)


def _change(
    form: WriteForm, seen: Seen, changes: list[tuple[tuple[generalise.Span, ...], str]], done: Changed, *, kept: str
) -> tuple[WriteForm, Seen, Changed]:
    """The form with the changes, and the sentence ``done``. ``kept``: the sentence where the changes would hide a
    concern from the desk; then the form is not changed."""
    text, spans = generalise.apply(seen.text, changes)
    then = Seen(text, seen.age_band, seen.known)
    if seen.concerns - then.concerns:
        return form, seen, Changed(kept, done.at)
    after = form.with_text(text)
    if not after.is_valid() or after.cleaned_data["text"] != text:
        why = _("Nothing was changed: with those words your letter would be too long, or too short.")
        return form, seen, Changed(why, done.at)
    return after, then, Changed(done.said, done.at, spans, form.carried())
