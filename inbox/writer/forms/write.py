"""The forms of the letter's path. Invalid input is shown again in full."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext_lazy

from columns.models import Column
from inbox.crypto import receipts, sealing
from inbox.email_address import EmailAddressField
from inbox.letters import intake
from inbox.letters.about_writers import AGE_BANDS
from inbox.models import Consent

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

#: A person needs longer than this to write forty characters; a program often does not.
FASTEST_PERSON = dt.timedelta(seconds=3)
#: Attributes that keep the text out of the browser's suggestions and of spelling services.
PRIVATE_BOX = {"autocomplete": "off", "spellcheck": "false", "data-gramm": "false"}

CONSENT_HINTS = {
    Consent.PRIVATE: gettext_lazy("Only you can read the answer, with your receipt. Nothing is published."),
    Consent.REWRITTEN: gettext_lazy("We tell your question in other words, without anything that could point to you."),
    Consent.LIGHT: gettext_lazy("We keep your words, and take out what could point to you."),
}


class TypedText(forms.CharField):
    """A text field cleaned by ``intake.tidy``, also where an error page shows the text again.

    ``longest`` is checked after cleaning, and not by the browser, which would cut pasted text.
    """

    def __init__(self, *, longest: int, too_long: _StrOrPromise, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        #: What a script counts to while somebody types.
        self.counted_to = longest if lines else 0
        super().__init__(**kwargs)
        self.validators.append(MaxLengthValidator(longest, too_long))

    def to_python(self, value: Any) -> str:
        return self._tidy(value or "").strip()

    def bound_data(self, data: Any, initial: Any) -> Any:
        return self._tidy(data or "")

    def _tidy(self, value: str) -> str:
        text = intake.tidy(str(value))
        return text if self.lines else " ".join(text.split())


class HintedRadios(forms.RadioSelect):
    """Radio buttons with a line of explanation under each."""

    def __init__(self, hints: Mapping[Any, _StrOrPromise], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.hints = hints

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        option["hint"] = self.hints.get(option["value"], "")
        if option["hint"] and "id" in option["attrs"]:
            option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_hint"
        return option


@dataclass(frozen=True)
class Page:
    """One opened form: its nonce, and when it was opened. It is stored only in the page, sealed."""

    nonce: str
    opened: dt.datetime

    @classmethod
    def fresh(cls, at: dt.datetime) -> Page:
        return cls(intake.new_nonce(), at)

    @classmethod
    def read(cls, token: str) -> Page | None:
        """The page of a token; ``None`` where the token is invalid. Tokens do not expire."""
        try:
            content = sealing.open_token(settings.FORM_SECRET, "page", token)
        except sealing.CannotOpen:
            return None
        return cls(content["nonce"], dt.datetime.fromtimestamp(content["opened"], dt.UTC))

    def token(self) -> str:
        content = {"nonce": self.nonce, "opened": int(self.opened.timestamp())}
        return sealing.seal_token(settings.FORM_SECRET, "page", content)


class NeverShown(forms.TextInput):
    """A text field whose value is never rendered."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, None, attrs)


