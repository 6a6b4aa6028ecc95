"""The buttons of a letter and of a draft, drawn from the tables of verbs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from columns.models import Column
from inbox import shortcuts
from inbox.models import Consent, Draft, Letter
from inbox.workflow import (
    DRAFT_VERBS,
    LETTER_ENDS,
    LETTER_VERBS,
    ButtonPlace,
    DraftStatus,
    LetterStatus,
    Move,
    Role,
    Verb,
    moves_from,
)


@dataclass(frozen=True)
class Button:
    """A button, ready to be shown. ``address``: of the page that it opens, or to which it posts ``fields``.

    ``act``: the name of its shortcut. ``panel``: the page with its script chooses in place. ``edit``: the page for what
    that leaves out. ``anchor``: the part of the page. ``stays``: the letter stays open after it. ``leaves``: another
    page than a letter's comes after it.
    """

    verb: str
    label: str
    address: str
    posts: bool
    fields: tuple[tuple[str, str], ...] = ()
    act: str = ""
    panel: bool = False
    edit: str = ""
    anchor: str = ""
    main: bool = False
    stays: bool = False
    leaves: bool = False


def of_letter(
    letter: Letter, column: Column, roles: frozenset[Role], *, in_bundle: bool, second: bool
) -> dict[str, Any]:
    """The buttons that somebody with these seats has for the letter: those of the ``first`` row and those below
    ``more``, in order, and those ``beside`` it by their verbs.

    ``in_bundle``: it lies together with others. ``second``: it is shown for a second look.
    """
    second = second and letter.status == LetterStatus.DECLINED
    shown: dict[ButtonPlace, dict[str, Button]] = {place: {} for place in ButtonPlace}
    for verb, row in LETTER_VERBS.items():
        if _is_offered(row, letter, roles, in_bundle=in_bundle, second=second):
            shown[row.place][verb] = _of_verb(verb, row, letter, column, in_bundle=in_bundle, second=second)
    # at the second look, to agree comes first
    first = sorted(shown[ButtonPlace.FIRST].values(), key=lambda button: second and not button.main)
    return {"first": first, "more": [*shown[ButtonPlace.MORE].values()], "beside": shown[ButtonPlace.BESIDE]}


def _is_offered(
    row: Verb[LetterStatus], letter: Letter, roles: frozenset[Role], *, in_bundle: bool, second: bool
) -> bool:
    """Whether the row has a button here."""
    if not row.roles & roles:
        return False
    if row.label_for_all and in_bundle:  # they come to the shortlist in the same act
        return True
    if letter.status not in row.sources:
        return False
    forbidden = row.needs_consent and letter.consent == Consent.PRIVATE
    unasked = row.second_look and not second and not isinstance(row, Move)
    is_so = row.need is not None and row.need == letter.need
    # a mark can be set at the end of a letter as well, but nobody needs a button for that
    needless = row.place == ButtonPlace.MORE and not isinstance(row, Move) and letter.status in LETTER_ENDS
    return not (forbidden or unasked or is_so or needless)


def _of_verb(
    verb: str, row: Verb[LetterStatus], letter: Letter, column: Column, *, in_bundle: bool, second: bool
) -> Button:
    url_args = [column.slug, letter.pk]
    marks = reverse("desk:mark", args=url_args)
    button = Button(
        verb=verb,
        label=gettext(row.label),
        address="",
        posts=not row.page,
        fields=row.fields,
        act=shortcuts.name_of(verb),
        panel=row.panel,
        edit=marks if row.panel and not row.page else "",
        anchor=f"#{verb}" if row.page == "desk:mark" else "",
        main=row.main,
        stays=not isinstance(row, Move),
        leaves=row.takes_letters,
    )
    if row.takes_letters:
        label = gettext(row.label_for_all) if row.label_for_all and in_bundle else button.label
        start = reverse(row.post, args=[column.slug])
        return replace(button, label=label, address=start, fields=(("letters", str(letter.pk)),))
    if second and row.second_look:
        return replace(button, address=reverse("desk:look", args=url_args), fields=(("act", verb),), stays=False)
    if row.place == ButtonPlace.BESIDE:  # a form of its own says where it goes
        return button
    if row.is_plain:
        return replace(button, address=reverse("desk:move", args=[*url_args, verb]))
    return replace(button, address=reverse(row.page or row.post, args=url_args))


def _in_order(status: DraftStatus, roles: frozenset[Role]) -> list[tuple[str, Verb[DraftStatus]]]:
    """The verbs of a draft that somebody with these seats may use now: the moves first."""
    found = moves_from(DRAFT_VERBS, status, roles).items()
    return sorted(found, key=lambda one: not isinstance(one[1], Move))


def of_draft(draft: Draft, column: Column, roles: frozenset[Role], status: DraftStatus) -> list[Button]:
    """The buttons that somebody with these seats has for a draft that stands so: first what is done by the click, then
    the pages, each once."""
    shown: dict[str, Button] = {}
    for verb, row in _in_order(status, roles):
        url_args = [column.slug, draft.pk]
        address = reverse(row.page, args=url_args) if row.page else reverse("desk:draft_move", args=[*url_args, verb])
        button = Button(verb, gettext(row.label), address, posts=not row.page, main=row.main)
        shown.setdefault(address, button)
    return sorted(shown.values(), key=lambda button: not button.posts)
