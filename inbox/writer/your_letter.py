"""The pages of a letter for its writer, opened with the receipt: conversation, messages, approval, withdrawal."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from columns import help_lines
from columns.models import Column
from columns.text import prose
from inbox.crypto import receipts, sealing
from inbox.editorial import writer_approval
from inbox.keys import vault
from inbox.letters import intake, rate_limits, read_receipts, related_answers, waiting_time, writer_acts
from inbox.letters.care import cards, needs
from inbox.models import Consent, Letter, Message
from inbox.screening import diff
from inbox.workflow import LETTER_VERBS, LetterStatus, MoveRefused
from inbox.writer.forms.write import MessageForm, ReceiptForm, WithdrawForm
from inbox.writer.forms.your_letter import AnswerForm, ChangeCodeForm, ConsentForm
from inbox.writer.guard import LETTER_PAGE, RECEIPT_PAGE, letter_path, padded, page
from inbox.writer.progress import WAITS, progress, steps
from inbox.writer.proof_of_work import proof_page
from inbox.writer.write import sent_page

#: How long a letter stays open in a page after the receipt was typed, or after the last thing done there.
LETTER_LASTS = dt.timedelta(minutes=30)
_EMPHASIS = re.compile(r"(\*\*|\*|__|_)(?=\S)(.+?)(?<=\S)\1")
#: The message after the writer's answer, by whether they approved.
ANSWERED = {
    True: gettext_lazy("Thank you. If your question goes out, it goes out like this."),
    False: gettext_lazy("Thank you. Nothing goes out before we have looked at your change and shown you a new text."),
}


@dataclass(frozen=True)
class OpenedLetter:
    """A letter whose receipt was typed within the last half hour, and the writer's key."""

    letter: Letter
    key: X25519PrivateKey

    @property
    def keys(self) -> vault.Vault:
        return vault.writer(self.key)


@letter_path("GET", "POST")
def receipt(request: HttpRequest, column: Column) -> HttpResponse:
    """GET: the form for a receipt. POST: a page of constant size that says whether there is a letter."""
    if request.method != "POST":
        return page(request, column, "writer/receipt.html", form=ReceiptForm())
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        typed = receipts.typed(request.POST.get("receipt", ""))
        return padded(page(request, column, "writer/receipt.html", form=form, typed=typed), RECEIPT_PAGE)
    at = timezone.now()
    network, proof = rate_limits.network_of(request.META), request.POST.get("altcha", "")
    if not rate_limits.may_look(network, at=at, proof=proof, patience=request.POST.get("patience", "")):
        return padded(proof_page(request, column, "writer/receipt.html", at, form=ReceiptForm()), RECEIPT_PAGE)
    letter, derived = writer_acts.find(form.cleaned_data["receipt"])
    # without a letter a token of the same length is sealed too
    token = _seal(letter.pk if letter else uuid.uuid4(), derived.key, at)
    home = letter.column if letter else column
    return padded(
        page(request, column, "writer/found.html", found=letter is not None, home=home, token=token), RECEIPT_PAGE
    )


@letter_path("POST", otherwise="writer:receipt")
def letter(request: HttpRequest, column: Column) -> HttpResponse:
    """The letter, its progress, and the conversation."""
    at = timezone.now()
    in_hand = _open(request, column, at)
    return _letter_page(request, column, in_hand, at) if in_hand else _closed(request, column)


@letter_path("POST", otherwise="writer:receipt")
def reply(request: HttpRequest, column: Column) -> HttpResponse:
    """A message from the writer to the desk."""
    at = timezone.now()
    in_hand = _open(request, column, at)
    form = MessageForm(request.POST)
    if in_hand is None:
        return _closed(request, column, text=request.POST.get("text", ""))
    if not form.is_valid():
        return _letter_page(request, column, in_hand, at, just=request.POST.get("text", ""), message_form=form)
    text = form.cleaned_data["text"]
    try:
        writer_acts.write_back(in_hand.letter, text, at=at, nonce=form.once())
    except MoveRefused as refused:
        return _letter_page(request, column, in_hand, at, just=text, refused=str(refused), text=text)
    return _letter_page(request, column, in_hand, at, just=text, said=_("Your message is with the column."))


@letter_path("POST", otherwise="writer:receipt")
def withdraw(request: HttpRequest, column: Column) -> HttpResponse:
    """Withdraw the letter, with its article. A second request changes nothing."""
    at = timezone.now()
    in_hand = _open(request, column, at)
    form = WithdrawForm(request.POST)
    if in_hand is None:
        return _closed(request, column)
    if not form.is_valid():
        return _letter_page(request, column, in_hand, at, withdraw_form=form)
    said = _("You have taken your letter back. Its words are erased.")
    if in_hand.letter.status != LetterStatus.WITHDRAWN:
        try:
            taken_down = writer_acts.withdraw(in_hand.letter, in_hand.keys, at=at)
        except MoveRefused as refused:
            return _letter_page(request, column, in_hand, at, refused=str(refused))
        if taken_down:
            said = _("You have taken your letter back. Its words are erased, and the answer is off the column.")
    return _letter_page(request, column, in_hand, at, said=said)


