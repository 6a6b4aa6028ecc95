"""Who may do what to what: every address of the desk, for every kind of person, on every object in every state.

The table in ``matrix.py`` is what was decided; everything else is generated. An address without a row fails. The paths
by which words get out beside the page made for them (``ACCESS_PATHS``) are addresses like the others.
"""

from __future__ import annotations

import copy
import datetime as dt
import io
import itertools
import re
import uuid
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from columns.models import Column
from inbox.crypto import recovery_sheet
from inbox.desk import urls
from inbox.desk.owner.forms.column import PeriodsForm
from inbox.keys import keyring
from inbox.models import ColumnEvent, Draft, Invitation, Letter, Period, Seat, User
from inbox.staff import membership
from inbox.triage import presence
from inbox.workflow import DRAFT_MOVES, LETTER_MOVES, DraftStatus, LetterStatus, Role, plain
from tests import factories
from tests.access_checks import client_of
from tests.matrix import ACCESS_PATHS, ANYBODY, DRAFTS, LETTERS, MOVE_AT, NO, REFUSED, TABLE, A, M, O, R
from tests.world import LONG, MARK, PEOPLE, Person, Things, freshen, make_things, person

#: Between them they reach every statement of the desk, so PostgreSQL has answered each: the author, and for the others
#: what they may use and the author may not.
ON_BOTH = {A, R, O}


def on_both(kind: str) -> Any:
    return pytest.param(kind, marks=pytest.mark.databases)


@dataclass(frozen=True)
class Request:
    name: str
    path: str
    data: Mapping[str, Any]
    thing: Letter | Draft | None = None
    #: The move that a POST of it makes.
    verb: str = ""


@pytest.fixture(scope="module")
def made(for_the_module: Callable[[Callable[[], Things]], Things]) -> Things:
    return for_the_module(lambda: make_things(factories.make_column(slug="plain", title="Plain Answers")))


@pytest.fixture
def things(made: Things, db: None) -> Things:
    """One of everything, made once for the module; what a test does to the objects in memory stays with it too."""
    return copy.deepcopy(made)


@pytest.fixture
def column(things: Things) -> Column:
    return things.column


def patterns() -> dict[str, str]:
    """Every address of the desk by its name, from all of its rooms."""
    return {str(one.name): str(one.pattern) for one in of_every_room()}


def of_every_room() -> list[Any]:
    rooms: list[Any] = urls.urlpatterns
    return [one for room in rooms for one in room.url_patterns]


def requests(things: Things) -> Iterator[Request]:
    """Every address of the desk with every object that it can be about, and what a press of its button sends."""
    for name, pattern in patterns().items():
        if "<uuid:letter>" in pattern:
            for letter in things.letters.values():
                yield from about_letter(name, pattern, letter, things)
        elif "<uuid:draft>" in pattern:
            for draft in things.drafts.values():
                yield from about_draft(name, pattern, draft, things)
        elif name == "draft_start":
            for letter in things.letters.values():
                yield Request(name, address(name, things), {"letters": [letter.pk]}, letter, "answer")
        elif name != "view_drop":  # nobody's view but one's own: it has a test of its own
            for data in payloads(name, things):
                yield Request(name, address(name, things), data)


def tried(person: Person, requests: Iterable[Request]) -> Iterator[tuple[Request, str]]:
    """The requests with their methods. Whoever is turned away is so before an object is looked up (``guard.py``), so
    that is tried on a new letter and on a draft whose article everybody may read alone; a method that an address does
    not have, on one of its objects."""
    without_method = set[tuple[str, str]]()
    for request, method in itertools.product(requests, ("get", "post")):
        comes = expected(person, request, method) if person.roles is not None else "turned away"
        state = request.thing.status if request.thing else None
        if comes == "405":
            if (request.name, method) in without_method:
                continue
            without_method.add((request.name, method))
        elif comes != "in" and state not in (None, LetterStatus.RECEIVED, DraftStatus.PUBLISHED):
            continue
        yield request, method


def beyond_the_author(requests: Iterable[Request], kind: str) -> Iterator[Request]:
    """The addresses that somebody with this seat may use and the author may not."""
    for request in requests:
        allowed = {seat for may in (TABLE[request.name].get, TABLE[request.name].post) for seat in may or ()}
        if kind in allowed and A not in allowed:
            yield request


