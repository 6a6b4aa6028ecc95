"""What a browser's profile holds on the disk: a search of every file of it, also inside of what the browser compresses.

Firefox packs its session with LZ4, Chromium the blocks of its LevelDB tables with Snappy; both, and zlib and gzip, are
opened here. What a browser encrypts with a key of the machine (saved passwords, cookies) stays shut.
"""

from __future__ import annotations

import contextlib
import itertools
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

_LEVELDB_MAGIC = bytes.fromhex("57fb808b247547db")
_MOZ_LZ4 = b"mozLz40\0"
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
#: The most that is taken out of one compressed part.
_MOST = 8 * 1024 * 1024


def found_in(profile: Path, words: Sequence[str]) -> dict[str, dict[str, int]]:
    """Each of ``words`` that stands in a file of the profile: how often, by the file's path.

    UTF-8 and UTF-16, whatever the case of its letters. A word should be so rare that no file has it by chance.
    """
    found: dict[str, dict[str, int]] = {}
    forms = {word: (word.lower().encode(), word.lower().encode("utf-16-le")) for word in words}
    for file in sorted(profile.rglob("*")):
        if not file.is_file() or file.is_symlink():
            continue
        with contextlib.suppress(OSError):
            data = file.read_bytes()
            inside = [part.lower() for part in (data, *_unpacked(data))]
            for word, shapes in forms.items():
                # what is found packed and bare at once counts once for each
                if count := sum(part.count(shape) for part in inside for shape in shapes):
                    found.setdefault(word, {})[str(file.relative_to(profile))] = count
    return found


def _unpacked(data: bytes) -> Iterator[bytes]:
    if data.startswith(_MOZ_LZ4):
        yield _lz4(data[12:])
    elif data.endswith(_LEVELDB_MAGIC):
        yield from _leveldb(data)
    for start in itertools.islice(_ZLIB.finditer(data), 2000):
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj(wbits=47).decompress(data[start.start() :], _MOST)
    if len(data) < _MOST:
        with contextlib.suppress(IndexError, ValueError):
            yield _snappy(data)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _copy(out: bytearray, offset: int, length: int) -> None:
    if not 0 < offset <= len(out) or len(out) + length > _MOST:
        raise ValueError(offset)
    for _ in range(length):
        out.append(out[-offset])


def _snappy(data: bytes) -> bytes:
    """A Snappy block; a ValueError or IndexError where it is none."""
    size, at = _varint(data, 0)
    if not 0 < size <= _MOST:
        raise ValueError(size)
    out = bytearray()
    while len(out) < size:
        tag = data[at]
        kind, length = tag & 3, (tag >> 2) + 1
        at += 1
        if kind == 0:
            if length > 60:
                extra = length - 60
                length = int.from_bytes(data[at : at + extra], "little") + 1
                at += extra
            if at + length > len(data):
                raise ValueError(length)
            out += data[at : at + length]
            at += length
        elif kind == 1:
            _copy(out, (tag >> 5) << 8 | data[at], ((tag >> 2) & 7) + 4)
            at += 1
        else:
            width = 2 if kind == 2 else 4
            _copy(out, int.from_bytes(data[at : at + width], "little"), length)
            at += width
    return bytes(out)


def _lz4(data: bytes) -> bytes:
    """An LZ4 block, as far as it can be read: a browser that was killed may have left half of one."""
    out, at = bytearray(), 0
    with contextlib.suppress(IndexError, ValueError):
        while at < len(data):
            token, at = data[at], at + 1
            length, at = _lz4_length(data, at, token >> 4)
            out += data[at : at + length]
            at += length
            if at >= len(data):
                break
            offset, at = int.from_bytes(data[at : at + 2], "little"), at + 2
            length, at = _lz4_length(data, at, token & 15)
            _copy(out, offset, length + 4)
    return bytes(out)


def _lz4_length(data: bytes, at: int, length: int) -> tuple[int, int]:
    if length == 15:
        while True:
            more, at = data[at], at + 1
            length += more
            if more != 255:
                break
    return length, at


def _leveldb(data: bytes) -> Iterator[bytes]:
    """The blocks of a table of LevelDB."""
    footer, at = data[-48:], 0
    for _ in range(2):  # the place of the index of meta blocks, which is not needed
        _, at = _varint(footer, at)
    offset, at = _varint(footer, at)
    size, at = _varint(footer, at)
    index = _block(data, offset, size)
    restarts = int.from_bytes(index[-4:], "little")
    at, end = 0, len(index) - 4 * (restarts + 1)
    with contextlib.suppress(IndexError, ValueError):
        while at < end:
            _, at = _varint(index, at)
            unshared, at = _varint(index, at)
            length, at = _varint(index, at)
            handle = index[at + unshared : at + unshared + length]
            at += unshared + length
            start, place = _varint(handle, 0)
            size, _ = _varint(handle, place)
            yield _block(data, start, size)


def _block(data: bytes, offset: int, size: int) -> bytes:
    block = data[offset : offset + size]
    return _snappy(block) if data[offset + size] == 1 else block
