"""Password hashes of an earlier version, or of a site that was moved here, which this version cannot check."""

from __future__ import annotations

from django.contrib.auth.hashers import identify_hasher, is_password_usable

from inbox.models import User


def not_checked() -> dict[int, str]:
    """Active people, by id, with their names, whose password is of a kind that no hasher of ``PASSWORD_HASHERS`` can
    check: each of their sign-ins is refused, as with a wrong password. Those without a password are not among them.

    No other column is read: the question is asked before migrations too.
    """
    people = User.objects.filter(is_active=True).order_by("name").values_list("pk", "name", "password")
    return {pk: name for pk, name, encoded in people if is_password_usable(encoded) and not _known(encoded)}


def _known(encoded: str) -> bool:
    try:
        identify_hasher(encoded)
    except ValueError:
        return False
    return True
