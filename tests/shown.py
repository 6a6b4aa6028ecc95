"""What a page shows and reads out, taken from its HTML."""

from __future__ import annotations

import json
from html.parser import HTMLParser

#: Attributes that are shown, read out, or said by a script later.
_ATTRIBUTES = frozenset({"title", "alt", "placeholder", "label", "aria-label", "aria-description", "aria-valuetext"})
_SILENT = frozenset({"script", "style", "code", "kbd", "textarea"})
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr", "base", "col", "area", "embed"})
#: Elements inside a sentence.
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "cite", "del", "em", "i", "ins", "mark", "q", "small", "span", "strong", "time"}
)


class _Shown(HTMLParser):
    """Leaves out what people wrote: it stands in elements that find their own direction (``dir="auto"``), in which the
    program's own words have the class ``detail-kind``."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def _leaves_out(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag not in _INLINE:
            self.texts.append("\n")
        theirs = named.get("dir") == "auto" and tag not in ("input", "textarea")
        for name, value in named.items():
            shown = name in _ATTRIBUTES or name.startswith("data-says")
            shown = shown or (tag == "meta" and named.get("name") == "description" and name == "content")
            shown = shown or (tag == "input" and named.get("type") in ("submit", "button") and name == "value")
            if shown and not self._leaves_out:
                self.texts += ["\n", *_sentences(value), "\n"]
        if tag not in _VOID:
            out = (self._leaves_out or theirs or tag in _SILENT) and named.get("class") != "detail-kind"
            self._open.append((tag, out))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.texts.append("\n")
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._leaves_out:
            self.texts.append(" ".join(data.split("\n")))


def _sentences(value: str) -> list[str]:
    """Those of an attribute: one, or one for each kind of plural as ``sentences_by_number`` writes them."""
    return [f"{one}\n" for one in json.loads(value).values()] if value.startswith('{"') else [value]


def shown(page: str) -> str:
    """The words of a page, line by line, without what people wrote."""
    parser = _Shown()
    parser.feed(page)
    parser.close()
    return "".join(parser.texts)
