"""A letter's text in parts, so that a page can mark what was noticed in it."""

from __future__ import annotations

from inbox.screening.details import Detail


def marked(text: str, found: list[Detail]) -> list[tuple[str, str]]:
    """The text in parts, each with the kind of detail that it is, or an empty string. No part is empty."""
    parts, end = [], 0
    for detail in found:
        parts += [(text[end : detail.start], ""), (text[detail.start : detail.end], detail.kind)]
        end = detail.end
    return [part for part in [*parts, (text[end:], "")] if part[0]]