@letter_path("POST", otherwise="writer:receipt")
def answer(request: HttpRequest, column: Column) -> HttpResponse:
    """Store the writer's approval of the edited question, or the change they ask for."""
    at = timezone.now()
    in_hand = _open(request, column, at)
    form = AnswerForm(request.POST)
    if in_hand is None:
        return _closed(request, column, text=request.POST.get("change", ""))
    if not form.is_valid():
        return _letter_page(request, column, in_hand, at, just=request.POST.get("change", ""), answer_form=form)
    message, wish = form.message(), form.cleaned_data["change"]
    try:
        if form.approves:
            writer_approval.approve(in_hand.letter, message, at=at, keys=in_hand.keys)
        else:
            writer_approval.correct(in_hand.letter, message, wish, at=at, keys=in_hand.keys)
    except MoveRefused as refused:
        return _letter_page(request, column, in_hand, at, just=wish, refused=str(refused), text=wish)
    return _letter_page(request, column, in_hand, at, just=wish, said=ANSWERED[form.approves])


@letter_path("POST", otherwise="writer:receipt")
def allow(request: HttpRequest, column: Column) -> HttpResponse:
    """Change the writer's consent."""
    at = timezone.now()
    in_hand = _open(request, column, at)
    form = ConsentForm(request.POST)
    if in_hand is None:
        return _closed(request, column)
    if not form.is_valid():
        return _letter_page(request, column, in_hand, at, consent_form=form)
    try:
        writer_acts.allow(in_hand.letter, form.chosen(), at=at)
    except MoveRefused as refused:
        return _letter_page(request, column, in_hand, at, refused=str(refused))
    return _letter_page(
        request, column, in_hand, at, said=_("From now on you allow: %(label)s.") % {"label": form.chosen().label}
    )


@letter_path("POST", otherwise="writer:receipt")
def change_code(request: HttpRequest, column: Column) -> HttpResponse:
    """Give the letter a new receipt, shown once; the old receipt is invalid."""
    at = timezone.now()
    # in a second request the page still has the old key, which opens nothing else
    in_hand = _carried(request, column, at)
    if in_hand is None:
        return _closed(request, column)
    nonce = ChangeCodeForm(request.POST).once()
    try:
        receipt = writer_acts.change_code(in_hand.letter, in_hand.key, nonce=nonce, at=at)
    except MoveRefused as refused:
        if not writer_acts.holds(in_hand.letter, in_hand.key):
            return _closed(request, column)
        return _letter_page(request, column, in_hand, at, refused=str(refused))
    sent = {"receipt": receipt, "beside": False, "mail": False, "changed": True}
    return sent_page(request, column, sent, at)


# --- the page, and the token between pages --------------------------------------------------------------------------


def _letter_page(
    request: HttpRequest,
    column: Column,
    in_hand: OpenedLetter,
    at: dt.datetime,
    *,
    message_form: MessageForm | None = None,
    withdraw_form: WithdrawForm | None = None,
    consent_form: ConsentForm | None = None,
    answer_form: AnswerForm | None = None,
    just: str = "",
    **context: Any,
) -> HttpResponse:
    """The page of a letter. ``just``: the message just sent. The page begins with the care cards of the message, and,
    until the letter ends, with those of the letter and of everything that its writer said."""
    opened = writer_acts.open_letter(in_hand.letter, in_hand.keys, at=at)
    seen = in_hand.letter.seen_by_writer(at)
    heard = any(message.from_desk for message, text in opened.turns)
    asked = _open_question(opened) if seen in WAITS else None
    private = in_hand.letter.consent == Consent.PRIVATE
    stands = progress(
        seen,
        opened.article,
        at,
        read=read_receipts.is_known(in_hand.letter, at=at),
        heard=heard,
        asked=asked is not None,
        private=private,
    )
    # no waiting time for an answer with a date, or one that was taken down
    out = seen == LetterStatus.PUBLISHED and opened.article is not None
    country = str(opened.words.get("about", {}).get("country", ""))
    live = opened.article is not None and opened.article.is_live(at)
    message_form = message_form or MessageForm(initial={"nonce": intake.new_nonce()})
    if asked:
        message_form.fields["text"].label = _("Your answer")
    approval = _approval(in_hand, opened.words, answer_form, at)
    response = page(
        request,
        column,
        "writer/your_letter.html",
        asked=asked,
        to_answer=bool(asked) or (not private and _waits_for_yes(approval["approval"])),
        declined=seen == LetterStatus.DECLINED,
        nearest=_nearest(in_hand.letter, opened.words, at) if seen == LetterStatus.DECLINED else [],
        letter=in_hand.letter,
        words=opened.words,
        turns=opened.turns,
        stands=stands,
        steps=steps(in_hand.letter) if stands.step else [],
        live_article=opened.article if live else None,
        consent=Consent(in_hand.letter.consent).label,
        withdrawn=in_hand.letter.status == LetterStatus.WITHDRAWN,
        message_form=message_form,
        withdraw_form=withdraw_form or WithdrawForm(),
        consent_form=consent_form or ConsentForm(initial={"consent": in_hand.letter.consent}),
        code_form=ChangeCodeForm(initial={"new_code": intake.new_nonce()}),
        waits=seen in WAITS and not out,
        estimate=waiting_time.of(column, at=at) if seen in WAITS and not out else None,
        **approval,
        may_allow=in_hand.letter.status in LETTER_VERBS["allow"].sources,
        token=_seal(in_hand.letter.pk, in_hand.key, at),
        care=cards.cards(column, _needs(column, opened, just, ended=seen not in WAITS or live), country=country),
        help_near=help_lines.lines(column, country),
        **context,
    )
    return padded(response, LETTER_PAGE)


