"""The column's own texts for letters to writers."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from columns.models import Column
from inbox.models import ColumnEvent, LetterTemplate, User
from inbox.workflow import LetterStatus
from tests import factories

SignIn = Callable[[User], Client]
BASE = "/desk/plain/owner/templates/"

BODY = "We are a small column {or so}, and these people answer now: {help lines}"


def add(client: Client, kind: str, title: str = "In our words") -> LetterTemplate:
    assert client.post(BASE, {"act": "add", "kind": kind, "title": title, "text": BODY}).status_code == 302
    return LetterTemplate.objects.get(kind=kind, title=title)


def test_a_decline_begins_with_the_columns_own_text_first(
    column: Column, owner: User, moderator: User, signed_in: SignIn
) -> None:
    own = add(signed_in(owner), "decline")
    letter = factories.make_letter(column, pen_name="Salt Water")
    page = signed_in(moderator).get(f"/desk/plain/letters/{letter.pk}/decline/").text
    assert page.index("In our words") < page.index("Too many letters")
    assert f"?text=own-{own.pk}" in page
    assert "Dear Salt Water," in page
    assert "We are a small column {or so}" in page
    assert "answer now: - Night Line: 555 0100" in page
    again = signed_in(moderator).get(f"/desk/plain/letters/{letter.pk}/decline/", {"text": "outside"}).text
    assert "a column cannot do that well" in again.replace("\n", " ")
    assert ColumnEvent.objects.get(by=owner).about == "In our words"


def test_answers_and_questions_begin_with_them_too(
    column: Column, owner: User, author: User, signed_in: SignIn
) -> None:
    reply, ask = add(signed_in(owner), "reply", "An answer"), add(signed_in(owner), "ask", "A question")
    letter = factories.make_letter(column, LetterStatus.SHORTLISTED)
    for name, own in (("reply", reply), ("ask", ask)):
        path = f"/desk/plain/letters/{letter.pk}/{name}/"
        empty = signed_in(author).get(path).text
        assert own.title in empty
        assert "small column" not in empty
        assert "small column" in signed_in(author).get(path, {"text": f"own-{own.pk}"}).text


def test_change_reorder_remove(column: Column, owner: User, signed_in: SignIn) -> None:
    client = signed_in(owner)
    first, second = add(client, "decline", "One"), add(client, "decline", "Two")
    client.post(BASE, {"act": "up", "item": second.pk})
    assert list(LetterTemplate.objects.values_list("title", flat=True)) == ["Two", "One"]
    client.post(BASE, {"act": "change", "item": first.pk, "kind": "ask", "title": "Uno", "text": BODY})
    assert LetterTemplate.objects.get(pk=first.pk).kind == "ask"
    client.post(BASE, {"act": "remove", "item": second.pk})
    assert list(LetterTemplate.objects.values_list("title", flat=True)) == ["Uno"]
    assert client.post(BASE, {"act": "remove", "item": second.pk}).status_code == 409


def test_a_title_stands_once_among_its_kind(column: Column, owner: User, signed_in: SignIn) -> None:
    add(signed_in(owner), "decline")
    fields = {"act": "add", "kind": "decline", "title": "In our words", "text": "Other words that are kept here."}
    response = signed_in(owner).post(BASE, fields)
    assert response.status_code == 409
    assert "Other words that are kept here." in response.text
    assert signed_in(owner).post(BASE, {**fields, "title": "", "kind": "none"}).status_code == 400
    assert LetterTemplate.objects.count() == 1


def test_wrong_method(signed_in: SignIn, owner: User) -> None:
    client = signed_in(owner)
    assert client.delete(BASE).status_code == 405
