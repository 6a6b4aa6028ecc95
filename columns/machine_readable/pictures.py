"""The pictures for social cards: paper, a drawing on a line across the whole width, the headline above it.

A picture is drawn when it is asked for, one at a time, and the newest are kept in memory. Its address holds a hash of
what is drawn, so that a changed headline has a new address. Only what readers can read has one: a column, an article.
"""

from __future__ import annotations

import functools
import hashlib
import json
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import resvg_py
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import get_language_info

from columns import drawings, language
from columns.caching import for_everybody
from columns.models import Article, Column
from columns.text import headlines

WIDTH, HEIGHT = 1200, 630
_FONTS = Path(__file__).parents[1] / "data" / "fonts"
_FAMILY = "Literata Picture"
#: Pixels. A drawing stands three times as high as in the masthead.
_EDGE, _TOP, _LINE, _DRAWING = 80, 64, 560, 264
_HIGHEST = _LINE - _DRAWING - _TOP - 8
#: Sizes of the headline in pixels, the first that fits; the second half of a headline is smaller (``_ANGLE``).
_SIZES = (76, 68, 60, 54, 48, 42, 37, 32)
_LEADING, _ANGLE, _ANGLE_SMALLEST = 1.12, 0.72, 28
#: The colours of ``static/tokens.css`` on light paper.
_PAPER, _INK, _GENTIAN, _TINT = "#fdfcfa", "#221b26", "#43246b", "#f3cfc2"
#: How many pictures are kept, and how many threads may wait for one to be drawn.
KEPT, WAITING = 128, 3


class Busy(Exception):
    """Too many pictures are being asked for at once."""


@dataclass(frozen=True)
class _Row:
    """A line of the headline: its size in pixels, and whether it belongs to the second half."""

    text: str
    size: float
    angle: bool = False

    @property
    def height(self) -> float:
        return self.size * _LEADING


@functools.cache
def _widths() -> dict[str, dict[str, float]]:
    """The advance width of each character that the fonts have, in ems, by style."""
    return json.loads((_FONTS / "widths.json").read_text("ascii"))  # type: ignore[no-any-return]


def _bare(text: str) -> str:
    """The text in composed characters, without those that only direct how others are set."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(sign for sign in composed if unicodedata.category(sign) != "Cf").split())


def _can_be_drawn(text: str) -> bool:
    return all(sign in widths for widths in _widths().values() for sign in text)


def _width(text: str, *, angle: bool) -> float:
    widths = _widths()["italic" if angle else "normal"]
    return sum(widths[sign] for sign in text)


def _broken(text: str, size: float, *, angle: bool) -> list[str] | None:
    """The text in lines; ``None`` where a word is longer than a line."""
    room = (WIDTH - 2 * _EDGE) / size
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if _width(longer, angle=angle) <= room:
            lines[-1:] = [longer]
        elif _width(word, angle=angle) <= room:
            lines.append(word)
        else:
            return None
    return lines


def _set(question: str, angle: str) -> list[_Row]:
    """The lines of a headline at the largest size at which they fit; none where they do not fit at all."""
    for size in _SIZES:
        small = max(size * _ANGLE, _ANGLE_SMALLEST)
        first, second = _broken(question, size, angle=False), _broken(angle, small, angle=True)
        if first is None or second is None:
            continue
        rows = [*(_Row(line, size) for line in first), *(_Row(line, small, angle=True) for line in second)]
        if sum(row.height for row in rows) <= _HIGHEST:
            return rows
    return []


def _text(rows: Sequence[_Row], *, rtl: bool) -> str:
    """The lines as SVG, from the top."""
    below, parts = float(_TOP), []
    for row in rows:
        below += row.height
        style = f'fill="{_GENTIAN}" font-style="italic"' if row.angle else f'fill="{_INK}" font-weight="650"'
        place = f'x="{WIDTH - _EDGE}" text-anchor="end"' if rtl else f'x="{_EDGE}"'
        baseline = below - row.size * (_LEADING - 0.85)
        parts.append(f'<text {place} y="{baseline:.1f}" font-size="{row.size:.1f}" {style}>{escape(row.text)}</text>')
    return "".join(parts)


@functools.lru_cache(maxsize=512)
def svg(question: str, angle: str, drawing: str, *, rtl: bool) -> str:
    """The picture as SVG. A headline that the fonts cannot set, or that is too long, is left out."""
    question, angle = _bare(question), _bare(angle)
    rows = _set(question, angle) if _can_be_drawn(question + angle) else []
    thing = drawings.read(drawing)
    scale = _DRAWING / 73
    start = _EDGE if rtl else WIDTH - _EDGE - 120 * scale
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="{_FAMILY}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{_PAPER}"/>{_text(rows, rtl=rtl)}'
        f'<g transform="translate({start:.1f} {_LINE - 72.2 * scale:.1f}) scale({scale:.4f})" fill="none"'
        ' stroke-linecap="round" stroke-linejoin="round">'
        f'<path fill="{_TINT}" d="{thing.tint}"/>'
        f'<path stroke="{_INK}" stroke-width="1.25" d="{thing.stroke}M-400 72.2H0m120 0h400"/></g></svg>'
    )


def of_article(article: Article) -> str:
    """The SVG of an article; its ``column`` and ``topic`` are loaded."""
    question, angle = headlines.parts(article.headline)
    drawing = drawings.of_topic(article.topic.slug) if article.topic else drawings.ANY_TOPIC
    return svg(question, angle, drawing, rtl=_rtl(article.column))


def of_column(column: Column) -> str:
    return svg(column.title, column.tagline, drawings.ANY_TOPIC, rtl=_rtl(column))


def _rtl(column: Column) -> bool:
    return bool(get_language_info(language.shown(column))["bidi"])


def version(picture: str) -> str:
    """The hash in a picture's address."""
    return hashlib.sha256(picture.encode()).hexdigest()[:16]


