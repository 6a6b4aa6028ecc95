"""What sentences mean, as vectors (numbers that are near each other where two sentences mean nearly the same).

The encoder belongs to the inbox, above the column, which sets ``use`` when the process starts. Without one, search goes
by words alone. The vectors of a column's articles are kept in memory, as float32, until one of them changes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

#: The vectors of the sentences of a text, one a row, each of length 1; ``None`` where there are none.
Encoder = Callable[[str], Any]
_encoder: Encoder | None = None

#: A stored value, as either database gives it.
Buffer = bytes | memoryview

#: Numbers of a vector; an article has two: of its headline with the lines under it, and of the letter.
SIZE = 512
#: Bytes of a stored number.
_BYTES = 2


def use(encoder: Encoder | None) -> None:
    """Set the encoder of this process."""
    global _encoder  # noqa: PLW0603 - one a process
    _encoder = encoder


def of(text: str) -> Array | None:
    """The vectors of the sentences of a text."""
    return _encoder(text) if _encoder and text.strip() else None


def whole(text: str) -> Array | None:
    """The vector of a text as a whole."""
    sentences = of(text)
    if sentences is None:
        return None
    return _direction(sentences.mean(0))


def _direction(mean: Array) -> Array:
    found: Array = mean / max(float((mean @ mean) ** 0.5), 1e-9)
    return found


def packed(parts: Sequence[str]) -> bytes:
    """The vectors of an article's two parts for its row; empty without an encoder."""
    found = [whole(part) for part in parts]
    first = next((one for one in found if one is not None), None)
    if first is None:
        return b""
    return b"".join((first if one is None else one).astype("<f2").tobytes() for one in found)


class Known(NamedTuple):
    """The vectors of a column's articles. ``entries``: the numbers of their rows, rising."""

    state: tuple[int, int]
    entries: list[int]
    heads: Array
    letters: Array


_known: dict[int, Known] = {}
_lock = threading.Lock()


def known(column: int, state: tuple[int, int], rows: Callable[[], Iterable[tuple[int, Buffer]]]) -> Known | None:
    """The vectors of a column. ``state``: changes with each of them; ``rows``: reads them where they are not known."""
    if _encoder is None:
        return None
    with _lock:
        found = _known.get(column)
    if found is None or found.state != state:
        found = read(state, rows())
        with _lock:
            _known[column] = found
    return found if found.entries else None


def read(state: tuple[int, int], rows: Iterable[tuple[int, Buffer]]) -> Known:
    """The vectors of rows; those without any are left out."""
    import numpy as np  # noqa: PLC0415 - only who has vectors has numpy

    whole_rows = [(entry, bytes(each)) for entry, each in rows if len(each) == 2 * SIZE * _BYTES]
    numbers = np.frombuffer(b"".join(each for _, each in whole_rows), "<f2").astype(np.float32).reshape(-1, 2, SIZE)
    heads, letters = np.ascontiguousarray(numbers[:, 0]), np.ascontiguousarray(numbers[:, 1])
    return Known(state, [entry for entry, _ in whole_rows], heads, letters)


def nearness(text: str, of_column: Known) -> Array | None:
    """How near each article of a column is to a text, in 0..1."""
    sentences = of(text)
    if sentences is None:
        return None
    mean = _direction(sentences.mean(0))
    found: Array = ((of_column.heads @ mean).clip(0, 1) + (of_column.letters @ mean).clip(0, 1)) / 2
    return found


def between(one: bytes, of_column: Known) -> Array:
    """How near each article of a column is to one of them, given by its ``packed`` vectors."""
    import numpy as np  # noqa: PLC0415 - as above

    head, letter = np.frombuffer(one, "<f2").astype(np.float32).reshape(2, SIZE)
    found: Array = (of_column.heads @ head + of_column.letters @ letter) / 2
    return found
