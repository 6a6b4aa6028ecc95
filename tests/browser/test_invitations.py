"""Invitations in a real browser: whole without script and by keyboard, nothing for axe to find, light and dark."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from columns.models import Column
from inbox.models import Seat, User
from inbox.staff import invitations
from inbox.workflow import Role
from tests import factories
from tests.browser.looking import faults
from tests.browser.test_people import page_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner(column: Column) -> User:
    user = factories.make_user("owner", column, Role.OWNER)
    factories.give_address(user)
    factories.someone(column, Role.MODERATOR)
    return user


def invite(column: Column, owner: User, email: str) -> str:
    """The path of the link."""
    made = invitations.invite(
        email, "Somebody Else", column, [Role.AUTHOR, Role.REVIEWER], credential="", by=owner, at=timezone.now()
    )
    return made.link.removeprefix("http://127.0.0.1:8000")


def test_axe_finds_nothing(browser: Any, live_server: LiveServer, column: Column, owner: User) -> None:
    author = factories.make_user("author.elsewhere", factories.make_column(slug="elsewhere"), Role.AUTHOR)
    link = invite(column, owner, "a.very.long.name.of.somebody.who.is.invited@mail.of.a.long.example.org")
    invite(column, owner, author.email)
    context, found = browser.new_context(), []
    page = context.new_page()
    for name, path in (("link", link), ("link over", "/accounts/invitation/x/")):
        page.goto(live_server.url + path)
        found += faults(page, name)
    page.goto(live_server.url + link)
    page.get_by_role("button", name="Accept and set my password").click()
    found += faults(page, "link refused")
    context.close()
    for name, user, path in (
        ("link of somebody else", author, link),
        ("home with an invitation", author, "/desk/"),
        ("answer", author, f"/desk/invitations/{invitations.waiting_for(author, at=timezone.now()).get().pk}/"),
        ("staff with invitations", owner, "/desk/plain/staff/"),
    ):
        page = page_of(browser, live_server.url, user)
        page.goto(live_server.url + path)
        found += faults(page, name)
        page.context.close()
    assert found == []


def test_without_script_and_mouse_somebody_is_invited_and_accepts(
    browser: Any, live_server: LiveServer, column: Column, owner: User
) -> None:
    author = factories.make_user("author.elsewhere", factories.make_column(slug="elsewhere"), Role.AUTHOR)
    page = page_of(browser, live_server.url, owner, java_script_enabled=False)
    page.goto(f"{live_server.url}/desk/plain/staff/")
    page.get_by_label("E-mail address").fill(author.email)
    page.get_by_label("Name", exact=True).fill("Whoever")
    page.get_by_role("checkbox", name="Reviewer").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("A mail with the invitation is on its way")).to_be_visible()
    expect(page.get_by_role("heading", name=author.email)).to_be_visible()
    page.context.close()
    page = page_of(browser, live_server.url, author, java_script_enabled=False)
    page.goto(f"{live_server.url}/desk/")
    page.get_by_role("link", name="Read and answer the invitation").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Accept").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have a seat at Plain Answers now.")).to_be_visible()
    assert Seat.objects.filter(user=author, column=column, role=Role.REVIEWER).exists()
    page.context.close()
