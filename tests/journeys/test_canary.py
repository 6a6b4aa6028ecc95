"""A letter with words that stand nowhere else goes the whole way; afterwards they are looked for everywhere."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import logging
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.logs import PlacesOnly
from inbox.editorial import decisions, drafts, publishing, writer_approval
from inbox.keys import vault
from inbox.letters import intake, notices, writer_acts
from inbox.models import Draft, Letter, LetterEvent, Message, User
from inbox.operations import backups
from tests import factories
from tests.reader import Reader, forms

pytestmark = [pytest.mark.databases, pytest.mark.encoder]

WORD = "zanzibarquux"
TEXT = f"I am writing about a {WORD} that nobody else in the world would ever mention in a letter."
EMAIL = f"{WORD}.mail@example.org"
AGENT = f"{WORD}-browser/1.0"
ADDRESS = "203.0.113.77"


def dump() -> str:
    """Every value of every table, as text, with binary values in hex and as bytes."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    raw = bytes(value) if isinstance(value, memoryview | bytes) else None
                    parts.append(raw.hex() + raw.decode("latin-1") if raw is not None else str(value))
    return "\n".join(parts)


def files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


@pytest.mark.django_db(transaction=True)
def test_the_words_are_found_nowhere(
    caplog: pytest.LogCaptureFixture, signed_in: Callable[[User], Client], tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    column = factories.make_column(slug="plain")
    moderator = factories.make_user("moderator", column, factories.Role.MODERATOR)
    author = factories.make_user("author", column, factories.Role.AUTHOR)
    at, keys = timezone.now(), factories.desk_keys()

    reader = Reader(**{"user-agent": AGENT})
    reader.client.defaults["REMOTE_ADDR"] = ADDRESS
    receipt = reader.send(text=TEXT, pen_name=WORD, consent="rewritten", email=EMAIL)
    reader.find(receipt)
    assert WORD in reader.press("letter/open/")
    letter = Letter.objects.get()
    desk = signed_in(moderator)
    assert WORD in desk.get(f"/desk/plain/letters/{letter.pk}/").content.decode()
    desk.post(f"/desk/plain/letters/{letter.pk}/note/", {"text": f"the {WORD} again"})
    decisions.ask(Letter.objects.get(), f"Since when the {WORD}?", by=moderator, at=at)
    writer_acts.write_back(Letter.objects.get(), f"The {WORD} since spring.", at=at)
    letter.refresh_from_db()
    letter.shortlist(by=author, at=at)
    draft = drafts.start(column, [letter], by=author, at=at, keys=keys)
    draft.save_version(
        factories.draft_words(question=f"About a {WORD}?", answer=f"The {WORD} is fine."), by=author, at=at, base=1
    )
    assert WORD in signed_in(author).get(f"/desk/plain/drafts/{draft.pk}/").content.decode()
    # an edit before publication takes the word out; what goes public is other words
    words = factories.draft_words()
    draft.save_version(words, by=author, at=at, base=2)
    publishing.send_for_review(draft, by=author, at=at, keys=keys)
    reviewer = factories.make_user("reviewer", column, factories.Role.REVIEWER)
    publishing.decide(
        draft, draft.newest(), approve=True, summary=f"no {WORD} left", remarks=[], by=reviewer, at=at, keys=keys
    )
    publishing.publish(draft, by=author, at=at, publish_at=at, slug="fine", keys=keys)
    factories.ten_minutes_pass()
    notices.send_due(at=at)

    everywhere = dump()
    found = [name for name in (WORD, EMAIL, AGENT, ADDRESS, receipt, receipt.replace("-", "")) if name in everywhere]
    assert found == []
    assert WORD.encode().hex() not in everywhere
    assert WORD not in caplog.text
    assert ADDRESS not in caplog.text
    assert receipt[:9] not in caplog.text
    assert [message.to for message in mail.outbox] == [[EMAIL], [EMAIL]]
    assert all(WORD not in message.subject + str(message.body) for message in mail.outbox)
    assert WORD not in str(getattr(cache, "_cache", ""))
    for address in ("/plain/", f"/plain/{at.year}/fine/", "/plain/feed.atom", "/sitemap.xml", "/plain/archive/"):
        assert WORD not in reader.client.get(address).content.decode()
    for path, content in files(Path(settings.VAR_DIR)):
        assert WORD.encode() not in content, path
        assert EMAIL.encode() not in content, path
    copy = tmp_path / "dump.json"
    call_command("dumpdata", output=str(copy), verbosity=0)
    assert WORD not in copy.read_text()


@pytest.mark.django_db(transaction=True)
def test_the_words_are_found_nowhere_after_the_desk_searched_compared_bundled_showed_undid_and_copied(
    caplog: pytest.LogCaptureFixture, signed_in: Callable[[User], Client], tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    column = factories.make_column(slug="plain", title="Plain Answers")
    desk = [factories.Role.MODERATOR, factories.Role.AUTHOR, factories.Role.OWNER]
    client = signed_in(factories.make_user("nurse", column, *desk))
    factories.give_address(User.objects.get())
    at, base = timezone.now(), "/desk/plain/"
    taken = [factories.take_letter(column, at=at, text=f"{TEXT} Number {n}.", consent="light") for n in range(4)]
    first, _, third, fourth = (f"{base}letters/{one.letter.pk}/" for one in taken)
    kindly = {"text": f"Dear {WORD}, we cannot answer every letter, and we are sorry.", "step": "send"}

    def press(path: str, data: Mapping[str, object], *, status: int = 302, **more: str) -> str:
        response = client.post(path, data, headers=more)
        assert response.status_code == status, path
        return str(response.content.decode()) if not response.streaming else ""

    assert WORD in press(f"{base}search/", {"words": WORD}, status=200)
    assert taken[1].letter.label in client.get(f"{first}alike/").content.decode()
    press(f"{first}claim/", {})
    pulse = {"letter": str(taken[0].letter.pk), "doing": "writing", "rows": [str(one.letter.pk) for one in taken]}
    press(f"{base}pulse/", pulse, status=200)
    press(f"{first}together/", {"letters": [str(taken[1].letter.pk)], "with": [str(taken[1].letter.pk)]})
    press(f"{third}move/shortlist/", {})
    press(f"{third}decline/", kindly)
    press(f"{third}undo/{LetterEvent.objects.get(verb='decline').pk}/", {})
    press(f"{fourth}decline/", kindly)
    press(f"{first}move/shortlist/", {})
    press(f"{base}drafts/start/", {"letters": [str(taken[0].letter.pk)]})
    draft = Draft.objects.get()
    shown = client.post(f"{base}drafts/{draft.pk}/writer-approval/", {"letter": str(taken[0].letter.pk)})
    assert shown.status_code == 302
    # each of them did what it says, or the search below would prove nothing
    with_words = factories.desk_keys()
    assert len(drafts.letters(draft, with_words)) == 2
    stand = dict(Letter.objects.values_list("pk", "status"))
    assert [stand[one.letter.pk] for one in taken] == ["answering", "answering", "shortlisted", "declined"]
    later = at + dt.timedelta(days=2)
    letter, derived = writer_acts.find(taken[0].receipt)
    assert letter is not None
    message = Message.objects.get(kind=Message.Kind.APPROVAL)
    writer_approval.correct(letter, message.pk, f"Please without {WORD}.", at=later, keys=vault.writer(derived.key))
    assert WORD in client.get(f"{base}drafts/{draft.pk}/").content.decode()
    assert client.get(f"{base}did/").status_code == 200
    confirm = {"confirm_password": factories.PASSWORD}
    archive = client.post(f"{base}owner/export/", confirm)
    assert archive.status_code == 200
    with zipfile.ZipFile(io.BytesIO(b"".join(archive.streaming_content))) as unpacked:  # type: ignore[attr-defined]
        assert all(WORD.encode() not in unpacked.read(name) for name in unpacked.namelist())
    words = client.post(f"{base}owner/export/", {**confirm, "words": "on", "typed": "Plain Answers"})
    with zipfile.ZipFile(io.BytesIO(b"".join(words.streaming_content))) as unpacked:  # type: ignore[attr-defined]
        assert WORD.encode() in unpacked.read("letters.jsonl"), "whoever reads letters may take their words along"
    dumped = backups.backup(tmp_path, at=at)

    everywhere = dump()
    assert WORD not in everywhere
    assert WORD.encode().hex() not in everywhere
    assert WORD not in caplog.text
    assert WORD not in str(getattr(cache, "_cache", ""))
    for path in (dumped.site, dumped.keys):
        content = gzip.decompress(path.read_bytes())
        assert WORD.encode() not in content
        assert WORD.encode().hex().encode() not in content
    for file, content in files(Path(settings.VAR_DIR)):
        assert WORD.encode() not in content, file


@pytest.mark.django_db
def test_an_error_in_the_middle_of_a_letter_is_logged_without_it(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The formatter that production uses writes type and places; the message, which may quote, is left out."""

    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError(f"could not store {TEXT}")

    factories.make_column(slug="plain")
    reader = Reader()
    reader.client.raise_request_exception = False
    reader.write(text=TEXT)
    monkeypatch.setattr(intake, "take", fails)
    response = reader.client.post(f"/plain/write/send/?{WORD}", forms(reader.page)["/plain/write/send/"])
    assert response.status_code == 503
    assert TEXT in response.content.decode(), "the words come back"
    formatter = PlacesOnly("%(levelname)s %(name)s %(message)s")
    written = "\n".join(formatter.format(record) for record in caplog.records)
    assert "RuntimeError" in written
    assert "test_canary.py" in written
    assert WORD not in written
    assert "/plain/write/send/" not in written
