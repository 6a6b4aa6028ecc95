"""Client addresses, only ever as an HMAC under a key that lives in the cache for half an hour and nowhere else."""

import hashlib
import hmac
import ipaddress
import secrets

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

KEY_LASTS = 30 * 60


def blurred(request: HttpRequest) -> str:
    """A name for the network that the request came from (its /24 or /64), good for half an hour; never the address."""
    raw = request.headers.get(settings.CLIENT_ADDRESS_HEADER) if settings.CLIENT_ADDRESS_HEADER else None
    try:
        address = ipaddress.ip_address((raw or request.META.get("REMOTE_ADDR") or "::").strip())
    except ValueError:  # a socket, or a proxy that names none
        address = ipaddress.ip_address("::")
    prefix = ipaddress.ip_network((address, 24 if address.version == 4 else 64), strict=False)
    key = cache.get_or_set("address-key", secrets.token_hex, KEY_LASTS)
    return hmac.new(str(key).encode(), str(prefix).encode(), hashlib.sha256).hexdigest()[:32]
