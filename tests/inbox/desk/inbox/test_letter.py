"""One letter, and everything the desk knows of it."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from columns.models import Column
from inbox.editorial import bundles, decisions, drafts
from inbox.letters import writer_acts
from inbox.models import Letter, Outgoing, User
from inbox.models.letter import GONE
from inbox.screening import highlight
from inbox.workflow import LETTER_MOVES, DraftStatus, LetterStatus, Role, moves_from
from tests import factories
from tests.access_checks import client_of

SignIn = Callable[[User], Client]


def path(letter: Letter) -> str:
    return f"/desk/plain/letters/{letter.pk}/"


def test_shows_words_conversation_notes_and_history(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(
        column, text="I am 34 and my name is Helena Marsh. It hurts each time, and I say nothing."
    )
    decisions.ask(letter, "Since when?", by=moderator, at=at)
    writer_acts.write_back(letter, "Since spring.", at=at)
    letter.note("Seen before.", by=moderator, at=at)
    page = signed_in(moderator).get(path(letter)).content.decode()
    for words in (
        "It hurts each time",
        "Since when?",
        "Since spring.",
        "Seen before.",
        f"{letter.label} arrived.",
        "got a note.",
    ):
        assert words in page
    assert re.search(
        r'<mark class="detail detail-name" tabindex="-1">Helena Marsh<span class="detail-kind">\s*\(name\)', page
    )
    assert "You may publish my question, rewritten" in page


def test_everything_in_it_is_escaped(column: Column, moderator: User, signed_in: SignIn, at: dt.datetime) -> None:
    bad = "<script>alert(1)</script>"
    letter = factories.make_letter(column, text=f"{bad} and more words than forty characters", pen_name=bad)
    writer_acts.write_back(letter, bad, at=at)
    letter.note(bad, by=moderator, at=at)
    page = signed_in(moderator).get(path(letter)).content.decode()
    assert bad not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4


#: Acts that move no letter.
BESIDE = {"ask", "note", "mark", "claim", "undo", "together", "limit", "alike"}


@pytest.mark.parametrize("status", list(LetterStatus))
@pytest.mark.parametrize("role", [Role.MODERATOR, Role.AUTHOR])
def test_the_buttons_are_those_of_the_table(
    column: Column, signed_in: SignIn, status: LetterStatus, role: Role
) -> None:
    letter = factories.make_letter(column, status)
    page = signed_in(factories.someone(column, role)).get(path(letter)).content.decode()
    shown = set(re.findall(rf"{path(letter)}(?:move/)?(\w+)/", page)) - BESIDE
    if "/drafts/start/" in page.split('class="pane pane-letter"')[1]:
        shown.add("answer")
    assert shown == set(moves_from(LETTER_MOVES, status, frozenset({role})))


@pytest.mark.parametrize("status", list(LetterStatus))
def test_every_form_that_moves_it_says_where_it_was_seen(
    column: Column, author: User, signed_in: SignIn, status: LetterStatus
) -> None:
    letter = factories.make_letter(column, status)
    page = signed_in(author).get(f"{path(letter)}?view=second").content.decode()
    moving = re.findall(
        rf'<form method="post" action="{path(letter)}(?:move/\w+|look|ask)/".*?</form>', page, re.DOTALL
    )
    assert all(f'<input type="hidden" name="seen" value="{status}">' in form for form in moving)
    assert bool(moving) == (status not in (LetterStatus.PUBLISHED, LetterStatus.REPLIED, *GONE))


@pytest.mark.parametrize("status", [LetterStatus.WITHDRAWN, LetterStatus.ERASED])
def test_of_an_erased_letter_the_acts_stay(
    column: Column, moderator: User, signed_in: SignIn, status: LetterStatus
) -> None:
    letter = factories.make_letter(column, status)
    page = signed_in(moderator).get(path(letter)).content.decode()
    assert "words of this letter are erased" in page
    assert f"{letter.label} arrived." in page
    assert factories.LETTER_TEXT not in page


def test_leads_to_the_draft_that_answers_it(column: Column, author: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column, LetterStatus.ANSWERING)
    assert "/desk/plain/drafts/" in signed_in(author).get(path(letter)).content.decode().split("Answered by")[1][:80]


def test_who_may_not(
    column: Column,
    stranger: Client,
    author_elsewhere: User,
    owner: User,
    reviewer: User,
    moderator: User,
    signed_in: SignIn,
) -> None:
    letter = factories.make_letter(column)
    assert stranger.get(path(letter)).status_code == 302
    assert signed_in(author_elsewhere).get(path(letter)).status_code == 404
    assert signed_in(owner).get(path(letter)).status_code == 403
    assert signed_in(reviewer).get(path(letter)).status_code == 403
    assert signed_in(moderator).post(path(letter)).status_code == 405
    assert signed_in(moderator).get(f"/desk/plain/letters/{uuid.uuid4()}/").status_code == 404


def test_a_letter_of_another_column_is_not_found_here(
    column: Column, other_column: Column, moderator: User, signed_in: SignIn
) -> None:
    assert signed_in(moderator).get(path(factories.make_letter(other_column))).status_code == 404


def test_twelve_queries_whether_there_are_25_letters_or_250(
    column: Column, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(column, LetterStatus.ANSWERING)
    decisions.ask(letter, "Since when?", by=author, at=at)
    letter.note("Seen before.", by=author, at=at)
    client = signed_in(author)
    counts = []
    for more in (25, 225):
        for _ in range(more):
            factories.take_letter(column)
        client.get(path(letter))
        with CaptureQueriesContext(connection) as asked:
            client.get(path(letter))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 12, [query["sql"][:90] for query in asked.captured_queries]


def test_a_raised_letter_costs_as_many_once_somebody_has_opened_it(
    column: Column, author: User, signed_in: SignIn, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    letter = factories.make_letter(column, text="Some nights I think about ending my life and I cannot tell anyone.")
    client = signed_in(author)
    client.get(path(letter))
    with django_assert_max_num_queries(12):
        client.get(path(letter))


@pytest.mark.parametrize("status", [LetterStatus.RECEIVED, LetterStatus.ANSWERING, LetterStatus.DECLINED])
def test_the_letter_alone_costs_twelve_queries_also_where_letters_lie_together(
    column: Column, author: User, signed_in: SignIn, at: dt.datetime, status: LetterStatus,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:  # fmt: skip
    letter = factories.make_letter(column, status)
    letter.note("Seen before.", by=author, at=at)
    together = [factories.make_letter(column) for _ in range(3)]
    if status == LetterStatus.RECEIVED:
        together[0] = letter
    bundles.join(together[0], together[1:], by=author, at=at, keys=factories.desk_keys())
    client = signed_in(author)
    with django_assert_max_num_queries(12):
        page = client.get(path(letter), headers={"X-Steady": "pane"}).content.decode()
    assert "<html" not in page
    assert letter.label in page
    assert ("Together with 2 others" in page) == (status == LetterStatus.RECEIVED)


def test_the_address_of_an_article_that_is_not_out_yet_is_not_shown(column: Column, moderator: User) -> None:
    for status, shown in ((DraftStatus.SCHEDULED, False), (DraftStatus.PUBLISHED, True)):
        draft = factories.make_draft(column, status)
        assert draft.article is not None
        letter = drafts.letters(draft, factories.desk_keys())[0]
        page = client_of(moderator).get(f"/desk/plain/letters/{letter.pk}/").content.decode()
        assert "Answered by a draft" in page
        assert (draft.article.get_absolute_url() in page) is shown


def test_what_its_writer_does_not_see_yet_says_until_when_it_can_be_undone(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    decisions.ask(letter, "Since when has it been so?", by=moderator, at=at)
    until = timezone.localtime(Outgoing.objects.get().due_at)
    page = signed_in(moderator).get(f"/desk/plain/letters/{letter.pk}/").text
    assert f"not out yet: it can be undone until {until:%H:%M}" in page


def test_a_contrived_letter_says_how_much_of_it_is_not_marked(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    words = "@a1 " * 1_000 + "I want to kill myself. Well. " * 400
    taken = factories.take_letter(column, text=words)
    writer_acts.write_back(taken.letter, "I want to kill myself. Well. " * 150, at=at)
    page = signed_in(moderator).get(path(taken.letter)).text
    assert page.count('class="detail detail-') == highlight.MOST
    assert 0 < page.count('class="finding"') <= 2 * highlight.MOST
    assert page.count('class="finding-words"') <= 2 * highlight.MOST
    beyond = re.search(r"(\d+) more places are not marked", page)
    assert beyond
    assert int(beyond[1]) >= 1_000 - highlight.MOST
    assert page.count("@a1") >= 1_000, "all of the text is there"


def test_a_letter_with_few_marks_says_nothing_of_more(column: Column, moderator: User, signed_in: SignIn) -> None:
    taken = factories.take_letter(column, text="@a1 " * 20 + "I want to kill myself, and nobody knows.")
    page = signed_in(moderator).get(path(taken.letter)).text
    assert page.count('<mark class="detail detail-') == 20
    assert "not marked" not in page