def address(column: Column, article: Article | None = None) -> str:
    """The absolute address of the picture of an article, or of a column."""
    if article is None:
        path = reverse("columns:picture", args=[column.slug, version(of_column(column))])
    else:
        wanted = [column.slug, article.year, article.slug, version(of_article(article))]
        path = reverse("columns:article_picture", args=wanted)
    return settings.SITE_URL + path


_kept: OrderedDict[str, bytes] = OrderedDict()
_drawing = threading.Lock()
_waiting = threading.BoundedSemaphore(WAITING)


def png(picture: str) -> bytes:
    """The SVG as PNG. Raises ``Busy`` where too many wait for theirs."""
    name = version(picture)
    found = _kept.get(name)
    if found is not None:
        return found
    if not _waiting.acquire(blocking=False):
        raise Busy
    try:
        with _drawing:
            if name not in _kept:
                _kept[name] = _drawn(picture)
                if len(_kept) > KEPT:
                    _kept.popitem(last=False)
            return _kept[name]
    finally:
        _waiting.release()


def _drawn(picture: str) -> bytes:
    fonts = [str(path) for path in sorted(_FONTS.glob("*.ttf"))]
    return bytes(resvg_py.svg_to_bytes(svg_string=picture, skip_system_fonts=True, font_files=fonts))


def _or_busy(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view, or 503 for a moment where too many pictures are being asked for."""

    @functools.wraps(view)
    def answer(request: HttpRequest, **wanted: Any) -> HttpResponseBase:
        try:
            return view(request, **wanted)
        except Busy:
            headers = {"Retry-After": "5", "Cache-Control": "no-store"}
            return HttpResponse(status=503, content_type="text/plain", headers=headers)

    return answer


@_or_busy
@for_everybody
def article_picture(request: HttpRequest, column: str, year: int, slug: str, version: str) -> HttpResponse:
    """The picture of an article that readers can read."""
    live = Article.objects.live(timezone.now()).select_related("column", "topic").without_text()
    article = get_object_or_404(live, column__slug=column, slug=slug)
    return _answer(version, of_article(article), address(article.column, article))


@_or_busy
@for_everybody
def column_picture(request: HttpRequest, column: str, version: str) -> HttpResponse:
    """The picture of a column."""
    shown = get_object_or_404(Column.objects.for_readers(), slug=column)
    return _answer(version, of_column(shown), address(shown))


def _answer(asked: str, picture: str, now_at: str) -> HttpResponse:
    """The picture; from the address of an earlier one, the way to that of now.

    It is kept for a minute, as a page is, and not for ever as its address would allow: it shows the headline, which
    goes with the article when that is taken down.
    """
    if asked != version(picture):
        return redirect(now_at)
    return HttpResponse(png(picture), content_type="image/png")
