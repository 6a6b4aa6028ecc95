"""How a page of the column may be kept by others: by everybody, for a minute."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

_View = Callable[..., HttpResponseBase]

#: Seconds. A scheduled article must be out within this time of its minute, and a taken-down one gone.
FRESH = 60


def for_everybody(view: _View) -> _View:
    """Answer GET and HEAD alone, the same to everybody: kept for a minute, asked again by ETag, compressed on the way.

    Compression is safe here, since such a page holds no secret that could be guessed from its length.
    """
    return require_safe(gzip_page(conditional_page(cache_control(public=True, max_age=FRESH)(view))))
