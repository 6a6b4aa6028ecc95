"""The forms of drafts and of publishing. They validate input; they save nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import validate_slug
from django.utils import timezone
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from columns.models import Column
from columns.site_time import moments
from inbox.desk.desk_form import DeskForm
from inbox.editorial.publishing import hash_of
from inbox.letters.care.texts import CARDS
from inbox.letters.intake import tidy
from inbox.models import DRAFT_FIELDS
from inbox.screening.concerns import TITLES

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

#: The label of each part of a draft.
LABELS = {
    "headline": gettext_lazy("Headline"),
    "standfirst": gettext_lazy("Standfirst"),
    "content_note": gettext_lazy("Content note"),
    "pen_name": gettext_lazy("Pen name"),
    "question": gettext_lazy("The question, edited"),
    "answer": gettext_lazy("Your answer"),
    "help_kinds": gettext_lazy("Help lines that stand first"),
}
#: The most characters of each part; the article's columns hold as many.
_LONGEST = {
    "headline": 200,
    "standfirst": 400,
    "content_note": 200,
    "pen_name": 80,
    "question": 20_000,
    "answer": 60_000,
}
#: The sections of an answer: heading ("" without one), and what belongs there.
OUTLINE = [
    ("", gettext_lazy("First the reassurance: one short paragraph that answers the literal question.")),
    ("", gettext_lazy("Who speaks: your credential, in one sentence.")),
    (gettext_lazy("What is happening"), gettext_lazy("The explanation, in short paragraphs, with one image.")),
    (
        gettext_lazy("The kinds of it"),
        gettext_lazy("Each kind under a sub-heading (###): its name, and what it is like."),
    ),
    (gettext_lazy("For the other person"), gettext_lazy("What to do and say, and what not.")),
    (gettext_lazy("When to be concerned"), gettext_lazy("What to look out for, and where to go then.")),
    (gettext_lazy("What to do"), gettext_lazy("Steps: each a sentence that says what to do, with its reason.")),
    (gettext_lazy("The bigger picture"), gettext_lazy("Where this stands in a life.")),
    (gettext_lazy("A personal note"), gettext_lazy("You, in the first person. The sign-off is added for you.")),
]


def line(name: str, help_text: _StrOrPromise = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
    return forms.CharField(
        label=LABELS[name], required=False, max_length=_LONGEST[name], help_text=help_text, widget=widget
    )


def area(name: str, rows: int, help_text: _StrOrPromise = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto", "autocomplete": "off"})
    return forms.CharField(
        label=LABELS[name], required=False, max_length=_LONGEST[name], help_text=help_text, widget=widget
    )


def hidden() -> forms.HiddenInput:
    # without autocomplete, a browser could restore the number of an older version after a reload
    return forms.HiddenInput(attrs={"autocomplete": "off"})


class DraftForm(DeskForm):
    """The text of a draft, with the number of the version that was edited (``base``). No part is required."""

    headline = line("headline", gettext_lazy("The question, then your angle: “Is it normal to …? A nurse's view”"))
    standfirst = area("standfirst", 2, gettext_lazy("One or two sentences that lead in."))
    content_note = line("content_note", gettext_lazy("What somebody may want to know before they read. Often empty."))
    pen_name = line("pen_name")
    question = area(
        "question", 10, gettext_lazy("The public version of the letter. Take out whatever could point to its writer.")
    )
    answer = area(
        "answer",
        26,
        gettext_lazy("Markdown: ## heading, ### sub-heading, > quotation, - list, *emphasis*, [^1] source."),
    )
    topic = forms.CharField(label=gettext_lazy("Topic"), required=False, max_length=50, widget=forms.Select)
    care = forms.BooleanField(label=gettext_lazy("Show help lines inside the article"), required=False)
    help_kinds = forms.MultipleChoiceField(
        label=LABELS["help_kinds"],
        required=False,
        choices=[(kind, gettext_lazy(CARDS[kind].name)) for kind in TITLES],
        widget=forms.CheckboxSelectMultiple(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "They stand where the answer says when to be concerned, or after it. Everybody sees which ones these are."
        ),
    )
    insert = forms.IntegerField(required=False, min_value=0, max_value=len(OUTLINE) - 1, widget=hidden())
    base = forms.IntegerField(min_value=0, widget=hidden())
    loaded = forms.CharField(required=False, max_length=64, widget=hidden())
    kinds = forms.CharField(required=False, max_length=400, widget=hidden())

    def __init__(self, *args: Any, column: Column, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

        def topics() -> Iterator[tuple[str, str]]:
            yield "", _("No topic")
            for topic in column.topics.all():
                yield topic.slug, topic.name

        # evaluated when the field is rendered, so that a save has no query for it
        self.fields["topic"].widget.choices = CallableChoiceIterator(topics)

    def propose(self, noticed: Collection[str]) -> None:
        """Say beside each of these kinds that it was noticed in the letters."""
        widget = self.fields["help_kinds"].widget
        widget.choices = [
            (kind, _("%(kind)s (noticed in the letter)") % {"kind": name} if kind in noticed else name)
            for kind, name in widget.choices
        ]

    def words(self) -> dict[str, Any]:
        """Return the next version by part, its text tidied; the form must be valid.

        ``insert`` (the index of a section of ``OUTLINE``) adds that section's heading at the end of the answer.
        """
        words: dict[str, Any] = {name: tidy(self.cleaned_data[name]) for name in DRAFT_FIELDS}
        words["help_kinds"] = self.cleaned_data["help_kinds"]
        number = self.cleaned_data.get("insert")
        if number is not None and OUTLINE[number][0]:
            words["answer"] = f"{words['answer'].rstrip()}\n\n## {OUTLINE[number][0]}\n\n".lstrip()
        return words

    def concerns(self) -> set[str]:
        """Return the kinds of concern in the letters that the page showed; the form must be valid."""
        return set(self.cleaned_data["kinds"].split()) & set(TITLES)

    def is_as_loaded(self) -> bool:
        """Return whether the text is that of the version in the form; the form must be valid."""
        return hash_of(self.words()) == str(self.cleaned_data["loaded"])

    def shown(self) -> dict[str, str]:
        """Return the present value of the form's fields, by part."""
        return {name: str(self[name].value() or "") for name in DRAFT_FIELDS}


