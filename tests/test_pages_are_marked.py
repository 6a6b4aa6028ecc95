"""Every page in a pseudo-language: what it shows is marked for translation, or somebody wrote it.

Screens in a browser (``browser/test_languages.py``) show what scripts do, and both directions; here every address is
opened, with every object in every state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.utils import timezone

from columns.models import Article, Column
from inbox.editorial import decisions, writer_approval
from inbox.letters import intake, rate_limits, writer_acts
from inbox.models import ColumnEvent, User
from inbox.operations import column_settings
from inbox.workflow import DraftStatus, Role
from tests import factories, pseudo
from tests.access_checks import client_of
from tests.reader import Reader
from tests.shown import shown
from tests.test_matrix import Request, requests
from tests.world import LONG, MARK, freshen, make_things

pytestmark = pytest.mark.parametrize("pseudo_language", [pseudo.LEFT], indirect=True)
#: What the world of the matrix writes beside its marks, and names that a server has.
WRITTEN = pseudo.WRITTEN | {
    LONG,
    "is it normal",
    "a question of somebody",
    "somebody@example.org",
    "Some",
    "nothing is wrong with you.",
    "Django",
    "Python",
    "SQLite",
    f"{factories.LETTER_TEXT[:53]} …",
}
ADDRESS = re.compile(r"\bhttps?://\S+|/\d{4}/\S*")
#: Languages that Django itself has no words in keep its English ones.
OF_DJANGO = {"This field is required."}


def test_an_unmarked_word_is_found(pseudo_language: str) -> None:
    """Wherever a page can show it: the look at a page must be able to fail."""
    page = """<title>a page</title><meta name="description" content="about it"><p title="a title">a <b>text</b></p>
    <img alt="a picture"><input type="submit" value="a button"><p data-says-new='{"one": "a sentence"}'></p>
    <div dir="auto">their own words <mark>Ann<span class="detail-kind"> (a name)</span></mark></div><p>after them</p>
    <script>const a = "none of it";</script>"""
    assert unmarked(f"{page}<p>{pseudo.pseudo('Marked')}</p>", set()) == [
        *("a page", "about it", "a title", "a text", "a picture", "a button", "a sentence", "(a name)", "after them")
    ]


@pytest.fixture
def column(db: None, pseudo_language: str) -> Column:
    return factories.make_column(slug="plain", title="Plain Answers", language=pseudo_language)


def written(column: Column, *more: Any) -> set[str]:
    rows = [column, column.author, *column.topics.all(), *column.help_lines.all(), *User.objects.all(), *more]
    return WRITTEN | OF_DJANGO | pseudo.days() | pseudo.written_by(*rows)


def unmarked(page: str, data: set[str]) -> list[str]:
    return pseudo.unmarked(ADDRESS.sub("", MARK.sub("", shown(page))), data)


def faults_of_the_desk(column: Column, pages: Iterable[Request]) -> dict[str, list[str]]:
    """What is unmarked, by the name of the address."""
    user = factories.make_user("all", column, *Role)
    client, data = freshen(client_of(user), user), written(column)
    faults: dict[str, list[str]] = {}
    opened = set()
    for one in pages:
        answer = client.get(one.path, one.data)
        if answer.status_code == 200 and not answer.streaming and "html" in answer.headers["Content-Type"]:
            opened.add(one.name)
            if found := unmarked(answer.text, data):
                faults.setdefault(one.name, []).extend(found)
    assert {"inbox", "letter", "draft", "review", "owner", "staff", "owner_texts", "me", "did"} <= opened
    return faults


def test_every_page_of_the_desk(column: Column) -> None:
    """The pages of a letter and of a draft in each state, and every page that is about neither."""
    things, at = make_things(column), timezone.now()
    column_settings.export(column, words=True, by=factories.someone(column, Role.OWNER), at=at)
    ColumnEvent.write(column, "set_seats", by=None, at=at, about="All: author, moderator")
    alone = {*things.letters.values(), *things.drafts.values()}
    one_each = {("letter", "received"), ("draft", DraftStatus.IN_REVIEW), ("draft", DraftStatus.APPROVED)}
    pages = [
        one
        for one in requests(things)
        if one.thing not in alone
        or one.name in ("letter", "draft", "review", "draft_versions")
        or (type(one.thing).__name__.lower(), str(one.thing.status)) in one_each
    ]
    assert faults_of_the_desk(column, pages) == {}


def test_a_letter_and_its_history_at_the_desk(column: Column) -> None:
    """Details, what the writer said about themselves, the conversation, the history: all in the desk's language."""
    text = f"My name is Helena Marsh and I live in Dunedin. {factories.LETTER_TEXT}"
    about = {"age_band": "Under 16", "country": "Peru", "ask_back": "yes"}
    letter = factories.make_letter(column, text=text, about=about)
    user = factories.make_user("all", column, *Role)
    decisions.ask(letter, "Since when?", by=user, at=timezone.now())
    page = client_of(user).get(f"/desk/plain/letters/{letter.pk}/").text
    for said in ("Under 16", "name", "place", "yes"):
        assert pseudo.pseudo(said) in page
    assert unmarked(page, written(column) | {"Peru"}) == []


