"""The lives of letters and drafts: any verb, by anybody, in any order, on rows that were read long ago. After every
step everything that must hold holds."""

from __future__ import annotations

import collections
import contextlib
import datetime as dt
from typing import Any

from django.db import transaction
from django.test import TestCase
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from columns.models import Article, text_sha256
from inbox.editorial import decisions, drafts, publishing
from inbox.keys import vault
from inbox.letters import writer_acts
from inbox.models import DRAFT_FIELDS, Actor, Consent, Draft, DraftEvent, Letter, LetterEvent, Message, SealedKey
from inbox.models.letter import GONE
from inbox.operations import audit_chain
from inbox.workflow import DRAFT_MOVES, LETTER_MOVES, DraftStatus, LetterStatus, MoveRefused, Role
from tests import factories, lock_order

START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
LONG = "We have read your letter with care, and this is what we can say."
AT_WORK = {DraftStatus.WRITING, DraftStatus.IN_REVIEW, DraftStatus.APPROVED}
OUT = {DraftStatus.SCHEDULED, DraftStatus.PUBLISHED}
number = st.integers(min_value=0, max_value=99)


class Lives(RuleBasedStateMachine):
    """One column, its people, their letters and drafts. ``MoveRefused`` is the one error that a person may meet."""

    @initialize()
    def begin(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        lock_order.within()
        self.at = START
        self.column = factories.make_column()
        self.people = [factories.make_user(f"{role}-{self.column.slug}", self.column, role) for role in Role]
        self.keys = factories.desk_keys()
        self.receipts: dict[Any, str] = {}
        #: Rows as they were read at some time; most of them are stale.
        self.letters: list[Letter] = []
        self.drafts: list[Draft] = []
        #: Letters and drafts with their events, as they were seen to hold.
        self.held: set[Any] = set()
        # so that every state is near from the first step on
        for status in (DraftStatus.SHELVED, DraftStatus.PUBLISHED, DraftStatus.SCHEDULED, DraftStatus.APPROVED):
            taken = factories.take_letter(self.column, at=self.at)
            self.receipts[taken.letter.pk] = taken.receipt
            taken.letter.shortlist(by=self.people[0], at=self.at)
            self.drafts.append(factories.make_draft(self.column, status, letters=[taken.letter], at=self.at))
            self.letters.append(taken.letter)
        self.write(consent=Consent.REWRITTEN)

    def teardown(self) -> None:
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def letter(self, n: int) -> Letter:
        return self.letters[-1 - n % len(self.letters)]

    def draft(self, n: int) -> Draft | None:
        return self.drafts[-1 - n % len(self.drafts)] if self.drafts else None

    def person(self, n: int) -> Any:
        return self.people[n % len(self.people)]

    @contextlib.contextmanager
    def asked(self) -> Any:
        """What is refused leaves no trace; nothing but the act itself takes care of that, as in a view.

        What was withdrawn is forgotten first, as the guard of the desk does before every page: acts on drafts do it
        too, and it stays done when the act is refused.
        """
        drafts.forget_withdrawn(self.column, at=self.at, keys=self.keys)
        before, said = self.shot(), ""
        try:
            yield
        except MoveRefused as refused:
            said = str(refused)
        if said:
            for one in self.drafts:  # what the act had sealed in a row at hand was rolled back
                one._state.fields_cache.pop("bundle", None)
            assert said.endswith(".")
            assert before == self.shot(), "a refused act has changed something"

    @staticmethod
    def shot() -> tuple[Any, Any, int]:
        return (
            list(Letter.objects.order_by("pk").values_list("pk", "status", "events_count")),
            list(Draft.objects.order_by("pk").values_list("pk", "status", "events_count", "latest")),
            LetterEvent.objects.count() + DraftEvent.objects.count() + Message.objects.count(),
        )

    # --- time, and reading rows ----------------------------------------------------------------------------------

    @rule(hours=st.integers(min_value=1, max_value=60))
    def wait(self, hours: int) -> None:
        self.at += dt.timedelta(hours=hours)

    @rule(n=number)
    def read_letter_afresh(self, n: int) -> None:
        fresh = Letter.objects.select_related("column", "topic").get(pk=self.letter(n).pk)
        self.letters.append(fresh)

    @rule(n=number)
    def read_draft_afresh(self, n: int) -> None:
        if one := self.draft(n):
            fresh = Draft.objects.select_related("column", "bundle", "article").get(pk=one.pk)
            self.drafts.append(fresh)

    # --- the writer ----------------------------------------------------------------------------------------------

    @rule(consent=st.sampled_from(list(Consent)))
    def write(self, consent: str) -> None:
        text = f"{factories.LETTER_TEXT} Letter {len(self.receipts)}."
        taken = factories.take_letter(self.column, at=self.at, text=text, consent=consent)
        self.receipts[taken.letter.pk] = taken.receipt
        self.letters.append(taken.letter)

    @rule(n=number)
    def write_back(self, n: int) -> None:
        with self.asked():
            writer_acts.write_back(self.letter(n), "One thing more.", at=self.at)

    @rule(n=number, often=st.sampled_from([False, False, True]))
    def withdraw(self, n: int, often: bool) -> None:
        if not often:
            return
        found, derived = writer_acts.find(self.receipts[self.letter(n).pk])
        if found is not None:
            with self.asked():
                writer_acts.withdraw(found, vault.writer(derived.key), at=self.at)

    # --- the desk and its letters --------------------------------------------------------------------------------

    @rule(n=number, who=number, verb=st.sampled_from(["shortlist", "shortlist", "hold", "release", "put_back"]))
    def move_letter(self, n: int, who: int, verb: str) -> None:
        with self.asked():
            getattr(self.letter(n), verb)(by=self.person(who), at=self.at)

    @rule(n=number, who=number, verb=st.sampled_from(["decline", "reply", "ask", "note", "erase"]))
    def end_letter(self, n: int, who: int, verb: str) -> None:
        letter, by, at = self.letter(n), self.person(who), self.at
        with self.asked():
            match verb:
                case "decline":
                    decisions.decline(letter, LONG, by=by, at=at)
                case "reply":
                    decisions.reply(letter, LONG, by=by, at=at, keys=self.keys)
                case "ask":
                    decisions.ask(letter, "Since when?", by=by, at=at)
                case "note":
                    letter.note("Seen before.", by=by, at=at)
                case "erase" if letter.status in (LetterStatus.DECLINED, LetterStatus.REPLIED):
                    letter.erase(at=at)

    # --- drafts --------------------------------------------------------------------------------------------------

    @rule(n=number, m=number, who=number)
    def start(self, n: int, m: int, who: int) -> None:
        chosen = list({one.pk: one for one in (self.letter(n), self.letter(m))}.values())
        with self.asked():
            self.drafts.append(drafts.start(self.column, chosen, by=self.person(who), at=self.at, keys=self.keys))

    @rule(n=number, m=number, who=number, out=st.booleans())
    def join_or_take_out(self, n: int, m: int, who: int, out: bool) -> None:
        if one := self.draft(n):
            by, at, letter = self.person(who), self.at, self.letter(m)
            with self.asked():
                if out:
                    drafts.take_out(one, letter, by=by, at=at, keys=self.keys)
                else:
                    drafts.join(one, [letter], by=by, at=at, keys=self.keys)

    @rule(n=number, who=number)
    def save(self, n: int, who: int) -> None:
        if one := self.draft(n):
            with self.asked():
                one.save_version(factories.draft_words(), by=self.person(who), at=self.at, base=one.latest)

    @rule(n=number, who=number, verb=st.sampled_from(["send", "send", "approve", "approve", "changes", "edit"]))
    def move_draft(self, n: int, who: int, verb: str) -> None:
        if one := self.draft(n):
            by, at, keys = self.person(who), self.at, self.keys
            with self.asked():
                if verb == "send":
                    publishing.send_for_review(one, by=by, at=at, keys=keys)
                elif verb == "edit":
                    publishing.edit(one, by=by, at=at, keys=keys)
                else:
                    version, yes = one.newest(), verb == "approve"
                    publishing.decide(one, version, approve=yes, summary="So.", remarks=[], by=by, at=at, keys=keys)

    @rule(n=number, who=number, later=st.booleans())
    def publish(self, n: int, who: int, later: bool) -> None:
        if one := self.draft(n):
            when = self.at + dt.timedelta(days=3 if later else 0)
            with self.asked():
                slug = f"article-{Article.objects.count()}-{one.events_count}"
                publishing.publish(one, by=self.person(who), at=self.at, publish_at=when, slug=slug, keys=self.keys)

    @rule(n=number, who=number, verb=st.sampled_from(["take_down", "write_anew", "shelve", "unshelve"]))
    def end_draft(self, n: int, who: int, verb: str) -> None:
        if one := self.draft(n):
            by, at = self.person(who), self.at
            with self.asked():
                if verb == "take_down":
                    publishing.take_down(one, by=by, at=at)
                elif verb == "write_anew":
                    publishing.write_anew(one, by=by, at=at, keys=self.keys)
                else:
                    getattr(drafts, verb)(one, by=by, at=at, keys=self.keys)

    @rule(n=number, who=number)
    def all_the_way(self, n: int, who: int) -> None:
        """From the shortlist to an approval, so that what comes after is reached often."""
        letter = Letter.objects.select_related("column", "topic").get(pk=self.letter(n).pk)
        writer, reader = self.person(who), self.person(who + 1)
        with contextlib.suppress(MoveRefused):
            if letter.status in (LetterStatus.RECEIVED, LetterStatus.HELD):
                letter.shortlist(by=writer, at=self.at)
            one = drafts.start(self.column, [letter], by=writer, at=self.at, keys=self.keys)
            one.save_version(factories.draft_words(), by=writer, at=self.at, base=1)
            publishing.send_for_review(one, by=writer, at=self.at, keys=self.keys)
            self.drafts.append(one)
            publishing.decide(
                one, one.newest(), approve=True, summary="", remarks=[], by=reader, at=self.at, keys=self.keys
            )

    @rule()
    def sweep(self) -> None:
        publishing.follow_articles(at=self.at)
        drafts.forget_withdrawn(self.column, at=self.at, keys=self.keys)
        audit_chain.join()

    # --- what always holds ---------------------------------------------------------------------------------------

    @invariant()
    def only_moves_of_the_table_were_made(self) -> None:
        """Asked where a row or one of its events has changed since the step before; what has not holds as it did."""
        kinds: list[tuple[Any, Any, str, Any, str]] = [
            (Letter, LetterEvent, "letter_id", LETTER_MOVES, "received"),
            (Draft, DraftEvent, "draft_id", DRAFT_MOVES, "writing"),
        ]
        for model, event_model, of, table, first in kinds:
            events = collections.defaultdict[Any, list[Any]](list)
            for event in event_model.objects.order_by("number"):
                events[getattr(event, of)].append(event)
            for one in model.objects.all():
                rows = events[one.pk]
                state = (one.pk, one.status, one.events_count, *(tuple(vars(row).values())[1:] for row in rows))
                if state not in self.held:
                    self.held.add(state)
                    self.each_move_is_of(table, first, one, rows)

    def each_move_is_of(self, table: Any, status: str, one: Any, rows: list[Any]) -> None:
        if isinstance(one, Letter):
            rows = factories.opened(rows)
        assert [event.number for event in rows] == list(range(1, one.events_count + 1))
        for event in rows:
            if isinstance(event, DraftEvent) or one.status not in GONE:
                assert (event.by_id is not None) == (event.actor == Actor.STAFF)
            if event.status_after:
                assert event.status_before == status, "every move starts where the one before ended"
                move = table[event.verb]
                assert event.status_before in move.sources
                assert event.status_after == move.target
            status = event.status_after or status
        assert one.status == status

    @invariant()
    def an_article_is_what_was_approved(self) -> None:
        for article in Article.objects.select_related("approval").filter(taken_down_at=None):
            words = {name: getattr(article, name) for name in DRAFT_FIELDS}
            assert article.approval is not None
            assert article.approval.text_sha256 == text_sha256(correction=article.correction, **words)

    @invariant()
    def a_letter_that_is_gone_has_no_words(self) -> None:
        for letter in Letter.objects.filter(status__in=[LetterStatus.WITHDRAWN, LetterStatus.ERASED]):
            sealed = [letter, *letter.messages.all(), *letter.notes.all()]
            assert not any(bytes(one.sealed) for one in sealed)
            assert not SealedKey.objects.filter(item__in=[one.pk for one in sealed]).exists()

    @invariant()
    def consent_is_kept(self) -> None:
        private = Letter.objects.filter(consent=Consent.PRIVATE)
        assert not private.filter(status__in=[LetterStatus.PUBLISHED, LetterStatus.ANSWERING]).exists()

    @invariant()
    def messages_are_numbered_once(self) -> None:
        numbers = list(Message.objects.values_list("letter", "number"))
        assert len(numbers) == len(set(numbers))

    @invariant()
    def a_letter_is_in_one_draft_and_stands_where_it_does(self) -> None:
        if not hasattr(self, "keys"):
            return
        held: dict[Any, Draft] = {}
        for draft in Draft.objects.select_related("bundle", "article"):
            draft.column = self.column
            if draft.status not in AT_WORK | OUT:
                continue
            for letter in drafts.letters(draft, self.keys):
                if letter.status in (LetterStatus.WITHDRAWN, LetterStatus.ERASED):
                    continue
                assert letter.pk not in held, "one letter in two drafts"
                held[letter.pk] = draft
                wanted = LetterStatus.PUBLISHED if draft.status in OUT else LetterStatus.ANSWERING
                assert letter.status == wanted
        for letter in Letter.objects.filter(status=LetterStatus.ANSWERING):
            assert letter.pk in held, "a letter that is being answered is in a draft"

    @invariant()
    def the_chains_hold(self) -> None:
        assert audit_chain.broken() == []


class LivesTest(TestCase):
    def test_whatever_people_do_everything_holds(self) -> None:
        run_state_machine_as_test(
            Lives,
            settings=settings(
                max_examples=12,
                stateful_step_count=35,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
