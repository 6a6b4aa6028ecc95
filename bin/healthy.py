"""Asks a process of this container whether it is well; the exit status is the answer. Standard library only.

python bin/healthy.py web PORT     the web server answers and reaches its database python bin/healthy.py beat FILE
beat has started a task within the last two minutes
"""

import http.client
import os
import sys
import time
from pathlib import Path


def web(port: str) -> bool:
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=8)
    connection.request("GET", "/healthz", headers={"Host": host})
    return connection.getresponse().status == 200


def beat(schedule: str) -> bool:
    # the database module behind the schedule may add an ending of its own
    file = Path(schedule)
    written = [found.stat().st_mtime for found in file.parent.glob(file.name + "*")]
    return bool(written) and time.time() - max(written) < 120


if __name__ == "__main__":
    what, where = sys.argv[1:]
    sys.exit(0 if {"web": web, "beat": beat}[what](where) else 1)
