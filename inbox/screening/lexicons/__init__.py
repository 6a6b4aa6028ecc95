"""The word lists of screening: the project's own, and what the owner of a site adds in files of the same names.

A list is a TOML file beside this one (``details.toml``, ``concerns.toml``, ``spam.toml``). A file of the same name in
the folder given to ``extend_from`` extends it: strings of words and lists grow longer, tables are joined key by key.
Nothing can be taken out of the project's own lists, so an owner's file can make screening notice more, never less.
"""

from __future__ import annotations

import functools
import re
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

HERE = Path(__file__).parent
#: The lists that may be extended.
NAMES = ("concerns", "details", "similar", "spam")


_KINDS: dict[type, str] = {dict: "a table", list: "a list", str: "words between quotation marks"}


class UnknownForm(Exception):
    """A phrase names a form that there is not. ``str()`` says which."""


class WrongLexicon(Exception):
    """An owner's file that cannot be used. ``str()`` names the file and says what is wrong, in a sentence."""


_folders: list[Path] = []
#: What a group of an owner's need not say.
_OPTIONAL = frozenset({"rule"})
#: A form by its name: ``{kill}`` stands for all the ways of writing it that ``concerns_forms.toml`` lists.
_FORM = re.compile(r"(?<!\\)\{([a-z_]+)\}")
#: Parts of a pattern whose meaning changes when patterns are joined.
_OF_ITS_OWN = re.compile(r"\\[1-9]|\(\?P|\(\?\(")


def extend_from(folder: Path | None) -> None:
    """Let the files in this folder extend the lists from here on; ``None``: the project's own lists alone."""
    _folders[:] = [folder] if folder else []
    load.cache_clear()


@functools.cache
def load(name: str) -> dict[str, Any]:
    """The list, extended by the owner's file where there is one. Read once a process. Raises ``WrongLexicon``.

    Callers keep what they compile from a list, so ``extend_from`` must be called before, at the start of the process.
    """
    lists: dict[str, Any] = tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))
    for folder in _folders:
        lists = extended(lists, folder / f"{name}.toml")
    return lists


Read = TypeVar("Read")


class once(Generic[Read]):  # noqa: N801 - a decorator
    """What the function makes of a list, made once a process. A thread that asks meanwhile waits for it instead of
    making another, so all of them have the same objects. ``forget`` has it made again when it is next asked for."""

    def __init__(self, function: Callable[[], Read]) -> None:
        functools.update_wrapper(self, function)
        self._cached = functools.lru_cache(maxsize=1)(function)
        self._lock = threading.RLock()

    def __call__(self) -> Read:
        with self._lock:
            return self._cached()

    def forget(self) -> None:
        self._cached.cache_clear()


def extended(own: dict[str, Any], file: Path) -> dict[str, Any]:
    """The list with what the file adds. Raises ``WrongLexicon`` where the file is no TOML or does not fit the list."""
    if not file.exists():
        return own
    try:
        joined: dict[str, Any] = _joined(own, tomllib.loads(file.read_text("utf-8")), file.name)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongLexicon(f"{file.name} is not a TOML file: {error}.") from error
    return joined


def _joined(own: Any, more: Any, where: str) -> Any:
    if type(own) is not type(more):
        wanted = _KINDS.get(type(own), "a number")
        raise WrongLexicon(f"{where} should be {wanted}.")
    if isinstance(own, list):
        for group in more:
            _check_group(group, own[0], where)
        return own + more
    if isinstance(own, dict):
        unknown = ", ".join(sorted(set(more) - set(own)))
        if unknown:
            raise WrongLexicon(f"{where} has names that mean nothing here: {unknown}.")
        return {key: _joined(own[key], more[key], f"{where}: {key}") if key in more else own[key] for key in own}
    return f"{own}\n{more}" if isinstance(own, str) else more


def _check_group(group: Any, like: Any, where: str) -> None:
    """Raise ``WrongLexicon`` unless the group has the keys of the project's own groups and each phrase compiles."""
    if type(group) is not type(like) or (isinstance(like, dict) and set(group) | _OPTIONAL != set(like) | _OPTIONAL):
        raise WrongLexicon(f"{where} should hold groups like those of the project's own file.")
    for name, value in group.items() if isinstance(like, dict) else ():
        if isinstance(like[name], float):
            if type(value) not in (int, float) or not 0 < value <= 1:
                raise WrongLexicon(f"{where}: {name} should be a number above 0 and not above 1.")
        elif type(value) is not type(like[name]):
            raise WrongLexicon(f"{where}: {name} should be {_KINDS[type(like[name])]}.")
    for pattern in group["patterns"] if isinstance(like, dict) else ():
        _check_pattern(pattern, where)


def _check_pattern(pattern: Any, where: str) -> None:
    """Raise ``WrongLexicon`` unless the pattern compiles, can be joined with others and matches no empty text."""
    if not isinstance(pattern, str):
        raise WrongLexicon(f"{where} should hold phrases between quotation marks.")
    try:
        if where.startswith("concerns"):
            pattern = expanded(pattern)
        re.compile(pattern)
        nothing = whole(pattern).fullmatch("")
    except (re.error, UnknownForm) as error:
        raise WrongLexicon(f"{where} has a phrase that cannot be read: {error}.") from error
    if nothing:
        raise WrongLexicon(f"{where} has a phrase that would be found in every letter, since it needs no words.")
    if _OF_ITS_OWN.search(pattern):
        raise WrongLexicon(f"{where} has a phrase that names or counts its own groups; write (?:…) instead.")


@functools.cache
def _forms() -> dict[str, str]:
    """Each form as a group. A form may name those above it."""
    found: dict[str, str] = {}
    for name, patterns in tomllib.loads((HERE / "concerns_forms.toml").read_text("utf-8")).items():
        found[name] = f"(?:{_named(patterns, found)})"
    return found


def expanded(pattern: str) -> str:
    """The pattern with each form that it names written out. Raises ``UnknownForm``."""
    return _named(pattern, _forms())


def _named(pattern: str, forms: dict[str, str]) -> str:
    def form(match: re.Match[str]) -> str:
        if match[1] not in forms:
            raise UnknownForm(f"there is no form {match[0]}")
        return forms[match[1]]

    return _FORM.sub(form, pattern)


#: Scripts that write no space between words, or write endings onto a word: Thai, Lao, Burmese, Khmer, Chinese, Japanese
#: and Korean. A border of a word stands beside each of their letters.
_NO_BORDERS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"


def whole(*patterns: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """A compiled pattern of any of the patterns as whole words; case is ignored unless ``flags`` is given. In a script
    without borders between words a phrase is found anywhere."""
    before, after = r"(?<!\w)", r"(?!\w)"
    if any(sign >= "\u0e00" for pattern in patterns for sign in pattern):
        before, after = rf"(?:{before}|(?=[{_NO_BORDERS}]))", rf"(?:{after}|(?<=[{_NO_BORDERS}]))"
    return re.compile(rf"{before}(?:{'|'.join(patterns)}){after}", flags)