def _open_question(opened: writer_acts.Opened) -> tuple[Message, str] | None:
    """The desk's newest question, where its writer has said nothing since."""
    for message, words in reversed(opened.turns):
        if not message.from_desk:
            return None
        if message.kind == Message.Kind.QUESTION:
            return message, words
    return None


def _waits_for_yes(approval: writer_approval.WriterApproval | None) -> bool:
    return approval is not None and approval.status == writer_approval.ApprovalStatus.WAITING


def _nearest(letter: Letter, words: dict[str, Any], at: dt.datetime) -> list[related_answers.Answer]:
    """The published answers nearest to a letter that gets none."""
    published = related_answers.published(letter.column, at)
    return related_answers.alike(str(words.get("text", "")), published, topic=letter.topic_id)


def _needs(column: Column, opened: writer_acts.Opened, just: str, *, ended: bool) -> list[needs.CareNeed]:
    """What the care cards of the page are for."""
    words: list[dict[str, Any]] = [{"text": just}] if just else []
    if not ended:
        words += [opened.words, *opened.said]
    return [one for some in words for one in needs.of_sealed(some, column_language=column.language)]


def _approval(in_hand: OpenedLetter, words: dict[str, Any], form: AnswerForm | None, at: dt.datetime) -> dict[str, Any]:
    """The context of the edited question, while the writer can answer: with a word-by-word difference from the letter
    where enough words are the same."""
    letter = in_hand.letter
    shown = writer_approval.shown_to_writer(letter, in_hand.keys, at)
    can_answer = letter.status in LETTER_VERBS["correct_text"].sources
    if shown.message is None or letter.seen_by_writer(at) not in WAITS or not can_answer:
        return {"approval": None}
    # Markdown emphasis is not shown as a change
    changes = diff.words(str(words.get("text", "")), _EMPHASIS.sub(r"\2", shown.question))
    kept = sum(len(part) for kind, part in changes if kind == "same")
    return {
        "approval": shown,
        "question_html": prose.render_question_fresh(shown.question),
        "changes": changes if kept * 3 >= len(shown.question) else [],
        "answer_form": form or AnswerForm(initial={"shown": shown.message}),
    }


def _closed(request: HttpRequest, column: Column, *, text: str = "") -> HttpResponse:
    """The page for an expired token, with the text that was not sent; the receipt opens the letter again."""
    response = page(request, column, "writer/receipt.html", status=400, form=ReceiptForm(), closed=True, text=text)
    return padded(response, LETTER_PAGE)


def _seal(letter_id: uuid.UUID, key: X25519PrivateKey, at: dt.datetime) -> str:
    """The token of an open letter for the next page, of constant length."""
    until = int((at + LETTER_LASTS).timestamp())
    content = {"letter": letter_id.hex, "key": key.private_bytes_raw().hex(), "until": until}
    return sealing.seal_token(settings.FORM_SECRET, "letter", content)


def _open(request: HttpRequest, column: Column, at: dt.datetime) -> OpenedLetter | None:
    """The letter of the token; ``None`` as ``_carried``, or where its receipt was changed since."""
    in_hand = _carried(request, column, at)
    return in_hand if in_hand and writer_acts.holds(in_hand.letter, in_hand.key) else None


def _carried(request: HttpRequest, column: Column, at: dt.datetime) -> OpenedLetter | None:
    """The letter of the token; ``None`` where the token is too old, invalid, or of another column."""
    try:
        content = sealing.open_token(settings.FORM_SECRET, "letter", request.POST.get("token", ""))
    except sealing.CannotOpen:
        return None
    if content["until"] < at.timestamp():
        return None
    found = Letter.objects.select_related("column", "topic").filter(pk=content["letter"], column=column).first()
    if found is None or found.index is None:
        return None
    return OpenedLetter(found, X25519PrivateKey.from_private_bytes(bytes.fromhex(content["key"])))
