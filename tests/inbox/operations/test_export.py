"""The export opens words of drafts and of conversations, so it makes the desk forget first what writers took back."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

from django.test import Client

from columns.models import Column
from inbox.editorial import drafts, writer_approval
from inbox.keys.vault import Vault
from inbox.letters import writer_acts
from inbox.models import Draft, Letter
from inbox.operations import export
from inbox.workflow import LetterStatus, Role
from tests import factories
from tests.access_checks import client_of

WORD = "zanzibarquux"
TEXT = f"I am writing about a {WORD} that nobody else in the whole wide world would ever mention to anybody."
PATH = "/desk/plain/owner/export/"
WITH_WORDS = {"confirm_password": factories.PASSWORD, "words": "on", "typed": "Plain Answers"}


def draft_of_a_withdrawn_letter(column: Column, at: dt.datetime) -> Draft:
    letter = factories.make_letter(column, LetterStatus.SHORTLISTED, text=TEXT)
    draft = factories.make_draft(column, letters=[letter], at=at, words={"question": f"A {WORD}?", "answer": "Mine."})
    Letter.objects.get(pk=letter.pk).withdraw(at=at)
    return draft


def files(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def exported(client: Client) -> dict[str, str]:
    return files(client.post(PATH, WITH_WORDS).getvalue())


def test_an_owner_who_reviews_and_opens_the_owners_pages_alone_exports_no_withdrawn_word(
    column: Column, at: dt.datetime
) -> None:
    client = client_of(factories.make_user("both", column, Role.OWNER, Role.REVIEWER))
    assert client.get("/desk/plain/owner/").status_code == 200
    draft_of_a_withdrawn_letter(column, at)
    assert client.get(PATH).status_code == 200
    written = exported(client)
    assert WORD not in "".join(written.values())
    assert "Mine." in written["drafts.jsonl"]


def test_what_is_withdrawn_while_the_file_is_made_is_not_in_it(column: Column, at: dt.datetime, keys: Vault) -> None:
    letter = factories.make_letter(column, LetterStatus.SHORTLISTED, text=TEXT)
    factories.make_draft(column, letters=[letter], at=at, words={"question": f"A {WORD}?", "answer": "Mine."})
    parts = export._files(column, None, keys, at=at)
    assert next(parts)[0] == "README.txt"
    Letter.objects.get(pk=letter.pk).withdraw(at=at)
    written = {name: "".join(lines) for name, lines in parts}
    assert WORD not in "".join(written.values())
    assert "Mine." in written["drafts.jsonl"]


def test_the_stream_asks_for_itself(column: Column, at: dt.datetime, keys: Vault) -> None:
    draft = draft_of_a_withdrawn_letter(column, at)
    written = files(b"".join(export.stream(column, at=at, drafts=keys)))
    assert WORD not in written["drafts.jsonl"]
    assert "Mine." in written["drafts.jsonl"]
    assert WORD not in str(keys.open_many(draft.versions.all()))


def test_a_question_that_another_writer_was_shown_is_not_in_it(column: Column, at: dt.datetime, keys: Vault) -> None:
    author = factories.make_user("author", column, Role.AUTHOR)
    taken = [factories.take_letter(column, at=at, text=text, consent="light") for text in (TEXT, factories.LETTER_TEXT)]
    for one in taken:
        one.letter.shortlist(by=author, at=at)
    draft = drafts.start(column, [one.letter for one in taken], by=author, at=at, keys=keys)
    writer_approval.show(draft, taken[1].letter, by=author, at=at, keys=keys)
    assert WORD in files(b"".join(export.stream(column, at=at, letters=keys)))["letters.jsonl"]
    letter, _ = writer_acts.find(taken[0].receipt)
    assert letter is not None
    letter.withdraw(at=at)
    assert WORD not in files(b"".join(export.stream(column, at=at, letters=keys)))["letters.jsonl"]
