"""Explicit words are found in every way of writing them, and nothing silences them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from inbox.screening import concerns, encoder
from inbox.screening.classifier import Classification
from inbox.screening.concerns import CLASSIFIER, Concern, Level, find_concerns, need

#: Sentences whose words are plain, by the rule that has to find them.
PLAIN = {
    "I want to kill myself": "self_harm.kill_oneself",
    "I am going to k*ll myself": "self_harm.kill_oneself",
    "Some days I think of hanging myself": "self_harm.kill_oneself",
    "I want to end my life": "self_harm.end_life",
    "I wanted to end it all": "self_harm.end_life",
    "I don't want to live any more": "self_harm.wish_to_die",
    "I wish I was dead": "self_harm.wish_to_die",
    "I hope that I don't wake up": "self_harm.wish_to_die",
    "they would be better off without me": "self_harm.wish_to_die",
    "I feel suicidal": "self_harm.suicide_said",
    "I attempted suicide": "self_harm.suicide_said",
    "I keep thinking about sewerslide": "self_harm.suicide_said",
    "I cut my wrists": "self_harm.self_injury",
    "I want to hurt myself": "self_harm.self_injury",
    "I counted my tablets": "self_harm.method",
    "I would jump off a bridge": "self_harm.method",
    "I have written my goodbye letters": "self_harm.plan",
    "I attempted last week": "self_harm.plan",
    "my husband hits me": "abuse.hits",
    "he strangled me": "abuse.hits",
    "she said she will kill me": "abuse.hits",
    "they are forcing me to marry": "abuse.marriage_abroad",
    "I was raped": "assault.rape_said",
    "I said no but he kept going": "assault.told_without_its_word",
    "he made me touch him": "assault.told_without_its_word",
    "he says he will post my pictures online": "coercion.threat_with_pictures",
    "I took twenty paracetamol": "emergency.poisoned",
    "the bleeding won't stop": "emergency.bleeding",
    "my throat is swelling after a nut": "emergency.allergy_and_infection",
    "the condom broke last night": "time_critical.contraception_failed",
}


def _spaced(text: str) -> str:
    return "   ".join(" ".join(word) for word in text.split(" "))


def _within(sign: str) -> Callable[[str], str]:
    """The sign between the first two letters of every longer word."""
    return lambda text: " ".join(word[0] + sign + word[1:] if len(word) > 3 else word for word in text.split(" "))


FOLDINGS: dict[str, Callable[[str], str]] = {
    "line end": lambda text: text.replace(" ", "\n"),
    "CRLF": lambda text: text.replace(" ", "\r\n"),
    "two spaces": lambda text: text.replace(" ", "  "),
    "no-break space": lambda text: text.replace(" ", "\u00a0"),
    "tab": lambda text: text.replace(" ", "\t"),
    "soft hyphen": _within("\u00ad"),
    "zero width": _within("\u200b"),
    "full width": lambda text: "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text),
    "emphasis": lambda text: " ".join(f"*{word}*" for word in text.split(" ")),
    "acute": lambda text: text.replace("'", "´"),
    "modifier": lambda text: text.replace("'", "ʼ"),
    "capitals": str.upper,
}


def _rules(text: str) -> dict[str, str]:
    return {one.rule: text[one.start : one.end] for one in find_concerns(text) if one.rule != concerns.CLASSIFIER}


@pytest.mark.parametrize(("text", "rule"), PLAIN.items())
def test_plain_words_are_found_in_every_way_of_writing(monkeypatch: pytest.MonkeyPatch, text: str, rule: str) -> None:
    said = _rules(text)
    assert rule in said
    # the phrases find them, and no score can take plain words away (below)
    monkeypatch.setattr(encoder, "available", lambda: False)
    for name, folded in FOLDINGS.items():
        found = _rules(f"Well, {folded(text)}. So it is.")
        assert rule in found, name
        # the same words, written in that way, and nothing beside them
        assert found[rule].strip("*") == folded(said[rule]).strip("*"), name


@pytest.mark.parametrize(("text", "rule"), PLAIN.items())
def test_plain_words_are_found_in_spaced_letters(text: str, rule: str) -> None:
    if not set(text) & set("*'"):
        assert rule in _rules(_spaced(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("i w a n t t o k i l l m y s e l f", "k i l l m y s e l f"),
        ("I-w-a-n-t-t-o-d-i-e", "w-a-n-t-t-o-d-i-e"),
        ("killmyself", "killmyself"),
        ("so #wanttodie", "wanttodie"),
        ("i w a s r a p e d", "w a s r a p e d"),
    ],
)
def test_plain_words_without_gaps_are_found(text: str, words: str) -> None:
    assert words in _rules(text).values()


@pytest.mark.parametrize(
    "text",
    [
        "Of course I want to kill myself.",
        "I watched a film of my class and want to kill myself.",
        "No, I do not want to kill myself.",
        "Years ago I wanted to kill myself.",
        "As a child I used to want to die, back then.",
        "My best friend wants to kill herself.",
        "I'm dying of embarrassment and want to kill myself, lol.",
        "They say that he hits me.",
        "I never told anyone that I was raped.",
    ],
)
def test_nothing_silences_plain_words(text: str) -> None:
    assert need(find_concerns(text)) is Level.NOW


def test_the_score_silences_no_plain_words_and_only_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = {"well": -99.0, "middling": 1.0, "strong": 99.0}
    plain = Concern("abuse", 0, 3, 0.9, "abuse.hits")
    weak = Concern("abuse", 0, 3, 0.7, "abuse.words")
    age = Concern("minor", 0, 3, 0.7, "minor.age_said")

    def weighed(found: list[Concern], score: str, words: int = 200) -> tuple[list[Concern], Level]:
        kept = concerns._weighed(list(found), Classification("self_harm", 0, 9, scores[score], words))
        return kept, need(kept)

    assert weighed([plain, weak, age], "well") == ([plain, age], Level.NOW)
    assert weighed([weak], "well") == ([], Level.NONE)
    assert weighed([weak], "well", words=5) == ([weak], Level.SOON)
    for score, level in (("middling", Level.SOON), ("strong", Level.NOW)):
        kept, found = weighed([weak], score)
        assert (kept[0], found) == (weak, level)
        assert kept[1].rule == concerns.CLASSIFIER
        assert not kept[1].explicit


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("self_harm", "I should never have been born and nobody would argue"),
        ("self_harm", "We made a pact, we will do it on our birthday and kill ourselves"),
        ("self_harm", "how many of them would it take to never wake up"),
        ("self_harm", "unaliving sounds restful"),
        ("abuse", "I have to hand over my wages and he gives me an allowance of 20 a week"),
        ("abuse", "He put an air tag in my bag and reads my messages"),
        ("abuse", "My carer leaves me in a wet bed when I complain"),
        ("abuse", "My aunt hid my passport, and they want me to marry a man in the village in the summer"),
        ("abuse", "My madam keeps my passport and locks the door at night"),
        ("assault", "I woke up with his hand in my underwear"),
        ("assault", "My coach put his hand under my shirt and I froze"),
        ("coercion", "Someone has a video of me and wants money or he sends the video to my contacts"),
        ("coercion", "He slipped the condom off halfway"),
        ("emergency", "She is 33 weeks pregnant and sees flashing lights"),
        ("emergency", "His face is drooping on one side since lunch"),
        ("emergency", "Our newborn is floppy and won't feed"),
        ("emergency", "I was stung and my tongue is swelling"),
        ("minor", "I'm in 9th grade and my boyfriend is not"),
        ("minor", "I was born in 2012"),
        ("minor", "After my sixteenth birthday in May he wants to move in with me"),
        ("time_critical", "I missed two pills and we had sex"),
        ("time_critical", "He told me he is HIV positive and we had unprotected sex"),
        ("time_critical", "I was raped on Saturday"),
        ("time_critical", "There is a hard lump in my breast and it is getting bigger"),
        ("time_critical", "Spotting and a positive pregnancy test"),
    ],
)
def test_each_kind_is_found_in_other_words(kind: str, text: str) -> None:
    assert kind in {one.kind for one in find_concerns(text)}


@pytest.mark.parametrize(
    "text",
    [
        "I beat the eggs, whipped the cream and killed the oven light.",
        "My cat bit me and scratched the sofa.",
        "The parrot attacked my slippers.",
        "The buyer beat me down to ten pounds for the pram.",
        "My students are 15 and 16 and they talk all day.",
        "My neighbour's kids are in year 9 and loud.",
        "I had pneumonia years ago and wonder about jogging.",
        "The chapter about rape in the novel upset my book club.",
        "It hit me that I never learned to swim.",
        "The condom slipped last month, my test was negative, can I relax?",
        "She checks my phone when it rings and I am in the bath.",
    ],
)
def test_what_only_sounds_like_it_is_none(text: str) -> None:
    """No phrase finds it. The score may have it read the same day."""
    found = find_concerns(text)
    assert [one for one in found if one.rule != CLASSIFIER] == []
    assert need(found) <= Level.SOON
