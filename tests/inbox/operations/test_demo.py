"""The demonstration: everything a desk can show, made by the real acts, once, and in demo mode alone."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from columns.models import Article, Column, HelpLine, Topic, text_sha256
from inbox.crypto import receipts
from inbox.editorial import writer_approval
from inbox.keys import keyring, vault
from inbox.letters import writer_acts
from inbox.models import Draft, DraftEvent, Letter, LetterEvent, Message, User
from inbox.operations import demo
from inbox.operations.demo import BadContent, Content, Filled
from inbox.screening.concerns import kinds
from inbox.staff import access
from inbox.workflow import DraftStatus, LetterStatus, Role

FOLDER = django_settings.BASE_DIR / "demo"
#: Just after midnight, when today is shortest.
AT = dt.datetime(2026, 3, 14, 0, 0, 7, tzinfo=dt.UTC)
#: How a state of ``letters.toml`` shows in the letter, and in its draft.
DRAFT_STATES = {"answering": "writing", "in_review": "in_review", "approved": "approved", "scheduled": "scheduled"}


def run() -> str:
    out = io.StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def content() -> Content:
    return demo.read(FOLDER)


@pytest.fixture
def filled(db: None) -> Filled:
    made = demo.fill(FOLDER, at=AT)
    assert made is not None
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content that a test may spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "demo"))


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


def test_every_article_is_the_text_that_was_approved(filled: Filled, content: Content) -> None:
    articles = Article.objects.live(AT).select_related("approval", "topic").order_by("publish_at")
    assert [article.slug for article in articles] == [entry["slug"] for entry in content.articles]
    for article, entry in zip(articles, content.articles, strict=True):
        assert text_sha256(**article.approved_text()) == article.approval.text_sha256
        assert article.answer == entry["answer"]
        assert article.care == entry["care"]
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
    assert Counter(ended.values_list("received_on", flat=True)) == days
    assert {letter.topic.slug if letter.topic else "" for letter in ended} == {
        e.get("topic", "") for e in content.letters
    }


def test_what_is_urgent_is_marked_whether_or_not_screening_found_it(filled: Filled, content: Content) -> None:
    urgent = [entry["text"] for entry in content.letters if entry.get("urgent")]
    urgent += [entry["letter"] for entry in content.articles if entry["care"]]
    # what a writer said later raises a letter, too
    later = [entry["text"] for entry in content.letters if kinds(entry.get("writer_reply", ""))]
    urgent += [text for text in later if text not in urgent]
    opened = keyring.recovered(filled.recovery_key).open_many(Letter.objects.filter(urgent=True))
    assert sorted(words["text"] for words in opened.values()) == sorted(urgent)


def test_acts_follow_each_other_and_lie_in_the_past(filled: Filled) -> None:
    for _, events in itertools.groupby(
        DraftEvent.objects.order_by("draft", "number"), key=lambda event: event.draft_id
    ):
        times = [event.at for event in events]
        assert times == sorted(set(times))
        assert times[-1] < AT
    for draft in Draft.objects.all():
        saved = [version.at for version in draft.versions.order_by("number")]
        assert saved == sorted(set(saved))
        assert saved[-1] == draft.saved_at < AT
    for letter in Letter.objects.all():
        on = [event.on for event in LetterEvent.objects.filter(letter=letter)]
        assert on == sorted(on)
        assert letter.received_on == on[0]
        assert on[-1] <= AT.date()


def test_every_act_was_done_by_somebody_with_the_seat(filled: Filled) -> None:
    done = set(LetterEvent.objects.filter(actor="staff").values_list("verb", "by__email"))
    assert ("shortlist", "moderator@example.org") in done
    assert ("answer", "author@example.org") in done
    assert set(DraftEvent.objects.values_list("verb", "by__email")) == {
        ("send", "author@example.org"),
        ("approve", "reviewer@example.org"),
        ("publish", "author@example.org"),
        ("schedule", "author@example.org"),
    }


def test_the_column_is_marked_as_invented_and_complete(filled: Filled, content: Content) -> None:
    column = Column.objects.select_related("author").get()
    assert column.demo
    assert (column.title, column.author.name) == (content.column["column"]["title"], "Ines Halloran")
    assert Topic.objects.filter(column=column).count() == len(content.column["topic"])
    assert HelpLine.objects.filter(column=column).count() == len(content.column["help_line"])
    assert list(Topic.objects.values_list("slug", flat=True)) == [topic["slug"] for topic in content.column["topic"]]


def test_each_role_can_sign_in(filled: Filled) -> None:
    assert set(User.objects.values_list("email", flat=True)) == {
        "moderator@example.org", "author@example.org", "reviewer@example.org", "owner@example.org",
    }  # fmt: skip
    for role, email in demo.ADDRESSES.items():
        user = User.objects.get(email=email)
        assert user.demo
        assert access.roles(user, filled.column) == {role}
        assert EmailAddress.objects.get(user=user).verified
        assert Client().login(email=email, password=demo.DEMO_PASSWORD)
        validate_password(demo.DEMO_PASSWORD, user)
    reviewer = User.objects.get(email=demo.ADDRESSES[Role.REVIEWER])
    assert (reviewer.name, bool(reviewer.credential)) == ("Tomas Reyle", True)


def test_the_receipts_that_are_told_open_their_letters(db: None) -> None:
    told = re.findall(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]  ", run())
    assert len(told) == 3
    published, asked, shown = (writer_acts.find(receipts.normalise(receipt)) for receipt in told)
    assert published[0] is not None
    opened = writer_acts.open_letter(published[0], vault.writer(published[1].key), at=timezone.now())
    assert opened.article is not None
    assert asked[0] is not None
    opened = writer_acts.open_letter(asked[0], vault.writer(asked[1].key), at=timezone.now())
    assert opened.turns[-1][0].kind == Message.Kind.QUESTION
    writer_acts.write_back(asked[0], "Here is what you asked.", at=AT)
    assert asked[0].messages.count() == len(opened.turns) + 1
    assert shown[0] is not None
    standing = writer_approval.standing_of(shown[0], vault.writer(shown[1].key), timezone.now())
    assert standing.stand == writer_approval.Stand.WAITING
    assert "I gave birth less than half a year ago." in standing.question


def test_running_twice_changes_nothing(db: None) -> None:
    def everything() -> dict[str, list[str]]:
        return {model.__name__: sorted(map(str, model._default_manager.values())) for model in apps.get_models()}

    assert demo.DEMO_PASSWORD in run()
    before, files = everything(), sorted(django_settings.VAR_DIR.rglob("*.key"))
    assert "is here already. Nothing was changed." in run()
    assert everything() == before
    assert sorted(django_settings.VAR_DIR.rglob("*.key")) == files


def test_it_needs_demo_mode(db: None, settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="needs demo mode"):
        run()
    assert Column.objects.count() == 0
    assert User.objects.count() == 0


def test_it_needs_an_empty_site(db: None) -> None:
    keyring.make_recovery_key(at=AT)
    with pytest.raises(CommandError, match="begins with an empty site"):
        run()
    assert Column.objects.count() == 0


def test_a_failure_at_the_last_letter_leaves_nothing(db: None, folder: Path) -> None:
    with (folder / "letters.toml").open("a") as handle:
        handle.write('\n[[letter]]\nstate = "received"\ntext = "Too short."\ndays_ago = 1\n')
    with pytest.raises(BadContent, match="10 characters"):
        demo.fill(folder, at=AT)
    assert not any(model.objects.exists() for model in (Column, User, Letter, Draft, Article, LetterEvent))


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ('state = "lost"\ntext = "a"\ndays_ago = 1', "letter 32: no letter can be lost"),
        ('state = "declined"\ntext = "a"\ndays_ago = 1', "letter 32: a letter that is declined needs reason"),
        ('state = "approved"\ntext = "a"\ndays_ago = 1', "letter 32: a letter that is approved needs draft"),
        ('state = "received"\ndays_ago = 1', "letter 32: text is missing"),
        ('state = "received"\ntext = "a"\ndays_ago = 1\ntopic = "tea"', "letter 32: the column has no topic tea"),
        ('state = "received"\ntext = "a"\ndays_ago = 1\nconsent = "all"', "letter 32: there is no consent all"),
        ("state = received", "letters.toml: "),
    ],
)
def test_a_mistake_in_the_letters_is_named(folder: Path, lines: str, sentence: str) -> None:
    with (folder / "letters.toml").open("a") as handle:
        handle.write(f"\n[[letter]]\n{lines}\n")
    with pytest.raises(BadContent, match=re.escape(sentence)):
        demo.read(folder)


@pytest.mark.parametrize(
    "text", ["No front matter.", '+++\nslug = "a"\n+++\n', 'Before.\n+++\nslug = "a"\n+++\nAfter.']
)
def test_a_mistake_in_an_article_is_named(folder: Path, text: str) -> None:
    (folder / "articles" / "99-new.md").write_text(text)
    with pytest.raises(BadContent, match=r"99-new\.md: it needs front matter"):
        demo.read(folder)


def test_a_real_account_is_not_taken_over(db: None) -> None:
    User.objects.create_user("owner@example.org", "a password of my own", name="Real")
    with pytest.raises(CommandError, match="cannot share an address"):
        run()
    assert Column.objects.count() == 0
    assert User.objects.get().check_password("a password of my own")
