"""What is compressed on its way: each address of the map, and the files beside the pages.

The length of a compressed page says something of a secret that stands beside text which somebody else chose (BREACH).
So a page with a token, a receipt, or the words of anybody goes out as it is; all others are compressed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from columns.models import Column
from inbox.writer import urls as letter_path
from tests import factories
from tests.config.test_headers import as_in_production, paths, people
from tests.reader import Reader

#: Pages of the letter's path without a token, a receipt or anybody's words.
OPEN = ("before", "helped", "privacy")
#: Bytes from which a page is surely shorter compressed; below, ``django.middleware.gzip`` may leave it as it is.
WORTH = 400
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def is_open(path: str) -> bool:
    """Whether nothing on the page is a secret: the column, and the pages of the letter's path named above."""
    if path.startswith(("/desk/", "/accounts/")):
        return False
    others = [one for one in letter_path.urlpatterns if one.name not in OPEN]
    closed = [str(one.pattern).replace("<slug:column>", "plain") for one in others]
    return path.lstrip("/") not in closed


def test_each_address_is_compressed_or_not_by_what_stands_on_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, column: Column
) -> None:
    factories.make_article(column)
    wrong: list[str] = []
    compressed, plain = set[str](), set[str]()
    with as_in_production(monkeypatch, tmp_path, "both"):
        for client in people(column, "both"):
            for path in paths():
                for method in ("get", "post"):
                    answer: Any = getattr(client, method)(path, headers=GZIP)
                    packed = answer.headers.get("Content-Encoding") == "gzip"
                    (compressed if packed else plain).add(path)
                    if packed and not is_open(path):
                        wrong.append(f"{method} {path}: compressed")
                    if answer.status_code == 200 and is_open(path) and not packed and len(answer.content) >= WORTH:
                        wrong.append(f"{method} {path}: {len(answer.content)} bytes as they are")
    assert wrong == []
    assert {"/plain/", "/plain/archive/", "/plain/feed.atom", "/plain/before-you-write/", "/privacy/"} <= compressed
    assert {"/plain/write/", "/plain/letter/", "/desk/plain/inbox/", "/accounts/login/"} <= plain


def test_a_letter_and_its_receipt_go_out_as_they_are(column: Column) -> None:
    reader = Reader(accept_encoding=GZIP["Accept-Encoding"])
    seen = []
    for act in (
        lambda: reader.open("write/"),
        reader.write,
        lambda: reader.press("write/send/"),
        lambda: reader.find(reader.receipt()),
        lambda: reader.press("letter/open/"),
    ):
        act()
        seen.append((reader.response.status_code, reader.response.headers.get("Content-Encoding")))
    assert seen == [(200, None)] * 5


def test_files_lie_compressed_beside_themselves(settings: Any, tmp_path: Path) -> None:
    """For the program itself, and for nginx, which compresses nothing and only gives what lies there."""
    settings.STATIC_ROOT = str(tmp_path)
    hashed = {"BACKEND": "config.static_files.HashedStaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": hashed}
    call_command("collectstatic", "--noinput", verbosity=0)
    files = [file for file in tmp_path.rglob("*") if file.suffix in (".css", ".js") and file.stat().st_size > WORTH]
    assert [file.name for file in files if not Path(f"{file}.gz").exists()] == []
    assert len(files) > 20
    rules = (Path(settings.BASE_DIR) / "deploy" / "nginx" / "static.conf").read_text()
    assert rules.count("gzip_static on;") == rules.count("alias /srv/static/")
