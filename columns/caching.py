"""How a page of the column may be kept by others: by everybody, for a minute."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from columns import language

_View = Callable[..., HttpResponseBase]

#: Seconds. A scheduled article must be out within this time of its minute, and a taken-down one gone.
FRESH = 60


def for_everybody(view: _View) -> _View:
    """Answer GET and HEAD alone, the same to everybody: kept for a minute, asked again by ETag, compressed on the way.

    The view begins in the site's language and may activate its column's.

    Compression is safe here, since such a page holds no secret that could be guessed from its length.
    """

    @functools.wraps(view)
    def in_one_language(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with language.site_language():
            return view(request, *args, **kwargs)

    return require_safe(gzip_page(conditional_page(cache_control(public=True, max_age=FRESH)(in_one_language))))
