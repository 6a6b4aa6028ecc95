"""The editor: every save is a version, and nothing is ever overwritten."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from columns.models import Column
from inbox.editorial import decisions, drafts, publishing, writer_approval
from inbox.keys.vault import Vault
from inbox.letters import writer_acts
from inbox.models import DRAFT_FIELDS, Draft, DraftVersion, User, desk_recipient
from inbox.workflow import DraftStatus, LetterStatus, Role
from tests import factories
from tests.access_checks import client_of

JSON = {"Accept": "application/json"}
MARKUP = "<script>alert(1)</script> & <b>words</b> that a page must show and never run."


def path(draft: Draft) -> str:
    return reverse("desk:draft", args=[draft.column.slug, draft.pk])


def filled(draft: Draft, keys: Vault, **changes: Any) -> dict[str, Any]:
    """What the form sends when it was opened now and ``changes`` were made."""
    words = keys.open(draft.newest())
    topic = draft.topic.slug if draft.topic else ""
    sent: dict[str, Any] = {**words, "topic": topic, "base": draft.latest, "loaded": publishing.hash_of(words)}
    return {**sent, **({"care": "on"} if draft.care else {}), **changes}


@pytest.fixture
def draft(column: Column, author: User) -> Draft:
    return factories.make_draft(column)


@pytest.fixture
def client(author: User) -> Client:
    return client_of(author)


def test_the_kinds_of_concern_are_sealed_with_what_is_saved(
    column: Column, author: User, client: Client, keys: Vault
) -> None:
    letter = factories.make_letter(
        column, LetterStatus.SHORTLISTED, text="Some nights I think about ending my life and I cannot tell anyone."
    )
    draft = factories.make_draft(column, letters=[letter])
    page = client.get(path(draft)).content.decode()
    assert '<input type="hidden" name="kinds" value="self_harm" autocomplete="off">' in page
    client.post(path(draft), filled(draft, keys, answer="Mine.", kinds="self_harm nonsense"), headers=JSON)
    draft.refresh_from_db()
    assert keys.open(draft.newest())["concerns"] == ["self_harm"]
    client.post(reverse("desk:draft_restore", args=["plain", draft.pk, 1]))
    draft.refresh_from_db()
    assert keys.open(draft.newest())["concerns"] == ["self_harm"]


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="help_kinds" value="(\w+)"[^>]* checked', page))


def test_the_kinds_of_help_lines_are_proposed_and_the_author_decides(
    column: Column, author: User, client: Client, keys: Vault, at: dt.datetime
) -> None:
    letter = factories.make_letter(
        column, LetterStatus.SHORTLISTED, text="Some nights I think about ending my life and I cannot tell anyone."
    )
    draft = drafts.start(column, [letter], by=author, at=at, keys=keys)
    page = client.get(path(draft)).text
    assert ticked(page) == {"self_harm"}
    assert "Self-harm and suicide (noticed in the letter)</label>" in page
    assert "Abuse</label>" in page
    sent = filled(draft, keys, help_kinds=["minor", "abuse", "minor"])
    assert client.post(path(draft), sent, headers=JSON).json()["base"] == 2, "a version of its own"
    draft.refresh_from_db()
    assert keys.open(draft.newest())["help_kinds"] == ["abuse", "minor"]
    page = client.get(path(draft)).text
    assert ticked(page) == {"abuse", "minor"}
    assert "Self-harm and suicide (noticed in the letter)</label>" in page
    client.post(reverse("desk:draft_restore", args=["plain", draft.pk, 1]))
    draft.refresh_from_db()
    assert keys.open(draft.newest())["help_kinds"] == ["self_harm"]


def test_a_version_from_before_there_were_kinds_of_help_lines(draft: Draft, client: Client, keys: Vault) -> None:
    version, words = draft.newest(), keys.open(draft.newest())
    text = publishing.hash_of(words)
    del words["help_kinds"]
    version.delete()
    older = DraftVersion(draft=draft, number=version.number, by=version.by, at=version.at)
    older.seal(words, to=[desk_recipient(draft.column)])
    assert publishing.hash_of(words) == text
    assert ticked(client.get(path(draft)).text) == set()
    assert client.post(path(draft), filled(draft, keys), headers=JSON).json()["base"] == draft.latest


@pytest.mark.parametrize("kinds", [["nonsense"], ["abuse", "<script>"], ["abuse minor"], ["general"], ["a" * 9_999]])
def test_kinds_that_nobody_could_tick_are_refused(draft: Draft, client: Client, keys: Vault, kinds: list[str]) -> None:
    sent = filled(draft, keys, answer="Changed.", help_kinds=kinds)
    assert client.post(path(draft), sent, headers=JSON).status_code == 400
    page = client.post(path(draft), sent)
    assert page.status_code == 400
    assert "<script>" not in page.text
    assert draft.versions.count() == draft.latest


def test_a_conflict_names_the_kinds_of_help_lines_and_keeps_what_was_ticked(
    column: Column, draft: Draft, client: Client, keys: Vault
) -> None:
    colleague = factories.make_user("ana", column, Role.AUTHOR)
    mine = filled(draft, keys, help_kinds=["abuse", "minor"])
    client_of(colleague).post(path(draft), filled(draft, keys, help_kinds=["self_harm"]))
    response = client.post(path(draft), mine)
    assert response.status_code == 409
    assert re.search(r'conflict-text"[^>]*>Self-harm and suicide<', response.text)
    assert re.search(r'conflict-text"[^>]*>Abuse\nSomebody under 18<', response.text)
    assert ticked(response.text) == {"abuse", "minor"}


def test_shows_letter_text_and_preview_side_by_side(draft: Draft, client: Client) -> None:
    shown = client.get(path(draft)).content.decode()
    assert factories.LETTER_TEXT in shown
    assert "You may publish my question, rewritten" in shown
    assert "Nothing is wrong with you." in shown
    assert f'src="{reverse("desk:draft_preview", args=["plain", draft.pk])}"' in shown
    for anchor in ("source", "write", "look"):
        assert f'href="#{anchor}"' in shown
        assert f'id="{anchor}"' in shown


def test_marks_details_in_the_letter_and_in_the_question(column: Column, author: User) -> None:
    draft = factories.make_draft(
        column,
        text="My name is Wilhelmina and I live in Bristol, where it hurts.",
        words={"question": "I live in Bristol."},
    )
    shown = client_of(author).get(path(draft)).content.decode()
    assert re.search(r'<mark class="detail">Wilhelmina<', shown)
    assert "Could still point to somebody" in shown
    assert re.search(r"<strong>Bristol</strong>", shown)


def test_shows_what_became_of_the_letter_word_by_word(column: Column, author: User) -> None:
    draft = factories.make_draft(
        column, text="I have wondered about this for so many years now, and never dared to ask.",
        words={"question": "I have wondered about this for so many years now, quietly."},
    )  # fmt: skip
    shown = client_of(author).get(path(draft)).content.decode()
    assert re.search(r"<del>[^<]*never dared to ask\.</del>", shown)
    assert re.search(r"<ins>[^<]*quietly\.</ins>", shown)
    assert "<q>I have wondered about this for so many years now</q>" in shown


def test_shows_conversation_and_notes(
    column: Column, draft: Draft, client: Client, author: User, at: dt.datetime, keys: Vault
) -> None:
    letter = drafts.letters(draft, keys)[0]
    decisions.ask(letter, "Since when does it hurt?", by=author, at=at)
    writer_acts.write_back(letter, "Since the spring.", at=at)
    letter.note("Same as last year's.", by=author, at=at)
    shown = unescape(client.get(path(draft)).content.decode())
    assert "Since when does it hurt?" in shown
    assert "Since the spring." in shown
    assert "Same as last year's." in shown


def test_saving_makes_a_version(draft: Draft, client: Client, keys: Vault) -> None:
    response = client.post(path(draft), filled(draft, keys, answer="Another answer.", topic="desire", care="on"))
    assert response.status_code == 302
    before = draft.latest
    draft.refresh_from_db()
    assert draft.latest == before + 1
    assert keys.open(draft.newest())["answer"] == "Another answer."
    assert draft.topic is not None
    assert (draft.topic.slug, draft.care) == ("desire", True)


def test_an_unchanged_text_makes_no_version(draft: Draft, client: Client, keys: Vault) -> None:
    response = client.post(path(draft), filled(draft, keys), headers=JSON)
    assert (response.status_code, response.json()["base"]) == (200, draft.latest)
    assert draft.versions.count() == draft.latest


def test_topic_and_help_lines_alone_make_no_version(draft: Draft, client: Client, keys: Vault) -> None:
    assert client.post(path(draft), filled(draft, keys, topic="desire", care="on")).status_code == 302
    before = draft.latest
    draft.refresh_from_db()
    assert draft.latest == before
    assert draft.topic is not None
    assert (draft.topic.slug, draft.care) == ("desire", True)


def test_a_topic_of_another_column_is_none(draft: Draft, client: Client, keys: Vault, other_column: Column) -> None:
    other_column.topics.create(slug="theirs", name="Theirs")
    client.post(path(draft), filled(draft, keys, topic="theirs"))
    draft.refresh_from_db()
    assert draft.topic is None


def test_autosave_says_when_and_from_where_to_go_on(draft: Draft, client: Client, keys: Vault) -> None:
    first = client.post(path(draft), filled(draft, keys, answer="One."), headers=JSON).json()
    assert re.fullmatch(r"\d\d:\d\d", first["saved"])
    assert first["base"] == draft.latest + 1
    sent = filled(draft, keys, answer="Two.") | {"base": first["base"], "loaded": first["loaded"]}
    assert client.post(path(draft), sent, headers=JSON).json()["base"] == draft.latest + 2


def test_back_to_the_first_text_is_a_change_too(draft: Draft, client: Client, keys: Vault) -> None:
    loaded = filled(draft, keys)
    first = client.post(path(draft), loaded | {"answer": "One."}, headers=JSON).json()
    client.post(path(draft), loaded | {"base": first["base"], "loaded": first["loaded"]}, headers=JSON)
    draft.refresh_from_db()
    assert keys.open(draft.newest())["answer"] == loaded["answer"]
    assert draft.latest == first["base"] + 1


def test_autosave_asks_little_of_the_database(draft: Draft, client: Client, keys: Vault) -> None:
    client.get(path(draft))
    sent = filled(draft, keys, answer="A few words more.")
    with CaptureQueriesContext(connection) as captured:
        assert client.post(path(draft), sent, headers=JSON).status_code == 200
    asked = [query["sql"] for query in captured if not re.match("(?i)savepoint|release|begin|commit", query["sql"])]
    assert len(asked) <= 6


def test_the_editor_asks_no_more_for_more_letters(
    column: Column, client: Client, author: User, reviewer: User, at: dt.datetime, keys: Vault
) -> None:
    """With everything beside it that an editor can show: conversations, notes, remarks, a question that is shown."""
    counts = []
    for many in (3, 8):
        letters = [factories.make_letter(column, LetterStatus.SHORTLISTED) for _ in range(many)]
        for number in range(many):
            factories.make_letter(
                column, LetterStatus.SHORTLISTED, text=f"Still waiting {many} {number}, patiently, for days."
            )
        shown = factories.make_draft(column, DraftStatus.IN_REVIEW, letters=letters)
        publishing.decide(
            shown, shown.newest(), approve=False, summary="Shorter.", remarks=[], by=reviewer, at=at, keys=keys
        )
        for letter in letters:
            letter.note("Seen before.", by=author, at=at)
            decisions.ask(letter, "Since when?", by=author, at=at)
            writer_approval.show(shown, letter, by=author, at=at, keys=keys)
        client.get(path(shown))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path(shown)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12


def test_a_newer_text_is_not_overwritten(column: Column, draft: Draft, client: Client, keys: Vault) -> None:
    colleague = factories.make_user("ana", column, Role.AUTHOR)
    mine = filled(draft, keys, answer="My words, that must not be lost.")
    client_of(colleague).post(path(draft), filled(draft, keys, answer="The words of Ana."))
    response = client.post(path(draft), mine)
    shown = response.content.decode()
    assert response.status_code == 409
    assert "My words, that must not be lost.</textarea>" in shown
    assert re.search(r'conflict-text"[^>]*>The words of Ana\.<', shown)
    assert f'name="base" value="{draft.latest + 1}"' in shown
    draft.refresh_from_db()
    assert keys.open(draft.newest())["answer"] == "The words of Ana."
    again = client.post(
        path(draft), mine | {"base": draft.latest, "loaded": publishing.hash_of(keys.open(draft.newest()))}
    )
    assert again.status_code == 302
    draft.refresh_from_db()
    assert keys.open(draft.newest())["answer"] == "My words, that must not be lost."


def test_autosave_says_who_was_quicker(column: Column, draft: Draft, client: Client, keys: Vault) -> None:
    colleague = factories.make_user("ana", column, Role.AUTHOR)
    mine, unchanged = filled(draft, keys, answer="Mine."), filled(draft, keys)
    client_of(colleague).post(path(draft), filled(draft, keys, answer="The words of Ana."))
    for sent in (mine, unchanged):
        response = client.post(path(draft), sent, headers=JSON)
        assert (response.status_code, response.json()["newer"]) == (409, "Ana")


def test_the_same_words_sent_twice_are_no_conflict(draft: Draft, client: Client, keys: Vault) -> None:
    """The answer to the first save was lost on its way back, so the script asks again."""
    sent = filled(draft, keys, answer="Sent twice.", topic="desire")
    first, second = (client.post(path(draft), sent, headers=JSON) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["base"] == second.json()["base"] == draft.latest + 1
    assert first.json()["loaded"] == second.json()["loaded"]
    assert draft.versions.count() == draft.latest + 1


@pytest.mark.parametrize("quiet", [True, False])
def test_a_draft_that_was_sent_keeps_the_text_on_the_page(
    column: Column, draft: Draft, client: Client, author: User, at: dt.datetime, keys: Vault, *, quiet: bool
) -> None:
    sent = filled(draft, keys, answer="Written a moment too late.")
    publishing.send_for_review(draft, by=author, at=at, keys=keys)
    response = client.post(path(draft), sent, headers=JSON if quiet else {})
    assert response.status_code == 409
    assert "not being written now" in response.content.decode()
    if not quiet:
        assert "Written a moment too late." in response.content.decode()
    assert keys.open(draft.newest())["answer"] != "Written a moment too late."


@pytest.mark.parametrize("status", [status for status in DraftStatus if status != DraftStatus.WRITING])
def test_a_text_that_is_not_being_written_is_only_read(column: Column, author: User, status: DraftStatus) -> None:
    draft = factories.make_draft(column, status)
    shown = client_of(author).get(path(draft)).content.decode()
    assert "cannot be changed now" in shown
    assert 'id="draft-form"' not in shown
    back = {DraftStatus.SHELVED: "unshelve", DraftStatus.PUBLISHED: "", DraftStatus.TAKEN_DOWN: "write_anew"}.get(
        status, "edit"
    )
    moves = re.findall(r"/move/([a-z_]+)/", shown)
    assert back in moves or not (back or "edit" in moves)


def test_a_reviewer_reads_and_writes_nothing(draft: Draft, reviewer: User, keys: Vault) -> None:
    client = client_of(reviewer)
    shown = client.get(path(draft)).content.decode()
    assert 'id="draft-form"' not in shown
    assert "/move/" not in shown
    assert client.post(path(draft), filled(draft, keys, answer="Mine.")).status_code == 403
    assert keys.open(draft.newest())["answer"] != "Mine."


def test_remarks_stand_beside_the_text(
    column: Column, client: Client, reviewer: User, at: dt.datetime, keys: Vault
) -> None:
    draft = factories.make_draft(column, DraftStatus.IN_REVIEW)
    remark = {"part": "answer", "quote": "Nothing is wrong", "text": "Say who speaks."}
    publishing.decide(
        draft, draft.newest(), approve=False, summary="Nearly there.", remarks=[remark], by=reviewer, at=at, keys=keys
    )
    shown = client.get(path(draft)).content.decode()
    assert "<bdi>Reviewer</bdi> asks for changes" in shown
    for words in ("Nearly there.", "<q>Nothing is wrong</q>", "Say who speaks."):
        assert words in shown


def test_a_part_of_the_outline_is_added_without_script(draft: Draft, client: Client, keys: Vault) -> None:
    client.post(path(draft), filled(draft, keys, answer="So far.", insert="2"))
    draft.refresh_from_db()
    assert keys.open(draft.newest())["answer"].rstrip() == "So far.\n\n## What is happening"


@pytest.mark.parametrize("headers", [JSON, {}])
def test_a_part_that_is_too_long_is_refused_and_kept(
    draft: Draft, client: Client, keys: Vault, headers: dict[str, str]
) -> None:
    response = client.post(path(draft), filled(draft, keys, headline="long " * 100), headers=headers)
    assert response.status_code == 400
    assert ("long long" in response.content.decode()) == (not headers)
    draft.refresh_from_db()
    assert draft.versions.count() == draft.latest


def test_words_are_escaped(column: Column, author: User, at: dt.datetime, keys: Vault) -> None:
    letter = factories.make_letter(column, LetterStatus.SHORTLISTED, text=MARKUP, pen_name="<i>pen</i>")
    draft = factories.make_draft(column, letters=[letter], words=dict.fromkeys(DRAFT_FIELDS, MARKUP[:79]))
    decisions.ask(letter, MARKUP, by=author, at=at)
    letter.note(MARKUP, by=author, at=at)
    client = client_of(author)
    sent = filled(draft, keys, answer=MARKUP)
    draft.save_version({"answer": MARKUP + MARKUP}, by=author, at=at, base=draft.latest)
    for response in (client.get(path(draft)), client.post(path(draft), sent)):
        shown = response.content.decode()
        assert "<script>alert" not in shown
        assert "<i>pen" not in shown
        assert "&lt;script&gt;" in shown


def test_a_letter_whose_words_are_erased_is_said_to_be(
    column: Column, client: Client, at: dt.datetime, keys: Vault
) -> None:
    draft = factories.make_draft(column)
    letter = drafts.letters(draft, keys)[0]
    letter.withdraw(at=at)
    shown = client.get(path(draft)).content.decode()
    assert "Its words are erased." in shown
    assert "withdrawn" in shown


def test_the_page_may_hold_a_frame_of_its_own_and_stand_in_none(draft: Draft, client: Client) -> None:
    headers = client.get(path(draft)).headers
    policy = headers["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Frame-Options"] == "DENY"


def test_a_draft_of_another_column_is_not_there(
    other_column: Column, client: Client, column: Column, keys: Vault
) -> None:
    theirs = factories.make_draft(other_column)
    here = reverse("desk:draft", args=["plain", theirs.pk])
    assert client.get(here).status_code == 404
    for changes in ({}, {"answer": "Mine."}):
        assert client.post(here, filled(theirs, keys, **changes)).status_code == 404
    assert theirs.versions.count() == theirs.latest


def test_other_methods_are_refused(draft: Draft, client: Client) -> None:
    assert client.put(path(draft)).status_code == 405


def test_the_history_of_a_draft_is_told_in_sentences(
    column: Column, client: Client, author: User, reviewer: User, at: dt.datetime, keys: Vault
) -> None:
    draft = factories.make_draft(column)
    assert '<ol class="history">' not in client.get(path(draft)).text, "nothing was done with it yet"
    publishing.send_for_review(draft, by=author, at=at, keys=keys)
    publishing.decide(draft, draft.newest(), approve=True, summary="", remarks=[], by=reviewer, at=at, keys=keys)

    def history(shown: Client) -> list[str]:
        told = shown.get(path(draft)).text.partition("History (2)")[2].partition("</details>")[0]
        return [
            " ".join(re.sub(r"<[^>]+>", "", one).split()) for one in re.findall(r"(?s)<(?:li|p)\b.*?</(?:li|p)>", told)
        ]

    day = date_format(at, "DATE_FORMAT")
    lines = [
        f"{day}, {author}: The draft was sent to the second reader. (writing → in review)",
        f"{day}, {reviewer}: The draft was approved. (in review → approved)",
    ]
    assert history(client) == [*lines, "“Edit again” leads back from the last step."]
    assert history(client_of(reviewer)) == lines, "the way back is the author's"


def test_the_history_keeps_the_hour_of_a_take_down_by_a_writer_to_itself(
    column: Column, client: Client, at: dt.datetime
) -> None:
    draft = factories.make_draft(column, DraftStatus.PUBLISHED, at=at)
    draft.was_taken_down(at=at)
    told = client.get(path(draft)).text.partition('<ol class="history">')[2].partition("</details>")[0]
    assert "the letter writer: The article was taken down." in told
    assert not re.search(r"\d:\d\d", told)
    assert "leads back" not in told
