"""The preview is the published page, of words that are not published."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from columns.models import Column
from columns.text import anatomy, prose
from inbox.editorial import publishing
from inbox.keys.vault import Vault
from inbox.models import DRAFT_FIELDS, Draft, User
from inbox.workflow import DraftStatus
from tests import factories
from tests.access_checks import client_of

MARKUP = "<script>alert(1)</script> & <b>words</b>"


def path(draft: Draft) -> str:
    return reverse("desk:draft_preview", args=[draft.column.slug, draft.pk])


def article_of(html: str) -> str:
    found = re.search(r"<article.*?</article>", html, re.DOTALL)
    assert found
    return found[0]


@pytest.fixture
def draft(column: Column, author: User) -> Draft:
    return factories.make_draft(column)


@pytest.fixture
def client(author: User) -> Client:
    return client_of(author)


def test_shows_the_saved_text(draft: Draft, client: Client, column: Column) -> None:
    shown = client.get(path(draft)).content.decode()
    assert "Nothing is wrong with you." in shown
    assert column.sign_off in shown
    assert column.author.name in shown


def test_shows_the_words_that_are_sent_and_saves_none(draft: Draft, client: Client) -> None:
    response = client.post(path(draft), {"headline": "Not saved", "answer": "## A heading\n\nWith *words*."})
    shown = response.content.decode()
    assert response.status_code == 200
    assert "Not saved" in shown
    assert '<h2 id="s-a-heading">A heading</h2>' in shown
    assert draft.versions.count() == draft.latest


@pytest.mark.parametrize("kinds", [[], ["abuse", "minor"]])
@pytest.mark.parametrize("status", [DraftStatus.APPROVED, DraftStatus.SCHEDULED])
def test_is_the_article_as_it_will_be_published(
    column: Column, author: User, at: dt.datetime, keys: Vault, status: DraftStatus, kinds: list[str]
) -> None:
    column.help_lines.create(name="Safe House", number="555 0199", concerns="abuse")
    answer = "Nothing is wrong.[^1]\n\n## When to be concerned\n\n- If it *bleeds*.\n\n[^1]: A [source](https://example.org/a)."
    words: dict[str, Any] = {
        "answer": answer,
        "content_note": "It is about pain.",
        "question": "Is it > normal?\n\n> Quoted.",
    }
    words |= {"help_kinds": kinds}
    draft = factories.make_draft(column, status, words=words)
    Draft.objects.filter(pk=draft.pk).update(care=True)
    if status == DraftStatus.SCHEDULED:
        draft = factories.make_draft(column, DraftStatus.APPROVED, words=words)
    before = article_of(client_of(author).get(path(draft)).content.decode())
    draft.refresh_from_db()
    article = publishing.publish(draft, by=author, at=at, publish_at=at, slug="the-one", keys=keys)
    after = article_of(Client().get(article.get_absolute_url()).content.decode())
    assert before == after
    assert "Reviewed by" in after
    assert after.count('id="care"') == (1 if kinds else article.care)
    if kinds:
        assert after.index("If it <em>bleeds</em>") < after.index("Safe House") < after.index("https://example.org/a")


def test_the_words_of_a_draft_stay_in_no_memory(draft: Draft, client: Client) -> None:
    kept = [prose._render_in, prose.render_question, anatomy._read_in]
    for cached in kept:
        cached.cache_clear()
    client.get(path(draft))
    client.post(path(draft), {"question": "Secret?", "answer": "Secret."})
    assert [cached.cache_info().currsize for cached in kept] == [0, 0, 0]


def test_help_lines_are_those_that_are_ticked(draft: Draft, client: Client, column: Column) -> None:
    column.help_lines.create(name="Safe House", number="555 0199", concerns="abuse")
    sent = {"answer": "So.", "help_kinds": ["abuse", "<script>alert(1)</script>"]}
    framed = article_of(client.post(path(draft), sent).text)
    assert "Safe House" in framed
    assert "<script" not in framed
    assert "Night Line" not in framed
    assert "Night Line" in article_of(client.post(path(draft), {"answer": "So.", "care": "on"}).text)
    assert "Night Line" not in article_of(client.post(path(draft), {"answer": "So."}).text)


def test_words_are_escaped(draft: Draft, client: Client) -> None:
    # in its frame; alone it has the scripts that empty it, and none of its words
    typed, framed = dict.fromkeys(DRAFT_FIELDS, MARKUP), {"Sec-Fetch-Dest": "iframe"}
    shown = client.post(path(draft), typed, headers=framed).content.decode()
    assert "<script" not in shown
    alone = client.post(path(draft), typed).text
    assert alone.count("<script") == alone.count('<script type="module" src="/static/desk/') >= 1
    assert "<b>words" not in shown
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= len(DRAFT_FIELDS)


def test_the_desk_alone_may_frame_it(draft: Draft, client: Client) -> None:
    for headers in (client.get(path(draft)).headers, client.post(path(draft), {"answer": "x"}).headers):
        assert headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"


def test_other_methods_are_refused(draft: Draft, client: Client) -> None:
    assert client.delete(path(draft)).status_code == 405
