"""A few words of a letter for lists, as plain text."""

from __future__ import annotations

import re

from columns.text import prose

#: A sentence ends with its sign, and closing quotation marks, before white space; CJK signs need none.
_END = re.compile(r"(?:[.!?…]+[\"'”’»)]*(?=\s)|[。！？]+[」』”]?)")
#: The longest quotation of one sentence, in characters.
_SENTENCE = 180
#: A shorter sentence says too little alone.
_SHORT = 40


def _sentences(paragraph: str) -> list[str]:
    sentences, start = [], 0
    for match in _END.finditer(paragraph):
        sentences.append(paragraph[start : match.end()].strip())
        start = match.end()
    return [one for one in (*sentences, paragraph[start:].strip()) if one]


def opening(question: str, words: int = 70) -> list[str]:
    """The first paragraphs of a question with about so many words together; the last one ends with a sentence where it
    has one."""
    shown: list[str] = []
    left = words
    for block in prose.blocks(question):
        text = prose.plain(block, len(block))
        if not text:
            continue
        if (count := prose.words(text)) <= left:
            shown.append(text)
            left -= count
            continue
        part = ""
        for sentence in _sentences(text):
            if (count := prose.words(sentence)) > left:
                break
            part, left = f"{part} {sentence}".strip(), left - count
        if part or not shown:
            shown.append(part or prose.plain(text, _SENTENCE))
        break
    return shown


def one_sentence(question: str) -> str:
    """One sentence of a question: the first that asks something, neither short nor long, else one that tells."""
    text = prose.plain(question, len(question))
    sentences = [one for one in _sentences(text) if _SHORT <= len(one) <= _SENTENCE]
    asking = (one for one in sentences if re.search(r"[?？؟;][\"'”’»)」』]*$", one))
    return next(asking, sentences[0] if sentences else prose.plain(text, _SENTENCE))
