"""Not chosen, several at once, each looked at."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.desk.inbox import decline_many
from inbox.models import Letter, Message, User
from inbox.triage import presence
from inbox.workflow import LetterStatus
from tests import factories

SignIn = Callable[[User], Client]
PATH = "/desk/plain/decline/"
TEXT = "Dear {name},\n\nThank you for your letter. We have read it with care, and cannot take it up."


def test_each_with_a_tick_gets_a_letter_of_its_own(column: Column, moderator: User, signed_in: SignIn) -> None:
    names = ["Ada", "", "Cleo"]
    letters = [factories.make_letter(column, pen_name=name, text=f"{name} {factories.LETTER_TEXT}") for name in names]
    client = signed_in(moderator)
    page = client.get(PATH, {"letters": [str(letter.pk) for letter in letters]}).content.decode()
    assert all(letter.label in page for letter in letters)
    assert page.count(factories.LETTER_TEXT) == 3
    client.post(PATH, {"letters": [letters[0].pk, letters[1].pk], "text": TEXT, "step": "send"})
    texts = [factories.desk_keys().open(one)["text"] for one in Message.objects.filter(kind=Message.Kind.CLOSING)]
    assert sorted(text.splitlines()[0] for text in texts) == ["Dear Ada,", "Dear friend,"]
    assert [Letter.objects.get(pk=letter.pk).status for letter in letters] == ["declined", "declined", "received"]


def closings() -> list[str]:
    found = Message.objects.filter(kind=Message.Kind.CLOSING).order_by("letter")
    return [str(factories.desk_keys().open(one)["text"]) for one in found]


@pytest.mark.encoder
def test_topic_and_near_answers_are_filled_in_for_each(column: Column, moderator: User, signed_in: SignIn) -> None:
    article = factories.make_article(column)
    near = f"{article.question} {article.headline} I would like to know more about it."
    pain = factories.make_letter(
        column, pen_name="{answers}", topic=article.topic.slug if article.topic else "pain", text=near
    )
    other = factories.make_letter(
        column, pen_name="Ben", topic="", text="Nothing of the kind, only a word about bread."
    )
    client = signed_in(moderator)
    page = client.get(PATH, {"letters": [str(pain.pk), str(other.pk)]})
    text = page.context["form"]["text"].value()
    assert "{topic}" in text
    client.post(PATH, {"letters": [pain.pk, other.pk], "text": text.replace("\n", "\r\n"), "step": "send"})
    one, two = sorted(closings(), key=lambda words: "Dear Ben" in words)
    # what a writer calls themselves is a name and nothing else
    assert one.startswith("Dear {answers},")
    assert f"about “{pain.topic.name}”" in one  # type: ignore[union-attr]
    assert article.get_absolute_url() in one
    assert "about this" in two
    assert "{" not in two
    assert "\n\n\n" not in two


def test_shows_first_what_the_writer_of_one_of_them_reads(column: Column, moderator: User, signed_in: SignIn) -> None:
    letters = [factories.make_letter(column, pen_name=name) for name in ("Ada", "Ben", "Cleo")]
    client, ids = signed_in(moderator), [letter.pk for letter in letters]
    fields = {"shown": ids, "letters": ids[1:], "text": TEXT}
    page = client.post(PATH, {**fields, "preview": ids[2]}).text
    assert f"What the writer of {letters[2].label} reads" in page
    assert "Dear Cleo," in page
    # asked for none of them, it is the first with a tick; the ticks stay as they were
    page = client.post(PATH, {**fields, "preview": ""}).text
    first = Letter.objects.filter(pk__in=ids[1:]).by_need()[0]
    assert f"Dear {'Ben' if first == letters[1] else 'Cleo'}," in page
    assert page.count(" checked>") == 2
    assert f'value="{ids[0]}">' in page
    assert Letter.objects.filter(status=LetterStatus.RECEIVED).count() == 3


def test_another_text_keeps_the_ticks_and_what_was_written(column: Column, moderator: User, signed_in: SignIn) -> None:
    one, two = factories.make_letter(column), factories.make_letter(column)
    client = signed_in(moderator)
    fields = {"shown": [one.pk, two.pk], "letters": [two.pk]}
    response = client.post(PATH, {**fields, "text": "Short.", "text-of": "outside"})
    assert response.status_code == 200
    assert "examine you" in response.context["form"]["text"].value()
    assert response.text.count(" checked>") == 1
    # what was written is one press away, and an untouched text is nobody's writing
    again = client.post(
        PATH, {**fields, "text": response.context["form"]["text"].value(), "own": "Short.", "text-of": "own"}
    )
    assert again.context["form"]["text"].value() == "Short."
    fresh = client.post(PATH, fields)
    assert (
        "What you wrote"
        not in client.post(PATH, {**fields, "text": fresh.context["form"]["text"].value(), "text-of": "now"}).text
    )
    client.post(PATH, {**fields, "text": TEXT, "step": "send"})
    assert [Letter.objects.get(pk=letter.pk).status for letter in (one, two)] == ["received", "declined"]


def test_without_a_tick_nothing_is_declined(column: Column, moderator: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column)
    response = signed_in(moderator).post(PATH, {"shown": [letter.pk], "text": TEXT, "step": "send"})
    assert "No letter has a tick" in response.text
    assert response.status_code == 400
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.RECEIVED


def test_what_does_not_fit_comes_next(
    column: Column, moderator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decline_many, "_BATCH", 2)
    letters = [factories.make_letter(column) for _ in range(5)]
    client = signed_in(moderator)
    page = client.post(PATH, {"letters": [letter.pk for letter in letters], "view": "all"})
    assert "3 more are chosen" in page.text
    left = page.context["letters"][0][0]
    declined = []
    for rest in (1, 0):
        now, later = [one.pk for one, *_ in page.context["letters"]], [one.pk for one in page.context["later"]]
        ticked = [pk for pk in now if pk != left.pk]
        declined += ticked
        fields = {"shown": now, "letters": ticked, "later": later, "text": TEXT, "step": "send", "view": "all"}
        page = client.post(PATH, fields)
        assert f"{len(ticked)} declined." in page.text
        assert len(page.context["later"]) == rest
        assert page.context["form"]["text"].value() == TEXT
    assert set(Letter.objects.filter(status="declined").values_list("pk", flat=True)) == set(declined)
    # the page sent a second time declines nothing that comes later
    client.post(PATH, fields)
    assert Letter.objects.filter(status="declined").count() == 3


def test_those_that_cannot_be_declined_now_are_named(
    column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    free, held, ended = (
        factories.make_letter(column),
        factories.make_letter(column),
        factories.make_letter(column, LetterStatus.REPLIED),
    )
    presence.claim(held.pk, author, at=at)
    page = (
        signed_in(moderator)
        .post(PATH, {"letters": [free.pk, held.pk, ended.pk], "text": TEXT, "step": "send"}, follow=True)
        .content.decode()
    )
    assert "1 declined." in page
    assert f"was quicker: {held.label}." in page
    assert [Letter.objects.get(pk=one.pk).status for one in (free, held, ended)] == ["declined", "received", "replied"]


def test_one_that_a_colleague_has_moved_since_is_left_to_them(
    column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    free, moved = factories.make_letter(column), factories.make_letter(column)
    client, ids = signed_in(moderator), [free.pk, moved.pk]
    fields = {"text": TEXT, "step": "send", "letters": ids}
    before = fields | shown(client.post(PATH, {"letters": ids}).text)
    moved.shortlist(by=author, at=at)
    # a look at what its writer would read does not make the page a newer one
    after_a_look = fields | shown(client.post(PATH, before | {"preview": free.pk, "step": ""}).text)
    page = client.post(PATH, after_a_look, follow=True).text
    assert "1 declined." in page
    assert f"was quicker: {moved.label}." in page
    assert [Letter.objects.get(pk=pk).status for pk in ids] == ["declined", "shortlisted"]
    # chosen anew, the page says where it stands, and it can be declined
    page = client.post(PATH, {"letters": [moved.pk]}).text
    assert '<span class="flag">shortlisted</span>' in page
    client.post(PATH, {"text": TEXT, "step": "send", "letters": [moved.pk]} | shown(page))
    assert Letter.objects.get(pk=moved.pk).status == LetterStatus.DECLINED


def shown(page: str) -> dict[str, object]:
    """What the page says by itself of the letters on it, as a browser sends it."""
    fields = re.findall(r'name="(shown|seen-[0-9a-f-]+)" value="([^"]*)"', page)
    return {
        "shown": [value for name, value in fields if name == "shown"],
        **{name: value for name, value in fields if name != "shown"},
    }


@pytest.mark.parametrize("text", ["", "short"])
def test_the_text_is_kept_where_it_cannot_be_sent(
    column: Column, moderator: User, signed_in: SignIn, text: str
) -> None:
    letter = factories.make_letter(column)
    response = signed_in(moderator).post(PATH, {"letters": [letter.pk], "text": text, "step": "send"})
    assert response.status_code == 400
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.RECEIVED


def test_letters_of_another_column_and_nonsense_are_left_out(
    column: Column, other_column: Column, moderator: User, signed_in: SignIn
) -> None:
    other = factories.make_letter(other_column)
    page = (
        signed_in(moderator).post(PATH, {"letters": [other.pk, "x", ""], "text": TEXT, "step": "send"}).content.decode()
    )
    assert "None of these letters can be declined now" in page
    assert Letter.objects.get(pk=other.pk).status == LetterStatus.RECEIVED


def test_who_may_not(
    column: Column,
    stranger: Client,
    author_elsewhere: User,
    owner: User,
    reviewer: User,
    moderator: User,
    signed_in: SignIn,
) -> None:
    assert stranger.get(PATH).status_code == 302
    for person, status in ((author_elsewhere, 404), (owner, 403), (reviewer, 403)):
        assert signed_in(person).get(PATH).status_code == status
    assert signed_in(moderator).delete(PATH).status_code == 405
