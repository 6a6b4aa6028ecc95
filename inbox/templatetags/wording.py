"""Template filters: values of the desk in the active language."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from django import template
from django.utils.translation import get_language, gettext, ngettext

from inbox.letters import about_writers
from inbox.models import Letter
from inbox.models.status_names import STATUS_NAMES
from inbox.models.times import days
from inbox.screening.details import KIND_NAMES


class HasLetter(Protocol):
    """An object with a letter, such as a member of a bundle."""

    letter: Letter


register = template.Library()


@register.filter
def status_name(status: str) -> str:
    """The name of a role, or of the status of a letter or a draft."""
    return str(STATUS_NAMES.get(status, status))  # type: ignore[call-overload]  # a status equals its string


@register.filter
def came(letter: Letter) -> str:
    """The day on which the letter came; of one that has ended the month, where nobody opened the day."""
    return days.came_in_words(letter, "DATE_FORMAT")


@register.filter
def came_short(letter: Letter) -> str:
    """``came`` in few characters."""
    return days.came_in_words(letter, "SHORT_DATE_FORMAT")


@register.filter
def status_names(statuses: Iterable[str]) -> list[str]:
    """``status_name`` of each."""
    return [status_name(status) for status in statuses]


@register.filter
def about_name(name: str) -> str:
    """The heading of something that a writer said about themselves."""
    return about_writers.name(name)


@register.filter
def about_value(value: str, name: str) -> str:
    """What a writer said about themselves under this name, as people read it."""
    return about_writers.value(name, value)


@register.filter
def detail_kind(kind: str) -> str:
    """The name of a kind of detail."""
    return gettext(KIND_NAMES[kind]) if kind in KIND_NAMES else kind


@register.filter
def labels(letters: Iterable[Letter]) -> list[str]:
    """The labels of these letters."""
    return [letter.label for letter in letters]


@register.filter
def labels_beside(bundle: Iterable[HasLetter], letter: Letter) -> list[str]:
    """The labels of the other letters of the bundle."""
    return labels(one.letter for one in bundle if one.letter != letter)


#: A number for each of the kinds of plural that languages have, by the name under which scripts know the kind; and the
#: languages in which another number is of that kind (Unicode CLDR, of the languages that Django has).
_PLURAL_KINDS = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}
_PLURALS_OF = {"cy": {"many": 6}, "ga": {"many": 7}, "lv": {"other": 2}}


def plural_kinds(language: str) -> dict[str, int]:
    """A whole number for each kind of plural in the language; for kinds that it does not have, any number."""
    return _PLURAL_KINDS | _PLURALS_OF.get(language.partition("-")[0], {})


@register.simple_tag
def sentences_by_number() -> dict[str, str]:
    """Sentences with a number that scripts put in, each as JSON: by kind of plural, with a gap ``{counter}``.

    ``words`` and ``minutes``: how long an answer is; ``new``: how many letters have come; ``found`` and ``closed``: how
    far a search is, with further gaps, and how many letters it could not open.
    """
    nouns: dict[str, Callable[[int], str]] = {
        "found": lambda number: ngettext(
            "%(found)s found in %(scanned)s of %(counter)s letter.",
            "%(found)s found in %(scanned)s of %(counter)s letters.",
            number,
        ),
        "closed": lambda number: ngettext(
            "%(counter)s could not be opened with your keys.", "%(counter)s could not be opened with your keys.", number
        ),
        "words": lambda number: ngettext("%(counter)s word in the answer", "%(counter)s words in the answer", number),
        "minutes": lambda number: ngettext(
            "%(counter)s minute to read in all", "%(counter)s minutes to read in all", number
        ),
        "new": lambda number: ngettext("%(counter)s new", "%(counter)s new", number),
    }
    kinds = plural_kinds(get_language() or "")
    gaps = {name: f"{{{name}}}" for name in ("counter", "found", "scanned")}
    return {
        what: json.dumps({kind: said(number) % gaps for kind, number in kinds.items()}) for what, said in nouns.items()
    }


@register.filter
def counted(numbers: Mapping[str, int]) -> list[str]:
    """The numbers of articles, letters and drafts (the keys of ``numbers``), each with its noun."""
    nouns = {
        "articles": lambda number: ngettext("%(number)d article", "%(number)d articles", number),
        "letters": lambda number: ngettext("%(number)d letter", "%(number)d letters", number),
        "drafts": lambda number: ngettext("%(number)d draft", "%(number)d drafts", number),
    }
    return [nouns[what](number) % {"number": number} for what, number in numbers.items()]
