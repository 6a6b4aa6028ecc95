"""An older site dump beside the newest keystore: what must not be undone is not, and the rest is told."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from columns.models import Approval, Article, Column, text_sha256
from inbox.crypto import recovery_sheet, sealing
from inbox.editorial import drafts, publishing
from inbox.keys import keyring, vault
from inbox.letters import intake, writer_acts
from inbox.models import (
    Arrival,
    Consent,
    Draft,
    KeyGrant,
    Letter,
    SealedKey,
    StaffKey,
    User,
)
from inbox.operations import backups
from inbox.staff import account_resets, membership
from inbox.workflow import DraftStatus, LetterStatus, Role
from tests import factories
from tests.inbox.operations import dumps
from tests.inbox.operations.test_backups import empty_the_database

pytestmark = pytest.mark.databases

DAY = dt.timedelta(days=1)


def restore_the_older(folder: Path, at: dt.datetime, old: Path) -> backups.Restored:
    """Back up what stands now, and restore the site of before beside the keystore of now."""
    backups.backup(folder, at=at)
    empty_the_database()
    return backups.restore(folder, at=at, site=old)


def drill(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(recovery_sheet.shown(factories.RECOVERY.private_bytes_raw())))
    out = io.StringIO()
    call_command("recovery_drill", "--key-stdin", stdout=out)
    return out.getvalue()


def test_after_somebody_left_everything_opens_and_they_stay_out(
    column: Column, at: dt.datetime, folder: Path, moderator: User, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, author = factories.take_letter(column, at=at), factories.someone(column, Role.AUTHOR)
    old = backups.backup(folder, at=at).site
    membership.set_seats(moderator, column, frozenset(), by=owner, at=at + DAY)
    keyring.reseal(column, keys=factories.desk_keys())
    factories.take_letter(column, at=at + DAY)  # it came after the site dump, so nothing is left of it
    restore_the_older(folder, at + DAY, old)
    assert factories.desk_keys().open(Letter.objects.get(pk=kept.letter.pk))["text"] == factories.LETTER_TEXT
    assert [user.pk for user in keyring.holders(column)] == [author.pk]
    assert set(KeyGrant.objects.filter(user__isnull=False).values_list("user", flat=True)) == {author.pk}
    assert keyring.left_to_reseal(column) == 0
    assert SealedKey.objects.count() == 4, "of the letter, and of the key of its events"
    assert "opens everything" in drill(monkeypatch)


def test_a_key_lost_to_a_restore_is_told_loudly(
    column: Column, at: dt.datetime, folder: Path, moderator: User, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A keys dump of before, which does not say who holds which key: it restores, and the drill does not say all is
    well."""
    factories.take_letter(column, at=at)
    factories.someone(column, Role.AUTHOR)
    old = backups.backup(folder, at=at).site
    membership.set_seats(moderator, column, frozenset(), by=owner, at=at + DAY)
    keyring.reseal(column, keys=factories.desk_keys())
    keys = backups.backup(folder, at=at + DAY).keys
    dumps.as_of_an_earlier_version(keys, lambda found: found[:4])
    assert {line["model"] for line in dumps.lines(keys)} == {"inbox.sealedkey"}
    empty_the_database()
    assert backups.restore(folder, at=at + DAY, site=old, unproven=True).erased == 0
    with pytest.raises(CommandError, match="opens 2 sealed things of the desk NOT"):
        drill(monkeypatch)


def test_a_password_and_its_key_come_back_together(
    column: Column, at: dt.datetime, folder: Path, moderator: User
) -> None:
    """An old password beside a new pair would make another pair at the next sign-in, and lose the keys."""
    taken = factories.take_letter(column, at=at)
    old = backups.backup(folder, at=at).site
    keyring.make_pair(moderator, "the new one after a reset", at=at)
    moderator.set_password("the new one after a reset")
    moderator.save()
    keyring.grant(column, moderator, by=None, at=at, keys=factories.desk_keys())
    restore_the_older(folder, at + DAY, old)
    user = User.objects.get(pk=moderator.pk)
    assert user.check_password("the new one after a reset")
    private = sealing.unwrap(bytes(StaffKey.objects.get(user=user).wrapped), "the new one after a reset")
    assert vault.holder(private).open(Letter.objects.get(pk=taken.letter.pk))


def test_a_second_factor_that_was_removed_or_used_up_does_not_come_back(
    column: Column, at: dt.datetime, folder: Path, moderator: User, owner: User
) -> None:
    """The telephone was stolen: with it, and an older site dump, nobody signs in again, nor with a used code."""
    stolen = Authenticator.objects.create(user=moderator, type=Authenticator.Type.TOTP, data={"secret": "stolen"})
    codes = Authenticator.objects.create(user=owner, type=Authenticator.Type.RECOVERY_CODES, data={"used_mask": 0})
    old = backups.backup(folder, at=at).site
    account_resets.reset_second_factor(moderator, by=owner, at=at + DAY)
    new = Authenticator.objects.create(user=moderator, type=Authenticator.Type.TOTP, data={"secret": "new"})
    Authenticator.objects.filter(pk=codes.pk).update(data={"used_mask": 1})
    restore_the_older(folder, at + DAY, old)
    kept = {one.pk: one.data for one in Authenticator.objects.all()}
    assert kept == {new.pk: {"secret": "new"}, codes.pk: {"used_mask": 1}}
    assert stolen.pk not in kept
    assert User.objects.get(pk=moderator.pk).session_epoch == 1


