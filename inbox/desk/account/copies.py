"""The keys for unsent words that a page of the desk keeps in the browser (``static/desk/kept_copy.js``)."""

from __future__ import annotations

import base64

from django.http import HttpRequest, JsonResponse

from inbox.desk import session
from inbox.desk.guard import Person, desk_view

#: The longest name of a box.
_LONGEST = 100


@desk_view("POST")
def copy_key(request: HttpRequest, person: Person) -> JsonResponse:
    """The key for the box that is named; the browser alone keeps what is sealed under it."""
    key = session.copy_key(request, request.POST.get("place", "")[:_LONGEST])
    if key is None:
        return JsonResponse({}, status=403)
    return JsonResponse({"key": base64.b64encode(key).decode()})
