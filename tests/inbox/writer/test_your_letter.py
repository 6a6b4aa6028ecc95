"""The letter, where it stands, and the conversation."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from columns.models import Column
from inbox.crypto import receipts
from inbox.editorial import decisions, drafts, publishing
from inbox.keys import vault
from inbox.letters import read_receipts, writer_acts
from inbox.letters.intake import Taken
from inbox.models import Letter, User
from inbox.workflow import DraftStatus, LetterStatus, Role
from inbox.writer.guard import LETTER_PAGE
from tests import factories
from tests.reader import Reader, forms

HELD = "He hits me, and I am afraid of him. What should I do, and is it my fault?"


def word(page: str) -> str:
    found = re.search(r'<h2 id="standing-title">(.*?)</h2>', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("verbs", "said"),
    [([], "Received"), (["hold"], "Received"), (["shortlist"], "Chosen"), (["shortlist", "answer"], "Being written")],
)
def test_says_where_the_letter_stands(
    column: Column, writer: Taken, at: dt.datetime, keys: vault.Vault, verbs: list[str], said: str
) -> None:
    by = factories.make_user("mod", column, Role.MODERATOR, Role.AUTHOR)
    for verb in verbs:
        if verb == "answer":
            drafts.start(column, [writer.letter], by=by, at=at, keys=keys)
        else:
            getattr(writer.letter, verb)(by=by, at=at)
    factories.ten_minutes_pass()
    assert word(Reader().open_letter(writer.receipt)) == said


def test_a_held_letter_reads_like_any_other(column: Column) -> None:
    held, plain = (
        factories.take_letter(column, text=HELD),
        factories.take_letter(column, text=HELD.replace("hits", "knew").replace("afraid", "fond")),
    )
    assert (held.letter.status, plain.letter.status) == (LetterStatus.HELD, LetterStatus.RECEIVED)
    pages = [Reader().open_letter(taken.receipt) for taken in (held, plain)]
    parts = [page[page.index('<section class="standing"') : page.index('id="as-sent-title"')] for page in pages]
    assert parts[0] == parts[1]
    assert "held" not in pages[0].lower()


def test_a_declined_letter_says_why(column: Column, writer: Taken, at: dt.datetime) -> None:
    moderator = factories.make_user("mod", column, Role.MODERATOR)
    decisions.decline(writer.letter, "We are sorry.\n\nThis is <b>not</b> ours to answer.", by=moderator, at=at)
    factories.ten_minutes_pass()
    page = Reader().open_letter(writer.receipt)
    assert word(page) == "Not chosen"
    assert "Why your letter was not chosen" in page
    assert "<p>We are sorry.</p>" in page
    assert "This is &lt;b&gt;not&lt;/b&gt; ours to answer." in page


def test_a_private_answer_is_shown(column: Column, writer: Taken, at: dt.datetime, keys: vault.Vault) -> None:
    decisions.reply(
        writer.letter, "Nothing is wrong with you.", by=factories.make_user("a", column, Role.AUTHOR), at=at, keys=keys
    )
    factories.ten_minutes_pass()
    page = Reader().open_letter(writer.receipt)
    assert word(page) == "Answered"
    assert "<bdi>Nurse Test</bdi> answers you" in page
    assert "Nothing is wrong with you." in page


def _published(
    column: Column, taken: Taken, at: dt.datetime, status: DraftStatus, publish_at: dt.datetime | None = None
) -> None:
    taken.letter.shortlist(by=factories.someone(column, Role.MODERATOR), at=at)
    factories.make_draft(column, status, letters=[taken.letter], at=at, publish_at=publish_at)


def test_a_scheduled_answer_has_its_day(column: Column, writer: Taken) -> None:
    at, day = dt.datetime(2031, 5, 1, 8, 0, tzinfo=dt.UTC), dt.datetime(2031, 5, 12, 8, 0, tzinfo=dt.UTC)
    with time_machine.travel(at, tick=False):
        _published(column, writer, at, DraftStatus.SCHEDULED, day)
        page = Reader().open_letter(writer.receipt)
        assert word(page) == "Out on 12 May"
        assert "Read the answer" not in page
    with time_machine.travel(day + dt.timedelta(minutes=1), tick=False):
        assert word(Reader().open_letter(writer.receipt)) == "Out"


def test_an_answer_that_is_out_has_its_address(column: Column, writer: Taken, at: dt.datetime) -> None:
    _published(column, writer, at, DraftStatus.PUBLISHED)
    page = Reader().open_letter(writer.receipt)
    assert word(page) == "Out"
    address = re.search(r'href="([^"]+)">Read the answer', page)
    assert address
    assert Reader().client.get(address[1]).status_code == 200


def test_an_answer_that_was_taken_down_says_so(column: Column, writer: Taken, at: dt.datetime) -> None:
    _published(column, writer, at, DraftStatus.TAKEN_DOWN)
    page = Reader().open_letter(writer.receipt)
    assert word(page) == "Taken down"
    assert "Read the answer" not in page


def test_the_conversation_is_in_order_with_its_lines_and_signs(column: Column, writer: Taken, at: dt.datetime) -> None:
    moderator = factories.make_user("mod", column, Role.MODERATOR)
    decisions.ask(writer.letter, "Since when?\nAnd <i>who</i> knows?", by=moderator, at=at)
    factories.ten_minutes_pass()
    writer_acts.write_back(writer.letter, "Since spring & nobody.", at=at)
    page = Reader().open_letter(writer.receipt)
    assert "Plain Answers asks you" in page
    assert "Since when?<br>And &lt;i&gt;who&lt;/i&gt; knows?" in page
    assert page.index("Since when?") < page.index("Since spring &amp; nobody.")
    assert factories.LETTER_TEXT in page


def steps(page: str) -> list[tuple[str, str]]:
    return re.findall(r"<li class=\"(done|now|later)\"[^>]*>\s*(.*?)\s*<", page)


@pytest.mark.parametrize(
    ("consent", "ends"), [("private", ["Answered"]), ("rewritten", ["Checked", "Out"]), ("light", ["Checked", "Out"])]
)
def test_the_way_ends_as_the_writer_wished(column: Column, consent: str, ends: list[str]) -> None:
    page = Reader().open_letter(factories.take_letter(column, consent=consent).receipt)
    assert [step for _, step in steps(page)] == ["Received", "Read", "Chosen", "Being written", *ends]


@pytest.mark.parametrize("held", [False, True])
def test_whoever_hears_from_the_desk_was_read(column: Column, writer: Taken, at: dt.datetime, *, held: bool) -> None:
    moderator = factories.make_user("mod", column, Role.MODERATOR)
    if held:
        writer.letter.hold(by=moderator, at=at)
    event = decisions.ask(writer.letter, "Since when?", by=moderator, at=at)
    assert word(Reader().open_letter(writer.receipt)) == "Received", "it waits, and can be taken back"
    decisions.undo(writer.letter, event, by=moderator, at=at, keys=factories.desk_keys())
    factories.ten_minutes_pass()
    assert word(Reader().open_letter(writer.receipt)) == "Received"
    decisions.ask(writer.letter, "Since when?", by=moderator, at=at)
    factories.ten_minutes_pass()
    page = Reader().open_letter(writer.receipt)
    assert word(page) == "Read"
    assert steps(page)[:3] == [("done", "Received"), ("now", "Read"), ("later", "Chosen")]
    writer.letter.shortlist(by=moderator, at=at)
    factories.ten_minutes_pass()
    assert word(Reader().open_letter(writer.receipt)) == "Chosen"


@pytest.mark.parametrize("opens", ["page", "script"])
def test_whoever_was_read_is_told_from_the_day_after(
    column: Column, writer: Taken, moderator: User, opens: str
) -> None:
    day = dt.timedelta(days=1)
    address = f"/desk/plain/letters/{writer.letter.pk}/"
    with time_machine.travel(timezone.now(), tick=False) as clock:
        desk = factories.sign_in(Client(), moderator)
        assert desk.get("/desk/plain/inbox/").status_code == 200
        assert desk.get(address, headers={"X-Steady": "pane"}).status_code == 200
        assert desk.post("/desk/plain/pulse/", {"rows": [writer.letter.pk]}).status_code == 200
        clock.shift(day)
        assert word(Reader().open_letter(writer.receipt)) == "Received", "in a list, or fetched ahead, it is not read"
        desk = factories.sign_in(Client(), moderator)
        if opens == "page":
            desk.get(address)
        else:
            desk.post("/desk/plain/pulse/", {"letter": writer.letter.pk, "doing": "reading"})
        assert word(Reader().open_letter(writer.receipt)) == "Received", "nobody sees who is at work today"
        clock.shift(day)
        page = Reader().open_letter(writer.receipt)
        assert (word(page), steps(page)[1]) == ("Read", ("now", "Read"))
        assert "What becomes of it is not decided yet." in page
        read_on = Letter.objects.get(pk=writer.letter.pk).read_on
        factories.sign_in(Client(), moderator).get(address)
    letter = Letter.objects.get(pk=writer.letter.pk)
    assert letter.read_on == read_on, "the first day"
    assert not letter.events.exclude(by=None).exists(), "no line says who it was"


def test_the_day_goes_with_the_words(column: Column, writer: Taken, moderator: User, at: dt.datetime) -> None:
    read_receipts.opened(writer.letter, at=at)
    decisions.decline(writer.letter, "No.", by=moderator, at=at)
    Letter.objects.get(pk=writer.letter.pk).erase(at=at)
    letter = Letter.objects.get(pk=writer.letter.pk)
    read_receipts.opened(letter, at=at)
    letter.refresh_from_db()
    assert letter.read_on is None


def test_what_has_its_day_was_checked(column: Column, writer: Taken, at: dt.datetime) -> None:
    writer.letter.shortlist(by=factories.someone(column, Role.MODERATOR), at=at)
    draft = factories.make_draft(column, DraftStatus.APPROVED, letters=[writer.letter], at=at)
    factories.ten_minutes_pass()
    page = Reader().open_letter(writer.receipt)
    assert ("now", "Being written") in steps(page), "that a draft was approved stands on the draft's side alone"
    author, keys, later = factories.someone(column, Role.AUTHOR), factories.desk_keys(), at + dt.timedelta(days=3)
    publishing.publish(draft, by=author, at=at, publish_at=later, slug="a-slug", keys=keys)
    assert steps(Reader().open_letter(writer.receipt))[-2:] == [("now", "Checked"), ("later", "Out")]


def test_pages_come_in_sizes(column: Column) -> None:
    for text in (factories.LETTER_TEXT, "long " * 3_000, "é" * 16_000):
        reader = Reader()
        reader.open_letter(factories.take_letter(column, text=text).receipt)
        assert len(reader.response.content) % LETTER_PAGE == 0


def test_hostile_words_come_back_escaped(column: Column) -> None:
    attack = "</div></main><script>alert(1)</script><!-- --> and enough more words to be a letter"
    page = Reader().open_letter(factories.take_letter(column, text=attack, pen_name="<b>Awake</b>").receipt)
    assert "<script>alert" not in page
    assert "<b>Awake</b>" not in page


def test_an_open_letter_closes_after_half_an_hour(column: Column, writer: Taken, at: dt.datetime) -> None:
    reader = Reader()
    reader.find(writer.receipt)
    with time_machine.travel(at + dt.timedelta(minutes=31), tick=False):
        page = reader.press("letter/open/")
    assert reader.response.status_code == 400
    assert "Your letter has closed" in page
    assert factories.LETTER_TEXT not in page
    assert "Find my letter" in page


@pytest.mark.parametrize("token", ["", "00", "zz", "\x00", "é"])
def test_a_forged_token_opens_nothing(column: Column, writer: Taken, token: str) -> None:
    reader = Reader()
    assert "Your letter has closed" in reader.post("letter/open/", {"token": token})
    assert reader.response.status_code == 400


def test_the_token_of_a_miss_opens_nothing(column: Column) -> None:
    reader = Reader()
    reader.find("0123456789ABCDEF" + receipts.check_character("0123456789ABCDEF"))
    token = forms(reader.page)["/plain/letter/"]["again"]
    assert "Your letter has closed" in reader.post("letter/open/", {"token": token})


def test_a_letter_of_another_column_does_not_open_here(column: Column, other_column: Column) -> None:
    reader = Reader()
    reader.find(factories.take_letter(other_column).receipt)
    token = forms(reader.page)["/elsewhere/letter/open/"]["token"]
    assert "Your letter has closed" in reader.post("letter/open/", {"token": token})


def test_opened_without_a_form_leads_to_the_receipt(column: Column) -> None:
    reader = Reader()
    reader.open("letter/open/")
    assert reader.response.headers["Location"] == "/plain/letter/"


def test_another_sites_form_is_refused(column: Column) -> None:
    reader = Reader()
    reader.post("letter/open/", {"token": "00"}, headers={"origin": "https://elsewhere.example"})
    assert reader.response.status_code == 403


def test_wrong_method_is_refused(column: Column) -> None:
    assert Reader().client.put("/plain/letter/open/").status_code == 405


@pytest.mark.parametrize(
    ("zone", "moment", "said"),
    [
        ("Pacific/Auckland", dt.datetime(2026, 11, 29, 11, 30, tzinfo=dt.UTC), "Sent on 30 November 2026"),
        ("America/New_York", dt.datetime(2026, 12, 1, 3, 0, tzinfo=dt.UTC), "Sent on 30 November 2026"),
        ("Europe/London", dt.datetime(2026, 6, 30, 23, 10, tzinfo=dt.UTC), "Sent on 1 July 2026"),
    ],
)
def test_it_was_sent_on_the_sites_day(column: Column, settings: Any, zone: str, moment: dt.datetime, said: str) -> None:
    settings.TIME_ZONE = zone
    with time_machine.travel(moment, tick=False):
        taken = factories.take_letter(column)
        assert said in Reader().open_letter(taken.receipt)
