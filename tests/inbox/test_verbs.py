"""One table of verbs: what is added to it is everywhere, and nothing that is written down stands outside it."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from columns.models import Column
from inbox import shortcuts
from inbox.desk import buttons
from inbox.desk.event_sentences import sentence
from inbox.letters import undo
from inbox.management.commands import workflow_doc
from inbox.models import Consent, Letter, LetterEvent, User
from inbox.models.letter import MARKS
from inbox.operations import column_settings
from inbox.workflow import (
    COLUMN_VERBS,
    DRAFT_MOVES,
    DRAFT_VERBS,
    LETTER_ACTS,
    LETTER_MOVES,
    LETTER_VERBS,
    ButtonPlace,
    DraftStatus,
    LetterStatus,
    Move,
    NotAllowed,
    Role,
    Shortcut,
    Undo,
)
from tests import factories

SignIn = Callable[[User], Client]

#: What is added here, and nowhere else.
PARK = Move(
    sources=frozenset({LetterStatus.RECEIVED}),
    target=LetterStatus.HELD,
    roles=frozenset({Role.MODERATOR}),
    label="Park it",
    sentence="%(letter)s was parked.",
    done="%(letter)s is parked.",
    undo=Undo.MOVE,
    shortcut=Shortcut("y", title="Park the letter"),
    place=ButtonPlace.MORE,
)


@pytest.fixture
def parked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LETTER_MOVES, "park", PARK)


@pytest.mark.usefixtures("parked")
def test_a_verb_that_is_added_to_the_table_is_everywhere(
    column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    client, quick = signed_in(moderator), {"X-Steady": "decision"}
    address, park = f"/desk/plain/letters/{letter.pk}/", f"/desk/plain/letters/{letter.pk}/move/park/"

    # its button, for those whose seats allow it; its key on the button, in the commands, and among the keys
    page = client.get(address).text
    form = page.partition(f'action="{park}"')[2].partition("</form>")[0]
    assert re.search(r'<button[^>]* data-act="park">Park it</button>', form)
    assert park not in signed_in(author).get(address).text
    keys = re.search(r'data-keys="([^"]*)"', page)
    assert keys
    assert "&quot;park&quot;: &quot;y&quot;" in keys[1]
    assert "<dt><kbd>y</kbd></dt><dd>Park the letter</dd>" in page
    assert 'name="key_park"' in client.get("/desk/me/").text

    # done: what is said, the history, and the way back
    answer = client.post(park, {"seen": "received"}, headers=quick).json()
    assert answer["said"] == f"{letter.label} is parked."
    assert f"{letter.label} was parked." in client.get(address).text
    assert f"{letter.label} was parked." in client.get("/desk/plain/did/").text
    assert client.post(answer["undo"], headers=quick).status_code == 200
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.RECEIVED
    assert f"This was taken back: {letter.label} was parked." in client.get(address).text

    # refused from where the table does not have it, by the guard and for those without the seat
    assert signed_in(author).post(park).status_code == 403
    elsewhere = factories.make_letter(column, LetterStatus.SHORTLISTED)
    assert "/move/park/" not in client.get(f"/desk/plain/letters/{elsewhere.pk}/").text
    assert client.post(f"/desk/plain/letters/{elsewhere.pk}/move/park/", headers=quick).status_code == 409
    with pytest.raises(NotAllowed):
        elsewhere.move("park", by=moderator, at=at)
    assert not LetterEvent.objects.filter(letter=elsewhere, verb="park").exists()

    assert re.search(
        r"^\| park \| received \| held \| Park it \| moderator \| stands as before \| y \|.* was parked\. \|$",
        workflow_doc.document(),
        re.MULTILINE,
    )


def test_a_verb_of_a_draft_that_is_added_is_everywhere(
    column: Column, author: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = Move(
        sources=frozenset({DraftStatus.WRITING}),
        target=DraftStatus.SHELVED,
        roles=frozenset({Role.AUTHOR}),
        label="Let it rest",
        sentence="The draft was left to rest.",
        undo="unshelve",
        place=ButtonPlace.FIRST,
    )
    monkeypatch.setitem(DRAFT_MOVES, "rest", rest)
    draft, client = factories.make_draft(column), signed_in(author)
    address = f"/desk/plain/drafts/{draft.pk}/"
    assert re.search(rf'action="{address}move/rest/".*?>Let it rest</button>', client.get(address).text, re.DOTALL)
    assert "The draft was left to rest." in client.post(f"{address}move/rest/", follow=True).text
    draft.refresh_from_db()
    assert draft.status == DraftStatus.SHELVED
    page = client.get(address).text
    assert "Let it rest" not in page
    history = page.partition('<ol class="history">')[2].partition("</details>")[0]
    assert "The draft was left to rest." in history
    assert "“Take off the shelf” leads back from the last step." in history
    assert "cannot be moved" in client.post(f"{address}move/rest/", follow=True).text
    assert "| rest | writing | shelved | Let it rest | author | unshelve |" in workflow_doc.document()


def test_what_a_row_says_of_its_button_is_drawn_from_it(
    column: Column, moderator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No code knows the verb: an act that sets urgency, one of a second look, one that takes several letters."""
    calm = replace(LETTER_ACTS["mark_urgent"], label="Raise it", undo="unmark_urgent")
    confirm = replace(LETTER_ACTS["agree"], label="So be it", undo=Undo.LOOK)
    gather = replace(
        LETTER_MOVES["answer"], label="Gather it", label_for_all="Gather all", roles=frozenset({Role.MODERATOR})
    )
    monkeypatch.setitem(LETTER_ACTS, "calm", calm)
    monkeypatch.setitem(LETTER_ACTS, "confirm", confirm)
    monkeypatch.setitem(LETTER_MOVES, "gather", gather)
    seats = frozenset({Role.MODERATOR})

    def shown(letter: Letter, *, in_bundle: bool = False, second: bool = False) -> dict[str, buttons.Button]:
        drawn = buttons.of_letter(letter, column, seats, in_bundle=in_bundle, second=second)
        return {button.verb: button for button in (*drawn["first"], *drawn["more"])}

    letter = factories.make_letter(column)
    assert "calm" in shown(letter)
    assert "confirm" not in shown(letter, second=True)
    assert "gather" not in shown(letter)
    assert shown(letter, in_bundle=True)["gather"].label == "Gather all"
    letter.mark_urgent(by=moderator, at=timezone.now(), urgent=True)
    assert "calm" not in shown(letter)

    chosen = factories.make_letter(column, LetterStatus.SHORTLISTED)
    button = shown(chosen)["gather"]
    assert (button.label, button.fields, button.leaves) == ("Gather it", (("letters", str(chosen.pk)),), True)
    page = signed_in(moderator).get(f"/desk/plain/letters/{chosen.pk}/").text
    form = page.partition("Gather it")[0].rpartition("<form")[2]
    assert "data-decision" not in form
    assert 'name="seen"' not in form
    chosen.consent = Consent.PRIVATE
    assert "gather" not in shown(chosen)

    declined = factories.make_letter(column, LetterStatus.DECLINED)
    assert "confirm" not in shown(declined)
    assert shown(declined, second=True)["confirm"].address.endswith("/look/")
    assert shown(declined, second=True)["confirm"].fields == (("act", "confirm"),)


