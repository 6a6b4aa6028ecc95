"""Client addresses: the network that one belongs to, and a name for it under a key. The address is kept nowhere."""

import hashlib
import hmac
import ipaddress


def network(address: str) -> str:
    """The /24 (IPv4) or /64 (IPv6) of a client's address as text; ``::/64`` where the text is no address."""
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:  # a socket, or a proxy that names none
        found = ipaddress.ip_address("::")
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 64), strict=False))


def blurred(address: str, *, key: str) -> str:
    """A name of 32 hexadecimal digits for the network of the address: an HMAC under ``key``, without which it says
    nothing."""
    return hmac.new(key.encode(), network(address).encode(), hashlib.sha256).hexdigest()[:32]
