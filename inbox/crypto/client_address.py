"""Client addresses: the network of an address, and a pseudonym of that network under a key. No address is stored."""

import hashlib
import hmac
import ipaddress


def network(address: str) -> str:
    """The /24 (IPv4) or /64 (IPv6) of a client's address as text; ``::/64`` where the text is no address."""
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:  # a Unix socket, or a proxy that sends no address
        found = ipaddress.ip_address("::")
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 64), strict=False))


def blurred(address: str, *, key: str) -> str:
    """The pseudonym of the address's network, 32 hexadecimal digits: HMAC-SHA256 under ``key``. Without the key the
    network cannot be found from the pseudonym."""
    return hmac.new(key.encode(), network(address).encode(), hashlib.sha256).hexdigest()[:32]