def test_the_code_of_the_buttons_names_no_verb() -> None:
    tree = ast.parse((settings.BASE_DIR / "inbox" / "desk" / "buttons.py").read_text())
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert "desk:look" in words
    # the fields of what is drawn have the names of places and acts of the page
    assert not words & {*LETTER_VERBS, *DRAFT_VERBS}
    template = (settings.BASE_DIR / "templates" / "desk" / "inbox" / "_verb.html").read_text()
    assert not set(re.findall(r"['\"](\w+)['\"]", template)) & {*LETTER_VERBS, *DRAFT_VERBS}


def test_what_needs_more_than_a_click_is_not_done_by_one(column: Column, moderator: User, at: dt.datetime) -> None:
    letter, draft = factories.make_letter(column), factories.make_draft(column)
    for verb in ("decline", "withdraw", "erase"):
        with pytest.raises(NotAllowed):
            letter.move(verb, by=moderator, at=at)
    with pytest.raises(NotAllowed):
        draft.move("publish", by=moderator, at=at)
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.RECEIVED


# --- the rows ---------------------------------------------------------------------------------------------------------


def test_every_row_has_what_is_drawn_from_it() -> None:
    names = {
        f"desk:{name}"
        for name in get_resolver("config.urls_desk").namespace_dict["desk"][1].reverse_dict
        if isinstance(name, str)
    }
    assert "desk:decline" in names
    for table, letters in ((LETTER_VERBS, True), (DRAFT_VERBS, False)):
        for verb, row in table.items():
            assert len(verb) <= 20, "the column of events is so wide"
            assert all(words.endswith((".", "%(address)s")) for words in (row.sentence, row.done or "."))
            said = filter(None, (row.sentence, row.done, row.detailed, row.done_detailed, row.cleared))
            assert not letters or all("%(letter)s" in words for words in said)
            assert bool(row.label) == bool(row.roles) == (row.place != ButtonPlace.NOWHERE), verb
            assert {row.page, row.post} - {""} <= names, verb
            assert not (row.page and row.post), verb
            if isinstance(row.undo, Undo):
                assert letters
            else:
                assert row.undo in ("", *table)


