"""Mechanical checks of a draft for its reviewer. Pure: texts and facts in, sentences out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from columns.text import prose
from inbox.screening import diff
from inbox.screening.concerns import TITLES
from inbox.screening.details import find_details
from inbox.screening.normalise import normalise

#: The usual number of words of an answer: least and most.
USUAL_LENGTH = (900, 1500)
_SOURCE = re.compile(r"\[\^[^\]\s]+\]|\]\(https?://")


@dataclass(frozen=True)
class Source:
    """A letter that a draft answers. ``text`` is empty once the words are erased."""

    label: str
    text: str
    private: bool
    withdrawn: bool
    urgent: bool


@dataclass(frozen=True)
class HelpLines:
    """What a version says of help lines. ``care``: whether the article shows any. ``kinds``: the kinds of concern whose
    lines stand first in it; ``noticed``: those in the letters that it answers."""

    care: bool
    kinds: Sequence[str] = ()
    noticed: Sequence[str] = ()


@dataclass(frozen=True)
class Check:
    """One line of the list. ``found``: the phrases of the text that the sentence is about."""

    well: bool
    sentence: str
    found: tuple[str, ...] = ()


#: Addresses of links: the address of a source identifies nobody.
_ADDRESS = re.compile(r"(?<=\])\([^)\s]*\)|https?://\S+")


def details(text: str, known: Iterable[str] = (), letters: Iterable[str] = ()) -> list[str]:
    """The phrases of a public text that could identify somebody, as spelt in it, each once.

    ``known``: names that are no details. ``letters``: whom and what they name is looked for in the text too.
    """
    return list(dict.fromkeys(text[one.start : one.end] for one in find_details(text, known, letters)))


def checks(
    words: Mapping[str, str],
    sources: Sequence[Source],
    *,
    help_lines: HelpLines,
    sign_off: str,
    known: Sequence[str] = (),
) -> list[Check]:
    """All checks, those that need attention first. ``words``: of a version; ``known``: names that are no details, of
    the column."""
    answer = words["answer"]
    letters = [source.text for source in sources]
    lead = "\n".join(words[part] for part in ("headline", "standfirst", "content_note", "question"))
    made = [
        _places(
            details(lead, known, letters),
            _("Nothing was found in headline, standfirst and question that could point to somebody."),
            _("These words of headline, standfirst or question could point to somebody:"),
        ),
        _places(
            _of_the_letters(answer, letters, known),
            _("Nothing was found in the answer that could point to somebody."),
            _("These words of the answer could point to somebody:"),
        ),
        _phrases(words["question"], sources),
        *_consent(sources),
        *_help_lines(sources, help_lines),
        _either(
            prose.says_when_to_be_concerned(answer),
            _("A heading says when to be concerned."),
            _("No heading says when to be concerned, and where to go."),
        ),
        _either(_SOURCE.search(answer), _("Sources are named."), _("No source is named: no footnote and no link.")),
        _either(
            sign_off,
            _("The column's sign-off stands at the end."),
            _("The column has no sign-off, so the answer ends without one."),
        ),
        _length(prose.words(answer)),
    ]
    return sorted(made, key=lambda check: check.well)


def _either(well: object, yes: str, no: str) -> Check:
    return Check(well=bool(well), sentence=yes if well else no)


def _places(found: Iterable[str], yes: str, no: str) -> Check:
    """The check with sentence ``yes`` where nothing was found; else with ``no`` and the phrases, each once."""
    places = tuple(dict.fromkeys(found))
    return Check(well=not places, sentence=no if places else yes, found=places)


def _of_the_letters(answer: str, letters: Sequence[str], known: Iterable[str]) -> list[str]:
    """Details of an answer: names and numbers always, places and the like only where a letter has them too.

    An answer may mention countries, ages and institutions that no letter has.
    """
    text, written = _ADDRESS.sub("", answer), _plain("\n".join(letters))
    found = [(one.kind, text[one.start : one.end]) for one in find_details(text, known, letters)]
    return [words for kind, words in found if kind in ("name", "contact", "id") or _plain(words) in written]


def _plain(text: str) -> str:
    return normalise(text).text.lower()


def _phrases(question: str, sources: Sequence[Source]) -> Check:
    return _places(
        (run for source in sources for run in diff.verbatim(source.text, question)),
        _("No eight words in a row stand as they did in the letter."),
        _("These words stand as they did in the letter, so whoever has read it would know them:"),
    )


def _consent(sources: Sequence[Source]) -> list[Check]:
    return [
        _places(
            (source.label for source in sources if source.private),
            _("Each writer allows publication."),
            _("The writer allows a private answer only:"),
        ),
        _places(
            (source.label for source in sources if source.withdrawn),
            _("No letter was withdrawn."),
            _("Withdrawn by the writer:"),
        ),
    ]


def _help_lines(sources: Sequence[Source], shown: HelpLines) -> list[Check]:
    def named(kinds: Iterable[str]) -> tuple[str, ...]:
        return tuple(_(TITLES[kind]) for kind in kinds if kind in TITLES)

    made = []
    if shown.kinds:
        made.append(
            Check(
                well=True,
                sentence=_("Help lines stand first in the article, where everybody can see what they are for:"),
                found=named(shown.kinds),
            )
        )
    elif shown.care:
        made.append(Check(well=True, sentence=_("Help lines are shown inside the article.")))
    else:
        made.append(
            _either(
                not any(source.urgent for source in sources),
                _("No letter is urgent, so no help lines are needed."),
                _("A letter is urgent, but the article shows no help lines."),
            )
        )
    if left := named(kind for kind in shown.noticed if kind not in shown.kinds):
        made.append(
            Check(
                well=False, sentence=_("Noticed in the letter, but the article names no help lines for it:"), found=left
            )
        )
    return made


def _length(count: int) -> Check:
    low, high = USUAL_LENGTH
    return Check(
        well=low <= count <= high,
        sentence=ngettext(
            "The answer has %(count)s word; %(low)s to %(high)s are usual.",
            "The answer has %(count)s words; %(low)s to %(high)s are usual.",
            count,
        )
        % {"count": count, "low": low, "high": high},
    )
