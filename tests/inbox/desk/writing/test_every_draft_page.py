"""What holds for every address of the writing desk and of the second reading."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from columns.models import Article, Column
from inbox.models import Draft, Review
from inbox.workflow import DraftStatus, Role
from tests import factories
from tests.access_checks import client_of

#: Names of addresses below one draft, with what stands behind it there, and the method that they take first.
ADDRESSES = [
    ("draft", (), "get"),
    ("draft_preview", (), "get"),
    ("draft_versions", (), "get"),
    ("draft_restore", (1,), "post"),
    ("draft_letters", (), "post"),
    ("draft_move", ("shelve",), "post"),
    ("publish", (), "get"),
    ("reschedule", (), "get"),
    ("correct", (), "get"),
    ("correction", (), "get"),
    ("take_down", (), "get"),
    ("review", (), "get"),
    ("review_text", (), "get"),
]
SENT = {"base": "2", "answer": "Not mine.", "when": "now", "slug": "not-mine", "decision": "approve", "version": "2"}
IN_FRAMES = {"draft_preview", "review_text"}
WITH_FRAMES = {"draft", "review"}


@pytest.fixture
def client(column: Column) -> Client:
    """Somebody with every seat of the column, who has written on none of its drafts."""
    factories.someone(column, Role.AUTHOR)
    factories.someone(column, Role.REVIEWER)
    return client_of(factories.make_user("everything", column, *Role))


@pytest.mark.parametrize(("name", "more", "method"), ADDRESSES)
def test_a_draft_of_another_column_is_not_there(
    client: Client, other_column: Column, name: str, more: tuple[object, ...], method: str
) -> None:
    theirs = factories.make_draft(other_column, DraftStatus.IN_REVIEW)
    for draft_id in (theirs.pk, uuid.uuid4()):
        path = reverse(f"desk:{name}", args=["plain", draft_id, *more])
        assert getattr(client, method)(path, SENT).status_code == 404
        assert client.post(path, SENT).status_code in (404, 405)
    theirs.refresh_from_db()
    assert (theirs.status, theirs.latest) == (DraftStatus.IN_REVIEW, 2)
    assert not Review.objects.exists()
    assert not Article.objects.exists()


@pytest.mark.parametrize(("name", "more", "method"), [one for one in ADDRESSES if one[2] == "get"])
def test_frames(column: Column, client: Client, name: str, more: tuple[object, ...], method: str) -> None:
    """Two pages may stand in a frame, of the desk itself; the pages that show them hold one; all others do neither."""
    draft = factories.make_draft(column, DraftStatus.IN_REVIEW)
    response = client.get(reverse(f"desk:{name}", args=["plain", draft.pk, *more]))
    policy = response.headers["Content-Security-Policy"]
    assert response.status_code == 200
    assert ("frame-src 'self'" in policy) == (name in WITH_FRAMES)
    assert "frame-ancestors 'self'" in policy if name in IN_FRAMES else "frame-ancestors 'none'" in policy
    assert response.headers["X-Frame-Options"] == ("SAMEORIGIN" if name in IN_FRAMES else "DENY")
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["drafts", "reviews"])
def test_lists_neither_stand_in_frames_nor_hold_one(column: Column, client: Client, name: str) -> None:
    response = client.get(reverse(f"desk:{name}", args=["plain"]))
    policy = response.headers["Content-Security-Policy"]
    assert "frame-src" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(("name", "more", "method"), ADDRESSES)
def test_posts_need_their_token(
    column: Column, client: Client, name: str, more: tuple[object, ...], method: str
) -> None:
    draft = factories.make_draft(column)
    client.handler.enforce_csrf_checks = True
    path = reverse(f"desk:{name}", args=["plain", draft.pk, *more])
    assert client.post(path, SENT, headers={"accept": "application/json"}).status_code in (403, 405)
    draft.refresh_from_db()
    assert (draft.status, draft.latest) == (DraftStatus.WRITING, 2)


@pytest.mark.parametrize("base", ["", "-1", "0", "1", "3", "x", "9" * 20])
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_a_base_that_is_not_the_newest_saves_nothing(column: Column, client: Client, base: str, accept: str) -> None:
    draft = factories.make_draft(column)
    path = reverse("desk:draft", args=["plain", draft.pk])
    response = client.post(path, {"base": base, "answer": "Kept on the page."}, headers={"accept": accept})
    assert response.status_code in (400, 409)
    if accept == "text/html":
        assert "Kept on the page.</textarea>" in response.content.decode()
    draft.refresh_from_db()
    assert draft.latest == 2


@pytest.mark.parametrize(("field", "longest"), [("question", 20_000), ("answer", 60_000), ("pen_name", 80)])
def test_a_part_may_be_so_long_and_no_longer(column: Column, client: Client, field: str, longest: int) -> None:
    draft = factories.make_draft(column)
    path = reverse("desk:draft", args=["plain", draft.pk])
    for length, status, latest in ((longest + 1, 400, 2), (longest, 302, 3)):
        assert client.post(path, {"base": "2", field: "x" * length}).status_code == status
        assert Draft.objects.get(pk=draft.pk).latest == latest


def test_an_owner_who_takes_down_sees_no_word_of_a_letter(column: Column) -> None:
    secret = "A sentence that only the desk should ever read, quite long enough."
    draft = factories.make_draft(column, DraftStatus.PUBLISHED, text=secret)
    client = client_of(factories.someone(column, Role.OWNER))
    path = reverse("desk:take_down", args=["plain", draft.pk])
    for response in (client.get(path), client.post(path), client.post(path)):
        assert secret not in response.content.decode()
    draft.refresh_from_db()
    assert draft.status == DraftStatus.TAKEN_DOWN
    assert client.get(client.post(path).request["PATH_INFO"]).status_code == 200
