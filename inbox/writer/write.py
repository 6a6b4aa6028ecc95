"""From the empty page to the receipt: before you write, write, check, sent, kept.

Nothing is stored before “Send my letter”."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from columns import help_lines
from columns.models import Column
from columns.text import prose
from inbox.crypto import receipts, sealing
from inbox.letters import intake, rate_limits, related_answers, retention_periods, screened, waiting_time
from inbox.letters.care import cards, needs
from inbox.screening import language
from inbox.writer.check import check
from inbox.writer.forms.write import LastGroupForm, Page, WriteForm
from inbox.writer.guard import letter_path, padded, page

#: How long the forms on the page with the receipt are valid.
SENT_PAGE_LASTS = dt.timedelta(minutes=30)
#: Bytes; the pages with and after the receipt are padded to multiples of this, with care cards or without.
SENT_PAGE = 32 * 1024
#: What stands for no country, or one that the list does not have.
_NOWHERE = "  "
_DAMAGED = gettext_noop(
    "Something in that page had changed on its way here, so your letter was not sent. Every word of it is still here."
)


@letter_path("GET", compressed=True)
def before(request: HttpRequest, column: Column) -> HttpResponse:
    """The page before writing: who answers, what happens with a letter, and help lines."""
    if not column.takes_letters(timezone.localdate()):
        return _paused(request, column)
    return page(
        request,
        column,
        "writer/before.html",
        terms=prose.render(column.terms),
        kept=retention_periods.for_writers(column),
        estimate=waiting_time.of(column, at=timezone.now()),
        month=waiting_time.this_month(column, at=timezone.now()),
        asked=related_answers.by_topic(column, timezone.now()),
    )


@letter_path("GET", compressed=True)
def helped(request: HttpRequest, column: Column) -> HttpResponse:
    """The page for somebody who found their answer in the column. The visit is not recorded."""
    return page(request, column, "writer/helped.html")


@letter_path("GET", "POST")
def write(request: HttpRequest, column: Column) -> HttpResponse:
    """GET: the form. POST: the check page, or the form with errors. The button "change" of the check page returns to
    the form, and its other buttons generalise details."""
    at = timezone.now()
    if not column.takes_letters(timezone.localdate()):
        return _paused(request, column)
    prefetch_related_objects([column], "topics")
    if request.method != "POST":
        return page(
            request,
            column,
            "writer/write.html",
            form=WriteForm(column=column, initial={"page": Page.fresh(at).token()}),
        )
    data, _opened = _with_page(request.POST, at)
    form = WriteForm(data, column=column)
    if data.get("action") == "change":
        return page(request, column, "writer/write.html", form=form.to_change())
    if not form.is_valid():
        return page(request, column, "writer/write.html", form=form)
    return check(request, column, form, at)


@letter_path("POST", otherwise="writer:before")
def send(request: HttpRequest, column: Column) -> HttpResponse:
    """Store the letter and show its receipt, in this response alone and in no URL."""
    at = timezone.now()
    if not column.takes_letters(timezone.localdate()):
        return _paused(request, column)
    prefetch_related_objects([column], "topics")
    data, opened = _with_page(request.POST, at)
    form = WriteForm(data, column=column)
    if not form.is_valid():
        return page(request, column, "writer/write.html", form=form)
    if opened is None:
        return check(request, column, form, at, trouble=_(_DAMAGED))
    words = form.words()
    network, proof = rate_limits.network_of(request.META), request.POST.get("altcha", "")
    counted = rate_limits.remarks(network, words.text, nonce=opened.nonce, proof=proof)
    why = [*form.remarks(opened, at=at), *counted]
    seen = screened.screen_letter(words.text, words.about, column_language=column.language)
    taken = intake.take(column, words, nonce=opened.nonce, at=at, why=why, found=seen)
    unread = bool(language.unread(seen.language, column.language))
    found = needs.of_text(seen.found, age_band=words.about.get("age_band", ""), unread=unread)
    sent = {"receipt": taken.receipt, "beside": taken.beside, "mail": bool(words.email), "care": needs.packed(found)}
    # two letters, so that the length of the token says nothing
    sent["country"] = help_lines.country_code(words.about.get("country", "")) or _NOWHERE
    return sent_page(request, column, sent, at)


@letter_path("POST", otherwise="writer:before")
def kept(request: HttpRequest, column: Column) -> HttpResponse:
    """Check the last group of the receipt that the writer typed, or keep the page with the receipt open for longer."""
    at = timezone.now()
    sent = _open_sent(request, at)
    if sent is None:
        return page(request, column, "writer/expired.html", status=400)
    if request.POST.get("action") == "keep-open":
        return sent_page(request, column, sent, at)
    form = LastGroupForm(request.POST, receipt=sent["receipt"])
    if not form.is_valid():
        return sent_page(request, column, sent, at, form=form)
    return padded(
        page(
            request,
            column,
            "writer/kept.html",
            sent=sent,
            estimate=waiting_time.of(column, at=at),
            **_care(column, sent),
        ),
        SENT_PAGE,
    )


@letter_path("POST", otherwise="writer:before")
def receipt_file(request: HttpRequest, column: Column) -> HttpResponse:
    """The receipt as a text file whose name and content do not mention the site."""
    sent = _open_sent(request, timezone.now())
    if sent is None:
        return page(request, column, "writer/expired.html", status=400)
    response = HttpResponse(f"{receipts.shown(sent['receipt'])}\n", content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="notes.txt"'
    return response


def _with_page(post: QueryDict, at: dt.datetime) -> tuple[QueryDict, Page | None]:
    """The posted data and the page of its token. Where the token is invalid, ``None``, and the data with a fresh token,
    so that the person can continue."""
    data, opened = post.copy(), Page.read(post.get("page", ""))
    if opened is None:
        data["page"] = Page.fresh(at).token()
    return data, opened


def _paused(request: HttpRequest, column: Column) -> HttpResponse:
    """The page for a paused column, with the words of somebody who was still writing."""
    posted = request.method == "POST"
    return page(request, column, "writer/paused.html", status=503 if posted else 200, text=request.POST.get("text", ""))


def sent_page(
    request: HttpRequest, column: Column, sent: dict[str, Any], at: dt.datetime, *, form: LastGroupForm | None = None
) -> HttpResponse:
    """The page with the receipt, with the care cards of the letter that was sent. Its size does not tell of them."""
    until = int((at + SENT_PAGE_LASTS).timestamp())
    response = page(
        request,
        column,
        "writer/sent.html",
        sent=sent,
        groups=receipts.shown(sent["receipt"]).split("-"),
        form=form or LastGroupForm(receipt=sent["receipt"]),
        estimate=waiting_time.of(column, at=at),
        token=sealing.seal_token(settings.FORM_SECRET, "sent", {**sent, "until": until}),
        **_care(column, sent),
    )
    return padded(response, SENT_PAGE)


def _care(column: Column, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The care cards of the letter that was sent, and the help lines of its writer's country."""
    country = sent.get("country", _NOWHERE).strip()
    return {
        "care": cards.cards(column, needs.unpacked(sent.get("care", "")), country=country),
        "help_near": help_lines.lines(column, country) if country else None,
    }


def _open_sent(request: HttpRequest, at: dt.datetime) -> dict[str, Any] | None:
    """The content of the token of the page with the receipt; ``None`` where it is too old or invalid."""
    try:
        sent = sealing.open_token(settings.FORM_SECRET, "sent", request.POST.get("token", ""))
    except sealing.CannotOpen:
        return None
    return sent if sent.pop("until") >= at.timestamp() else None
