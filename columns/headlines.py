"""The two parts of a headline: the question, and the author's angle ("A nurse's perspective")."""

from __future__ import annotations

import re

#: "question: angle" and "question? Angle"; the full-width and the Arabic signs need no space after them.
_TWO_PARTS = re.compile(r"(.+?(?:[?:](?=\s)|[？؟：]))\s*(\S.*)", re.DOTALL)


def parts(headline: str) -> tuple[str, str]:
    """The question, with the sign at its end, and the angle; "" for a headline without one."""
    both = _TWO_PARTS.fullmatch(headline)
    return (both[1], both[2]) if both else (headline, "")
