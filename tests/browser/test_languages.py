"""Screens in the pseudo-languages: longer sentences break no page, and every visible one is marked for translation."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from columns.models import Article, Column
from inbox.editorial import decisions
from inbox.models import User
from inbox.operations import column_settings
from inbox.staff import invitations
from inbox.workflow import DraftStatus, Role
from tests import factories, pseudo
from tests.access_checks import client_of
from tests.browser.looking import axe

pytestmark = pytest.mark.django_db(transaction=True)
LETTER = "Some nights I cannot sleep, and I have wondered for years whether this is how it stays."
QUESTION = "Since when has it been like this for you?"
#: Something of most kinds of what the check page underlines.
DETAILS = "My name is Helena Marsh, I am 34 and live in Dunedin. My husband works at Riverside Hospital."
#: What these tests write beside what stands in every screen.
WRITTEN = {LETTER, QUESTION, "Mod", "Esc", "Enter", "Ctrl", "manage.py new_recovery_key"} | pseudo.WRITTEN
#: What the page shows or reads out, and what its scripts say; what people wrote stands in elements that find their own
#: direction, beside names of kinds of details.
SHOWN = """() => {
    const kinds = [...document.querySelectorAll('[dir=auto] .detail-kind')].map((one) => one.textContent);
    const says = [...document.querySelectorAll('*')].flatMap((one) => Object.entries(one.dataset))
        .filter(([name, value]) => name.startsWith('says') && !value.startsWith('{"')).map(([, value]) => value);
    document.querySelectorAll('[dir=auto]:not(input, textarea)').forEach((one) => one.remove());
    const named = [...document.querySelectorAll('[aria-label], [title], [placeholder], img[alt]')];
    const names = ['aria-label', 'title', 'placeholder', 'alt'];
    const attributes = named.flatMap((one) => names.map((name) => one.getAttribute(name)));
    return [document.title, document.body.innerText, ...attributes.filter(Boolean), ...kinds, ...says];
}"""
#: Elements whose words do not fit in them, but for those that are there for screen readers alone.
CUT = """() => [...document.querySelectorAll('body *')].filter((one) => {
    const style = getComputedStyle(one);
    const hides = ['hidden', 'clip'].includes(style.overflowX) || ['hidden', 'clip'].includes(style.overflowY);
    const seen = one.clientWidth > 2 && one.clientHeight > 2 && style.visibility === 'visible';
    const over = one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
    const shortened = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
    return hides && seen && over && one.innerText && !shortened;
}).map((one) => `${one.tagName} ${one.className}: ${one.innerText.slice(0, 60)}`)"""


@pytest.fixture
def code(pseudo_language: str) -> str:
    """A pseudo-language, of the desk and of every column that is in it."""
    return pseudo_language


@pytest.fixture
def column(transactional_db: None, code: str) -> Column:
    return factories.make_column(slug="plain", title="Plain Answers", language=code)


@pytest.fixture
def article(column: Column) -> Article:
    return factories.make_article(column)


class Looker:
    """Somebody who goes from screen to screen and notes what is wrong with each."""

    def __init__(self, browser: Any, base: str, code: str, written: set[str], user: User | None = None) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        if user is not None:
            cookies = client_of(user).cookies.items()
            self.context.add_cookies([{"name": name, "value": one.value, "url": base} for name, one in cookies])
        self.page: Page = self.context.new_page()
        self.base, self.code, self.written = base, code, written
        self.faults: list[str] = []

    def opens(self, path: str) -> Page:
        self.page.goto(self.base + path)
        self.looks(path)
        return self.page

    def presses(self, selector: str, name: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.looks(name)

    def looks(self, name: str) -> None:
        page = self.page
        page.wait_for_load_state("load")
        root = page.evaluate("[document.documentElement.lang, getComputedStyle(document.documentElement).direction]")
        assert root == [self.code, "rtl" if self.code == pseudo.RIGHT else "ltr"]
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        for width in (320, 1280):
            page.set_viewport_size(ViewportSize(width=width, height=900))
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                self.faults.append(f"{name}: scrolls sideways at {width}")
            self.faults += [f"{name}: cut at {width}: {one}" for one in page.evaluate(CUT)]
            self.faults += [f"{name}: at {width}: {one}" for one in axe(page)]
        # last: it takes people's own words out of the page
        for text in page.evaluate(SHOWN):
            self.faults += [f"{name}: {rest}" for rest in pseudo.unmarked(text, self.written)]


@pytest.fixture
def written(column: Column, article: Article) -> set[str]:
    rows = [column, column.author, article, *column.topics.all(), *column.help_lines.all(), *User.objects.all()]
    known = {"http", settings.SITE_URL, article.approval.reviewer_name}
    return WRITTEN | known | pseudo.days() | pseudo.written_by(*rows)


def test_what_readers_and_writers_see(
    live_server: LiveServer, browser: Any, code: str, column: Column, article: Article, written: set[str]
) -> None:
    headline, _colon, angle = article.headline.partition(": ")
    reader = Looker(browser, live_server.url, code, written | {f"{headline}:", headline, angle, "atom"})
    reader.opens("/plain/")
    reader.opens(article.get_absolute_url())
    reader.opens("/plain/before-you-write/")
    page = reader.opens("/plain/write/")
    page.locator("textarea[name=text]").fill(f"{DETAILS} {LETTER}")
    page.locator("select[name=age_band]").select_option("16 or 17")
    reader.presses("form.write-form button[type=submit]", "check")
    reader.presses("main form[action$='/send/'] > .actions button", "sent")
    groups = page.locator(".receipt span").all_inner_texts()
    page.goto(live_server.url + "/plain/letter/")
    page.locator("input[name=receipt]").fill("".join(groups))
    reader.presses("main form button[type=submit]", "found")
    reader.presses("main form button[type=submit]", "your letter")
    assert page.locator("#as-sent-title").count() == 1
    reader.context.close()
    assert not reader.faults, "\n".join(reader.faults)


def test_what_the_desk_sees(
    live_server: LiveServer, browser: Any, code: str, column: Column, written: set[str]
) -> None:
    at = timezone.now()
    author = factories.make_user("author", column, *Role)
    about = {"age_band": "16 or 17", "ask_back": "yes"}
    letter = factories.make_letter(column, text=f"{DETAILS} {LETTER}", about=about)
    decisions.ask(letter, QUESTION, by=author, at=at)
    column_settings.pause(column, reopens_on=at.date() + dt.timedelta(days=400), by=author, at=at)
    column_settings.export(column, words=True, by=author, at=at)
    invitations.invite("new@example.org", "Newcomer", column, list(Role), credential="", by=author, at=at)
    draft = factories.make_draft(column)
    review = factories.make_draft(column, DraftStatus.IN_REVIEW)
    keys = factories.desk_keys()
    texts = {text for one in (draft, review) for text in keys.open(one.newest()).values() if isinstance(text, str)}
    lines = {shape for text in texts for line in text.splitlines() for shape in (line, line.strip("#*- "))} - {""}
    people = {text for user in User.objects.all() for text in (user.name, user.email)}
    people |= {"new@example.org", "Newcomer"}
    looker = Looker(browser, live_server.url, code, written | lines | people, author)
    looker.opens("/desk/")
    looker.opens("/desk/plain/inbox/all/")
    looker.opens(f"/desk/plain/letters/{letter.pk}/")
    looker.opens("/desk/plain/drafts/")
    looker.opens(f"/desk/plain/drafts/{draft.pk}/")
    looker.opens(f"/desk/plain/reviews/{review.pk}/")
    looker.opens("/desk/plain/owner/")
    looker.opens("/desk/plain/staff/")
    looker.context.close()
    assert not looker.faults, "\n".join(looker.faults)


def test_an_unmarked_word_is_found() -> None:
    """The look at a page must be able to fail."""
    whole = pseudo.pseudo("Write a letter to <a>us</a>.")
    assert pseudo.unmarked(f"{whole}\nPlain Answers\n28 November 2026", {"Plain Answers", "November"}) == []
    assert pseudo.unmarked(f"{whole} Not marked\n{whole}", {"Plain Answers"}) == ["not marked"]
    assert pseudo.unmarked(f"{pseudo.OPEN}one {pseudo.OPEN}two{pseudo.CLOSE} three{pseudo.CLOSE}", set()) == []
