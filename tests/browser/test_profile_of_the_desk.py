"""What staff type in Firefox stands in no file of its profile, sent or not, and the sealed copy gives it back."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from inbox.workflow import Role
from tests import factories
from tests.browser.firefox import Firefox, firefox
from tests.browser.profiles import found_in
from tests.browser.tabs import WRITTEN, OfFirefox, Tab, until

pytestmark = pytest.mark.django_db(transaction=True)

SAID = {
    "decline": "Declinomux is what we cannot answer here, and we are sorry.",
    "note": "Notezarbim.",
    "draft": "Vorklequin.",
}
RECOVERY = "NCKB-ABJX-JAFL-PF55-ITHS-ZCIZ-XJWO-5XBM-HZDR-BEYB-TFAK-DJO6-CV34-B7FX"
SECRETS = ["declinomux", "notezarbim", "vorklequin", factories.PASSWORD, RECOVERY[:9], RECOVERY[-9:]]
PLACES = """return new Promise((resolve) => {
    const asked = indexedDB.open('kept-copies');
    asked.onsuccess = () => {
        const all = asked.result.transaction('copies').objectStore('copies').getAll();
        all.onsuccess = () => resolve(all.result.map((copy) => copy.place.replace(/^\\d+ /, '')));
    };
})"""


def signs_in(tab: Tab, base: str) -> None:
    tab.goes_to(f"{base}/desk/")
    if tab.script("return document.querySelector('[name=login]') === null"):
        return
    tab.types("[name=login]", "both@example.org")
    tab.types("[name=password]", factories.PASSWORD)
    tab.clicks("main form button[type=submit], main form .actions button")
    until(tab, "document.querySelector('[data-signs-out]')")


def is_kept(tab: OfFirefox, place: str) -> None:
    tab.browser.until(lambda: any(place in one for one in tab.script(PLACES)))


@pytest.mark.skipif(firefox() is None, reason="no Firefox on this machine")
def test_firefox_keeps_what_is_unsent_sealed_alone(
    live_server: LiveServer, transactional_db: None, tmp_path: Path
) -> None:
    base, column = live_server.url, factories.make_column(slug="plain", title="Plain Answers")
    factories.make_user("both", column, Role.AUTHOR, Role.MODERATOR, Role.OWNER)
    draft, letter = factories.make_draft(column), factories.make_letter(column)
    profile = tmp_path / "profile"
    profile.mkdir()
    note, answer = f"{base}/desk/plain/letters/{letter.pk}/note/", f"{base}/desk/plain/drafts/{draft.pk}/"
    browser = Firefox(profile)
    try:
        tab = OfFirefox(browser)
        signs_in(tab, base)
        tab.goes_to(f"{base}/desk/plain/staff/")
        tab.script("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        tab.types("input[name=key]", RECOVERY + "\ue007")
        time.sleep(1)
        tab.goes_to(f"{base}/desk/plain/letters/{letter.pk}/decline/")
        tab.script("document.querySelector('main textarea').value = ''")
        tab.types("main textarea", SAID["decline"])
        is_kept(tab, "/decline/")
        tab.goes_to(note)
        tab.types("main textarea", SAID["note"])
        is_kept(tab, "/note/")
        tab.goes_to(answer)
        tab.types("[name=answer]", SAID["draft"])
        time.sleep(WRITTEN)
        browser.kill()
        assert found_in(profile, SECRETS) == {}
        assert found_in(profile, ["/desk/plain/letters/"]), "the search finds nothing at all"
        browser = Firefox(profile, **{"browser.startup.page": 3})
        tab = OfFirefox(browser)
        signs_in(tab, base)
        tab.goes_to(note)
        until(tab, "document.querySelector('.kept-offer button')")
        tab.clicks(".kept-offer button")
        until(tab, f"document.querySelector('main textarea').value === {SAID['note']!r}")
        tab.clicks("[data-signs-out] button")
        until(tab, "document.querySelector('[name=login]')")
        assert tab.script(PLACES) == []
        browser.close()
        assert found_in(profile, SECRETS) == {}
    finally:
        browser.kill()