#: How far ahead an article can be scheduled; a later date is taken for a typing error.
FURTHEST = dt.timedelta(days=2 * 366)


class PublishForm(DeskForm):
    """The time of publication, and the slug of the article."""

    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[("later", gettext_lazy("At this time")), ("now", gettext_lazy("Now"))],
        initial="later",
        widget=forms.RadioSelect,
    )
    date = forms.DateField(
        label=gettext_lazy("Date"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        label=gettext_lazy("Time"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    which = forms.ChoiceField(
        label=gettext_lazy("Which of the two"),
        help_text=gettext_lazy("The clocks are put back on this day, so this time comes twice."),
        choices=[
            ("first", gettext_lazy("The first, before the clocks are put back")),
            ("second", gettext_lazy("The second, after the clocks are put back")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    slug = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=80,
        validators=[validate_slug],
        help_text=gettext_lazy("The last part of the article's address. It never changes after publication."),
        error_messages={"invalid": gettext_lazy("Use letters, numbers and dashes alone, for example: is-it-normal")},
    )

    def __init__(self, *args: Any, column: Column, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.column, self.at = column, at
        #: The moments at which the site's clocks show the date and time of the form.
        self.moments: list[dt.datetime] = []

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"]).lower()
        if self.column.articles.filter(slug=slug).exists():
            raise forms.ValidationError(
                _("Another article of this column has this address already. Choose another one.")
            )
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("when") != "later":
            return cleaned
        for name in ("date", "time"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Say when it goes out, or choose “Now”."))
        date, time, today = cleaned.get("date"), cleaned.get("time"), timezone.localdate(self.at)
        if date and date > today + FURTHEST:
            self.add_error("date", _("Choose a date within the next two years."))
        elif date and date < today:
            self.add_error("date", _("This time is past. Choose a later one, or “Now”."))
        elif date and time:
            self.moments = moments(date, time)
            self._check_moment()
        return cleaned

    def _check_moment(self) -> None:
        """Refuse an hour that the clocks skip, ask about one that comes twice, and refuse one that is past."""
        if not self.moments:
            self.add_error(
                "time",
                _("The clocks are put forward on this day and leave this time out. Choose an earlier or a later one."),
            )
            return
        self.fields["which"].required = self.comes_twice
        if self.comes_twice and not self.cleaned_data.get("which"):
            self.add_error(
                "which", _("This time comes twice on this day. Say which you mean: the first or the second.")
            )
        elif self.publish_at() <= self.at:
            self.add_error("date", _("This time is past. Choose a later one, or “Now”."))

    @property
    def comes_twice(self) -> bool:
        """Whether the chosen time comes twice, so that ``which`` is to be asked."""
        return len(self.moments) > 1

    def publish_at(self) -> dt.datetime:
        """Return the chosen moment; that of the request for “Now”."""
        if self.cleaned_data["when"] == "now":
            return self.at
        return self.moments[-1 if self.cleaned_data["which"] == "second" else 0]


class DateForm(PublishForm):
    """Another time of publication, for an article that has one and is not out yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["slug"], self.fields["when"]

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["when"] = "later"
        return super().clean()
