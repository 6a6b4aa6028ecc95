"""What the tests of the writing desk share: people at the desk, what they press, and what the database is asked."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from columns.models import Column
from inbox import vault
from inbox.models import DRAFT_FIELDS, Draft, User
from inbox.workflow import Role
from tests import factories
from tests.reader import forms

#: Harmful text as a letter or a draft may hold it, and how a page must show it.
HARMFUL = "<script>alert('steady')</script> \"><img src=x onerror=alert('steady')>"
HARMLESS = "&lt;script&gt;alert(&#x27;steady&#x27;)&lt;/script&gt; &quot;&gt;&lt;img src=x onerror="
_BOOKKEEPING = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


class Person:
    """Somebody at the desk of a column. ``page`` is what they see; ``response`` is how it came."""

    def __init__(self, column: Column, user: User) -> None:
        self.column, self.user, self.client = column, user, Client()
        self.client.force_login(user)
        self.response: Any = None

    @property
    def page(self) -> str:
        return str(self.response.content.decode())

    @property
    def status(self) -> int:
        return int(self.response.status_code)

    def open(self, path: str) -> str:
        self.response = self.client.get(address(self.column, path), follow=True)
        return self.page

    def post(self, path: str, data: dict[str, Any] | None = None, **how: Any) -> str:
        """Send a form and go where it leads."""
        self.response = self.client.post(address(self.column, path), data or {}, follow=True, **how)
        return self.page

    def fields(self, path: str) -> dict[str, str]:
        """The fields of the form on the page shown that leads to the path."""
        return forms(self.page)[address(self.column, path)]

    def edits(self, draft: Draft) -> dict[str, str]:
        """Open the editor; what its form would send if nothing were typed."""
        self.open(f"drafts/{draft.pk}/")
        return self.fields(f"drafts/{draft.pk}/")

    def autosaves(self, draft: Draft, data: dict[str, str]) -> dict[str, Any]:
        """Save as the script does."""
        path = address(self.column, f"drafts/{draft.pk}/")
        self.response = self.client.post(path, data, headers={"accept": "application/json"})
        return dict(self.response.json())

    def says(self) -> str:
        """The page as read: without tags, spaces made one."""
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", self.page)).split())


def address(column: Column, path: str) -> str:
    return f"/desk/{column.slug}/{path}"


def author(column: Column) -> Person:
    return Person(column, factories.someone(column, Role.AUTHOR))


def reviewer(column: Column) -> Person:
    return Person(column, factories.someone(column, Role.REVIEWER))


def statuses(column: Column, path: str, *roles: Role, post: dict[str, str] | None = None) -> dict[str, int]:
    """What somebody not signed in, somebody with every seat elsewhere, and holders of one seat each are answered."""
    elsewhere = factories.make_user("elsewhere", factories.make_column(), *Role)
    people = {"nobody": Client(), "elsewhere": Person(column, elsewhere).client}
    people |= {role.value: Person(column, factories.someone(column, role)).client for role in roles}
    send = (lambda one: one.get) if post is None else (lambda one: one.post)
    found = {}
    for who, client in people.items():
        response = send(client)(address(column, path), post or {})
        found[who] = response.status_code
        if who == "nobody":
            assert response.headers["Location"].startswith("/accounts/login/")
    return found


def refused_methods(column: Column, path: str, *methods: str, by: Person | None = None) -> set[int]:
    """The statuses of requests with these methods, by an author."""
    client = (by or author(column)).client
    return {client.generic(method, address(column, path)).status_code for method in methods}


def queries(act: Callable[[], object]) -> int:
    """How many statements the act takes, transactions aside; with a session that was seen just before."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return sum(not query["sql"].startswith(_BOOKKEEPING) for query in captured.captured_queries)


def words_of(draft: Draft) -> dict[str, str]:
    """The newest words, as they are kept."""
    draft.refresh_from_db()
    words = vault.desk().open(draft.newest())
    return {name: str(words[name]) for name in DRAFT_FIELDS}


def harmful_draft(column: Column, **more: Any) -> Draft:
    """A draft with harmful text in each part, of a letter with harmful text."""
    words = dict.fromkeys(DRAFT_FIELDS, HARMFUL)
    letter = {"text": f"{factories.LETTER_TEXT} {HARMFUL}", "pen_name": HARMFUL[:80]}
    return factories.make_draft(column, words=words, **{**letter, **more})


def is_harmless(page: str) -> bool:
    """Whether no harmful text came through as a tag."""
    return "<script>alert" not in page and "<img src=x" not in page
