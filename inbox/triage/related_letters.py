"""Letters that are similar to a letter, for the desk.

The prepared comparison is in the memory of this process alone, under the name of the vault that opened the letters. It
is dropped when anybody at the desk signs out (in other processes at their next query), or after half an hour without a
query. It contains words of all letters and what each means as a whole, but no letter's text."""

from __future__ import annotations

import secrets
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.cache import cache

from columns.models import Column
from inbox.keys.vault import Vault
from inbox.models import Letter
from inbox.models.letter import GONE
from inbox.screening import language, similarity
from inbox.screening.similarity import Prepared

#: Seconds after the last query until the memory is dropped.
LASTS = 30 * 60
#: The newest letters of a column that are compared, and how many are opened at once.
MOST, _BATCH = 10_000, 1000
#: The letters with most words in common whose meaning is compared. What a letter means is sealed with it; of an older
#: letter it is worked out when it is first compared.
_COMPARED = 60
#: The least likeness of two letters in a language whose words are not known here.
_VERY_NEAR = 0.8


@dataclass
class _Memory:
    """The letters of one column that were opened with one set of keys, prepared for comparison."""

    prepared: Prepared = field(default_factory=Prepared)
    ids: list[uuid.UUID] = field(default_factory=list)
    vectors: dict[uuid.UUID, bytes] = field(default_factory=dict)
    seen: set[uuid.UUID] = field(default_factory=set)
    used: float = 0.0
    generation: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)


_memories: dict[tuple[int, str], _Memory] = {}
_guard = threading.Lock()
#: The timer, if any, that drops unused memories without a query.
_sweepers: list[threading.Timer] = []
#: A key of the cache, which all processes of the desk share: its value changes whenever memories are to be dropped.
_GENERATION = "alike-generation"


@dataclass(frozen=True)
class Near:
    """A similar letter: its score in 0..1, and the words that contribute most; none where they are of a language
    whose common words are not known here."""

    letter: Letter
    score: float
    words: list[str]


def near(letter: Letter, text: str, column: Column, keys: Vault, *, limit: int = 5) -> list[Near]:
    """The letters of the column most similar to this one, in any status, but not those without words. Often none."""
    memory = _remembered(column, keys)
    known = language.guess(text) in (None, language.READ)
    with memory.lock:
        _grow(memory, column, keys)
        ranked = [
            (memory.ids[place], words, memory.prepared.shared(text, place))
            for place, words in memory.prepared.rank(text, limit=_COMPARED + 1)
            if memory.ids[place] != letter.pk
        ]
        _understand(memory, [letter_id for letter_id, _, _ in ranked], column, keys)
        meant = similarity.vector(text)
        scores = {}
        for letter_id, words, shared in ranked:
            meaning = similarity.likeness(meant, memory.vectors.get(letter_id, b"")) if meant else None
            if similarity.alike(words, meaning, shared) if known else (meaning or 0.0) >= _VERY_NEAR:
                nearest = similarity.nearest(text, memory.vectors.get(letter_id, b"")) if meant else None
                scores[letter_id] = similarity.together(words, meaning or 0.0, nearest)
    letters = Letter.objects.filter(pk__in=scores, column=column).exclude(status__in=GONE).select_related("topic")
    best = sorted(letters, key=lambda letter: -scores[letter.pk])[:limit]
    opened = keys.open_many(best)
    return [
        Near(
            similar,
            scores[similar.pk],
            memory.prepared.why(text, str(opened[similar.pk]["text"])) if known else [],
        )
        for similar in best
        if similar.pk in opened
    ]


def _understand(memory: _Memory, letter_ids: Sequence[uuid.UUID], column: Column, keys: Vault) -> None:
    """Work out what these letters mean where it was not sealed with them."""
    unknown = [letter_id for letter_id in letter_ids if letter_id not in memory.vectors]
    if unknown:
        for letter_id, payload in keys.open_many(Letter.objects.filter(pk__in=unknown, column=column)).items():
            memory.vectors[letter_id] = similarity.vector(str(payload["text"]))


def forget() -> None:
    """Drop all memories, as when somebody signs out; other processes drop theirs at their next query."""
    cache.set(_GENERATION, secrets.token_hex(8), None)
    with _guard:
        _memories.clear()


def _remembered(column: Column, keys: Vault) -> _Memory:
    sweep()
    generation = cache.get(_GENERATION, "")
    with _guard:
        for name in [name for name, memory in _memories.items() if memory.generation != generation]:
            del _memories[name]
        memory = _memories.setdefault((column.pk, keys.name), _Memory(generation=generation))
        memory.used = time.monotonic()
        if not any(sweeper.is_alive() for sweeper in _sweepers):
            _sweep_later()
    return memory


def _sweep_later() -> None:
    """Start a timer for the oldest memory, and so on while there is one. The caller holds ``_guard``."""
    oldest = min(memory.used for memory in _memories.values())
    sweeper = threading.Timer(max(1.0, oldest + LASTS + 1 - time.monotonic()), _sweep_on)
    sweeper.daemon = True
    sweeper.start()
    _sweepers[:] = [sweeper]


def _sweep_on() -> None:
    sweep()
    with _guard:
        _sweepers.clear()
        if _memories:
            _sweep_later()


def sweep() -> None:
    """Drop the memories without a query for ``LASTS`` seconds."""
    now = time.monotonic()
    with _guard:
        for name in [name for name, memory in _memories.items() if now - memory.used > LASTS]:
            del _memories[name]


def _grow(memory: _Memory, column: Column, keys: Vault) -> None:
    """Add new letters to the memory; rebuild it where letters were withdrawn, since their words must go."""
    rows = Letter.objects.filter(column=column).exclude(status__in=GONE).order_by("-received_on", "id")
    ids = list(rows.values_list("pk", flat=True)[:MOST])
    if memory.seen - set(ids):
        memory.prepared, memory.ids, memory.seen, memory.vectors = Prepared(), [], set(), {}
    fresh = [letter_id for letter_id in ids if letter_id not in memory.seen]
    for start in range(0, len(fresh), _BATCH):
        _add(memory, list(Letter.objects.filter(pk__in=fresh[start : start + _BATCH])), keys)


def _add(memory: _Memory, letters: Sequence[Letter], keys: Vault) -> None:
    for letter_id, payload in keys.open_many(letters).items():
        memory.prepared.add(str(payload["text"]))
        memory.ids.append(letter_id)
        if vector := similarity.unpacked(payload.get("vector")):
            memory.vectors[letter_id] = vector
    # letters that these keys do not open are not tried again
    memory.seen.update(letter.pk for letter in letters)
