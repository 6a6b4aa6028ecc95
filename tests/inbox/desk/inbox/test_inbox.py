"""The inbox: one page of letters, by need."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.formats import reset_format_cache

from columns.models import Column
from config.formats.en_GB import formats as en_gb
from inbox.letters import writer_acts
from inbox.models import Letter, Need, User
from inbox.triage import queues
from inbox.workflow import LetterStatus
from tests import factories

pytestmark = pytest.mark.databases

SignIn = Callable[[User], Client]
PATH = "/desk/plain/inbox/"


def labels(page: str) -> list[str]:
    return re.findall(r'<span class="code">(L-\w+)</span>', page)


def test_urgent_ones_first_then_those_who_have_waited_longest(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    late = factories.make_letter(column, at=at)
    early = factories.make_letter(column, at=at - dt.timedelta(days=9))
    urgent = factories.make_letter(
        column, at=at, text="Some nights I think about ending my life and I cannot tell anyone."
    )
    page = signed_in(moderator).get(PATH).content.decode()
    assert labels(page) == [urgent.label, early.label, late.label]


def test_the_words_of_an_urgent_letter_wait_until_it_is_opened(
    column: Column, moderator: User, signed_in: SignIn
) -> None:
    factories.make_letter(column, text="Some nights I think about ending my life and I cannot tell anyone.")
    page = signed_in(moderator).get(PATH).content.decode()
    assert "ending my life" not in page
    assert "shown when you open it" in page


def test_words_are_escaped(column: Column, moderator: User, signed_in: SignIn) -> None:
    factories.make_letter(
        column, text="<script>alert(1)</script> and more words than forty characters", pen_name="<b>me</b>"
    )
    page = signed_in(moderator).get(PATH).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>me" not in page


def test_letters_of_another_column_are_not_there(
    column: Column, other_column: Column, moderator: User, signed_in: SignIn
) -> None:
    other = factories.make_letter(other_column)
    assert labels(signed_in(moderator).get(PATH).content.decode()) == []
    assert other.status == LetterStatus.RECEIVED


def test_pages_are_gone_through_one_by_one(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "PAGE", 3)
    urgent = "Some nights I think about ending my life and I cannot tell anyone."
    made = [factories.make_letter(column, at=at - dt.timedelta(days=day)) for day in (0, 0, 0, 0, 3, 3, 9)]
    made += [factories.make_letter(column, at=at - dt.timedelta(days=day), text=urgent) for day in (0, 2, 2, 5)]
    today = [made[1], made[2], made[5], made[6]]  # beside those to be read now: each page begins in another level
    Letter.objects.filter(pk__in=[letter.pk for letter in today]).update(need=Need.TODAY)
    client, address, seen = signed_in(moderator), PATH, []
    while address:
        page = client.get(address).content.decode()
        seen.append(labels(page))
        further = re.search(r'data-further href="([^"]+)"', page)
        address = html.unescape(further[1]) if further else ""
    in_order = Letter.objects.filter(column=column).by_need()
    assert [len(page) for page in seen] == [3, 3, 3, 2]
    assert [label for page in seen for label in page] == [letter.label for letter in in_order]
    assert [letter.need for letter in in_order] == [2] * 4 + [1] * 4 + [0] * 3
    assert {letter.pk for letter in in_order} == {letter.pk for letter in made}
    first = client.get(f"{PATH}urgent/").text
    assert first.count(">read now</span>") + first.count(">read today</span>") == 3


@pytest.mark.parametrize("after", ["0", "1.2.3", "1.20260101.zz", "1.99999999.00", "", "2.20260101." + "0" * 32])
def test_a_place_that_is_none_is_the_beginning(column: Column, moderator: User, signed_in: SignIn, after: str) -> None:
    factories.make_letter(column)
    assert signed_in(moderator).get(PATH, {"after": after}).status_code == 200


def test_a_page_can_be_narrowed_down_and_says_so(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    old = factories.make_letter(column, at=at - dt.timedelta(days=9), topic="desire", consent="light")
    new = factories.make_letter(column, topic="", consent="private")
    client = signed_in(moderator)
    for given, expected in (
        ({"topic": "desire"}, [old]), ({"topic": "none"}, [new]), ({"older": "5"}, [old]),
        ({"consent": "private"}, [new]), ({"topic": "desire", "consent": "private"}, []),
        ({"older": "x", "consent": "nonsense"}, [old, new]),
    ):  # fmt: skip
        page = client.get(PATH, given).content.decode()
        assert labels(page) == [letter.label for letter in expected], given
    page = client.get(PATH, {"topic": "desire"}).content.decode()
    assert f"/desk/plain/letters/{old.pk}/?view=new&amp;topic=desire" in page


def test_rows_say_what_was_noticed(column: Column, moderator: User, signed_in: SignIn, at: dt.datetime) -> None:
    about = {"age_band": "Under 16"}
    factories.make_letter(
        column, text=f"My name is Helena Marsh. {factories.LETTER_TEXT}", consent="private", about=about
    )
    spanish = (
        "Hola, no sé cómo decirle a mi marido que ya no quiero vivir en esta casa con su madre y con sus hermanos."
    )
    factories.make_letter(column, text=f"{spanish} ¿Qué puedo hacer si él no me escucha nunca cuando hablo de eso?")
    letter = factories.make_letter(column)
    writer_acts.write_back(letter, "One more thing.", at=at)
    letter.mark("give", moderator.pk, by=moderator, at=at)
    page = signed_in(moderator).get(PATH).content.decode()
    for mark in ("minor?", "personal data", "private only", "wrote back", "for Moderator", "in Spanish?"):
        assert f'<span class="flag">{mark}</span>' in page


@pytest.mark.parametrize(("form", "said"), [(None, "3 November"), ("n/j", "11/3")])
def test_the_day_of_a_held_letter_follows_the_format_of_the_language(
    column: Column,
    moderator: User,
    signed_in: SignIn,
    at: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
    form: str | None,
    said: str,
) -> None:
    letter = factories.make_letter(column, LetterStatus.HELD)
    letter.mark("wait", dt.date(2090, 11, 3), by=moderator, at=at)
    if form:
        monkeypatch.setattr(en_gb, "MONTH_DAY_FORMAT", form)
        reset_format_cache()
    try:
        assert f"held until {said}" in signed_in(moderator).get(f"{PATH}all/").text
    finally:
        reset_format_cache()


def test_somebody_who_is_away_has_nothing_given_to_them(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    letter.mark("give", moderator.pk, by=moderator, at=at)
    client = signed_in(moderator)
    assert labels(client.get(f"{PATH}mine/").content.decode()) == [letter.label]
    User.objects.filter(pk=moderator.pk).update(away_until=at.date() + dt.timedelta(days=9))
    assert labels(client.get(f"{PATH}mine/").content.decode()) == []
    assert labels(client.get(PATH).content.decode()) == [letter.label]


def test_a_script_may_ask_for_the_rows_alone(column: Column, moderator: User, signed_in: SignIn) -> None:
    factories.make_letter(column)
    page = signed_in(moderator).get(PATH, headers={"X-Steady": "rows"}).content.decode()
    assert len(labels(page)) == 1
    assert "<html" not in page


def test_it_is_only_read(moderator: User, signed_in: SignIn) -> None:
    assert signed_in(moderator).post(PATH).status_code == 405


def test_who_may_not(
    stranger: Client, author_elsewhere: User, owner: User, reviewer: User, author: User, signed_in: SignIn
) -> None:
    assert stranger.get(PATH).status_code == 302
    assert signed_in(author_elsewhere).get(PATH).status_code == 404
    assert signed_in(owner).get(PATH).status_code == 403
    assert signed_in(reviewer).get(PATH).status_code == 403
    assert signed_in(author).get(PATH).status_code == 200


def test_eight_queries_whether_there_are_25_letters_or_250(column: Column, moderator: User, signed_in: SignIn) -> None:
    client = signed_in(moderator)
    counts = []
    for more in (25, 225):
        for _ in range(more):
            factories.take_letter(column)
        client.get(PATH)
        with CaptureQueriesContext(connection) as asked:
            client.get(PATH)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 8


def test_nothing_of_it_is_kept_on_the_way(moderator: User, signed_in: SignIn) -> None:
    response = signed_in(moderator).get(PATH)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"
