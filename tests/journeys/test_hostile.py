"""Hostile strings through every form and every page: no error, nothing lost, nothing unescaped."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from columns.models import Column
from inbox.editorial import drafts, publishing
from inbox.letters import intake
from inbox.models import Letter, User
from tests import factories, hostile
from tests.reader import Reader

#: Each string; those that a database could take amiss on both databases.
EACH = [
    pytest.param(text, id=str(number), marks=pytest.mark.databases if text in hostile.FOR_A_DATABASE else ())
    for number, text in enumerate(hostile.STRINGS)
]


def unescaped(page: str) -> list[str]:
    """Markup that came from one of the strings."""
    return re.findall(
        r"<script>|<img[^>]*onerror|<[^>]+\shref=[\"']?javascript:|</textarea><script|<!-- -->", page, re.IGNORECASE
    )


def sound(page: str, status: int) -> None:
    assert status < 500
    assert unescaped(page) == []


@pytest.mark.parametrize("text", EACH)
def test_from_a_letter_to_its_article(
    column: Column, moderator: User, author: User, reviewer: User, signed_in: Callable[[User], Client], text: str
) -> None:
    # a browser sends what UTF-8 can say
    sent = text.encode("utf-8", "replace").decode()
    reader = Reader()
    receipt = reader.send(
        text=hostile.letter(sent), pen_name=sent[:60], pronoun=sent[:30], country=sent[:50], consent="light"
    )
    assert unescaped(reader.page) == []
    reader.find(receipt)
    page = reader.press("letter/open/")
    assert unescaped(page) == []
    kept = factories.desk_keys().open(Letter.objects.get())["text"]
    assert kept == intake.tidy(hostile.letter(sent)).strip()
    assert html.escape(kept.split("\n")[0]).replace("&#x27;", "&#x27;") in page.replace("&#39;", "&#x27;")
    said = reader.press("letter/reply/", text=sent + " and more")
    assert unescaped(said) == []

    letter = Letter.objects.get()
    base, keys, at = f"/desk/plain/letters/{letter.pk}/", factories.desk_keys(), timezone.now()
    desk = signed_in(moderator)
    for path in ("/desk/", "/desk/plain/inbox/", base, base + "decline/"):
        response = desk.get(path)
        sound(response.content.decode(), response.status_code)
    for path, fields in (
        ("note/", {"note-text": sent}),
        ("ask/", {"ask-text": "A question: " + sent}),
        ("decline/", {"text": hostile.letter(sent), "step": "preview"}),
        ("move/shortlist/", {"view": sent, "next": sent}),
    ):
        response = desk.post(base + path, fields, follow=True)
        sound(response.content.decode(), response.status_code)
    letter.refresh_from_db()
    assert letter.status == "shortlisted"

    draft = drafts.start(column, [letter], by=author, at=at, keys=keys)
    writing = signed_in(author)
    place = f"/desk/plain/drafts/{draft.pk}/"
    fields = {
        "headline": ("Is it? " + sent)[:190],
        "standfirst": sent[:390] or "x",
        "content_note": sent[:190],
        "pen_name": sent[:70],
        "question": hostile.letter(sent),
        "answer": hostile.letter(sent),
        "base": str(draft.latest),
        "topic": "pain",
    }
    for path in ("", "preview/"):
        response = writing.post(place + path, fields, follow=True)
        sound(response.content.decode(), response.status_code)
    for path in ("", "preview/", "versions/", "publish/"):
        response = writing.get(place + path)
        sound(response.content.decode(), response.status_code)
    draft.refresh_from_db()
    assert keys.open(draft.newest())["answer"] == intake.tidy(hostile.letter(sent))
    publishing.send_for_review(draft, by=author, at=at, keys=keys)
    reading = signed_in(reviewer)
    response = reading.get(f"/desk/plain/reviews/{draft.pk}/")
    sound(response.content.decode(), response.status_code)
    response = reading.post(
        f"/desk/plain/reviews/{draft.pk}/",
        {"version": str(draft.latest), "decision": "approve", "summary": sent, "remark-answer-0": sent},
        follow=True,
    )
    sound(response.content.decode(), response.status_code)
    draft.refresh_from_db()
    assert draft.status == "approved"
    article = publishing.publish(draft, by=author, at=at, publish_at=at, slug="an-answer", keys=keys)
    for path in (
        article.get_absolute_url(),
        "/plain/",
        "/plain/archive/",
        "/plain/topics/pain/",
        "/plain/feed.atom",
        "/sitemap.xml",
    ):
        response = Client().get(path)
        assert response.status_code == 200
        assert unescaped(response.content.decode()) == []


@pytest.mark.parametrize("text", EACH)
def test_in_every_field_that_is_not_text(
    column: Column, moderator: User, signed_in: Callable[[User], Client], text: str
) -> None:
    sent = text.encode("utf-8", "replace").decode()
    reader, desk = Client(), signed_in(moderator)
    names = (
        "text",
        "receipt",
        "token",
        "page",
        "nonce",
        "action",
        "consent",
        "topic",
        "email",
        "last_group",
        "sure",
        "base",
        "version",
        "decision",
        "letters",
        "view",
        "next",
        "step",
        "age_band",
    )
    for path in (
        "write/",
        "write/send/",
        "write/kept/",
        "write/file/",
        "letter/",
        "letter/open/",
        "letter/reply/",
        "letter/withdraw/",
    ):
        response = reader.post(f"/plain/{path}", dict.fromkeys(names, sent))
        sound(response.content.decode(), response.status_code)
    for path in ("/plain/?page=", "/plain/topics/pain/?page=", "/plain/archive/?page=", "/plain/write/?x="):
        sound((response := reader.get(path + sent)).content.decode(), response.status_code)
    for path in ("/desk/plain/inbox/?page=", "/desk/plain/inbox/new/?page="):
        sound((response := desk.get(path + sent)).content.decode(), response.status_code)