def test_a_sentence_says_as_much_as_is_known() -> None:
    assert sentence("hold", "L-1") == "L-1 was held."
    assert sentence("hold", "L-1", "5 June") == "L-1 was held until 5 June."
    assert sentence("hold", "L-1", "5 June", done=True) == "L-1 is held until 5 June."
    assert sentence("hold", "L-1", done=True) == "L-1 is held."
    assert sentence("topic", "L-1") == "L-1 got another topic."
    assert sentence("topic", "L-1", "100% me", done=True) == "L-1 has the topic “100% me”."
    assert sentence("topic", "L-1", "", done=True) == "L-1 has no topic now."
    assert sentence("limit", "L-1", "1") == "The writer of L-1 can send one message a day."
    assert sentence("limit", "L-1", "10") == "The writer of L-1 can send 10 messages a day."
    assert sentence("undo_put_back", "L-1") == "This was taken back: L-1 was put back."
    assert sentence("fly", "L-1") == "L-1: fly"


def test_the_marks_of_the_model_are_those_that_are_set_back() -> None:
    taken_back_by_another = {verb for verb, row in LETTER_VERBS.items() if row.undo in MARKS}
    assert undo.verbs(Undo.MARK) | taken_back_by_another == set(MARKS)


def test_every_key_is_that_of_a_button_or_of_the_page_itself() -> None:
    templates = "".join(path.read_text() for path in (settings.BASE_DIR / "templates" / "desk").rglob("*.html"))
    named = set(re.findall(r'data-act="(\w+)"', templates))
    assert named <= set(shortcuts.defaults())
    drawn = {shortcuts.name_of(verb) for verb, row in LETTER_VERBS.items() if row.place != ButtonPlace.NOWHERE}
    assert set(shortcuts.defaults()) <= named | drawn | {"next", "previous", "open", "select"}


# --- the events -------------------------------------------------------------------------------------------------------

#: What writes a line into the history of a letter or of a draft. Each takes its verb first, or by its name.
WRITERS = {"record", "_record", "_move", "move", "_review", "mark", "ask", "write_event", "_write_event", "create"}
#: The trail of a column's settings has its own words.
ELSEWHERE = "inbox/operations/column_settings.py"
#: Verbs that are not written where the event is, by the function that passes them on, and where they come from.
FROM_ELSEWHERE = {
    "mark_need": "one of the two marks of need",
    "_mark": "the form allows those of the marks alone",
    "_unmark": "the verb of an event that stands in the history",
    "undo": "the verb of an event that stands in the history, taken back",
    "write": "the trail of a column has words of its own",
    "act": "the view allows the plain moves of the table alone",
}


