"""What a bookmark, a history, a tab or somebody who looks over a shoulder can read on any page of the letter's path."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from columns.models import Column
from inbox.letters.intake import Taken
from inbox.writer import urls
from tests.reader import Reader

FOLDER = Path(settings.BASE_DIR) / "templates" / "writer"
#: A public page of the site as a whole, which readers of the column open too, and the readers' search.
NOT_OF_THE_PATH = {"privacy", "search"}
PAGES = sorted(
    path.name for path in FOLDER.glob("*.html") if not path.name.startswith("_") and path.stem not in NOT_OF_THE_PATH
)
PATTERNS = [pattern for pattern in urls.urlpatterns if pattern.name not in NOT_OF_THE_PATH]
TITLE = "<title>Notes</title>"


def visited(writer: Taken) -> dict[str, str]:
    """The pages of the path, those that refuse something too."""
    seen: dict[str, str] = {}
    reader = Reader()

    def keep(name: str, page: str) -> None:
        seen[name] = page

    for path in ("before-you-write/", "write/", "letter/"):
        keep(path, reader.open(path))
    keep("check", reader.write())
    keep("sent", reader.press("write/send/"))
    receipt = reader.receipt()
    keep("kept", reader.press("write/kept/", last_group=receipt[-6:]))
    keep("found", reader.find(receipt))
    keep("your letter", reader.press("letter/open/"))
    keep("reply", reader.press("letter/reply/", text="One thing more."))
    keep("allow", reader.press("letter/allow/", consent="light"))
    keep("withdraw without the tick", reader.press("letter/withdraw/"))
    keep("change", reader.press("letter/change/"))
    keep("miss", reader.find(writer.receipt[::-1]))
    keep("closed", reader.post("letter/open/", {"token": "00"}))
    keep("expired", reader.post("write/kept/", {"token": "00"}))
    keep("refused", reader.post("letter/", {}, headers={"sec-fetch-site": "cross-site"}))
    keep("nowhere", Reader("nowhere").open("write/"))
    Column.objects.update(intake_open=False)
    keep("paused", reader.open("write/"))
    return seen


def test_title_and_icon_are_neutral_everywhere(column: Column, writer: Taken) -> None:
    for name, page in visited(writer).items():
        wrong = name in ("withdraw without the tick", "miss")
        title = TITLE.replace("Notes", "Error: Notes") if wrong else TITLE
        assert re.findall(r"<title>.*?</title>", page, re.DOTALL) == [title], name
        icons = re.findall(r'<link rel="icon" href="([^"]+)"', page)
        assert len(icons) == 1
        assert re.fullmatch(r"/static/icon-plain(\.\w+)?\.svg", icons[0]), name
        assert "og:title" not in page
        assert 'name="description"' not in page
        assert 'rel="canonical"' not in page
        assert "application/ld+json" not in page


def test_every_page_has_a_masthead_help_and_a_way_on(column: Column, writer: Taken) -> None:
    for name, page in visited(writer).items():
        assert re.search(r'class="path-home" href="/(plain/)?"', page), name
        assert "Night Line" in page or "emergency number" in page, name
        main = page[page.index("<main") : page.index("</main>")]
        assert re.search(r'<a class="(button|also)|<button class="button', main), name


def test_the_icon_holds_no_word() -> None:
    icon = (Path(settings.BASE_DIR) / "static" / "icon-plain.svg").read_text()
    assert "<text" not in icon
    assert "<title" not in icon


def test_the_way_out_is_on_every_page_without_a_script(column: Column, writer: Taken) -> None:
    for name, page in visited(writer).items():
        link = re.search(r'<nav class="exit".*?<a href="([^"]+)" rel="([^"]+)"', page, re.DOTALL)
        assert link, name
        assert link[1] == settings.EXIT_URL
        assert "noreferrer" in link[2]
        # the first thing that the keyboard reaches after the way to the text and the column's own name
        assert page.index('class="exit"') < page.index("<main")


@pytest.mark.parametrize("name", PAGES)
def test_every_template_of_the_path_is_such_a_page(name: str) -> None:
    source = (FOLDER / name).read_text()
    assert source.startswith('{% extends "writer/_page.html" %}')
    assert "block title" not in source
    assert "block header" not in source
    assert get_template(f"writer/{name}")


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: str(pattern.name))
def test_a_bookmark_shows_a_beginning_and_help_but_nothing_of_a_letter(
    column: Column, writer: Taken, pattern: object
) -> None:
    path = str(getattr(pattern, "pattern", "")).removeprefix("<slug:column>/")
    reader = Reader()
    reader.client.get(f"/plain/{path}")
    response = reader.client.get(f"/plain/{path}", follow=True)
    page = response.content.decode()
    assert response.status_code == 200
    assert TITLE in page
    assert "Night Line" in page
    assert writer.receipt not in page
    assert "Your letter as you sent it" not in page
