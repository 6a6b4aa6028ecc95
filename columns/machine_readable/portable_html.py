"""HTML for other programs: the same text is HTML and well-formed XML, and every link in it is absolute."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.utils.html import escape

#: Characters that XML 1.0 cannot contain, even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Elements of our pages that have no end.
_EMPTY = {"br", "hr"}
#: What only our stylesheet and our own pages know.
_LEFT_OUT = {"id", "class"}


def without_odd_characters(text: str) -> str:
    """The text without what XML cannot contain."""
    return _NOT_XML.sub("", text)


class _Writer(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = base
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = [(name, value or "") for name, value in attrs if name not in _LEFT_OUT]
        written = "".join(f' {name}="{escape(self._whole(name, value))}"' for name, value in kept)
        self.parts.append(f"<{tag}{written}/>" if tag in _EMPTY else f"<{tag}{written}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(escape(data))

    def _whole(self, name: str, value: str) -> str:
        return urljoin(self.base, value) if name == "href" else value


def portable(html: str, base: str) -> str:
    """The HTML of one of our templates, whose tags all close, with each ``href`` against ``base``, an absolute
    address."""
    writer = _Writer(base)
    writer.feed(html)
    writer.close()
    return without_odd_characters("".join(writer.parts))