@pytest.mark.parametrize("why", ["It advertises gambling.", "It holds links.", rate_limits.MANY, rate_limits.SAME])
def test_why_a_letter_is_held(column: Column, why: str) -> None:
    """Screening, its word lists and the limits leave sentences with a letter, which is read in any language."""
    words = intake.Words(text=factories.LETTER_TEXT, consent="rewritten")
    letter = intake.take(column, words, nonce=intake.new_nonce(), at=timezone.now(), why=[why]).letter
    user = factories.make_user("all", column, *Role)
    page = client_of(user).get(f"/desk/plain/letters/{letter.pk}/").text
    assert pseudo.pseudo(why) in page
    assert unmarked(page, written(column)) == []


def test_what_cannot_be_kept_of_a_persons_settings(column: Column) -> None:
    user = factories.make_user("all", column, *Role)
    sent = {"act": "save", "shortcuts_on": "on", "key_decline": "ab", "away_until": "2020-01-01"}
    answer = client_of(user).post("/desk/me/", sent)
    assert answer.status_code == 400
    assert unmarked(answer.text, written(column) | {"ab"}) == []


def test_every_page_of_readers(column: Column) -> None:
    article: Article = factories.make_article(column)
    article.refresh_from_db()
    headline, _colon, angle = article.headline.partition(": ")
    data = written(column, article) | {f"{headline}:", angle, article.approval.reviewer_name}
    client = client_of(factories.make_user("nobody"))
    month = f"/plain/archive/{article.publish_at:%Y/%-m}/"
    paths = ["/", "/plain/", "/plain/about/", "/plain/archive/", month, "/plain/topics/pain/"]
    paths += [article.get_absolute_url(), "/privacy/", "/plain/before-you-write/", "/plain/write/", "/plain/letter/"]
    faults = {path: found for path in paths if (found := unmarked(client.get(path).text, data))}
    assert faults == {}


def test_the_way_of_a_letter(column: Column) -> None:
    """The form with its refusals, the check page with what it found, the receipt."""
    reader, data = Reader(), written(column) | {"Peru"}
    faults = {}

    def look(name: str, page: str) -> None:
        if found := unmarked(page, data):
            faults[name] = found

    reader.open("write/")
    look("refused", reader.press("write/", text="", email="nobody", age_band="old", consent="all"))
    text = "I am 15. My name is Helena Marsh, I live in Dunedin, my number is 555 010 9911. I want to kill myself."
    look("check", reader.write(text=f"{text} {factories.LETTER_TEXT}", age_band="Under 16", country="Peru"))
    assert pseudo.pseudo("Under 16") in reader.page
    look("sent", reader.press("write/send/"))
    receipt = reader.receipt()
    look("receipt", reader.open("letter/"))
    look("found", reader.find(receipt))
    look("letter", reader.press("letter/open/"))
    assert faults == {}


@pytest.mark.parametrize(
    "state", ["received", "asked", "shown", "declined", "replied", "scheduled", "published", "taken down"]
)
def test_your_letter(column: Column, state: str) -> None:
    at, keys = timezone.now(), factories.desk_keys()
    author = factories.someone(column, Role.AUTHOR)
    taken = factories.take_letter(column, text=factories.LETTER_TEXT)
    letter = taken.letter
    match state:
        case "asked":
            decisions.ask(letter, "Since when?", by=author, at=at)
            factories.ten_minutes_pass()
            writer_acts.write_back(letter, "Since spring.", at=at)
        case "shown":
            letter.shortlist(by=author, at=at)
            draft = factories.make_draft(column, letters=[letter], at=at)
            writer_approval.show(draft, letter, by=author, at=at, keys=keys)
        case "declined":
            decisions.decline(letter, LONG, by=author, at=at)
        case "replied":
            decisions.reply(letter, LONG, by=author, at=at, keys=keys)
        case "scheduled" | "published" | "taken down":
            letter.shortlist(by=author, at=at)
            factories.make_draft(column, DraftStatus(state.replace(" ", "_")), letters=[letter], at=at)
    factories.ten_minutes_pass()
    page = Reader().open_letter(taken.receipt)
    assert unmarked(page, written(column)) == []
    assert pseudo.OPEN in page