def calls(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, ast.Call]]:
    """Every call below the node, with the name of the function that it stands in."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            yield inside, node
        yield from calls(node, node.name if isinstance(node, ast.FunctionDef) else inside)


def verb_of(call: ast.Call) -> ast.expr | None:
    """The verb that is given to something that writes an event."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    # whatever writes an event says when
    if name not in WRITERS or not any(one.arg in ("at", "on") for one in call.keywords):
        return None
    by_name = next((one.value for one in call.keywords if one.arg == "verb"), None)
    if by_name is not None or name in ("ask", "create"):
        return by_name
    # what moves several letters takes these first
    words = [one for one in call.args[:2] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return next(iter([*words, *call.args]), None)


def _is_named(node: ast.Assign, name: str) -> bool:
    return ast.unparse(node.targets[0]) == name


def names_in(expression: ast.expr, tree: ast.Module) -> set[str] | None:
    """The verbs that the expression can be; ``None`` where somebody else says it."""
    match expression:
        case ast.Constant(value=str(verb)):
            return {verb}
        case ast.IfExp(body=body, orelse=orelse):
            return (names_in(body, tree) or set()) | (names_in(orelse, tree) or set())
        case ast.JoinedStr(values=[ast.Constant(value="undo_"), *_]):
            return set()  # what is taken back has a sentence of its own
        case ast.Subscript(value=ast.Name(id=table)):
            kept = [node.value for node in tree.body if isinstance(node, ast.Assign) and _is_named(node, table)]
            values = [value for one in kept if isinstance(one, ast.Dict) for value in one.values]
            return {value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)}
    return None


def test_every_verb_that_is_written_into_a_history_stands_in_the_table() -> None:
    written = set()
    for path in (settings.BASE_DIR / "inbox").rglob("*.py"):
        place = path.relative_to(settings.BASE_DIR).as_posix()
        if place == ELSEWHERE or "/migrations/" in place:
            continue
        tree = ast.parse(path.read_text())
        for inside, call in calls(tree):
            verb = verb_of(call)
            if verb is None:
                continue
            names = names_in(verb, tree)
            where = f"{place}:{call.lineno}: {ast.unparse(call)}"
            if names is None:
                # passed on by a function that itself is looked at
                assert inside in WRITERS or inside in FROM_ELSEWHERE, where
            else:
                known = DRAFT_VERBS if place == "inbox/models/draft.py" else LETTER_VERBS
                assert names <= set(known), where
                written |= names
    # or else nothing is looked at here: what others than the table's own buttons write is found
    assert {
        "receive",
        "note",
        "ask",
        "proof",
        "join",
        "agree",
        "left_out",
        "approve_text",
        "forget",
        "erase",
    } <= written
    named = {"undo_decline", "topic", "give", "lead", "split", "mark_urgent", "unmark_urgent"}
    by_buttons = {verb for table in (LETTER_MOVES, DRAFT_MOVES) for verb in table}
    assert set(LETTER_VERBS) - written - by_buttons - named == set(), "a row for what nobody writes"


def test_every_verb_of_a_column_has_a_sentence_for_its_owner() -> None:
    written: set[str] = set()
    for path in (settings.BASE_DIR / "inbox").rglob("*.py"):
        text = path.read_text()
        for call in re.findall(r"ColumnEvent\.write\(\s*\w+(?:\.\w+)*,\s*([^\n]*?),\s*(?:by=|\n)", text):
            written |= set(re.findall(r"\"(\w+)\"", call))
        if re.search(r"ColumnEvent\.write\([\w.]+, verb,", text):
            written |= set(re.findall(r"\b_(?:write|begin)\(\w+, \"(\w+)\"", text))
    kinds = [str(kind) for kind in column_settings._KIND.values()]
    written |= {f"{act}_{kind}" for act in ("add", "change", "reorder", "remove") for kind in kinds}
    assert {"set_seats", "export", "pause_intake", "add_topic"} <= written
    assert written == set(COLUMN_VERBS)
    assert all(words.endswith(".") for words in COLUMN_VERBS.values())