def payloads(name: str, things: Things) -> list[dict[str, Any]]:
    """What a press of the button of an address about no one letter or draft sends: it would do its work."""
    letters = [letter.pk for letter in things.letters.values()]
    days = Period.of(things.column)
    each: dict[str, list[dict[str, Any]]] = {
        # one word stands in every letter; the others in one alone, of a letter that is here and of one that is gone
        "search": [{"words": "wondered"}, *({"words": word} for word in some_marks(things))],
        "decline_many": [{"letters": letters, "text": LONG, "step": "send"}],
        "pulse": [{"letter": letters[:1], "rows": letters, "doing": "reading"}],
        "view_save": [{"name": "Mine", "view": "all"}],
        "staff_invite": [{"email": "new@example.org", "name": "New", "seats": [M.value]}],
        "staff_seats": [{"seats": [R.value, M.value]}],
        "staff_recover": [{"key": recovery_sheet.shown(factories.RECOVERY.private_bytes_raw())}],
        "owner_opening": [{"act": "mail"}],
        "owner_known_lines": [{"line": "NZ 1737 Need to talk?"}],
        "owner_retention": [{**days, "seen": PeriodsForm.mark(days), "declined": 77, "step": "save"}],
        "owner_export": [{}, {"words": "on", "typed": things.column.title}],
        "unlock": [{"password": "wrong"}],
    }
    return each.get(name, [{}])


def some_marks(things: Things) -> list[str]:
    by_kind = {kind: word for word, (kind, state) in things.marks.items() if kind in ("letter", "gone")}
    return list(by_kind.values())


def address(name: str, things: Things, **parts: Any) -> str:
    wanted = re.findall(r"<\w+:(\w+)>", patterns()[name])
    colleague = factories.someone(things.column, R)
    known = {"column": things.column.slug, "view": "all", "user": colleague.pk, "number": 1}
    known |= {"event": uuid.uuid4(), "saved": uuid.uuid4(), "batch": uuid.uuid4(), "act": uuid.uuid4()}
    known |= {"invitation": things.invitations[0].pk, **parts}
    return reverse(f"desk:{name}", kwargs={part: known[part] for part in wanted})


def about_letter(name: str, pattern: str, letter: Letter, things: Things) -> Iterator[Request]:
    verbs = [*plain(LETTER_MOVES), "withdraw"] if "<slug:verb>" in pattern else [""]
    for verb in verbs:
        data = {"text": LONG, "step": "send", "ask-text": LONG, "note-text": LONG}
        made = verb or (name if name in MOVE_AT["letter"].values() else "")
        event = letter.events.order_by("number")[0].pk
        yield Request(name, address(name, things, letter=letter.pk, verb=verb, event=event), data, letter, made)


def about_draft(name: str, pattern: str, draft: Draft, things: Things) -> Iterator[Request]:
    if "<slug:verb>" in pattern:
        for verb in (*plain(DRAFT_MOVES), "go_live", "not_live"):
            yield Request(name, address(name, things, draft=draft.pk, verb=verb), {}, draft, verb)
        return
    path = address(name, things, draft=draft.pk)
    later, slug = timezone.localdate() + dt.timedelta(days=9), f"matrix-{draft.pk}"
    each: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "review": [
            ("approve", {"version": draft.latest, "decision": "approve"}),
            ("ask_changes", {"version": draft.latest, "decision": "changes", "summary": "More, please."}),
        ],
        "publish": [
            ("publish", {"when": "now", "slug": slug}),
            ("schedule", {"when": "later", "date": later.isoformat(), "time": "08:00", "slug": slug}),
        ],
        "take_down": [("take_down", {})],
        "reschedule": [("", {"date": later.isoformat(), "time": "09:00"})],
    }
    one = [things.letters[LetterStatus.SHORTLISTED].pk]
    otherwise = {"base": draft.latest, "answer": "Other words.", "action": "join", "letters": one, "letter": one}
    for verb, data in each.get(name, [("", otherwise)]):
        yield Request(name, path, data, draft, verb)


