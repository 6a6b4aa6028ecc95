"""What Tor's program says of the connections that it hands on to an onion service."""


def circuit(number: int) -> str:
    """The address under which a circuit is announced."""
    return f"fc00:dead:beef:4dad::{number >> 16:x}:{number & 0xFFFF:x}"


def announced(address: str) -> bytes:
    """What stands in front of a connection (``HiddenServiceExportCircuitID haproxy``)."""
    return f"PROXY TCP6 {address} ::1 65535 80\r\n".encode()
