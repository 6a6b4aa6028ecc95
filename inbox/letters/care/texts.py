"""The texts of the care cards that ship; ``sources.toml`` has their sources. Pure data. No clinician has read them yet:
the owner of a column confirms or changes each before its intake opens."""

from __future__ import annotations

from dataclasses import dataclass

from inbox.i18n import gettext_noop as _


@dataclass(frozen=True)
class CareText:
    """A card as it ships.

    ``name``: the kind of concern, for staff. ``when``: the heading where nothing is claimed about the writer.
    ``paragraphs``: the first stands above the help lines, so that a phone shows both; the others below them.
    ``named``: what was read in the letter, said only of explicit words. ``life``: whether life can be at risk, so that
    the emergency number stands before the help lines.
    """

    kind: str
    name: str
    when: str
    heading: str
    paragraphs: tuple[str, ...]
    named: str = ""
    life: bool = False


GENERAL = "general"
#: Shown first in a language that screening does not read, and wherever nothing may be claimed.
_GENERAL = CareText(
    GENERAL,
    name=_("Anything that is urgent"),
    when=_("If any of this is urgent"),
    heading=_("If any of this is urgent"),
    paragraphs=(
        _("Nobody reads letters in real time. These people answer."),
        _(
            "If somebody is in danger, badly hurt or very ill, call the emergency number of the country you are in,"
            " or ask somebody near you to call."
        ),
    ),
    life=True,
)
#: By kind, the one that cannot wait first.
CARDS: dict[str, CareText] = {
    one.kind: one
    for one in (
        CareText(
            "emergency",
            name=_("An emergency"),
            when=_("If somebody is very ill or bleeding"),
            heading=_("Some of this may not be able to wait"),
            named=_("You wrote about something that may need help today."),
            paragraphs=(
                _(
                    "Call the emergency number now for heavy bleeding, chest pain, trouble breathing, passing out,"
                    " a fit that does not stop, or a face, arm or speech that goes weak."
                ),
                _(
                    "If you are or could be pregnant, call for a sudden, sharp pain in the belly too, above all if you"
                    " feel dizzy or faint."
                ),
                _("You need not be sure. Tell them what you told us. Please do not wait for our answer."),
            ),
            life=True,
        ),
        CareText(
            "self_harm",
            name=_("Self-harm and suicide"),
            when=_("If somebody might hurt themselves"),
            heading=_("Please talk to somebody now"),
            named=_("Your letter has words about dying or self-harm."),
            paragraphs=(
                _(
                    "If you have taken something or hurt yourself badly, call the emergency number or go to a hospital"
                    " now, even if you feel well."
                ),
                _(
                    "If you might do it today, be with somebody, or on the phone, and put away what you could use. You"
                    " can say: “I am thinking of ending my life. Please stay with me.”"
                ),
                _(
                    "Call also if you only wish not to wake up, or are afraid for somebody else. You need not"
                    " know what to say."
                ),
            ),
            life=True,
        ),
        CareText(
            "abuse",
            name=_("Abuse"),
            when=_("If somebody hurts, threatens or controls you"),
            heading=_("Your safety comes first"),
            named=_("You wrote about violence, threats or control."),
            paragraphs=(
                _(
                    "In danger now? Call the emergency number. If somebody looks at your phone, call the help lines"
                    " from another one, or from a friend’s."
                ),
                _("If you cannot leave, stay near a way out, and away from things that could be used to hurt you."),
                _("If somebody squeezed your neck, see a doctor at once, even if nothing shows."),
                _("Leaving can make the danger greater for a time. These people help you to plan it."),
                _("What others do to you is not your fault."),
            ),
            life=True,
        ),
        CareText(
            "assault",
            name=_("Sexual assault"),
            when=_("If somebody did something sexual that you did not want"),
            heading=_("There is help for this"),
            named=_("You wrote about something sexual that somebody did not want."),
            paragraphs=(
                _(
                    "If it was in the last days, see a doctor soon. Medicine against HIV (PEP) has to begin within"
                    " 72 hours, at best within 24 hours. Emergency contraception works within 3 to 5 days: the"
                    " sooner, the better."
                ),
                _(
                    "In many places evidence can be kept while you decide about the police. It helps not to wash,"
                    " and to keep the clothes. If you have washed, go all the same."
                ),
                _(
                    "It was not your fault, last night or long ago."
                ),
            ),
            life=True,
        ),
        CareText(
            "time_critical",
            name=_("Something for which the first days count"),
            when=_("If a condom split, a pill was missed, or you could have caught HIV"),
            heading=_("The first days count"),
            named=_("You wrote about something for which the first days count."),
            paragraphs=(
                _(
                    "Emergency contraception works within 3 to 5 days after sex: the sooner, the better. Ask at a"
                    " pharmacy, a clinic or a doctor’s today."
                ),
                _(
                    "Medicine against HIV (PEP) has to begin within 72 hours, at best within 24 hours. Ask at a sexual"
                    " health clinic or a hospital’s emergency department."
                ),
                _("Our answer takes longer than that. Please do not wait for it."),
            ),
        ),
        CareText(
            "coercion",
            name=_("Coercion"),
            when=_("If somebody makes you do what you do not want"),
            heading=_("Nobody may make you do what you do not want"),
            named=_("You wrote about being pushed into something you do not want."),
            paragraphs=(
                _(
                    "You may say no to anybody, to a partner as well, also after a yes. If you could not say it, it is"
                    " not your fault."
                ),
                _(
                    "If you are afraid of what follows a no, talk first with these people, from a phone nobody"
                    " checks. Keep threatening messages where it is safe."
                ),
                _(
                    "After sex that you did not want, emergency contraception works within 3 to 5 days, and medicine"
                    " against HIV (PEP) has to begin within 72 hours."
                ),
            ),
        ),
        CareText(
            "minor",
            name=_("Somebody under 18"),
            when=_("If you are under 18"),
            heading=_("If you are under 18"),
            named=_("You told us that you are under 18."),
            paragraphs=(
                _(
                    "A grown-up you trust can help you sooner than we can: a teacher, a nurse at school, somebody in"
                    " your family, at home or not. If the first one does not help, tell another."
                ),
                _(
                    "Doctors and nurses keep most of what you say to themselves. If they think you are in danger,"
                    " they may have to tell somebody. Ask about this before you begin."
                ),
                _(
                    "If somebody hurts you or touches you in ways you do not want, it is not your fault."
                ),
            ),
        ),
        _GENERAL,
    )
}  # fmt: skip
