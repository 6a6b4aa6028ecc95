"""Every column of the database that holds a time, and what may be read there. ``tests/test_times.py`` compares the list
with the models of all apps, and a database that was used with the list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Exactness(StrEnum):
    """How exact a time may be in a row."""

    #: The day while the letter waits, the month once it came to its end (``models/times/days.py``).
    LETTER = "day while it waits, month afterwards"
    MONTH = "month"
    DAY = "day"
    EXACT = "exact"
    #: The column is of a version before; nothing is written there any more.
    NOTHING = "nothing"


@dataclass(frozen=True)
class Time:
    kept: Exactness
    why: str


def _letter(why: str) -> Time:
    return Time(Exactness.LETTER, why)


def _day(why: str) -> Time:
    return Time(Exactness.DAY, why)


def _exact(why: str) -> Time:
    return Time(Exactness.EXACT, why)


#: By table and column. ``DAY`` in a column of moments: the beginning of the site's day (``columns/site_time.py``).
TIMES: dict[tuple[str, str], Time] = {
    # letters
    ("inbox_letter", "received_on"): _letter("the order of the inbox, and how long it waits"),
    ("inbox_letter", "read_on"): _letter("its writer is told that it was read"),
    ("inbox_letter", "held_until"): _letter("it is among the new ones again from this day on"),
    ("inbox_letter", "quiet_since"): _letter("retention; once it ended the first of the month after"),
    ("inbox_letterevent", "on"): Time(Exactness.MONTH, "the day is sealed beside it"),
    ("inbox_letterevent", "held_until_before"): Time(Exactness.NOTHING, "sealed with the event"),
    ("inbox_letterevent", "held_until_after"): Time(Exactness.NOTHING, "sealed with the event"),
    ("inbox_message", "on"): _letter("how many messages a day its writer may send; days for an answer"),
    ("inbox_note", "on"): Time(Exactness.MONTH, "the day is sealed with the note"),
    ("inbox_secondlook", "asked_on"): Time(Exactness.MONTH, "of letters that came to their end"),
    ("inbox_secondlook", "looked_on"): Time(Exactness.MONTH, "of letters that came to their end"),
    # what waits: rows that go within minutes, or with what they wait for
    ("inbox_notice", "due_on"): _exact("a day: when a mail is due; the row goes with the mail"),
    ("inbox_notice", "claimed_at"): _exact("the worker's, while it sends or pauses after a failure"),
    ("inbox_notice", "sent_on"): Time(Exactness.NOTHING, "a row goes with its mail"),
    ("inbox_outgoing", "due_at"): _exact("when a writer sees a decision, for ten minutes or to the end of the day"),
    ("inbox_clock", "newest"): _exact(
        "a sweep's, when a day begins or the machine was started anew: for a wrong clock"
    ),
    # drafts
    ("inbox_bundle", "created_at"): Time(Exactness.MONTH, "the order of bundles"),
    ("inbox_draft", "started_at"): _day("shown to the desk; the month once nobody writes on it"),
    ("inbox_draft", "saved_at"): _day("the order of drafts; the month once nobody writes on it"),
    ("inbox_draft", "quiet_since"): _day("retention"),
    ("inbox_draftversion", "at"): Time(Exactness.MONTH, "the time is sealed with the words"),
    ("inbox_review", "at"): Time(Exactness.MONTH, "the time is sealed with the remarks"),
    ("inbox_correction", "at"): Time(Exactness.MONTH, "the time is sealed with the words"),
    ("inbox_draftevent", "at"): _day("the history of a draft"),
    # the column, its keys and its people
    ("inbox_columnevent", "at"): _day("the history of a column"),
    ("inbox_publickey", "month"): Time(Exactness.MONTH, "a desk key for each month"),
    ("inbox_staffkey", "made_on"): _day("shown to its owner"),
    ("inbox_rulecount", "month"): Time(Exactness.MONTH, "the owner's figures"),
    ("inbox_eyecount", "month"): Time(Exactness.MONTH, "the owner's figures"),
    ("inbox_invitation", "invited_on"): _day("shown to the owner"),
    ("inbox_invitation", "last_day"): _day("the last one on which it can be accepted"),
    ("inbox_user", "last_login"): Time(Exactness.NOTHING, "Django's; nobody needs it"),
    ("inbox_user", "stops_at"): _exact("a time of every day, which somebody wants to be told to stop at"),
    ("inbox_user", "away_until"): _day("what was given to them is everybody's until then"),
    ("mfa_authenticator", "created_at"): _day("shown to its owner"),
    ("mfa_authenticator", "last_used_at"): _day("shown to its owner"),
    # the public side
    ("columns_article", "publish_at"): _exact("it goes out at its minute, in public"),
    ("columns_article", "taken_down_at"): _day(
        "or publish_at, where that is later on the day: whether it was ever out"
    ),
    ("columns_article", "reviewed_on"): _day("in public"),
    ("columns_article", "corrected_on"): _day("in public"),
    ("columns_approval", "approved_at"): _day("of the second reader's approval"),
    ("columns_carecard", "changed_on"): _day("shown to the owner"),
    ("columns_carecard", "confirmed_on"): _day("shown to the owner"),
    ("columns_column", "reopens_on"): _day("in public"),
    # other packages
    ("django_session", "expire_date"): Time(Exactness.NOTHING, "sessions lie in the cache"),
    ("django_migrations", "applied"): _exact("when the site got a version"),
    ("account_emailconfirmation", "created"): Time(Exactness.NOTHING, "addresses are confirmed by invitation"),
    ("account_emailconfirmation", "sent"): Time(Exactness.NOTHING, "addresses are confirmed by invitation"),
}