def test_a_keys_dump_without_second_factors_takes_none_away(
    column: Column, at: dt.datetime, folder: Path, moderator: User
) -> None:
    """One of an earlier version: taken at its word, it would let everybody in by the password alone."""
    Authenticator.objects.create(user=moderator, type=Authenticator.Type.TOTP, data={"secret": "kept"})
    made = backups.backup(folder, at=at)
    without = lambda found: [  # noqa: E731
        {"standing": 1} if "standing" in line else line for line in found if line.get("model") != "mfa.authenticator"
    ]
    dumps.as_of_an_earlier_version(made.keys, without)
    empty_the_database()
    backups.restore(folder, at=at, unproven=True)
    assert Authenticator.objects.get().data == {"secret": "kept"}


def test_a_draft_whose_letters_changed_opens(
    column: Column, at: dt.datetime, folder: Path, author: User, signed_in: Callable[[User], Client]
) -> None:
    one, two = (factories.make_letter(column, LetterStatus.SHORTLISTED, at=at) for _ in range(2))
    draft = factories.make_draft(column, letters=[one], at=at)
    old = backups.backup(folder, at=at).site
    drafts.join(draft, [two], by=author, at=at + DAY, keys=factories.desk_keys())
    restore_the_older(folder, at + DAY, old)
    client = signed_in(User.objects.get(pk=author.pk))
    for path in (f"drafts/{draft.pk}/", f"letters/{one.pk}/", "drafts/", "inbox/"):
        assert client.get(f"/desk/plain/{path}").status_code == 200
    assert drafts.letter_ids(Draft.objects.get(pk=draft.pk).bundle, factories.desk_keys()) == [one.pk, two.pk]


@pytest.mark.parametrize("status", [DraftStatus.WRITING, DraftStatus.IN_REVIEW, DraftStatus.APPROVED])
def test_a_draft_that_forgot_a_letter_opens(
    column: Column,
    at: dt.datetime,
    folder: Path,
    author: User,
    signed_in: Callable[[User], Client],
    status: DraftStatus,
) -> None:
    """The version that it began with then is not in the older site dump, and those there are erased."""
    letter = factories.make_letter(column, LetterStatus.SHORTLISTED, at=at)
    draft = factories.make_draft(column, status, letters=[letter], at=at)
    old = backups.backup(folder, at=at).site
    Letter.objects.get(pk=letter.pk).withdraw(at=at + DAY)
    assert drafts.forget_withdrawn(column, at=at + DAY, keys=factories.desk_keys()) == 1
    assert restore_the_older(folder, at + DAY, old).erased == 1
    client = signed_in(User.objects.get(pk=author.pk))
    for path in (f"drafts/{draft.pk}/", "drafts/", "inbox/", "reviews/"):
        assert client.get(f"/desk/plain/{path}").status_code == 200
    assert not any(factories.desk_keys().open(Draft.objects.get(pk=draft.pk).newest()).values())


def test_a_draft_that_was_erased_stays_erased(column: Column, at: dt.datetime, folder: Path) -> None:
    draft = factories.make_draft(column, at=at)
    old = backups.backup(folder, at=at).site
    drafts.shelve(draft, by=draft.started_by, at=at, keys=factories.desk_keys())
    Draft.objects.get(pk=draft.pk).erase(at=at + DAY)
    restore_the_older(folder, at + DAY, old)
    again = Draft.objects.get(pk=draft.pk)
    assert again.status == DraftStatus.SHELVED
    assert again.events.filter(verb="erase").count() == 1
    assert not again.versions.exclude(sealed=b"").exists()


def test_an_article_that_was_taken_down_or_stopped_stays_off_the_column(
    column: Column, at: dt.datetime, folder: Path, client: Client
) -> None:
    taken = factories.take_letter(column, at=at)
    taken.letter.shortlist(by=factories.someone(column, Role.MODERATOR), at=at)
    factories.make_draft(column, DraftStatus.PUBLISHED, letters=[taken.letter], at=at)
    stays = factories.make_draft(column, DraftStatus.PUBLISHED, at=at)
    stopped = factories.make_draft(column, DraftStatus.SCHEDULED, at=at)
    old = backups.backup(folder, at=at).site
    letter, derived = writer_acts.find(taken.receipt)
    assert letter is not None
    assert writer_acts.withdraw(letter, vault.writer(derived.key), at=at + DAY)
    publishing.edit(stopped, by=stopped.started_by, at=at, keys=factories.desk_keys())
    restore_the_older(folder, at + DAY, old)
    assert [article.pk for article in Article.objects.live(at + 400 * DAY)] == [stays.article_id]
    for down in Article.objects.exclude(pk__in=Article.objects.live(at + 400 * DAY).values("pk")):
        assert (down.headline, down.question, down.answer) == ("", "", "")
        assert down.taken_down_at is not None
        assert down.taken_down_at.date() == (at + DAY).date()


