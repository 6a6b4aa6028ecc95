"""Choosing which letters go with one: ticked, or named by their label."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from columns.models import Column
from inbox.desk import buttons
from inbox.desk.inbox import bundles as views
from inbox.desk.inbox.forms.bundles import label_range
from inbox.editorial import bundles, drafts
from inbox.keys.vault import Vault
from inbox.models import Letter, User
from inbox.triage import presence, queues
from inbox.workflow import DraftStatus, LetterStatus, Role
from tests import factories
from tests.access_checks import access_statuses, client_of


def path(letter: Letter) -> str:
    return reverse("desk:together", args=["plain", letter.pk])


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="with" value="([0-9a-f-]+)"[^>]* checked', page))


def offered(page: str) -> set[str]:
    return set(re.findall(r'name="with" value="([0-9a-f-]+)"', page))


def lying(column: Column, letter: Letter) -> list[uuid.UUID]:
    found = bundles.of(column, factories.desk_keys()).get(letter.pk)
    return list(found.ids) if found else []


def test_the_waiting_letters_of_its_topic_are_offered(column: Column, moderator: User) -> None:
    letter, same = factories.make_letter(column), factories.make_letter(column, text="The same question as hers.")
    listed = factories.make_letter(column, LetterStatus.SHORTLISTED)
    other = factories.make_letter(column, topic="desire")
    factories.make_letter(column, LetterStatus.DECLINED)
    page = client_of(moderator).get(path(letter)).content.decode()
    assert offered(page) == {str(same.pk), str(listed.pk)}
    assert "The same question as hers." in page
    page = client_of(moderator).get(path(letter), {"with": [str(other.pk), str(same.pk)]}).content.decode()
    assert ticked(page) == {str(other.pk), str(same.pk)}
    assert offered(page) == {str(same.pk), str(listed.pk), str(other.pk)}


@pytest.mark.parametrize("held", ["shown", "ticked"])
def test_a_letter_that_a_colleague_has_in_hand_is_left_to_them(
    column: Column, moderator: User, author: User, at: dt.datetime, held: str
) -> None:
    letter, other = factories.make_letter(column), factories.make_letter(column)
    theirs = letter if held == "shown" else other
    presence.claim(theirs.pk, author, at=at)
    response = client_of(moderator).post(path(letter), {"with": str(other.pk)})
    assert response.status_code == 409
    page = response.content.decode()
    assert f"Author has {theirs.label} in hand." in page
    assert ticked(page) == {str(other.pk)}
    assert lying(column, letter) == []
    assert client_of(author).post(path(letter), {"with": str(other.pk)}).status_code == 302
    assert len(lying(column, letter)) == 2


@pytest.mark.parametrize("which", ["beside the ticked", "beside the shown", "leads the shown"])
def test_a_letter_that_comes_along_is_left_to_whoever_has_it_in_hand_until_it_is_taken_over(
    column: Column, moderator: User, author: User, keys: Vault, which: str
) -> None:
    leads, letter, beside, other, with_it = (factories.make_letter(column) for _ in range(5))
    for lead, more in ((leads, [letter, beside]), (other, [with_it])):
        bundles.join(lead, more, by=moderator, at=timezone.now(), keys=keys)
    theirs = {"beside the ticked": with_it, "beside the shown": beside, "leads the shown": leads}[which]
    presence.claim(theirs.pk, author, at=timezone.now() - dt.timedelta(minutes=2))
    client = client_of(moderator)
    response = client.post(path(letter), {"with": str(other.pk)})
    assert response.status_code == 409
    page = response.content.decode()
    assert f"Author has {theirs.label} in hand. They took it 2 minutes ago." in page
    assert f"Take {theirs.label} over and put together</button>" in page
    assert ticked(page) == {str(other.pk)}
    assert lying(column, other) == [other.pk, with_it.pk]
    # one that nobody was told of is not taken over
    taken = re.search(r'name="take" value="([^"]+)"', page)
    assert taken
    assert taken[1] == str(theirs.pk)
    presence.claim(other.pk, author, at=timezone.now())
    again = client.post(path(letter), {"with": str(other.pk), "take": taken[1]})
    assert again.status_code == 409
    presence.release(other.pk, author)
    assert client.post(path(letter), {"with": str(other.pk), "take": taken[1]}).status_code == 302
    assert len(lying(column, letter)) == 5
    told = client_of(author).post("/desk/plain/pulse/", {"letter": theirs.pk}).json()
    assert told["claim"] == {"name": "Moderator", "mine": False, "taken": True}


def test_the_likest_come_first_where_the_desk_can_tell(
    column: Column, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter, near = factories.make_letter(column), factories.make_letter(column, topic="desire")
    factories.make_letter(column)
    monkeypatch.setattr(views, "alike", lambda shown, keys: [near])
    page = client_of(moderator).get(path(letter)).content.decode()
    assert re.findall(r'name="with" value="([0-9a-f-]+)"', page)[0] == str(near.pk)
    assert "like this one" in page


def test_the_words_of_an_urgent_letter_are_not_spread_out(column: Column, moderator: User, at: dt.datetime) -> None:
    letter, urgent = factories.make_letter(column), factories.make_letter(column, text="Something that weighs much.")
    urgent.mark_urgent(by=moderator, at=at, urgent=True)
    page = client_of(moderator).get(path(letter)).content.decode()
    assert urgent.label in page
    assert "weighs much" not in page


def test_puts_together_and_goes_back_to_the_letter(column: Column, moderator: User) -> None:
    letter, two, three = (factories.make_letter(column) for _ in range(3))
    data = {"with": [three.pk, two.pk], "view": "urgent", "next": str(two.pk)}
    response = client_of(moderator).post(path(letter), data)
    assert response.status_code == 302
    assert response.headers["Location"] == reverse("desk:letter", args=["plain", letter.pk]) + "?view=urgent"
    assert lying(column, letter) == [letter.pk, three.pk, two.pk]


def test_whoever_leads_goes_on_leading(column: Column, moderator: User, at: dt.datetime, keys: Vault) -> None:
    leads, letter, new = (factories.make_letter(column) for _ in range(3))
    bundles.join(leads, [letter], by=moderator, at=at, keys=keys)
    client = client_of(moderator)
    page = client.get(path(letter)).content.decode()
    assert offered(page) == {str(new.pk)}
    client.post(path(letter), {"with": [new.pk]})
    assert lying(column, letter) == [leads.pk, letter.pk, new.pk]


@pytest.mark.parametrize("written", ["L-{}", "l-{}", " {} ", "L{}", "L – {}"])
def test_a_letter_is_named_by_its_label(column: Column, moderator: User, written: str) -> None:
    letter, named = factories.make_letter(column), factories.make_letter(column, topic="desire")
    client_of(moderator).post(path(letter), {"label": written.format(named.label[2:])})
    assert lying(column, letter) == [letter.pk, named.pk]


def test_every_id_lies_in_the_range_of_its_label(column: Column) -> None:
    for _ in range(200):
        letter = Letter(pk=uuid.uuid4(), column=column)
        span = label_range(letter.label)
        assert span is not None
        assert span[0] <= letter.pk <= span[1]
        assert Letter(pk=span[0]).label == Letter(pk=span[1]).label == letter.label


@pytest.mark.parametrize(
    ("typed", "said"),
    [("L-0000", "No other letter"), ("who?", "A label is"), ("L-7QM", "A label is"), ("", "Tick a letter")],
)
def test_a_label_that_leads_nowhere_is_said_and_what_was_ticked_stays(
    column: Column, moderator: User, typed: str, said: str
) -> None:
    letter, other = factories.make_letter(column), factories.make_letter(column)
    data = {"label": typed, "with": [other.pk] if typed else []}
    response = client_of(moderator).post(path(letter), data)
    page = response.content.decode()
    assert response.status_code == 400
    assert said in page
    assert page.count('error-summary-title"') == 2  # one summary, which is named by its title
    assert ticked(page) == ({str(other.pk)} if typed else set())
    assert lying(column, letter) == []


def test_two_letters_of_one_label_are_both_offered(column: Column, moderator: User) -> None:
    letter, one = factories.make_letter(column), factories.make_letter(column, topic="desire")
    twin = Letter.objects.get(pk=one.pk)
    twin.pk = uuid.UUID(int=one.pk.int ^ 1)
    twin.index = "another"
    twin._state.adding = True
    twin.save(force_insert=True)
    response = client_of(moderator).post(path(letter), {"label": one.label})
    page = response.content.decode()
    assert response.status_code == 400
    assert "More than one letter" in page
    assert {str(one.pk), str(twin.pk)} <= offered(page)
    assert ticked(page) == set()


def test_a_letter_that_somebody_has_moved_meanwhile_is_refused_in_words(column: Column, moderator: User) -> None:
    letter, gone = factories.make_letter(column), factories.make_letter(column, LetterStatus.DECLINED)
    response = client_of(moderator).post(path(letter), {"with": [gone.pk]})
    assert response.status_code == 409
    assert "has come to its end" in response.content.decode()
    assert ticked(response.content.decode()) == {str(gone.pk)}
    assert lying(column, letter) == []


@pytest.mark.parametrize("status", [LetterStatus.DECLINED, LetterStatus.WITHDRAWN, LetterStatus.PUBLISHED])
def test_a_letter_at_its_end_has_nothing_to_choose(column: Column, moderator: User, status: LetterStatus) -> None:
    letter = factories.make_letter(column, status)
    page = client_of(moderator).get(path(letter)).content.decode()
    assert "come to its end" in page
    assert "<fieldset" not in page


def test_letters_go_to_the_draft_that_answers_it_by_its_author_alone(
    column: Column, moderator: User, author: User, keys: Vault
) -> None:
    draft = factories.make_draft(column, DraftStatus.WRITING)
    letter, new = drafts.letters(draft, keys)[0], factories.make_letter(column)
    private = factories.make_letter(column, consent="private")
    bundles.join(new, [private], by=moderator, at=timezone.now(), keys=keys)
    assert client_of(moderator).post(path(letter), {"with": [new.pk]}).status_code == 403
    page = client_of(author).post(path(letter), {"with": [new.pk]}, follow=True).content.decode()
    assert "is answered together with them" in page
    assert f"Left out, since a private answer is all that is allowed: {private.label}" in page
    draft.refresh_from_db()
    assert [one.pk for one in drafts.letters(draft, keys)] == [letter.pk, new.pk]


def test_a_letter_of_another_column_is_not_there(column: Column, other_column: Column, moderator: User) -> None:
    letter, far = factories.make_letter(column), factories.make_letter(other_column)
    client = client_of(moderator)
    for wanted in (str(far.pk), "no-id"):
        assert client.post(path(letter), {"with": [wanted]}).status_code == 404
        assert client.get(path(letter), {"with": [wanted]}).status_code == 404
    page = client.post(path(letter), {"label": far.label})
    assert page.status_code == 400
    assert str(far.pk) not in page.content.decode()
    assert client.post(reverse("desk:together", args=["plain", far.pk]), {"with": [letter.pk]}).status_code == 404


def test_who_may_not(column: Column) -> None:
    letter, other = factories.make_letter(column), factories.make_letter(column)
    for method in ("get", "post"):
        found = access_statuses(column, path(letter), Role.REVIEWER, Role.OWNER, method=method, **{"with": [other.pk]})
        assert found == {"stranger": 302, "elsewhere": 404, "reviewer": 403, "owner": 403}
    assert client_of(factories.someone(column, Role.AUTHOR)).delete(path(letter)).status_code == 405
    assert lying(column, letter) == []


def test_the_page_costs_the_same_for_few_and_for_many(column: Column, moderator: User, keys: Vault) -> None:
    letter, client, counts = factories.make_letter(column), client_of(moderator), []
    for more in (4, 30):
        for _ in range(more // 2):
            pair = [factories.make_letter(column) for _ in range(2)]
            bundles.join(pair[0], pair[1:], by=moderator, at=timezone.now(), keys=keys)
        with CaptureQueriesContext(connection) as queries:
            client.get(path(letter))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


# --- the part of a letter's page --------------------------------------------------------------------------------------


def test_the_letters_beside_it_are_shown_with_what_can_be_done(
    column: Column, moderator: User, at: dt.datetime, keys: Vault
) -> None:
    leads, letter, urgent = (factories.make_letter(column) for _ in range(3))
    urgent.mark_urgent(by=moderator, at=at, urgent=True)
    bundles.join(leads, [letter, urgent], by=moderator, at=at, keys=keys)
    together = bundles.of(column, keys)
    with CaptureQueriesContext(connection) as queries:
        context = views.beside(letter, together, at=at)
    assert len(queries) == 1
    assert [(one.letter, one.leads) for one in context["bundle"]] == [(leads, True), (letter, False), (urgent, False)]
    assert not context["leads_bundle"]
    page = render_to_string(
        "desk/inbox/_bundle.html",
        {
            **context,
            "letter": letter,
            "column": column,
            "view": queues.View("new"),
            "next": leads,
            "buttons": buttons.of_letter(letter, column, frozenset({Role.MODERATOR}), in_bundle=True, second=False),
        },
        RequestFactory().get("/"),
    )
    assert "Together with 2 others" in page
    assert page.count("Make it lead</button>") == 2
    assert page.count("Take out</button>") == 3
    assert page.count(f'name="next" value="{leads.pk}"') == 5
    assert page.count("read now") == 1


def test_a_letter_that_stands_alone_shows_the_way_to_others(column: Column, at: dt.datetime) -> None:
    letter = factories.make_letter(column)
    with CaptureQueriesContext(connection) as queries:
        context = views.beside(letter, {}, at=at)
    assert len(queries) == 0
    assert context["may_join"]
    ended = views.beside(factories.make_letter(column, LetterStatus.REPLIED), {}, at=at)
    assert not ended["may_join"]
