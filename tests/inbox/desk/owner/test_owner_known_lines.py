"""National help lines to choose from."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from columns import help_lines
from columns.models import Column, HelpLine
from inbox.models import ColumnEvent, User

SignIn = Callable[[User], Client]
BASE = "/desk/plain/owner/help-lines/national/"
CHOSEN = ["NZ 1737 Need to talk?", "NZ Women’s Refuge crisis line"]


def test_each_line_is_shown_with_its_sources_and_their_day(column: Column, owner: User, signed_in: SignIn) -> None:
    page = signed_in(owner).get(BASE).text
    for line in help_lines.known():
        assert f'value="{line.key.replace("&", "&amp;")}"' in page
        for address, _dated in line.sources:
            assert f'href="{address}"' in page
    assert "Looked up on 30 November 2026: sources" in page


def test_those_that_are_ticked_are_added_once(column: Column, owner: User, signed_in: SignIn) -> None:
    client = signed_in(owner)
    assert "2 lines are added." in client.post(BASE, {"line": [*CHOSEN, "XX nobody"]}, follow=True).text
    added = HelpLine.objects.filter(column=column, country="NZ")
    assert [(one.name, one.number, one.concerns) for one in added] == [
        ("1737 Need to talk?", "1737", "self_harm"),
        ("Women’s Refuge crisis line", "0800 733 843", "abuse coercion"),
    ]
    assert ColumnEvent.objects.filter(verb="add_help_line", by=owner).count() == 2
    assert client.get(BASE).text.count("in your column") == 2
    again = client.post(BASE, {"line": CHOSEN})
    assert again.status_code == 409
    assert added.count() == 2
    assert "1737 Need to talk?" in Client().get("/plain/before-you-write/").text


def test_without_a_tick_nothing_is_added(column: Column, owner: User, signed_in: SignIn) -> None:
    response = signed_in(owner).post(BASE)
    assert response.status_code == 409
    assert "Tick at least one line" in response.text
    assert HelpLine.objects.filter(column=column).count() == 1


def test_wrong_method(column: Column, owner: User, signed_in: SignIn) -> None:
    assert signed_in(owner).delete(BASE).status_code == 405