# --- what must come of them ------------------------------------------------------------------------------------------


def expected(person: Person, request: Request, method: str) -> str:
    """``"in"``, or the status with which the person is turned away."""
    row = TABLE[request.name]
    allowed = row.get if method == "get" else row.post
    if allowed is NO and not (row.fresh and person.roles is None):
        return "405"
    if allowed == ANYBODY:
        return "in"
    if not person.roles:
        return "404"
    if request.verb in ("withdraw", "go_live", "not_live"):  # no button makes these
        return "404" if person.roles & (LETTERS if request.verb == "withdraw" else DRAFTS) else "403"
    return "in" if person.roles & allowed else "403"


def may_see(roles: frozenset[Role] | None, kind: str, state: str) -> bool:
    """Whether somebody with these seats may read a word at all, on whatever page."""
    if kind == "gone" or not roles:
        return False
    if kind == "letter":
        return bool(roles & LETTERS)
    if kind == "copied":  # the first version of a draft is a copy of its letter
        return bool(roles & (LETTERS | DRAFTS))
    if kind == "beside":  # a second reader sees the letter whole while its draft is with them
        return bool(roles & LETTERS) or (R in roles and state == f"draft {DraftStatus.IN_REVIEW}")
    return bool(roles & DRAFTS) or state == DraftStatus.PUBLISHED


def assert_nothing_leaks(person: Person, things: Things, response: Any, what: str, *, typed: str = "") -> None:
    """``typed``: what the person typed themselves, which a page may show them again."""
    told = [str(message) for message in get_messages(response.wsgi_request)]
    for one in (*(path for path, _ in response.redirect_chain), *told, said(response)):
        for word in MARK.findall(one):
            if word == typed:
                continue
            kind, state = things.marks[word]
            assert may_see(person.roles, kind, state), f"{what} shows words of {kind} ({state})"


def assert_it_empties_itself(response: Any, what: str) -> None:
    """A page of the desk with words of anybody has the script that takes them off it after half an hour."""
    page = said(response)
    if "<!doctype html" in page and response.request["PATH_INFO"].startswith("/desk/") and MARK.search(page):
        assert re.search(r"<script [^>]*src=[^>]*/lock\.", page), what


def said(response: Any) -> str:
    return response.text_of_it.lower() if response.streaming else response.content.decode().lower()


def unpacked(response: Any) -> str:
    """Every file of an export, read at once: later the rows of this request are rolled back. An address that once was
    public stays known when its article is taken down, so addresses do not count."""
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        text = "\n".join(archive.read(name).decode() for name in archive.namelist())
    return re.sub(r'"?slug"?: "[^"]*"', "", text)


def assert_turned_away(person: Person, response: Any, what: str) -> None:
    first = response.redirect_chain[0] if response.redirect_chain else ("", response.status_code)
    assert first[1] in (302, 403), what
    if first[1] == 302:
        assert first[0].startswith(person.sent_to), what
    else:  # a post by somebody whose session is over: their own words are shown to them, and no others
        assert "unsent" in {template.name.split("/")[-1].split(".")[0] for template in response.templates}, what


def status_of(thing: Letter | Draft) -> str:
    return str(type(thing).objects.values_list("status", flat=True).get(pk=thing.pk))


def moved(person: Person, request: Request) -> str | None:
    """Where the table of moves leads this person's press of the button; ``None``: nowhere."""
    assert request.thing is not None
    move: Any = (LETTER_MOVES if isinstance(request.thing, Letter) else DRAFT_MOVES)[request.verb]
    before = request.thing.status
    if not person.roles or not person.roles & move.roles or (request.verb, before) in REFUSED:
        return None
    return str(move.target) if before in move.sources else None


def answer(person: Person, request: Request, method: str, followed: set[str]) -> Any:
    """What comes of the request. ``followed``: the acts whose next page was looked at; for each it is once, for that
    page is asked for by itself in every state, and what was said of the act is looked at here each time."""
    act = f"{method} {request.name} {request.verb}"
    follow, data = act not in followed, request.data if method == "post" else {}
    response = getattr(person.client, method)(request.path, data, follow=follow)
    if follow:
        followed.add(act)
    elif 300 <= response.status_code < 400:
        response.redirect_chain = [(response.url, response.status_code)]
    else:
        response.redirect_chain = []
    if response.streaming:
        response.text_of_it = unpacked(response)
    response.first = response.redirect_chain[0][1] if response.redirect_chain else response.status_code
    return response


