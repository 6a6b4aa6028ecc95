"""What writers may say about themselves: names and values as they are sealed with the letter, and their labels."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy

NAMES = {
    "age_band": gettext_lazy("Age"),
    "pronoun": gettext_lazy("Pronoun"),
    "country": gettext_lazy("Country"),
    "ask_back": gettext_lazy("May be asked back"),
}
#: Ages from the youngest. The value is sealed with the letter, so it stays as it is; people read the label.
AGE_BANDS = {
    "Under 16": gettext_lazy("Under 16"),
    "16 or 17": gettext_lazy("16 or 17"),
    "18 to 24": gettext_lazy("18 to 24"),
    "25 to 34": gettext_lazy("25 to 34"),
    "35 to 44": gettext_lazy("35 to 44"),
    "45 to 54": gettext_lazy("45 to 54"),
    "55 to 64": gettext_lazy("55 to 64"),
    "65 or over": gettext_lazy("65 or over"),
}


def name(said: str) -> str:
    """The heading of something that a writer said about themselves; ``said``: the name under which it is sealed."""
    return str(NAMES.get(said, said))


def value(said: str, given: str) -> str:
    """The value as people read it: the label of what was chosen from a list, otherwise the writer's own words."""
    if said == "age_band":
        return str(AGE_BANDS.get(given, given))
    return gettext("yes") if said == "ask_back" else given
