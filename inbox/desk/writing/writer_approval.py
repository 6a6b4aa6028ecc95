"""Writer approval at the desk: send the edited question to a writer, and show the state of each writer's approval."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from inbox.desk.draft_context import chosen
from inbox.desk.event_sentences import sentence
from inbox.desk.guard import Desk, desk_view
from inbox.editorial import writer_approval
from inbox.editorial.draft_case import Case
from inbox.letters import outbox
from inbox.models import Consent
from inbox.screening import diff
from inbox.staff import access
from inbox.workflow import AT_WORK, LETTER_VERBS, MoveRefused


@desk_view("POST", seats=LETTER_VERBS["proof"].roles)
def show(request: HttpRequest, desk: Desk, draft: uuid.UUID) -> HttpResponse:
    """Show the question of the newest version to the writer of one of the draft's letters."""
    shown = access.draft(desk.column, draft)
    letters = chosen(desk.column, request.POST.getlist("letter"))
    if len(letters) != 1:
        raise Http404
    try:
        writer_approval.show(shown, letters[0], by=desk.user, at=desk.at, keys=desk.keys)
    except MoveRefused as refused:
        messages.warning(request, gettext("%(why)s Nothing was sent.") % {"why": refused})
    else:
        messages.success(request, sentence("proof", letters[0].label, done=True))
    return redirect("desk:draft", desk.column.slug, shown.pk)


def approval_context(case: Case, at: dt.datetime, *, may_ask: bool) -> dict[str, Any]:
    """Return the context of ``_writer_approval.html``: ``approvals``, the approval of each letter's writer, and
    ``held_up``, why the question cannot be published yet."""
    if case.manuscript.draft.status not in AT_WORK:
        return {"approvals": [], "held_up": []}
    standings, words = writer_approval.standings_in(case, at), case.manuscript.words
    unseen = _unseen(standings.values(), at)
    entries = []
    for letter in case.letters:
        standing = standings[letter.pk]
        same = standing.is_of(words["question"], words["pen_name"])
        settled = same and standing.stand in (writer_approval.Stand.WAITING, writer_approval.Stand.APPROVED)
        can_be_asked = letter.status in LETTER_VERBS["proof"].sources and letter.consent != Consent.PRIVATE
        entries.append(
            {
                "letter": letter,
                "standing": standing,
                "same": same,
                "goes_out": standing.message in unseen,
                "changes": [] if same else diff.words(standing.question, words["question"]),
                "may_ask": may_ask and can_be_asked and not settled,
            }
        )
    return {"approvals": entries, "held_up": writer_approval.obstacles(case, at=at)}


def _unseen(standings: Iterable[writer_approval.Standing], at: dt.datetime) -> set[uuid.UUID | None]:
    """Return the ids of the messages with a question that wait in the outbox. Each is dated with the day on which it
    goes out, so there is no query where every one of these days has come."""
    ids = [
        standing.message
        for standing in standings
        if standing.until and standing.until - writer_approval.WAITS_FOR > timezone.localdate(at)
    ]
    return set(outbox.waiting(at).filter(message__in=ids).values_list("message_id", flat=True))
