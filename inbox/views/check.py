"""The check page: the letter as it would be sent, what the site noticed, and wider words at one press of a button.

Everything here is worked out from the posted form and forgotten with the answer. What a button undoes travels in the
page too, as the form that was there before.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse

from columns.models import Column
from inbox import helping, nearest, pressure, replacing
from inbox.forms.write import WriteForm
from inbox.screening import concerns, details
from inbox.views.letter_path import page
from inbox.views.proof import proof_page

#: The button that changes every detail at once, and what stands before the key of a single change.
ALL = "replace-all"
ONE = "replace:"
UNDO = "undo"
#: How many details are listed before the rest is folded away.
_LISTED = 8
#: What people call a kind of detail: in the letter itself, one of them, and several.
KINDS = {
    "name": ("name", "name", "names"),
    "place": ("place", "place", "places"),
    "age": ("age", "age", "ages"),
    "contact": ("contact", "way to reach somebody", "ways to reach somebody"),
    "date": ("date", "date", "dates"),
    "organisation": ("work or school", "workplace, school or group", "workplaces, schools or groups"),
    "id": ("number", "number", "numbers"),
    "relation": ("person", "person close to you", "people close to you"),
}


@dataclass(frozen=True)
class Changed:
    """What a button did, in a sentence. ``at``: before which detail of the list the sentence stands. ``spans``: the new
    words in the letter. ``before``: the form as it was, by name, where that can be brought back."""

    said: str
    at: int = 0
    spans: list[replacing.Span] = field(default_factory=list)
    before: list[tuple[str, str]] = field(default_factory=list)


def check(
    request: HttpRequest,
    column: Column,
    form: WriteForm,
    at: dt.datetime,
    *,
    trouble: str = "",
    changed: Changed | None = None,
) -> HttpResponse:
    """The page for a valid form."""
    text, given = form.cleaned_data["text"], form.cleaned_data
    found = noticed(text)
    listed = rows(grouped(text, found), changed)
    seen = {
        "form": form,
        "trouble": trouble,
        "changed": changed,
        "parts": marked(text, found, changed.spans if changed else []),
        "details": len(found),
        "counted": counted(found),
        "listed": listed[:_LISTED],
        "folded": listed[_LISTED:],
        "several": sum(group is not None for group, _ in listed) > 1,
        "unfolded": changed is not None and changed.at >= _LISTED,
        "concerns": concerns.kinds(text, age_band=given["age_band"]),
        "help": helping.lines(column, given["country"]),
        "answered": nearest.alike(text, nearest.published(column, at), topic=form.topics.get(given["topic"])),
    }
    status = 400 if trouble else 200
    if pressure.crowded(request):
        return proof_page(request, column, "inbox/check.html", at, status=status, **seen)
    return page(request, column, "inbox/check.html", status=status, **seen)


def noticed(text: str) -> list[details.Detail]:
    """The details of the text, without those that say as little already as what would be offered instead."""
    wide = bytearray(len(text))
    for start, end in replacing.wide(text):
        wide[start:end] = b"\1" * (end - start)
    return [detail for detail in details.find_details(text) if not all(wide[detail.start : detail.end])]


def grouped(text: str, found: list[details.Detail]) -> list[replacing.Group]:
    placed = [(detail.start, detail.end, detail.kind) for detail in found]
    return replacing.groups(text, placed, countries=helping.country_names())


def rows(groups: list[replacing.Group], changed: Changed | None) -> list[tuple[replacing.Group | None, str]]:
    """Each group with what its kind is called; and, where something was changed, an empty row for the sentence."""
    found: list[tuple[replacing.Group | None, str]] = [(group, KINDS[group.kind][0]) for group in groups]
    if changed:
        found.insert(changed.at, (None, ""))
    return found


def counted(found: list[details.Detail]) -> list[str]:
    """How many of which kind: "2 names"."""
    return [f"{count} {KINDS[kind][2 if count > 1 else 1]}" for kind, count in Counter(one.kind for one in found).items()]


def marked(text: str, found: list[details.Detail], new: list[replacing.Span]) -> list[tuple[str, str, str]]:
    """The text in parts, each with its kind of detail and what that is called; ``new`` for words just put in; or
    nothing. Where both meet, the detail is shown."""
    spans = [(detail.start, detail.end, detail.kind) for detail in found]
    spans += [(*span, "new") for span in new if not any(span[0] < end and start < span[1] for start, end, _ in spans)]
    parts, last = [], 0
    for start, end, kind in sorted(spans):
        parts += [(text[last:start], "", ""), (text[start:end], kind, KINDS.get(kind, ("changed", ""))[0])]
        last = end
    return [part for part in [*parts, (text[last:], "", "")] if part[0]]


def change(form: WriteForm, action: str) -> tuple[WriteForm, Changed]:
    """The form after the button ``action``, and what that did. Whatever goes wrong, no word is lost: then it is the
    same form. ``form`` is valid, and so is the one that comes back."""
    text = form.cleaned_data["text"]
    groups = grouped(text, noticed(text))
    if action == UNDO:
        return form, Changed("Your letter is as it was before the last change.")
    if action == ALL:
        chosen = [(group, group.choices[0]) for group in groups]
        said = "Every part that we had marked has wider words now."
        place = 0
    else:
        found = [
            (number, group, choice)
            for number, group in enumerate(groups)
            for choice in group.choices
            if choice.key == action.removeprefix(ONE)
        ]
        if not found:
            return form, Changed("Nothing was changed. Those words do not stand in your letter like that any more.")
        place, group, choice = found[0]
        chosen = [(group, choice)]
        times = len(group.spans)
        said = f"“{group.words}” is now “{choice.new}”" + (f", in {times} places." if times > 1 else ".")
    new, spans = replacing.apply(text, [(group.spans, choice.new) for group, choice in chosen])
    if concerns.kinds(text) - concerns.kinds(new):
        if action != ALL:
            return form, Changed(
                f"“{chosen[0][0].words}” stays as it is. It helps us to see how soon you need somebody.", place
            )
        chosen = [(group, choice) for group, choice in chosen if group.kind != "age"]
        new, spans = replacing.apply(text, [(group.spans, choice.new) for group, choice in chosen])
        said = "Every part that we had marked has wider words now, but for ages: they help us to see what you need."
        if concerns.kinds(text) - concerns.kinds(new):
            return form, Changed("Nothing was changed at once. Please look at each part by itself.")
    after = form.with_text(new)
    if not after.is_valid() or after.cleaned_data["text"] != new:
        return form, Changed("Nothing was changed: with those words your letter would be too long, or too short.", place)
    return after, Changed(said, place, spans, form.carried())
