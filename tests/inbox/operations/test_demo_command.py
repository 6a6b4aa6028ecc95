"""The demonstration is filled on an empty site in demo mode alone, once, whole or not at all."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from columns.models import Article, Column
from inbox.crypto import receipts
from inbox.editorial import writer_approval
from inbox.keys import keyring, vault
from inbox.letters import writer_acts
from inbox.models import Draft, Letter, LetterEvent, Message, User
from inbox.operations import demo
from inbox.operations.demo import BadContent

FOLDER = django_settings.BASE_DIR / "demo"
#: Just after midnight, when today is shortest.
AT = dt.datetime(2026, 3, 14, 0, 0, 7, tzinfo=dt.UTC)


def run() -> str:
    out = io.StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content that a test may spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "demo"))


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
    standing = writer_approval.shown_to_writer(shown[0], vault.writer(shown[1].key), timezone.now())
    assert standing.status == writer_approval.ApprovalStatus.WAITING
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


@pytest.mark.parametrize(
    ("front", "sentence"),
    [
        ("", "each source has its mark in the text, and each mark its source: a"),
        ('[[source]]\nkey = "a"\ntitle = "T"\n', "a care card or a source without 'publisher'"),
        ('[[see]]\nhead = "Now if you"\n', "a care card or a source without 'list'"),
        ('help_kinds = ["tea"]\n[[source]]\nkey = "a"\ntitle = "T"\npublisher = "P"\nurl = "U"\n', "no concern tea"),
    ],
)
def test_a_mistake_in_the_parts_of_an_article_is_named(folder: Path, front: str, sentence: str) -> None:
    whole = 'headline = "H"\nslug = "h"\nstandfirst = "S"\ntopic = "pain"\ndays_ago = 1\nquestion = "Q"\n'
    (folder / "articles" / "99-new.md").write_text(f"+++\n{whole}{front}+++\nWords.[^a]\n")
    with pytest.raises(BadContent, match=r"99-new\.md: " + f".*{re.escape(sentence)}"):
        demo.read(folder)


def test_an_answer_is_made_of_its_parts(folder: Path) -> None:
    front = (
        'headline = "H"\nslug = "h"\nstandfirst = "S"\ntopic = "pain"\ndays_ago = 1\nquestion = "Q"\nshort = "No."\n'
        '[[see]]\nhead = "Now if you"\nlist = ["faint"]\n'
        '[[source]]\nkey = "a"\ntitle = "T"\npublisher = "P"\nyear = 2020\nurl = "https://a.example/"\n'
        '[[source]]\nkey = "b"\ntitle = "U"\npublisher = "Q"\nurl = "https://b.example/"\n'
    )
    (folder / "articles" / "99-new.md").write_text(f"+++\n{front}+++\nWords.[^a] More.[^b]\n")
    [entry] = [one for one in demo.read(folder).archive if one["slug"] == "h"]
    assert entry["answer"] == (
        "## The short answer\n\nNo.\n\n## When to see somebody\n\n### Now if you\n\n- faint\n\n"
        "## The long answer\n\nWords.[^a] More.[^b]\n\n"
        "[^a]: P: [T](https://a.example/), 2020.\n[^b]: Q: [U](https://b.example/)."
    )


def test_a_real_account_is_not_taken_over(db: None) -> None:
    User.objects.create_user("owner@example.org", "a password of my own", name="Real")
    with pytest.raises(CommandError, match="cannot share an address"):
        run()
    assert Column.objects.count() == 0
    assert User.objects.get().check_password("a password of my own")