class WriteForm(forms.Form):
    """The form of a letter. All fields but the text and the consent are optional."""

    text = TypedText(
        label=gettext_lazy("Your letter"),
        help_text=gettext_lazy(
            "Leave out names, towns and workplaces where you can. We only need to know what happened, since "
            "when, and what worries you most."
        ),
        lines=True,
        longest=intake.MAX_CHARACTERS,
        too_long=ngettext_lazy(
            "Your letter has %(show_value)s character, and the most we can take is 16,000. Every word of it is "
            "still here. You could send the rest as a second letter.",
            "Your letter has %(show_value)s characters, and the most we can take is 16,000. Every word of it is "
            "still here. You could send the rest as a second letter.",
            "show_value",
        ),
        error_messages={"required": gettext_lazy("Write your letter first.")},
        widget=forms.Textarea(attrs={**PRIVATE_BOX, "rows": 14, "dir": "auto", "class": "letter-box"}),
    )
    pen_name = TypedText(
        label=gettext_lazy("Pen name"),
        required=False,
        help_text=gettext_lazy("What we may call you. Not your real name."),
        longest=80,
        too_long=gettext_lazy("A pen name can have 80 characters at most."),
        widget=forms.TextInput(attrs={**PRIVATE_BOX, "dir": "auto"}),
    )
    topic = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("That topic is not there any more. Choose another one, or “Not sure”.")
        },
        widget=forms.Select(attrs={"autocomplete": "off"}),
    )
    consent = forms.ChoiceField(
        label=gettext_lazy("What may we do with it?"),
        choices=Consent.choices,
        initial=Consent.PRIVATE.value,
        error_messages={
            "required": gettext_lazy("Choose what we may do with your letter."),
            "invalid_choice": gettext_lazy("Choose one of these three."),
        },
        widget=HintedRadios(CONSENT_HINTS),
    )
    email = EmailAddressField(
        label=gettext_lazy("E-mail address"),
        required=False,
        help_text=gettext_lazy(
            "If you leave one, we send a short mail when there is news. It says nothing about your letter. "
            "We erase the address with the last one. Leave this empty if somebody else can see your mail."
        ),
        error_messages={"invalid": gettext_lazy("This is not a full e-mail address. Correct it, or leave it empty.")},
        widget=forms.EmailInput(attrs=dict(PRIVATE_BOX)),
    )
    age_band = forms.ChoiceField(
        label=gettext_lazy("Your age"),
        required=False,
        choices=[("", gettext_lazy("I would rather not say")), *AGE_BANDS.items()],
        error_messages={"invalid_choice": gettext_lazy("Choose one of the ages, or “I would rather not say”.")},
        widget=forms.Select(attrs={"autocomplete": "off"}),
    )
    pronoun = TypedText(
        label=gettext_lazy("Your pronoun"),
        required=False,
        help_text=gettext_lazy("For example she, he or they."),
        longest=40,
        too_long=gettext_lazy("A pronoun can have 40 characters at most."),
        widget=forms.TextInput(attrs={**PRIVATE_BOX, "dir": "auto"}),
    )
    country = TypedText(
        label=gettext_lazy("The country you live in"),
        required=False,
        help_text=gettext_lazy("Help differs from country to country."),
        longest=60,
        too_long=gettext_lazy("The name of a country can have 60 characters at most."),
        widget=forms.TextInput(attrs={**PRIVATE_BOX, "dir": "auto"}),
    )
    ask_back = forms.BooleanField(
        label=gettext_lazy("You may ask me something back"),
        required=False,
        help_text=gettext_lazy("You would find the question with your receipt."),
    )
    #: A field that no person sees or fills in. A letter with this field is held for a person to look at.
    subject = forms.Field(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    page = forms.Field(required=False, widget=forms.HiddenInput)

    #: The fields of the check page, in order.
    ANSWERS: ClassVar = ["pen_name", "topic", "consent", "email", "age_band", "pronoun", "country", "ask_back"]
    _ABOUT: ClassVar = ["age_band", "pronoun", "country"]

    def __init__(self, *args: Any, column: Column, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.column = column
        topics = [(topic.slug, topic.name) for topic in column.topics.all()]
        self.topics = {topic.slug: topic.pk for topic in column.topics.all()}
        self.fields["topic"].choices = [("", _("Not sure")), *topics]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # a CSRF token would need a cookie
        self.helper.errors_shown_above = True
        self.helper.layout = Layout(
            "text",
            "pen_name",
            "topic",
            "consent",
            Fieldset(
                _("About you (all optional)"),
                "age_band",
                "pronoun",
                "country",
                "ask_back",
                css_id="about-you",
                template="steady/layout/details.html",
            ),
            "email",
            "page",
        )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if intake.seen_length(text) < intake.MIN_CHARACTERS:
            raise forms.ValidationError(
                _("Write a little more: a letter has at least 40 characters, and yours is still here.")
            )
        return text

    def to_change(self) -> WriteForm:
        """The same data in a form without errors, for somebody who returns to change something."""
        return WriteForm(column=self.column, initial={field.name: field.value() for field in self})

    def with_text(self, text: str) -> WriteForm:
        """A bound form with the same data and another text."""
        return WriteForm({**dict(self.carried()), "text": text}, column=self.column)

    def carried(self) -> list[tuple[str, str]]:
        """The submitted data as names and values, for hidden fields."""
        return [(field.name, "" if field.value() is None else str(field.value())) for field in self]

    @property
    def about_open(self) -> bool:
        """Whether a field of the collapsed group has a value."""
        return any(self[name].value() for name in (*self._ABOUT, "ask_back"))

    def opened(self) -> Page | None:
        """The page that the form was sent from; ``None`` where its token is invalid."""
        return Page.read(str(self.data.get("page", "")))

    def words(self) -> intake.Words:
        """The content of a valid form."""
        given = self.cleaned_data
        about = {name: given[name] for name in self._ABOUT if given[name]}
        if given["ask_back"]:
            about["ask_back"] = "yes"
        return intake.Words(
            text=given["text"],
            pen_name=given["pen_name"],
            topic=given["topic"],
            consent=given["consent"],
            email=given["email"],
            about=about,
        )

    def remarks(self, opened: Page, *, at: dt.datetime) -> list[str]:
        """Reasons to suspect a program, as marked sentences that the desk translates; usually none."""
        found = []
        if at - opened.opened < FASTEST_PERSON:
            found.append(gettext_noop("The form was sent faster than a person writes."))
        if self.data.get("subject"):
            found.append(gettext_noop("A field that no person sees was filled in."))
        return found

    def answers(self) -> list[tuple[str, str, str]]:
        """Name, label and displayed answer of each field of ``ANSWERS``, also of empty ones."""
        return [(name, str(self.fields[name].label), self._said(name)) for name in self.ANSWERS]

    def _said(self, name: str) -> str:
        value, field = self.cleaned_data[name], self.fields[name]
        if isinstance(field, forms.BooleanField):
            return _("Yes") if value else _("No")
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices)[value])  # type: ignore[arg-type]
        return str(value)


