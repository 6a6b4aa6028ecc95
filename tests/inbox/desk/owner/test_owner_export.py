"""Everything a column owns, as a zip."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import StreamingHttpResponse
from django.test import Client

from columns.models import Column
from inbox.editorial import bundles, decisions
from inbox.models import ColumnEvent, SavedView, User
from inbox.workflow import DraftStatus, LetterStatus, Role
from tests import factories

SignIn = Callable[[User], Client]
BASE = "/desk/plain/owner/export/"

CONFIRM = {"confirm_password": factories.PASSWORD}
WITH_WORDS = {**CONFIRM, "words": "on", "typed": "Plain Answers"}


def unzipped(response: object) -> dict[str, str]:
    assert isinstance(response, StreamingHttpResponse)
    content = response.getvalue()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_holds_everything_but_the_words_of_letters(column: Column, owner: User, signed_in: SignIn) -> None:
    article = factories.make_article(column, headline="Is it? A nurse's view", answer="Say *yes*.")
    factories.make_letter(column, text="A word that only the letter knows: xylograph, and that stays inside.")
    client = signed_in(owner)
    asked = client.post(BASE)
    assert asked.status_code == 403
    assert "Your password once more" in asked.text
    assert not ColumnEvent.objects.filter(verb="export").exists()
    response = client.post(BASE, CONFIRM)
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Cache-Control"] == "no-store"
    files = unzipped(response)
    assert set(files) == {
        "README.txt", "column.json", "topics.json", "help-lines.json", "letter-templates.json", "periods.json",
        "staff.json", "articles.jsonl", f"articles/{article.year}-{article.slug}.md", "column-events.jsonl",
        "letter-events.jsonl", "draft-events.jsonl", "letter-marks.jsonl", "second-looks.jsonl", "inbox-views.json",
        "screening-counts.json",
    }  # fmt: skip
    whole = "".join(files.values())
    assert "xylograph" not in whole
    assert factories.LETTER_TEXT not in whole
    assert "@example.org" not in whole
    markdown = files[f"articles/{article.year}-{article.slug}.md"]
    assert markdown.startswith('---\nheadline: "Is it? A nurse\'s view"\n')
    assert "Say *yes*." in markdown
    assert lines(files["articles.jsonl"])[0]["answer"] == "Say *yes*."
    assert {"name": "Owner", "role": "owner"} in json.loads(files["staff.json"])
    assert json.loads(files["periods.json"])["declined"] == 90
    assert "publish" in {event["verb"] for event in lines(files["draft-events.jsonl"])}
    assert lines(files["column-events.jsonl"])[-1]["about"] == "no_words"


def test_views_of_the_inbox_are_in_it_where_they_are_shared(
    column: Column, other_column: Column, owner: User, moderator: User, signed_in: SignIn
) -> None:
    hers = signed_in(moderator)
    for name, more in (("Old ones", {"shared": "on"}), ("Mine alone", {})):
        hers.post("/desk/plain/views/save/", {"name": name, "view": "shortlist", "older": "30", **more})
    SavedView.objects.create(column=other_column, user=moderator, name="Elsewhere", shared=True)
    files = unzipped(signed_in(owner).post(BASE, CONFIRM))
    shows = {"view": "shortlist", "older": "30"}
    assert json.loads(files["inbox-views.json"]) == [{"name": "Old ones", "by": "Moderator", "shows": shows}]
    assert "Mine alone" not in "".join(files.values())


def test_words_only_for_whoever_reads_them_and_asks(column: Column, signed_in: SignIn) -> None:
    letter = factories.make_letter(column, LetterStatus.DECLINED)
    factories.make_draft(column, words={"answer": "An answer in a draft."})
    both = factories.make_user("both", column, Role.OWNER, Role.MODERATOR)
    client = signed_in(both)
    assert "letters.jsonl" not in unzipped(client.post(BASE, CONFIRM))
    files = unzipped(client.post(BASE, WITH_WORDS))
    found = next(one for one in lines(files["letters.jsonl"]) if one["id"] == str(letter.pk))
    assert found["words"]["text"] == factories.LETTER_TEXT  # type: ignore[index]
    assert "we are sorry" in str(found["conversation"])
    assert "drafts.jsonl" not in files
    author = factories.make_user("author-owner", column, Role.OWNER, Role.AUTHOR)
    files = unzipped(signed_in(author).post(BASE, WITH_WORDS))
    assert "An answer in a draft." in files["drafts.jsonl"]
    assert ColumnEvent.objects.filter(verb="export").order_by("-number")[0].about == "words"


def test_an_owner_alone_gets_no_words_whatever_they_post(column: Column, owner: User, signed_in: SignIn) -> None:
    factories.make_letter(column)
    assert "Also the words" not in signed_in(owner).get(BASE).text
    assert "letters.jsonl" not in unzipped(signed_in(owner).post(BASE, WITH_WORDS))


def test_marks_and_second_looks_are_in_it_and_bundles_for_whoever_reads_letters(
    column: Column, owner: User, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    first, second, third = (factories.make_letter(column) for _ in range(3))
    until = at.date() + dt.timedelta(days=3)
    first.mark("give", moderator.pk, by=moderator, at=at)
    first.mark("limit", 1, by=moderator, at=at)
    first.hold(by=moderator, at=at, until=until)
    third.mark_urgent(by=moderator, at=at, urgent=True)
    decisions.decline(third, "We cannot answer every letter, and we are sorry.", by=moderator, at=at)
    bundles.join(first, [second], by=moderator, at=at, keys=factories.desk_keys())
    files = unzipped(signed_in(owner).post(BASE, CONFIRM))
    marks = {one.pop("id"): one for one in lines(files["letter-marks.jsonl"])}
    assert marks[str(first.pk)] == {
        "status": "held", "need": 0, "given_to": "Moderator", "held_until": until.isoformat(),
        "messages_a_day": 1,
    }  # fmt: skip
    assert marks[str(third.pk)]["need"] == 2
    (look,) = lines(files["second-looks.jsonl"])
    assert (look["letter_id"], look["declined_by"], look["by"]) == (str(third.pk), "Moderator", None)
    assert "bundles.jsonl" not in files
    both = factories.make_user("both", column, Role.OWNER, Role.MODERATOR)
    (bundle,) = lines(unzipped(signed_in(both).post(BASE, WITH_WORDS))["bundles.jsonl"])
    assert bundle["letters"] == [str(first.pk), str(second.pk)]


def test_an_article_that_is_not_out_yet_is_for_whoever_reads_drafts(
    column: Column, owner: User, signed_in: SignIn
) -> None:
    factories.make_draft(column, DraftStatus.SCHEDULED, words={"answer": "To come: xylograph."})
    assert "xylograph" not in "".join(unzipped(signed_in(owner).post(BASE, CONFIRM)).values())
    author = factories.make_user("author-owner", column, Role.OWNER, Role.AUTHOR)
    assert "xylograph" in unzipped(signed_in(author).post(BASE, WITH_WORDS))["articles.jsonl"]


@pytest.mark.parametrize("typed", ["", "plain answers", "Elsewhere"])
def test_words_need_the_title_typed(column: Column, signed_in: SignIn, typed: str) -> None:
    both = factories.make_user("both", column, Role.OWNER, Role.MODERATOR)
    response = signed_in(both).post(BASE, {**WITH_WORDS, "typed": typed})
    assert response.status_code == 400
    assert "Type the title as it is: Plain Answers" in response.text
    assert not ColumnEvent.objects.filter(verb="export").exists()


def test_erased_letters_are_not_in_it(column: Column, signed_in: SignIn) -> None:
    gone = factories.make_letter(column, LetterStatus.WITHDRAWN)
    both = factories.make_user("both", column, Role.OWNER, Role.MODERATOR)
    assert str(gone.pk) not in unzipped(signed_in(both).post(BASE, WITH_WORDS))["letters.jsonl"]


def test_nothing_of_it_touches_the_disk(
    column: Column, owner: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    assert unzipped(signed_in(owner).post(BASE, CONFIRM))


def test_another_columns_things_are_not_in_it(
    column: Column, other_column: Column, owner: User, signed_in: SignIn
) -> None:
    article = factories.make_article(other_column)
    assert article.headline not in "".join(unzipped(signed_in(owner).post(BASE, CONFIRM)).values())


def test_wrong_method(signed_in: SignIn, owner: User) -> None:
    client = signed_in(owner)
    assert client.delete(BASE).status_code == 405
