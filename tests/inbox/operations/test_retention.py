"""The end of everything's time: nothing before it, nothing long after it, whatever the clock does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import DatabaseError
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from columns.models import Article, Column
from inbox import tasks
from inbox.crypto.sealing import CannotOpen
from inbox.editorial import decisions, publishing
from inbox.keys import vault
from inbox.letters import retention_periods, writer_acts
from inbox.letters.intake import Taken
from inbox.models import Bundle, Draft, DraftVersion, Letter, LetterEvent, Notice, Period, SealedKey, User
from inbox.models.times.days import month_after
from inbox.operations import retention
from inbox.workflow import LETTER_ENDS, AlreadyMoved, DraftStatus, LetterStatus, NotAllowed, Role
from tests import factories

pytestmark = pytest.mark.databases

DAY = dt.timedelta(days=1)
KEPT = {status: Period.DEFAULTS[kept] for kept, status in retention_periods.LETTERS.items()}


def over(at: dt.datetime, days: int) -> dt.datetime:
    """When the time of a letter that ended now is over: counted from the first of the next month."""
    return dt.datetime.combine(month_after(at.date()), at.timetz()) + days * DAY


def status(letter: Letter) -> LetterStatus:
    return LetterStatus(Letter.objects.get(pk=letter.pk).status)


def due(column: Column, at: dt.datetime) -> int:
    return sum(retention_periods.due(column, Period.of(column), on=at.date()).values())


def wordless(letter: Letter) -> bool:
    """Neither a body nor a data key of the letter, its messages and its notes is left."""
    items = [letter.pk, *letter.messages.values_list("pk", flat=True), *letter.notes.values_list("pk", flat=True)]
    bodies = [bytes(Letter.objects.get(pk=letter.pk).sealed), *(bytes(row.sealed) for row in letter.messages.all())]
    return not SealedKey.objects.filter(item__in=items).exists() and not any(bodies)


@pytest.mark.parametrize("end", sorted(LETTER_ENDS))
def test_each_end_has_its_time_and_not_a_day_less(column: Column, at: dt.datetime, end: LetterStatus) -> None:
    letter = factories.make_letter(column, end, at=at)
    last = over(at, KEPT[end])
    assert last - at > KEPT[end] * DAY
    retention.erase_due(at=last - DAY)
    assert status(letter) == end
    retention.erase_due(at=last)
    assert status(letter) == LetterStatus.ERASED
    assert wordless(letter)
    assert Letter.objects.get(pk=letter.pk).index is None
    assert retention.erase_due(at=last) == 0  # a second sweep finds nothing


@pytest.mark.parametrize("still", sorted(set(LetterStatus) - LETTER_ENDS - {LetterStatus.ERASED}))
def test_what_is_being_worked_on_has_no_end(column: Column, at: dt.datetime, still: LetterStatus) -> None:
    letter = factories.make_letter(column, still, at=at)
    assert retention.erase_due(at=at + 5000 * DAY) == 0
    assert status(letter) == still
    assert not wordless(letter)


def test_the_row_of_events_stays_and_the_words_do_not(column: Column, at: dt.datetime, moderator: User) -> None:
    letter = factories.take_letter(column, at=at, email="somebody@example.org").letter
    letter.note("A remark of ours.", by=moderator, at=at)
    decisions.decline(letter, "We cannot answer every letter, and we are sorry.", by=moderator, at=at)
    retention.erase_due(at=over(at, 90))
    assert wordless(letter)
    assert letter.addresses.count() == 0
    verbs = list(LetterEvent.objects.filter(letter=letter).values_list("verb", flat=True))
    assert verbs == ["receive", "note", "decline", "erase"]


def test_a_message_from_the_writer_gives_it_time_again(column: Column, at: dt.datetime, writer: Taken) -> None:
    decisions.decline(
        writer.letter, "We cannot answer every letter, and we are sorry.", by=factories.someone(column, Role.MODERATOR),
        at=at,
    )  # fmt: skip
    writer.letter.refresh_from_db()
    stale = Letter.objects.get(pk=writer.letter.pk)
    later = at + 89 * DAY
    writer_acts.write_back(writer.letter, "Thank you all the same.", at=later)
    retention.erase_due(at=over(at, 90))
    assert status(writer.letter) == LetterStatus.DECLINED
    with pytest.raises(AlreadyMoved):  # a sweep that had read it before the message
        stale.erase(at=over(at, 90))
    assert not wordless(writer.letter)
    retention.erase_due(at=over(later, 90))
    assert status(writer.letter) == LetterStatus.ERASED


def test_an_owners_period_counts(column: Column, other_column: Column, at: dt.datetime) -> None:
    Period.objects.create(column=column, kept=Period.Kept.DECLINED, days=7)
    soon = factories.make_letter(column, LetterStatus.DECLINED, at=at)
    late = factories.make_letter(other_column, LetterStatus.DECLINED, at=at, topic="")
    assert due(column, over(at, 7) - DAY) == 0
    assert due(column, over(at, 7)) == 1
    retention.erase_due(at=over(at, 7))
    assert (status(soon), status(late)) == (LetterStatus.ERASED, LetterStatus.DECLINED)
    assert due(column, over(at, 7)) == 0


def test_time_runs_from_the_day_an_article_is_out(column: Column, at: dt.datetime) -> None:
    out = at + 100 * DAY
    draft = factories.make_draft(column, DraftStatus.SCHEDULED, at=at, publish_at=out)
    letter = Letter.objects.get(status=LetterStatus.PUBLISHED)
    assert letter.quiet_since > out.date()
    assert letter.quiet_since.day == 1  # the day itself would point to the article
    retention.erase_due(at=out)
    assert status(letter) == LetterStatus.PUBLISHED
    draft.refresh_from_db()
    assert publishing.follow_articles(at=out + dt.timedelta(minutes=1)) == 1
    retention.erase_due(at=out + 179 * DAY)
    assert DraftVersion.objects.exclude(sealed=b"").filter(draft=draft).exists()


@pytest.mark.parametrize(
    ("end", "kept"),
    [(DraftStatus.PUBLISHED, "draft_published"), (DraftStatus.SHELVED, "draft_shelved"),
     (DraftStatus.TAKEN_DOWN, "draft_taken_down")],
)  # fmt: skip
def test_drafts_have_their_time_too(
    column: Column, at: dt.datetime, keys: vault.Vault, end: DraftStatus, kept: str
) -> None:
    draft = factories.make_draft(column, end, at=at)
    last = at + Period.DEFAULTS[kept] * DAY
    retention.erase_due(at=last - DAY)
    assert keys.open(draft.newest())["answer"]
    retention.erase_due(at=last)
    for item in (draft.newest(), Bundle.objects.get(pk=draft.bundle_id), *draft.reviews.all()):
        assert bytes(item.sealed) == b""
        with pytest.raises(CannotOpen):
            keys.open(item)
    assert draft.events.filter(verb="erase").count() == 1
    if end == DraftStatus.PUBLISHED:
        assert Article.objects.live(last).count() == 1  # what is out stays out
    if end == DraftStatus.SHELVED:
        draft.refresh_from_db()
        with pytest.raises(NotAllowed, match="were erased"):
            draft.unshelve(by=draft.started_by, at=last)
    assert retention.erase_due(at=last) == 0


def test_the_desk_says_so_of_an_erased_draft(
    column: Column, at: dt.datetime, signed_in: Callable[[User], Client], author: User
) -> None:
    draft = factories.make_draft(column, DraftStatus.SHELVED, at=at)
    retention.erase_due(at=at + 400 * DAY)
    client = signed_in(author)
    assert client.get("/desk/plain/drafts/").status_code == 200
    for page_path in ("", "preview/", "versions/"):
        page = client.get(f"/desk/plain/drafts/{draft.pk}/{page_path}")
        assert page.status_code in (200, 403), page_path
        assert "whether this is" not in page.text


def test_one_that_fails_does_not_stop_the_others(
    column: Column, at: dt.datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    letters = [factories.make_letter(column, LetterStatus.DECLINED, at=at) for _ in range(3)]
    erase, broken = Letter.erase, letters[1].pk

    def fails(letter: Letter, *, at: dt.datetime) -> None:
        if letter.pk == broken:
            raise DatabaseError("with the values of a row in it")
        erase(letter, at=at)

    monkeypatch.setattr(Letter, "erase", fails)
    assert retention.erase_due(at=at + 200 * DAY) == 2
    assert "DatabaseError" in caplog.text
    assert "values of a row" not in caplog.text
    monkeypatch.undo()
    assert retention.erase_due(at=at + 200 * DAY) == 1


def test_notices_that_a_version_before_sent_are_forgotten(column: Column, at: dt.datetime) -> None:
    letter = factories.take_letter(column, at=at, email="somebody@example.org").letter
    for sent in (at.date(), None):
        Notice.objects.create(letter=letter, kind=Notice.Kind.QUESTION, due_on=at.date(), sent_on=sent)
    retention.erase_due(at=at + DAY)
    assert list(Notice.objects.values_list("sent_on", flat=True)) == [None]


def test_the_task_runs_the_sweep(column: Column, at: dt.datetime) -> None:
    letter = factories.make_letter(column, LetterStatus.DECLINED, at=at - 432 * DAY)
    tasks.erase_due()
    assert status(letter) == LetterStatus.ERASED


# --- whatever happens ------------------------------------------------------------------------------------------------

ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("jump"), st.integers(min_value=-40, max_value=200)),
        st.tuples(st.sampled_from(["decline", "write", "withdraw", "sweep", "killed"]), st.integers(0, 2)),
    ),
    min_size=4,
    max_size=14,
)


class _Killed(BaseException):
    """As a signal ends a process: nothing catches it."""


class Model:
    """What people did and when, and so what must be there and what must be gone. Knows nothing of the code's clock."""

    def __init__(self, taken: list[Taken]) -> None:
        self.taken = taken
        self.ends: dict[int, tuple[LetterStatus, dt.date]] = {}  # how each letter ended, and the day it counts from
        self.gone: set[int] = set()

    def over(self, number: int, now: dt.datetime) -> bool:
        """Whether its time is over."""
        if number not in self.ends:
            return False
        end, day = self.ends[number]
        first = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return now.date() >= first + KEPT[end] * DAY

    def act(self, act: str, number: int, moderator: User, now: dt.datetime) -> None:
        letter = Letter.objects.select_related("column").get(pk=self.taken[number].letter.pk)
        if number in self.gone or letter.status in (LetterStatus.ERASED, LetterStatus.WITHDRAWN):
            return
        if act == "decline" and number not in self.ends:
            decisions.decline(letter, "We cannot answer every letter, and we are sorry.", by=moderator, at=now)
            self.ends[number] = (LetterStatus.DECLINED, now.date())
        elif act == "write":
            writer_acts.write_back(letter, f"One thing more, at {now}.", at=now)
            if number in self.ends:
                end, day = self.ends[number]
                self.ends[number] = (end, max(day, now.date()))
        elif act == "withdraw":
            _, derived = writer_acts.find(self.taken[number].receipt)
            writer_acts.withdraw(letter, vault.writer(derived.key), at=now)
            self.ends[number] = (LetterStatus.WITHDRAWN, now.date())

    def swept(self, now: dt.datetime) -> None:
        """After a sweep that ran to its end: what is due is gone, and nothing else is."""
        for number, one in enumerate(self.taken):
            row = Letter.objects.get(pk=one.letter.pk)
            erased = row.status == LetterStatus.ERASED
            # retention is known to the month, and no row says more
            assert (number not in self.ends) or {row.received_on.day, row.quiet_since.day} == {1}
            if self.over(number, now):
                self.gone.add(number)
            assert erased == (number in self.gone), (number, self.ends.get(number), now)
            assert not erased or wordless(one.letter)


