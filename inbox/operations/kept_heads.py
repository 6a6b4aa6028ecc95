"""The file of heads that is kept where nobody who can write to the database can: one root over all, and what finds the
chain that is not what it was (``audit_chain.broken``)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import IO

from inbox.operations import audit_chain
from inbox.operations.audit_chain import Kept


def write_heads(file: IO[str]) -> int:
    """Write the root over all heads, and for each chain a line by which a later ``broken`` finds it; returns how many.
    Keyed names and hashes and numbers, nothing else."""
    found = audit_chain.heads()
    file.write(json.dumps({"root": audit_chain.over(found)}) + "\n")
    named = sorted((audit_chain.name(one.kind, one.subject), one.upto, one.head[:16]) for one in found)
    file.writelines(json.dumps({"chain": name, "upto": upto, "head": begins}) + "\n" for name, upto, begins in named)
    return len(found)


def read_heads(file: Iterable[str]) -> Kept:
    """What ``write_heads`` wrote. Raises ``ValueError`` where a line is not one of its lines."""
    root, chains = "", {}
    for number, line in enumerate(file, start=1):
        said = json.loads(line)
        try:
            if number == 1:
                root = str(said["root"])
                int(root, 16)
            elif type(said["upto"]) is int:
                chains[str(said["chain"])] = (said["upto"], str(said["head"]))
            else:
                raise ValueError
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"line {number} is no line of heads; a file of an earlier version fits that alone"
            ) from error
    if not root:
        raise ValueError("it is empty")
    return Kept(root, chains)
