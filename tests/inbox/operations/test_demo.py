"""The demonstration: everything a desk can show, made by the real acts, once, and in demo mode alone."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import Counter
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.contrib.auth.password_validation import validate_password
from django.test import Client

from columns.models import Article, Column, HelpLine, Topic, text_sha256
from columns.site_time import day_of, month_of
from columns.text.headlines import parts
from columns.text.prose import says_when_to_be_concerned
from inbox.keys import keyring
from inbox.models import Arrival, Draft, DraftEvent, Letter, LetterEvent, User
from inbox.models.draft import AT_REST
from inbox.models.letter import GONE
from inbox.models.times.days import as_readable
from inbox.operations import demo
from inbox.operations.demo import Content, Filled
from inbox.operations.opening import readiness
from inbox.screening.concerns import kinds
from inbox.workflow import DraftStatus, LetterStatus, Role
from tests import factories
from tests.access_checks import seats_of

FOLDER = django_settings.BASE_DIR / "demo"
#: Just after midnight, when today is shortest.
AT = dt.datetime(2026, 3, 14, 0, 0, 7, tzinfo=dt.UTC)
#: How a state of ``letters.toml`` shows in the letter, and in its draft.
DRAFT_STATES = {"answering": "writing", "in_review": "in_review", "approved": "approved", "scheduled": "scheduled"}


@pytest.fixture(scope="module")
def content() -> Content:
    return demo.read(FOLDER)


@pytest.fixture(scope="module")
def made(for_the_module: Callable[[Callable[[], Filled | None]], Filled | None]) -> Filled | None:
    return for_the_module(lambda: demo.fill(FOLDER, at=AT))


@pytest.fixture
def filled(made: Filled | None, db: None) -> Filled:
    assert made is not None
    return made


def test_every_state_is_reached(filled: Filled, content: Content) -> None:
    wanted = Counter(
        {"scheduled": "published"}.get(state, "answering" if state in DRAFT_STATES else state)
        for state in (entry["state"] for entry in content.letters)
    )
    wanted["published"] += len(content.articles)
    assert filled.letters == wanted
    assert set(wanted) == set(LetterStatus)
    assert wanted.total() == Letter.objects.count() == 40
    drafts = Counter(DRAFT_STATES[entry["state"]] for entry in content.letters if entry["state"] in DRAFT_STATES)
    assert filled.drafts == drafts + Counter(published=len(content.articles))
    assert set(drafts) == {DraftStatus.WRITING, DraftStatus.IN_REVIEW, DraftStatus.APPROVED, DraftStatus.SCHEDULED}


def test_it_is_open_and_nothing_is_left_to_do(filled: Filled) -> None:
    column = Column.objects.get(pk=filled.column.pk)
    assert column.takes_letters(AT.date())
    assert not column.never_opened
    assert [one.key for one in readiness.requirements(column) if one.missing] == []


def test_every_article_is_the_text_that_was_approved(filled: Filled, content: Content) -> None:
    live = Article.objects.live(AT).select_related("approval", "topic", "column")
    articles = {(article.column.slug, article.slug): article for article in live}
    entries = {(content.column["column"]["slug"], one["slug"]): one for one in (*content.articles, *content.archive)}
    for other in content.others:
        entries |= {(other.column["column"]["slug"], one["slug"]): one for one in other.archive}
    assert articles.keys() == entries.keys()
    for place, entry in entries.items():
        article = articles[place]
        assert text_sha256(**article.approved_text()) == article.approval.text_sha256
        assert article.answer == entry["answer"]
        assert article.care == entry.get("care", bool(entry.get("help_kinds")))
        # a draft begins with the concerns of its letter
        assert set(entry.get("help_kinds", [])) <= set(article.help_kinds.split())
        assert article.publish_at.date() == AT.date() - dt.timedelta(days=entry["days_ago"])
        assert article.topic is not None
        assert article.topic.slug == entry["topic"]
        article.full_clean()


def test_every_letter_is_in_the_files_words_and_as_old(filled: Filled, content: Content) -> None:
    opened = keyring.recovered(filled.recovery_key).open_many(Letter.objects.all())
    by_text = {words["text"]: words for words in opened.values()}
    assert len(opened) == 38  # of the withdrawn and the erased one no word is left
    for entry in content.letters:
        if entry["state"] not in ("withdrawn", "erased"):
            assert by_text[entry["text"]]["pen_name"] == entry.get("pen_name", "")
    days = Counter(AT.date() - dt.timedelta(days=entry["days_ago"]) for entry in content.letters)
    of_articles = [AT.date() - dt.timedelta(days=entry["days_ago"] + 18) for entry in content.articles]
    days.update(of_articles)
    ended = Letter.objects.all()
    keys = keyring.recovered(filled.recovery_key)
    receive = factories.opened(LetterEvent.objects.filter(verb="receive").select_related("letter"), keys)
    # of those that ended with a withdrawal or were erased nobody opens the day
    assert not Counter(event.on for event in receive if event.letter.status not in GONE) - days
    for event in receive:
        assert event.letter.received_on == as_readable(event.on, event.letter.status)
    assert {letter.topic.slug if letter.topic else "" for letter in ended} == {
        e.get("topic", "") for e in content.letters
    }


def test_what_is_urgent_is_marked_whether_or_not_screening_found_it(filled: Filled, content: Content) -> None:
    urgent = [entry["text"] for entry in content.letters if entry.get("urgent")]
    urgent += [entry["letter"] for entry in content.articles if entry["care"]]
    # what a writer said later raises a letter, too
    later = [entry["text"] for entry in content.letters if kinds(entry.get("writer_reply", ""))]
    urgent += [text for text in later if text not in urgent]
    opened = keyring.recovered(filled.recovery_key).open_many(Letter.objects.filter(need__gt=0))
    assert sorted(words["text"] for words in opened.values()) == sorted(urgent)


def test_no_letter_counts_as_one_that_waited_for_days(filled: Filled) -> None:
    assert Letter.objects.filter(column=filled.column, need__gt=0).exists()
    assert not Arrival.objects.exists()


def test_acts_follow_each_other_and_lie_in_the_past(filled: Filled) -> None:
    for _, events in itertools.groupby(
        DraftEvent.objects.order_by("draft", "number"), key=lambda event: event.draft_id
    ):
        times = [event.at for event in events]
        assert times == sorted(times)
        assert times[-1] < AT
    keys = keyring.recovered(filled.recovery_key)
    for draft in Draft.objects.all():
        saved = [keys.open(version)["at"] for version in draft.versions.order_by("number")]
        assert saved == sorted(set(saved))
        assert saved[-1] < AT.isoformat()
        last = dt.datetime.fromisoformat(saved[-1])
        # the month once nobody writes on it
        assert draft.saved_at == (month_of(last) if draft.status in AT_REST else day_of(last))
    for letter in Letter.objects.all():
        on = [event.on for event in factories.opened(LetterEvent.objects.filter(letter=letter), keys)]
        assert on == sorted(on)
        assert letter.received_on == as_readable(on[0], letter.status)
        assert on[-1] <= AT.date()


def test_every_act_was_done_by_somebody_with_the_seat(filled: Filled) -> None:
    known = factories.opened(LetterEvent.objects.filter(actor="staff"), keyring.recovered(filled.recovery_key))
    done = {(event.verb, event.by.email) for event in known if event.by}
    assert ("shortlist", "moderator@example.org") in done
    assert ("answer", "author@example.org") in done
    assert set(DraftEvent.objects.values_list("verb", "by__email")) == {
        ("send", "author@example.org"),
        ("approve", "reviewer@example.org"),
        ("publish", "author@example.org"),
        ("schedule", "author@example.org"),
    }


def test_the_column_is_marked_as_invented_and_complete(filled: Filled, content: Content) -> None:
    column = Column.objects.select_related("author").get(pk=filled.column.pk)
    assert column.demo
    assert (column.title, column.author.name) == (content.column["column"]["title"], "Ines Halloran")
    assert Topic.objects.filter(column=column).count() == len(content.column["topic"])
    assert HelpLine.objects.filter(column=column).count() == len(content.column["help_line"])
    slugs = Topic.objects.filter(column=column).values_list("slug", flat=True)
    assert list(slugs) == [topic["slug"] for topic in content.column["topic"]]


def test_each_role_can_sign_in(filled: Filled) -> None:
    assert set(User.objects.filter(seats__column=filled.column).values_list("email", flat=True)) == {
        "moderator@example.org", "author@example.org", "reviewer@example.org", "owner@example.org",
    }  # fmt: skip
    for role, email in demo.ADDRESSES.items():
        user = User.objects.get(email=email)
        assert user.demo
        assert seats_of(user)[filled.column] == {role}
        assert EmailAddress.objects.get(user=user).verified
        assert Client().login(email=email, password=demo.DEMO_PASSWORD)
        validate_password(demo.DEMO_PASSWORD, user)
    reviewer = User.objects.get(email=demo.ADDRESSES[Role.REVIEWER])
    assert (reviewer.name, bool(reviewer.credential)) == ("Tomas Reyle", True)


def test_the_small_column_is_run_by_one_person(filled: Filled, content: Content) -> None:
    [other] = content.others
    column = Column.objects.select_related("author").exclude(pk=filled.column.pk).get()
    assert column.demo
    assert not column.four_eyes
    assert column.takes_letters(AT.date())
    assert [one.key for one in readiness.requirements(column) if one.missing] == []
    user = User.objects.get(email=other.column["author"]["email"])
    assert (user.name, user.demo) == (column.author.name, True)
    assert seats_of(user) == {column: set(Role)}
    assert Client().login(email=user.email, password=demo.DEMO_PASSWORD)
    assert Article.objects.filter(column=column).count() == len(other.archive) >= 4


def test_a_reader_finds_answers_in_every_topic(filled: Filled, content: Content) -> None:
    for column in (content, *content.others):
        entries = [*column.articles, *column.archive]
        assert {entry["topic"] for entry in entries} == {topic["slug"] for topic in column.column["topic"]}
        assert len({entry["days_ago"] for entry in entries}) == len(entries)
    assert len(content.articles) + len(content.archive) >= 24


def test_every_article_names_its_sources_and_when_to_see_somebody(filled: Filled, content: Content) -> None:
    for column in (content, *content.others):
        for entry in (*column.articles, *column.archive):
            assert len(entry["source"]) >= 2, entry["file"]
            assert len({one["url"] for one in entry["source"]}) == len(entry["source"]), entry["file"]
            assert all(one["url"].startswith(("https://", "http://")) for one in entry["source"])
            assert entry["short"]
            assert entry["see"]
            assert says_when_to_be_concerned(entry["answer"])
            assert parts(entry["headline"])[1], f"{entry['file']} has no angle"


def test_care_cards_begin_with_the_most_urgent_and_each_hurry_stands_once(content: Content) -> None:
    def hurry(head: str) -> int:
        words = head.partition(":")[0].casefold() if ":" in head else head.casefold()
        if "not urgent" in words:
            return 2
        return 0 if re.search(r"\bnow\b", words) else 1 if re.search(r"\b(urgent|soon)\b", words) else 2

    for column in (content, *content.others):
        for entry in (*column.articles, *column.archive):
            order = [hurry(card["head"]) for card in entry["see"]]
            assert order == sorted(set(order)), entry["file"]
