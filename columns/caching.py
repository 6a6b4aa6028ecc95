"""HTTP caching of the public pages: by any cache, for a minute."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from columns import language

_View = Callable[..., HttpResponseBase]

#: Seconds. A scheduled article must be visible within this time, and a taken-down one gone.
FRESH = 60


def for_everybody(view: _View) -> _View:
    """A decorator for GET and HEAD views with the same response for everybody: cached for a minute, ETag, compression.

    The view is called with the site's language active and may activate the column's.

    Compression is safe here, since the page has no secret that could be guessed from its length.
    """

    @functools.wraps(view)
    def in_one_language(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with language.site_language():
            return view(request, *args, **kwargs)

    return require_safe(gzip_page(conditional_page(cache_control(public=True, max_age=FRESH)(in_one_language))))