def test_an_article_that_was_out_for_a_morning_is_gone_after_a_restore_and_not_unheard_of(
    column: Column, at: dt.datetime, folder: Path, client: Client
) -> None:
    draft = factories.make_draft(column, DraftStatus.PUBLISHED, at=at)
    old = backups.backup(folder, at=at).site
    publishing.take_down(draft, by=draft.started_by, at=at + dt.timedelta(minutes=5))
    restore_the_older(folder, at + dt.timedelta(minutes=10), old)
    article = Article.objects.get()
    assert client.get(article.get_absolute_url()).status_code == 410


def _correct(article: Article, at: dt.datetime) -> None:
    words = article.approved_text() | {"correction": "The dose was wrong. It is one a day."}
    approval = Approval.objects.create(text_sha256=text_sha256(**words), approved_at=at)
    Article.objects.filter(pk=article.pk).update(approval=approval, corrected_on=at.date(), **words)


def test_an_article_that_was_corrected_since_is_named(column: Column, at: dt.datetime, folder: Path) -> None:
    same, corrected, down = (factories.make_article(column, at=at, headline=f"About {name}") for name in "abc")
    old = backups.backup(folder, at=at).site
    for article in (corrected, down):
        _correct(article, at + DAY)
    down.take_down(at=at + DAY)
    backups.backup(folder, at=at + DAY)
    empty_the_database()
    out = io.StringIO()
    with time_machine.travel(at + DAY):
        call_command("restore", folder, site=old, stdout=out)
    said = out.getvalue()
    assert f"About b: {settings.SITE_URL}{corrected.get_absolute_url()}" in said
    assert "let an author take them down" in said
    assert "About a" not in said
    assert "About c" not in said, "it is down, and has no words"
    assert Article.objects.get(pk=same.pk).headline == "About a"


def test_where_nothing_was_corrected_nothing_is_named(column: Column, at: dt.datetime, folder: Path) -> None:
    _correct(factories.make_article(column, at=at), at)
    backups.backup(folder, at=at)
    empty_the_database()
    out = io.StringIO()
    call_command("restore", folder, stdout=out)
    assert re.search(r"^From site-\S+ and keys-\S+:\n\d+ rows are back", out.getvalue())
    assert "CORRECTED" not in out.getvalue()


def test_a_changed_receipt_and_what_is_allowed_stay_changed(column: Column, at: dt.datetime, folder: Path) -> None:
    taken = factories.take_letter(column, at=at)
    letter, derived = writer_acts.find(taken.receipt)
    assert letter is not None
    old = backups.backup(folder, at=at).site
    new = writer_acts.change_code(letter, derived.key, nonce=intake.new_nonce(), at=at + DAY)
    letter.allow(Consent.PRIVATE, at=at + DAY)
    restore_the_older(folder, at + DAY, old)
    assert writer_acts.find(taken.receipt)[0] is None
    letter, derived = writer_acts.find(new)
    assert letter is not None
    assert letter.consent == Consent.PRIVATE
    assert vault.writer(derived.key).open(letter)["text"] == factories.LETTER_TEXT


def test_kinds_of_help_lines_come_back(column: Column, at: dt.datetime, folder: Path) -> None:
    helping = factories.make_article(column, at=at, help_kinds=["self_harm", "minor"])
    plain = factories.make_article(column, at=at)
    backups.backup(folder, at=at)
    empty_the_database()
    backups.restore(folder, at=at)
    kinds = dict(Article.objects.live(at).values_list("pk", "help_kinds"))
    assert kinds == {helping.pk: "self_harm minor", plain.pk: ""}
    draft = Draft.objects.get(article=helping.pk)
    assert factories.desk_keys().open(draft.newest())["help_kinds"] == ["self_harm", "minor"]


def test_the_minute_of_a_raised_letter_is_in_no_site_dump(column: Column, at: dt.datetime, folder: Path) -> None:
    heavy = factories.make_letter(column, at=at, text="Some nights I think about ending my life and tell nobody of it.")
    assert Arrival.objects.filter(letter=heavy).exists()
    dumped = backups.backup(folder, at=at)
    assert b"inbox.arrival" not in gzip.decompress(dumped.site.read_bytes())
    empty_the_database()
    backups.restore(folder, at=at)
    assert not Arrival.objects.exists()
    assert factories.desk_keys().open(Letter.objects.get(pk=heavy.pk))["concerns"] == ["self_harm"]