@pytest.mark.django_db
@settings(max_examples=25)
@given(acts=ACTS)
def test_nothing_outlives_its_time_and_nothing_goes_before(
    column: Column, at: dt.datetime, monkeypatch: pytest.MonkeyPatch, acts: list[tuple[str, int]]
) -> None:
    """Whatever people do, however clocks jump, and wherever a sweep is killed."""
    moderator, now = factories.someone(column, Role.MODERATOR), at
    model = Model(
        [factories.take_letter(column, at=at, text=f"A letter for this very run, {n}. " * 3) for n in range(3)]
    )
    for act, number in acts:
        if act == "jump":
            now += number * DAY
        elif act == "killed":
            _sweep(monkeypatch, now, killed=True)
        elif act == "sweep":
            _sweep(monkeypatch, now, killed=False)
            model.swept(now)
        else:
            model.act(act, number, moderator, now)
    retention.erase_due(at=now)
    model.swept(now)


def _sweep(monkeypatch: pytest.MonkeyPatch, at: dt.datetime, *, killed: bool) -> None:
    if not killed:
        retention.erase_due(at=at)
        return
    erase_all = Letter.erase_all_words

    def dies(letter: Letter) -> None:
        erase_all(letter)
        raise _Killed

    with monkeypatch.context() as patched:
        patched.setattr(Letter, "erase_all_words", dies)
        try:
            retention.erase_due(at=at)
        except _Killed:
            return


def test_drafts_are_counted_as_due(column: Column, at: dt.datetime) -> None:
    factories.make_draft(column, DraftStatus.SHELVED, at=at)
    assert due(column, at + 179 * DAY) == 0
    assert due(column, at + 180 * DAY) == 1
    retention.erase_due(at=at + 180 * DAY)
    assert due(column, at + 180 * DAY) == 0
    assert Draft.objects.count() == 1
