"""The page number of paginated lists."""

from django.http import HttpRequest


def page_number(request: HttpRequest) -> int:
    """Return the page number in the query string; 1 where it has none, or an invalid one."""
    number = request.GET.get("page", "1")
    return int(number) if number.isascii() and number.isdecimal() and 0 < len(number) < 6 and int(number) else 1