def test_every_address_of_the_desk_has_its_row() -> None:
    assert set(patterns()) == set(TABLE), "decide who may use the new address, and write it into TABLE"
    names = {name for names in ACCESS_PATHS.values() for name in names}
    assert names <= set(TABLE)
    assert len(of_every_room()) == len(TABLE), "two addresses of one name: only one of them is looked at here"


def test_every_move_that_a_seat_allows_has_an_address() -> None:
    tables: list[tuple[str, Any]] = [("letter", LETTER_MOVES), ("draft", DRAFT_MOVES)]
    for kind, table in tables:
        by_hand = {name for name, move in table.items() if move.roles}
        assert by_hand == set(plain(table)) | set(MOVE_AT[kind])
        for name, url in MOVE_AT[kind].items():
            assert table[name].roles <= TABLE[url].post


@pytest.mark.parametrize("kind", [one if one not in ON_BOTH else on_both(one) for one in PEOPLE])
def test_everybody_gets_in_where_they_may_and_reads_what_they_may(
    kind: str, things: Things, column: Column, settings: Any
) -> None:
    person_ = person(kind, column, settings)
    seen, followed = set[str](), set[str]()
    partly = connection.vendor == "postgresql" and kind != A
    every = requests(things)
    chosen = list(tried(person_, beyond_the_author(every, kind) if partly else every))
    assert chosen
    for request, method in chosen:
        what = f"{kind}: {method} {request.name} {request.verb} {request.thing and request.thing.status}"
        with transaction.atomic():
            response = answer(person_, request, method, followed)
            after = status_of(request.thing) if request.thing else ""
            transaction.set_rollback(True)
        what += f" -> {response.first}"
        typed = str(request.data.get("words", ""))
        assert_nothing_leaks(person_, things, response, what, typed=typed)
        assert_it_empties_itself(response, what)
        seen |= set(MARK.findall(said(response))) - {typed}
        if person_.roles is None:
            assert_turned_away(person_, response, what)
        else:
            status = expected(person_, request, method)
            assert (response.first in (200, 302, 400, 409)) if status == "in" else str(response.first) == status, what
        if request.thing is None:
            continue
        target = moved(person_, request) if method == "post" and request.verb else None
        assert after == (target or request.thing.status), what
    readable = {word for word, (kind_, state) in things.marks.items() if may_see(person_.roles, kind_, state)}
    if person_.roles and person_.roles & (LETTERS | DRAFTS) and not partly:
        # what somebody may read is there to be read; otherwise nothing above could fail
        assert {kind for kind, _ in (things.marks[word] for word in seen)} == {
            kind for kind, _ in (things.marks[word] for word in readable)
        }
    assert seen <= readable


@pytest.mark.parametrize("role", list(Role))
def test_nothing_of_another_column_is_reached_through_ones_own(
    role: Role, things: Things, column: Column, settings: Any
) -> None:
    person_ = person(role, column, settings)
    letter, draft = things.elsewhere
    for name, pattern in patterns().items():
        if "<uuid" not in pattern or name in ("undo_many", "reassign_undo", "invitation"):  # of oneself
            continue
        foreign = {"letter": letter.pk, "draft": draft.pk, "invitation": things.invitations[1].pk}
        path = address(name, things, **foreign, verb="edit" if "draft" in pattern else "hold")
        for method in ("get", "post"):
            assert getattr(person_.client, method)(path).status_code in (403, 404, 405), (name, method)


@pytest.mark.parametrize("role", sorted(LETTERS))
def test_a_sign_of_life_at_a_letter_of_another_column_says_and_does_nothing(
    role: Role, things: Things, column: Column, settings: Any
) -> None:
    at = timezone.now()
    person_, foreign = person(role, column, settings), things.elsewhere[0]
    colleague = factories.someone(foreign.column, M)
    presence.note(foreign.pk, colleague, "reading", at=at)
    presence.decided(foreign.pk, colleague, "decline", at=at)
    for named in ({"letter": foreign.pk}, {"rows": [foreign.pk]}, {"left": foreign.pk, "letter": foreign.pk}):
        response = person_.client.post(address("pulse", things), {"doing": "writing", **named})
        assert (response.status_code, response.json()) == (200, {"here": [], "rows": {}}), named
    assert presence.holder(foreign.pk, at=at) is None
    assert presence.others([foreign.pk], colleague, at=at) == {}


