"""Lists of the desk that are shown page by page."""

from django.http import HttpRequest


def page_number(request: HttpRequest) -> int:
    """Which page is asked for; the first where the address says nothing of use."""
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 6 and int(asked) else 1
