"""The drawings of the column: household things in one stroke, each standing on the line across the page.

A file of ``columns/data/drawings`` has two paths: the area that is tinted, and the stroke, which enters at the lower
left edge and leaves at the lower right.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree  # nosec B405 - reads our own files alone

from django.utils.html import format_html
from django.utils.safestring import SafeString

_FOLDER = Path(__file__).parent / "data" / "drawings"
_PATH = "{http://www.w3.org/2000/svg}path"
#: The line goes on beyond both edges of a drawing; the box around it cuts it off.
_RUN_ON = "M-2000 72.2H0m120 0h2000"
#: The thing that stands for a topic, by the topic's slug. It comes from how the answers speak, never from the subject.
_OF_TOPICS = {
    "desire": "kettle",
    "pain": "door",
    "bodies": "hem",
    "contraception": "calendar",
    "infections": "candle",
    "pregnancy-and-after": "hose",
    "menopause": "cup",
    "erections": "vane",
    "relationships": "lamp",
    "first-times": "key",
    "waking": "lamp",
    "tablets": "cup",
    "breath-and-legs": "vane",
    "shifts": "calendar",
}
#: For topics that have none of their own.
ANY_TOPIC = "letter"
NAMES = frozenset(path.stem for path in _FOLDER.glob("*.svg"))


@dataclass(frozen=True)
class Drawing:
    """The data of the two paths, and the ``viewBox``."""

    box: str
    tint: str
    stroke: str


@functools.cache
def read(name: str) -> Drawing:
    """The drawing of that name (one of ``NAMES``); ``KeyError`` for another name."""
    if name not in NAMES:
        raise KeyError(name)
    root = ElementTree.fromstring((_FOLDER / f"{name}.svg").read_text("utf-8"))  # noqa: S314  # nosec B314 - our files
    tint, stroke = (path.attrib["d"] for path in root.iter(_PATH))
    return Drawing(root.attrib["viewBox"], tint, stroke)


def of_topic(slug: str) -> str:
    """The name of the drawing of a topic."""
    return _OF_TOPICS.get(slug, ANY_TOPIC)


@functools.cache
def inline(name: str) -> SafeString:
    """The drawing as SVG for a page. It says nothing that the text does not, so screen readers pass over it."""
    drawing = read(name)
    nib = name == "nib"
    return format_html(
        '<svg class="draw{}" viewBox="{}" aria-hidden="true" focusable="false"><path class="t" d="{}"/>'
        '<path class="d" d="{}"/></svg>',
        " nib" if nib else "",
        drawing.box,
        drawing.tint,
        drawing.stroke if nib else drawing.stroke + _RUN_ON,
    )


@functools.cache
def put_down() -> SafeString:
    """The pen where it was put down, below the sign-off: the line comes to it from the left."""
    drawing = read("nib")
    return format_html(
        '<svg class="draw nib" viewBox="{}" aria-hidden="true" focusable="false"><path class="t" d="{}"/>'
        '<path class="d" d="M-2000 21H0{}"/></svg>',
        drawing.box,
        drawing.tint,
        drawing.stroke.removeprefix("M0 21"),
    )