class PlainForm(forms.Form):
    """A small form of the letter's path: laid out by crispy, without a CSRF token, which would need a cookie."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.errors_shown_above = True


class LastGroupForm(PlainForm):
    """The last group of the receipt, typed by the writer to show that they kept it."""

    last_group = forms.CharField(
        label=gettext_lazy("Type the last five characters of your receipt"),
        help_text=gettext_lazy("The last four and the one after the dash."),
        error_messages={"required": gettext_lazy("Type the last characters of your receipt.")},
        widget=NeverShown(attrs={**PRIVATE_BOX, "autocapitalize": "characters", "class": "code-box short"}),
    )

    def __init__(self, *args: Any, receipt: str, **kwargs: Any) -> None:
        self.receipt = receipt
        super().__init__(*args, **kwargs)

    def clean_last_group(self) -> str:
        typed: str = self.cleaned_data["last_group"]
        if not receipts.is_last_group(self.receipt, typed):
            raise forms.ValidationError(
                _("That is not the end of this receipt. Look at it again, and type its last characters.")
            )
        return typed


class ReceiptForm(PlainForm):
    """A receipt in any spelling. The typed value is never rendered."""

    receipt = forms.CharField(
        label=gettext_lazy("Your receipt"),
        help_text=gettext_lazy("17 letters and numbers. Small letters, spaces and dashes do not matter."),
        error_messages={"required": gettext_lazy("Type your receipt.")},
        widget=NeverShown(attrs={**PRIVATE_BOX, "autocapitalize": "characters", "class": "code-box"}),
    )

    def clean_receipt(self) -> str:
        try:
            return receipts.normalise(self.cleaned_data["receipt"])
        except receipts.BadReceipt as error:
            raise forms.ValidationError(_(str(error))) from error


class MessageForm(PlainForm):
    """A message of the letter writer's to the desk."""

    text = TypedText(
        label=gettext_lazy("Write to the column"),
        help_text=gettext_lazy("Only the people who read your letter can read this."),
        lines=True,
        longest=intake.MAX_CHARACTERS,
        too_long=ngettext_lazy(
            "Your message has %(show_value)s character, and the most we can take is 16,000. Every word is still here.",
            "Your message has %(show_value)s characters, and the most we can take is 16,000. Every word is still here.",
            "show_value",
        ),
        error_messages={"required": gettext_lazy("Write your message first.")},
        widget=forms.Textarea(attrs={**PRIVATE_BOX, "rows": 6, "dir": "auto"}),
    )
    nonce = forms.Field(required=False, widget=forms.HiddenInput)

    def once(self) -> str:
        """The form's nonce, by which a message sent twice is stored once; a new nonce where the field is invalid."""
        nonce = str(self.data.get("nonce", ""))
        return nonce if re.fullmatch("[0-9a-f]{32}", nonce) else intake.new_nonce()


class WithdrawForm(PlainForm):
    """The confirmation of a withdrawal."""

    sure = forms.BooleanField(
        label=gettext_lazy("I want to take my letter back"),
        error_messages={"required": gettext_lazy("Tick the box first, so that nothing is taken back by mistake.")},
    )
