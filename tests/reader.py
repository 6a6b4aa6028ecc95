"""Somebody whose browser runs no script and keeps no cookie: opens pages, fills in their forms, presses buttons."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client

from tests import factories

TEXT = factories.LETTER_TEXT
_TAG = re.compile(r"<(form|/form|input|textarea|select|option|button)\b([^>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w-]+)(?:=\"([^\"]*)\")?")


def forms(page: str) -> dict[str, dict[str, str]]:
    """Of each form of a page, by its action: what a browser would send, without the buttons."""
    found: dict[str, dict[str, str]] = {}
    fields: dict[str, str] = {}
    select = ""
    for match in _TAG.finditer(page):
        tag, raw = match[1].lower(), dict(_ATTRIBUTE.findall(match[2]))
        attributes = {name: html.unescape(value) for name, value in raw.items()}
        name = attributes.get("name", "")
        if tag == "form":
            fields = found.setdefault(attributes.get("action", ""), {})  # without one: the page itself
        elif tag == "input" and name and attributes.get("type") not in ("submit", "button"):
            choice = attributes.get("type") in ("radio", "checkbox")
            if not choice or "checked" in raw:
                fields[name] = attributes.get("value", "on" if choice else "")
        elif tag == "textarea" and name:
            inner = page[match.end() : page.index("</textarea>", match.end())]
            fields[name] = html.unescape(inner.removeprefix("\n"))
        elif tag == "select":
            select = name
            fields[select] = ""
        elif tag == "option" and "selected" in raw:
            fields[select] = attributes["value"]
    return found


class Reader:
    """A reader of one column. ``page`` is what they see; ``response`` is how it came. Every response is looked at: a
    cookie, a stored page or a missing header is an error."""

    def __init__(self, column: str = "plain", **headers: str) -> None:
        self.column = column
        self.client = Client(headers=headers)
        self.response: Any = None

    @property
    def page(self) -> str:
        return str(self.response.content.decode())

    def address(self, path: str) -> str:
        return f"/{self.column}/{path}"

    def open(self, path: str) -> str:
        return self._seen(self.client.get(self.address(path)))

    def post(self, path: str, fields: dict[str, str], **extra: Any) -> str:
        return self._seen(self.client.post(self.address(path), fields, **extra))

    def press(self, action: str, /, path: str = "", **filled: str) -> str:
        """Fill in the form of this page that goes to ``action`` and press its button; ``path``: a button that goes
        elsewhere."""
        return self.post(path or action, {**forms(self.page)[self.address(action)], **filled})

    def _seen(self, response: Any) -> str:
        self.response = response
        assert not response.cookies, "a cookie on the letter's path"
        assert "Cookie" not in response.headers.get("Vary", "")
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Robots-Tag"] == "noindex"
        return self.page if "html" in response.headers["Content-Type"] else ""

    # --- the usual way ---

    def write(self, **filled: str) -> str:
        self.open("write/")
        return self.press("write/", **{"text": TEXT, **filled})

    def send(self, **filled: str) -> str:
        """Write, check and send; returns the receipt as it is shown."""
        self.write(**filled)
        self.press("write/send/")
        return self.receipt()

    def receipt(self) -> str:
        shown = re.search(r'<p class="receipt">(.*?)</p>', self.page, re.DOTALL)
        assert shown, "no receipt on this page"
        return re.sub(r"<[^>]+>|\s", "", shown[1])

    def find(self, receipt: str) -> str:
        self.open("letter/")
        return self.press("letter/", receipt=receipt)

    def open_letter(self, receipt: str) -> str:
        self.find(receipt)
        return self.press("letter/open/")