@pytest.mark.parametrize("name", sorted(ACCESS_PATHS["bulk"] - {"decline_many"}))
def test_one_foreign_letter_among_many_stops_all_of_them(
    name: str, things: Things, column: Column, settings: Any
) -> None:
    author = person(A, column, settings)
    own, foreign = things.letters[LetterStatus.SHORTLISTED], things.elsewhere[0]
    path = address(name, things, draft=things.drafts[DraftStatus.WRITING].pk)
    for letters in itertools.permutations([own.pk, foreign.pk]):
        response = author.client.post(path, {"letters": letters, "action": "join"})
        assert response.status_code == 404
    assert status_of(own) == LetterStatus.SHORTLISTED


@pytest.mark.parametrize("kind", PEOPLE)
def test_many_are_declined_and_letters_found_by_those_who_read_them_alone(
    kind: str, things: Things, column: Column, settings: Any
) -> None:
    foreign = [one for one in things.elsewhere if isinstance(one, Letter)]
    person_ = person(kind, column, settings)
    allowed = bool(person_.roles and person_.roles & LETTERS)
    here, gone = some_marks(things)
    for word, hits in (("wondered", 2), (here, 1), (gone, 0)):
        response = person_.client.post(address("search", things), {"words": word})
        found = {one for one in things.letters.values() if str(one.pk) in response.content.decode()}
        assert (len(found) >= hits) if allowed and hits else not found, word
    before = {one.pk: status_of(one) for one in (*things.letters.values(), *foreign)}
    person_.client.post(address("decline_many", things), {"letters": list(before), "text": LONG, "step": "send"})
    declinable = {one.pk for one in things.letters.values() if before[one.pk] in LETTER_MOVES["decline"].sources}
    assert len(declinable) == 3
    for letter in (*things.letters.values(), *foreign):
        declined = allowed and letter.pk in declinable
        assert status_of(letter) == (LetterStatus.DECLINED if declined else before[letter.pk])


@pytest.mark.parametrize("name", sorted(name for name, row in TABLE.items() if row.fresh))
def test_without_a_fresh_sign_in_the_grave_acts_do_nothing(
    name: str, things: Things, column: Column, owner: User
) -> None:
    colleague = factories.someone(column, R)
    # every seat, so that nothing but the sign-in stands in the way
    for role in (M, A, R):
        Seat.objects.create(user=owner, column=column, role=role)
    factories.grant_all(column, owner)
    for data in payloads(name, things):
        response = client_of(owner).post(address(name, things), data)
        assert response.status_code == 403
        assert "desk/account/reauthenticate.html" in [template.name for template in response.templates]
    assert not User.objects.filter(email="new@example.org").exists()
    assert Invitation.objects.filter(column=column).count() == 1
    assert set(Seat.objects.filter(user=colleague).values_list("role", flat=True)) == {R}
    assert Period.of(column) == Period.DEFAULTS
    assert not ColumnEvent.objects.filter(column=column, by=owner).exists()


def test_without_a_fresh_sign_in_nothing_is_sealed_anew(db: None) -> None:
    column = factories.make_column(slug="anew")  # with one letter alone
    moderator, author, owner = (factories.make_user(f"{role}.anew", column, role) for role in (M, A, O))
    factories.make_letter(column)
    membership.set_seats(moderator, column, frozenset(), by=owner, at=timezone.now())
    factories.grant_all(column, author)
    path, client = reverse("desk:staff_reseal", args=[column.slug]), client_of(author)
    assert keyring.left_to_reseal(column) == 2  # of the letter and of its events
    assert client.post(path).status_code == 403
    assert keyring.left_to_reseal(column) == 2
    assert freshen(client, author).post(path).status_code == 302
    assert keyring.left_to_reseal(column) == 0
