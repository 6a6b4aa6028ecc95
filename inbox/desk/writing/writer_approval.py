"""The edited question on its way to the writers, at the desk's side."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from inbox.desk.writing.draft_context import chosen
from inbox.editorial import drafts, writer_approval
from inbox.keys.vault import Vault
from inbox.letters import outbox
from inbox.models import Consent, Draft
from inbox.screening import diff
from inbox.staff import access
from inbox.workflow import LetterStatus, MoveRefused, Role

_AUTHORS = frozenset({Role.AUTHOR})


@require_POST
def proof(request: HttpRequest, column: str, draft: uuid.UUID) -> HttpResponse:
    """Show the question of the newest version to the writer of one of the draft's letters."""
    user, at, keys = access.staff(request), timezone.now(), access.keys(request)
    found, _ = access.column(user, column, _AUTHORS)
    drafts.forget_withdrawn(found, at=at, keys=keys)
    shown = access.draft(found, draft)
    letters = chosen(found, request.POST.getlist("letter"))
    if len(letters) != 1:
        raise Http404
    try:
        writer_approval.show(shown, letters[0], by=user, at=at, keys=keys)
    except MoveRefused as refused:
        messages.warning(request, f"{refused} Nothing was sent.")
    else:
        messages.success(request, f"The writer of {letters[0].label} gets the question when the day is over.")
    return redirect("desk:draft", found.slug, shown.pk)


def asked(
    draft: Draft, sources: list[dict[str, Any]], keys: Vault, at: dt.datetime, *, may_ask: bool
) -> dict[str, Any]:
    """For ``desk/writing/_proof.html``: where each letter of the draft stands with its writer, and what that holds up.

    ``sources``: the letters that the person may read, as ``draft_parts.sources`` gives them; none, and nothing is said.
    """
    if not sources or draft.status not in writer_approval.SHOWN_FROM:
        return {"asked": [], "held_up": []}
    letters = [source["letter"] for source in sources]
    standings = writer_approval.standings(letters, keys, at)
    ids = [one.proof for one in standings.values() if one.proof]
    words = drafts.words_of(draft.newest(), keys)
    unseen = set(outbox.waiting(at).filter(message__in=ids).values_list("message_id", flat=True)) if ids else set()
    entries = []
    for letter in letters:
        standing = standings[letter.pk]
        same = standing.is_of(words["question"], words["pen_name"])
        settled = same and standing.stand in (writer_approval.Stand.WAITING, writer_approval.Stand.APPROVED)
        can = letter.status == LetterStatus.ANSWERING and letter.consent != Consent.PRIVATE
        entries.append(
            {
                "letter": letter,
                "standing": standing,
                "same": same,
                "goes_out": standing.proof in unseen,
                "changes": [] if same else diff.words(standing.question, words["question"]),
                "may_ask": may_ask and can and not settled,
            }
        )
    texts = {source["letter"].pk: source["text"] for source in sources}
    return {"asked": entries, "held_up": writer_approval.sentences(standings, letters, texts, words)}
