"""A letter's text in parts, so that a page can mark the details that were found."""

from __future__ import annotations

from inbox.screening.details import Detail


def marked(text: str, found: list[Detail]) -> list[tuple[str, str]]:
    """The text in non-empty parts, each with its kind of detail, or "" where the part is no detail."""
    parts, end = [], 0
    for detail in found:
        parts += [(text[end : detail.start], ""), (text[detail.start : detail.end], detail.kind)]
        end = detail.end
    return [part for part in [*parts, (text[end:], "")] if part[0]]
