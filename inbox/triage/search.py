"""Search at the desk: letters are opened in batches and searched in memory. There is no index, and no query and no hit
is stored."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from django.db.models import Q
from django.utils import timezone

from columns.models import Column
from inbox.keys.vault import Vault
from inbox.letters import writer_acts
from inbox.models import Consent, Letter, Message, Need, Note
from inbox.models.letter import GONE
from inbox.screening.normalise import Normalised, normalise
from inbox.workflow import LetterStatus

#: Letters that are opened at once.
BATCH = 1000
#: The most words and phrases of one query; further ones are ignored.
MOST_TERMS = 12
#: Excerpts of one letter, and characters around a match.
_EXCERPTS, _AROUND = 2, 60
#: The most hits of a batch with excerpts; nobody reads more.
_SHOWN = 100
_TERM = re.compile(r'["“”„«»]([^"“”„«»]+)["“”„«»]|(\S+)')
#: A word as typed; parts joined by an apostrophe are one word.
_TYPED = re.compile(r"\w+(?:'\w+)+|\w+")
_LABEL = re.compile(r"(?:l-)?([0-9a-hjkmnp-tv-z]{4})")


@dataclass(frozen=True)
class Question:
    """A search query: every word (as the beginning of a word) and every phrase must match in some part of the letter or
    of its conversation and notes; case and accents are ignored. The other fields are filters."""

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    label: str = ""
    topic: str = ""
    states: tuple[str, ...] = ()
    older: int = 0
    urgent: bool = False
    consent: str = ""
    concern: str = ""

    @classmethod
    def read(cls, typed: str, **narrowed: Any) -> Question:
        """The query of a typed text: words, "quoted phrases", or the label of a letter alone."""
        terms = [
            (fold(" ".join(phrase.split())), fold(word)) for phrase, word in _TERM.findall(typed.replace("\0", ""))
        ]
        parts = [part for _, word in terms for part in _TYPED.findall(word)]
        label = _LABEL.fullmatch(typed.strip().lower())
        return cls(
            words=tuple(part for part in parts if "'" not in part),
            phrases=(*(phrase for phrase, _ in terms if phrase), *(part for part in parts if "'" in part)),
            label=f"L-{label[1].upper()}" if label else "",
            **narrowed,
        )

    def __bool__(self) -> bool:
        return self != Question()

    def rows(self, *, on: dt.date) -> Q:
        """The part of the query that needs no key, as a condition on letters."""
        condition = ~Q(status__in=GONE)
        if self.topic:
            condition &= Q(topic__slug=self.topic)
        if self.states:
            condition &= Q(status__in=[state for state in LetterStatus if state.value in self.states])
        if self.older:
            condition &= Q(received_on__lte=on - dt.timedelta(days=self.older))
        if self.urgent:
            condition &= Q(need__in=[Need.TODAY, Need.NOW])
        if self.consent in Consent.values:
            condition &= Q(consent=self.consent)
        return condition


@dataclass(frozen=True)
class Hit:
    """A letter that matches. ``excerpts``: parts of text, each with whether it is a match."""

    letter: Letter
    excerpts: list[list[tuple[str, bool]]]


@dataclass
class Batch:
    """The result of one batch. ``after``: the position of the next batch, "" at the end."""

    hits: list[Hit] = field(default_factory=list)
    scanned: int = 0
    closed: int = 0
    after: str = ""


#: What makes ``normalise`` change more of an ASCII text than its white space.
_ODD = re.compile(r"[\x00-\x08\x0e-\x1b\x7f`*_~]")


#: What word processors put in, as ``normalise`` writes it; replaced one by one, which is faster than ``translate``.
_TYPED_SIGNS = (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("–", "-"), ("—", "-"), ("…", "..."))


def fold(text: str) -> str:
    """The text for comparing: as ``normalise`` writes it, in small letters, without accents."""
    plain = text
    for sign, typed in () if text.isascii() else _TYPED_SIGNS:
        plain = plain.replace(sign, typed)
    if plain.isascii() and not _ODD.search(plain):  # most letters: normalising thousands would take seconds
        return plain.lower()
    text = normalise(text).text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def total(column: Column, question: Question, *, at: dt.datetime) -> int:
    """The number of letters to search."""
    return Letter.objects.filter(question.rows(on=timezone.localdate(at)), column=column).count()


def scan(column: Column, question: Question, keys: Vault, *, at: dt.datetime, after: str = "") -> Batch:
    """Search the next ``BATCH`` letters, the oldest first. Four queries, however many letters there are.

    Letters that these keys do not open are counted as ``closed``.
    """
    rows = Letter.objects.filter(question.rows(on=timezone.localdate(at)) & _after(after), column=column)
    letters = list(rows.order_by("received_on", "id").select_related("topic")[: BATCH + 1])
    more, letters = len(letters) > BATCH, letters[:BATCH]
    batch = Batch(scanned=len(letters), after=_place(letters[-1]) if more else "")
    related: dict[uuid.UUID, list[uuid.UUID]] = {}
    ids = [letter.pk for letter in letters]
    messages = list(Message.objects.filter(letter__in=ids).exclude(kind=Message.Kind.ADDRESS))
    notes = list(Note.objects.filter(letter__in=ids))
    for message in messages:
        related.setdefault(message.letter_id, []).append(message.pk)
    for note in notes:
        related.setdefault(note.letter_id, []).append(note.pk)
    opened = keys.open_many([*letters, *messages, *notes])
    # an edited question that was shown to a writer may contain words of another letter, withdrawn since
    shown = {
        message.pk: opened[message.pk]
        for message in messages
        if message.kind == Message.Kind.APPROVAL and message.pk in opened
    }
    for message_id in writer_acts.of_gone(shown):
        del opened[message_id]
    for letter in letters:
        payload = opened.get(letter.pk)
        if payload is None:
            batch.closed += 1
            continue
        others = [opened[item_id] for item_id in related.get(letter.pk, []) if item_id in opened]
        hit = _look(letter, payload, others, question, shown=len(batch.hits) < _SHOWN)
        if hit is not None:
            batch.hits.append(hit)
    return batch


def by_need(hits: Sequence[Hit]) -> list[Hit]:
    """The hits in the order of the inbox."""
    return sorted(hits, key=lambda hit: (-hit.letter.need, hit.letter.received_on, hit.letter.pk))


def _look(
    letter: Letter, payload: Mapping[str, Any], others: list[dict[str, Any]], question: Question, *, shown: bool
) -> Hit | None:
    """Return the hit, or ``None`` where the letter does not match. ``payload``: the opened content of the letter;
    ``others``: that of its messages and notes. ``shown``: with excerpts."""
    # concerns in later messages of the writer are sealed with those messages
    if question.concern and not any(question.concern in item.get("concerns", ()) for item in (payload, *others)):
        return None
    if question.label and question.label == letter.label:
        return Hit(letter, [[(" ".join(str(payload["text"]).split())[: 2 * _AROUND], False)]])
    texts = [str(payload["text"]), str(payload.get("pen_name", "")), *(str(item.get("text", "")) for item in others)]
    folded = [" ".join(fold(text).split()) for text in texts]
    together = "\n".join(folded)
    # most letters end here, before their words are searched
    if not all(term in together for term in (*question.words, *question.phrases)) or not all(
        _begins(word, together) for word in question.words
    ):
        return None
    # no words of an urgent letter are shown before it is opened, as in the list
    shown = shown and not letter.need
    excerpts = chain.from_iterable(_excerpts(text, question) for text in texts) if shown else ()
    return Hit(letter, list(islice(excerpts, _EXCERPTS)))


def _begins(word: str, text: str) -> bool:
    """Whether any word of the text begins with ``word``. No regular expression is used: ``re`` would cache it."""
    at = text.find(word)
    while at > 0 and (text[at - 1].isalnum() or text[at - 1] == "_"):
        at = text.find(word, at + 1)
    return at >= 0


def _excerpts(text: str, question: Question) -> Iterator[list[tuple[str, bool]]]:
    """Excerpts of the text as written around matches, which are found in the normalised text word by word."""
    normal = normalise(text)
    flat = normal.text.replace("\n", " ")
    marks = [
        match.span() for match in re.finditer(r"\w+", flat) if fold(match[0]).startswith(question.words or ("\0",))
    ]
    for phrase in question.phrases:
        marks += _phrase(flat, phrase)
    end = -1
    for start, stop in sorted(marks):
        if start < end:
            continue
        begin, end = max(0, start - _AROUND), min(len(flat), stop + _AROUND)
        inside = [mark for mark in sorted(marks) if begin <= mark[0] and mark[1] <= end]
        yield _parts(normal, begin, end, inside)


def _phrase(flat: str, phrase: str) -> list[tuple[int, int]]:
    """Spans of a folded phrase in a text: folding may change lengths, so the phrase is found word by word."""
    first = phrase.split(" ", 1)[0]
    spans = [match.span() for match in re.finditer(r"\S+", flat)]
    count = len(phrase.split())
    return [
        (spans[at][0], spans[at + count - 1][1])
        for at in range(len(spans) - count + 1)
        if fold(flat[spans[at][0] : spans[at][1]]).startswith(first[:1])
        and phrase in fold(flat[spans[at][0] : spans[at + count - 1][1]])
    ]


def _parts(normal: Normalised, begin: int, end: int, marks: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    def written(start: int, stop: int) -> str:
        return re.sub(r"\s+", " ", normal.written(start, stop))

    parts, place = [("…", False)] if begin else [], begin
    for start, stop in marks:
        if start >= place:
            parts += [(written(place, start), False), (written(start, stop), True)]
            place = stop
    parts += [(written(place, end), False), ("…" if end < len(normal.text) else "", False)]
    return [part for part in parts if part[0]]


def _place(letter: Letter) -> str:
    return f"{letter.received_on:%Y%m%d}.{letter.pk.hex}"


def _after(place: str) -> Q:
    try:
        day, last = place.split(".")
        on, letter_id = dt.date.fromisoformat(day), uuid.UUID(last)
    except ValueError:
        return Q()
    return Q(received_on__gte=on) & ~Q(received_on=on, id__lte=letter_id)
