"""Words as both databases find them: without case, accents and endings, each as a lexeme of ASCII letters.

A lexeme is the hash of a column and of the stem of a word, with one letter for how much the word says in an article. No
database has to know the language, its accents or its script, none cuts words apart in its own way, and no two columns
share a lexeme. Scripts that write without spaces are cut into pairs of signs.
"""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
import unicodedata
import zlib
from collections.abc import Iterator
from itertools import combinations, groupby
from pathlib import Path
from typing import Any, NamedTuple

import snowballstemmer
from anyascii import anyascii
from rapidfuzz.distance import OSA

#: The languages whose endings are known, by code.
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali",
    "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
#: Words of English that say nothing of a subject. Other languages go by how many articles have a word.
_SMALL_WORDS = """
    a about after again all also am an and any anyone are as at be because been before being but by can cannot could did
    do does doing don done for from get getting go going got had has have having he her here hers herself him himself
    his how i if in into is it its itself just keep know let like make me more most much my myself no nor not now of off
    on once only or other our out over own please really same say she should so some something still such than that the
    their them then there these they thing this those through to too under until up very was we were what when where
    which while who whom why will with would you your yours im ive id dont doesnt didnt cant wont isnt wasnt whats
    thats every one want wants think feel feels feeling felt need needs even ever always never since tell told
    help information treatment treatments treated treat cause causes caused effect effects find put puts
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_SAME = Path(__file__).parent.parent / "data" / "same_words.toml"
#: Characters of a word; a longer one is an address or a code.
LONGEST = 40
#: The beginning of a word in which slips are looked for, and from how many letters two of them are forgiven.
_BEGINNING, _LONG, _SHORT = 7, 8, 5
_LATIN = re.compile(r"[a-z\u00c0-\u024f\u1e00-\u1eff]+")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
_POSSESSIVE = re.compile(r"['’]s$")


class Token(NamedTuple):
    """A word at its place in a text, in the forms under which it is found: with and without accents before the ending
    is cut, and as one of the words that mean the same."""

    start: int
    end: int
    word: str
    stems: tuple[str, ...]


@functools.cache
def _pattern() -> re.Pattern[str]:
    """Letters and digits with the marks that belong to them."""
    marks = [code for code in range(0x300, 0x1_0000) if unicodedata.category(chr(code)).startswith("M")]
    runs = [[code for _, code in run] for _, run in groupby(enumerate(marks), lambda pair: pair[1] - pair[0])]
    signs = "".join(f"{chr(run[0])}-{chr(run[-1])}" for run in runs)
    return re.compile(rf"[^\W_][{signs}\w]*(?:['’][^\W_]+)*")


def tokens(text: str, language: str) -> Iterator[Token]:
    """The words of a text that say something, in order."""
    small = _SMALL if _code(language) == "en" else frozenset[str]()
    for match in _pattern().finditer(text):
        if match.end() - match.start() > LONGEST and not _UNSPACED.search(match[0]):
            continue
        if _UNSPACED.search(match[0]):
            yield from _pairs(match[0], match.start())
            continue
        word = folded(match[0])
        if word and word not in small and (len(word) > 1 or not word.isascii()):
            yield Token(match.start(), match.end(), word, stems(match[0], language))


def _pairs(run: str, begin: int) -> Iterator[Token]:
    if len(run) == 1:
        yield Token(begin, begin + 1, run, (run,))
    for at in range(len(run) - 1):
        pair = unicodedata.normalize("NFKC", run[at : at + 2])
        yield Token(begin + at, begin + at + 2, pair, (pair,))


@functools.lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """Small letters without accents."""
    small = unicodedata.normalize("NFKC", _POSSESSIVE.sub("", word)).casefold().replace("'", "").replace("’", "")
    if _LATIN.fullmatch(small):
        return anyascii(small).casefold()
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", small) if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", bare)


@functools.lru_cache(maxsize=50_000)
def stems(word: str, language: str) -> tuple[str, ...]:
    """The word without its ending: as it is written, and as somebody writes it who leaves the accents out."""
    bare = folded(word)
    code = _code(language)
    if code not in _STEMMERS or any(sign.isdigit() for sign in bare):
        return (bare,)
    written = unicodedata.normalize("NFC", _POSSESSIVE.sub("", word)).casefold()
    cut = _stemmer(code).stemWord
    found = [folded(cut(written)) or bare, cut(bare) or bare]
    return tuple(dict.fromkeys([*found, *_same(code).get(found[-1], ())]))


@functools.cache
def _same(code: str) -> dict[str, tuple[str, ...]]:
    """What stands for the words of one meaning, by the stem of each. English alone has a list."""
    if code != "en":
        return {}
    groups = tomllib.loads(_SAME.read_text())["same"].split("\n")
    cut = _stemmer(code).stemWord
    return {cut(word): (f"={group.split()[0]}",) for group in groups for word in group.split()}


def _code(language: str) -> str:
    return language.split("-", maxsplit=1)[0].lower()


@functools.cache
def _stemmer(code: str) -> Any:
    return snowballstemmer.stemmer(_STEMMERS[code])


@functools.lru_cache(maxsize=50_000)
def lexeme(column: int, stem: str) -> str:
    """The stem in a column, without the letter at its end."""
    return hashlib.blake2b(f"{column}:{stem}".encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def slips(column: int, word: str) -> set[str]:
    """Keys of the word's beginning and of what is left of it where a letter or two are missing: two words that differ
    by one or two slips have a key in common."""
    begins = word[:_BEGINNING]
    most = 0 if len(word) < _SHORT else 1 if len(word) < _LONG else 2
    kept = {
        "".join(sign for at, sign in enumerate(begins) if at not in left_out)
        for count in range(most + 1)
        for left_out in combinations(range(len(begins)), count)
    }
    return {f"{zlib.crc32(f'{column}:{part}'.encode('utf-8', 'surrogatepass')):08x}" for part in kept}


def distance(one: str, other: str) -> int | None:
    """How many slips lie between two words; ``None`` for too many."""
    shorter = min(len(one), len(other))
    most = 0 if shorter < _SHORT else 1 if shorter < _LONG else 2
    found = OSA.distance(one, other, score_cutoff=most)
    return found if found <= most else None
