"""The edited question between author and writer in a real browser: without script, by keyboard, nothing for axe."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from columns.models import Column
from inbox.editorial import drafts, writer_approval
from inbox.keys import vault
from inbox.letters import outbox, writer_acts
from inbox.models import Draft, Message
from inbox.workflow import Role
from tests import factories
from tests.access_checks import client_of
from tests.approval_scene import approval_of
from tests.browser.looking import faults

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)
LETTER = (
    "My husband Bernd has slept badly since we moved to Leipzig in March. He says nothing is wrong. I lie awake beside "
    "him and count the hours.\n\nIs that something that passes, or should I make him see somebody?"
)
QUESTION = (
    "My partner has slept badly since we moved this spring. He says nothing is wrong. I lie awake beside "
    "him and count the hours.\n\nIs that something that *passes*, or should he see somebody?"
)


class Scene:
    def __init__(self, column: Column) -> None:
        self.author = factories.make_user("author", column, Role.AUTHOR, Role.MODERATOR)
        self.keys, self.column = factories.desk_keys(), column
        self.at = timezone.now() - 3 * DAY
        taken = factories.take_letter(column, text=LETTER, at=self.at)
        taken.letter.shortlist(by=self.author, at=self.at)
        self.letter, self.receipt = taken.letter, taken.receipt
        self.draft = drafts.start(column, [self.letter], by=self.author, at=self.at, keys=self.keys)
        self.save(QUESTION)
        writer_approval.show(self.draft, self.letter, by=self.author, at=self.at, keys=self.keys)
        outbox.let_go(at=timezone.now())

    def save(self, question: str) -> None:
        words = factories.draft_words(question=question)
        self.draft.save_version(words, by=self.author, at=self.at, base=self.draft.latest)

    def answers(self, wish: str = "") -> None:
        found, derived = writer_acts.find(self.receipt)
        assert found is not None
        keys = vault.writer(derived.key)
        message = Message.objects.filter(kind=Message.Kind.APPROVAL).latest("number").pk
        if wish:
            writer_approval.correct(found, message, wish, at=timezone.now(), keys=keys)
        else:
            writer_approval.approve(found, message, at=timezone.now(), keys=keys)


def open_letter(page: Page, base: str, receipt: str) -> None:
    page.goto(f"{base}/plain/letter/")
    page.get_by_label("Your receipt").fill(receipt)
    page.get_by_role("button", name="Find my letter").click()
    page.get_by_role("button", name="Open my letter").click()


def test_axe_finds_nothing(browser: Any, live_server: LiveServer, column: Column) -> None:
    scene = Scene(column)
    context = browser.new_context()
    page, found = context.new_page(), []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server.url}/plain/letter/")
    found += faults(page, "approval receipt")
    open_letter(page, live_server.url, scene.receipt)
    found += faults(page, "approval waiting")
    page.get_by_role("button", name="Please change this").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    found += faults(page, "approval refused")
    page.get_by_label("What should we change?").fill("Please not “partner”: friend.")
    page.get_by_role("button", name="Please change this").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    found += faults(page, "approval changed")
    cookies = client_of(scene.author).cookies.items()
    context.add_cookies([{"name": name, "value": one.value, "url": live_server.url} for name, one in cookies])
    page.goto(f"{live_server.url}/desk/plain/drafts/{scene.draft.pk}/")
    found += faults(page, "approval desk-change")
    scene.answers()
    scene.draft = Draft.objects.select_related("column", "bundle").get()
    scene.save(QUESTION.replace("partner", "friend"))
    page.reload()
    found += faults(page, "approval desk-other")
    context.close()
    assert found == []


def test_without_script_from_the_desk_to_the_writer_and_back(
    browser: Any, live_server: LiveServer, column: Column
) -> None:
    scene = Scene(column)
    scene.answers("Please not “partner”: friend.")
    scene.draft = Draft.objects.select_related("column", "bundle").get()
    scene.save(QUESTION.replace("partner", "friend"))
    context = browser.new_context(java_script_enabled=False)
    cookies = client_of(scene.author).cookies.items()
    context.add_cookies([{"name": name, "value": one.value, "url": live_server.url} for name, one in cookies])
    desk = context.new_page()
    desk.goto(f"{live_server.url}/desk/plain/drafts/{scene.draft.pk}/")
    expect(desk.get_by_text("Please not “partner”: friend.").last).to_be_visible()
    desk.get_by_role("button", name="Show the question to the writer").press("Enter")
    expect(desk.get_by_text(f"The writer of {scene.letter.label} gets the question")).to_be_visible()
    context.close()

    factories.ten_minutes_pass()
    context = browser.new_context(java_script_enabled=False)
    reader = context.new_page()
    open_letter(reader, live_server.url, scene.receipt)
    expect(reader.get_by_role("figure")).to_contain_text("My friend has slept badly")
    reader.get_by_role("button", name="Publish it like this").press("Enter")
    expect(reader.get_by_text("If your question goes out, it goes out like this.").first).to_be_visible()
    context.close()
    approval = approval_of(scene.letter, scene.keys, timezone.now())
    assert approval.status == writer_approval.ApprovalStatus.APPROVED
