"""What people tell without its word is found too, in every way of writing it, and ordinary letters with the same words
are left alone. Invented sentences."""

from __future__ import annotations

import pytest

from inbox.screening import classifier, concerns
from inbox.screening.classifier import Classification
from inbox.screening.concerns import FIRM, Concern, find_concerns
from inbox.screening.normalise import normalise
from inbox.screening.phrases import EXPLICIT, phrases
from tests.inbox.screening.test_concerns_written import FOLDINGS

TOLD = [
    ("self_harm", "I never asked for this life and I wish that I did not have to live it"),
    ("self_harm", "If the heart attack had finished me off nobody would have to drive me anywhere"),
    ("self_harm", "If a lorry ran me over I would be relieved"),
    ("self_harm", "If it were not for my mother I would have done it years ago"),
    ("self_harm", "I only want to be with my wife, she is in the churchyard since May"),
    ("self_harm", "It would be so easy to step off the kerb in front of the number nine"),
    ("self_harm", "My hands want to turn the wheel into the barrier on the way home"),
    ("self_harm", "I read up on how to do it so that it does not hurt"),
    ("self_harm", "I have worked out how I would do it, step by step"),
    ("self_harm", "I did not want my girls to be the ones to find me"),
    ("self_harm", "I sorted my papers so that nobody has to ring round the banks"),
    ("self_harm", "She gave me her sewing machine and said she would not need it any more"),
    ("self_harm", "I know which tree"),
    ("self_harm", "I tried again on Thursday and they sent me home"),
    ("self_harm", "I have the date and nobody can talk me out of it"),
    ("self_harm", "My stepson says we would all be happier without him"),
    ("self_harm", "I do things to my thighs with the compass from my pencil case"),
    ("self_harm", "I scratch my wrist until it bleeds and then my head is quiet"),
    ("self_harm", "Daddy keeps the pistol in the study and I know the number of the safe"),
    ("self_harm", "I will not see another spring and that is fine"),
    ("abuse", "My pay goes to his mother and I ask her for bus money"),
    ("abuse", "My husband keeps my phone in his pocket and reads what comes"),
    ("abuse", "There is a tracker under my car seat"),
    ("abuse", "He stood in the doorway until I said sorry"),
    ("abuse", "I am not to open the curtains when he is at work"),
    ("abuse", "My nephew who looks after me hides my hearing aid when I complain"),
    ("abuse", "The aide at the home is rough with my father and swears at him"),
    ("abuse", "He had me against the sink with his forearm on my throat"),
    ("abuse", "I told the dentist that I fell on the ice"),
    ("abuse", "If I cannot have you no one will, he wrote"),
    ("abuse", "My aunts want my sister cut before she turns ten"),
    ("abuse", "There is a man my uncles chose for me and the hall is booked"),
    ("abuse", "I iron and cook for them and have never been paid"),
    ("abuse", "He made my son kneel on rice"),
    ("assault", "I lay there and waited until he was done"),
    ("assault", "He waits until I am asleep and then he starts"),
    ("assault", "The physio kissed me on the mouth and put his hand on my breast"),
    ("assault", "I came to in the back of a van with no tights on"),
    ("assault", "We had a game that I was not allowed to tell my mother"),
    ("assault", "I could not scream, I counted the tiles until it was over"),
    ("coercion", "She pricked holes in the condoms with a pin"),
    ("coercion", "He flushed my pills down the toilet"),
    ("coercion", "The foreman gives the good shifts to girls who are nice to him"),
    ("coercion", "He has a video of me and a list of all my contacts"),
    ("coercion", "He says I am so mature for my age and that we keep it between us"),
    ("emergency", "Half of my mother's face hangs and she talks nonsense"),
    ("emergency", "There was a snap during sex and everything went purple"),
    ("emergency", "The radio sends my wife messages since the birth"),
    ("emergency", "I cannot feel when I need the toilet since I lifted the fridge"),
    ("emergency", "My friend had a fit this morning for the first time"),
    ("emergency", "His lips are huge and he wheezes since the bee sting"),
    ("emergency", "I wake with pressure across my chest and it goes into my jaw"),
    ("emergency", "We smell gas and we all have headaches"),
    ("minor", "At thirteen, is it normal to have one bigger than the other?"),
    ("minor", "I will not be sixteen until Easter"),
    ("minor", "I started secondary school and nobody sits with me"),
    ("time_critical", "I was sick an hour after the morning-after pill"),
    ("time_critical", "We did not use anything on Sunday and my period is late"),
    ("time_critical", "I am nine weeks and I cannot keep it"),
    ("time_critical", "He rang and said I should get tested for something"),
    ("time_critical", "The patch came off and we had sex on Friday"),
    ("time_critical", "There is a thing the size of a grape on my left testicle and it does not hurt"),
    ("abuse", "She rings me until I pick up"),
    ("self_harm", "I have decided to unalive myself"),
    ("self_harm", "Is it a sin to think of s*icide?"),
    ("abuse", "He backhanded me at the table"),
    ("time_critical", "I missed four pills and we had sex"),
    ("self_harm", "This is the last letter to you, thank you for the years"),
    ("abuse", "Dad fetches the strap when he has been drinking"),
    ("abuse", "She said she would burn the flat down with us in it"),
    ("abuse", "The man upstairs beats his little girl"),
    ("assault", "I was so drunk, I cried and he kept going"),
    ("assault", "A monk made me do things in the sacristy"),
    ("assault", "My cousin interfered with me as a girl"),
    ("coercion", "She wants 300 euros or she will send it to my office"),
    ("emergency", "Since the birth I hear a voice that says I should throw the baby away"),
    ("emergency", "He throws up something like coffee grounds"),
    ("emergency", "My son has diabetes and his breath smells of pear drops"),
    ("time_critical", "A needle in the park went into my foot"),
    ("time_critical", "I finished the menopause and now there is blood"),
    ("self_harm", "I do not think I will be around much longer"),
    ("self_harm", "I am more use to my boys dead"),
    ("self_harm", "Every way out is closed except one"),
    ("self_harm", "I keep adding up what my life insurance comes to"),
    ("self_harm", "They would grieve for a year and then they would be free"),
    ("self_harm", "I am sorry for whoever will have to clear out my flat"),
    ("self_harm", "I no longer want to be talked out of it"),
    ("self_harm", "I did it again last night on my thighs"),
    ("self_harm", "Please feed my dog, the key is under the stone, whoever reads this"),
    ("self_harm", "I will not be writing again but thank you"),
    ("assault", "I woke up with my tights on wrong and no memory"),
    ("coercion", "My grade depends on how nice I am to him"),
    ("abuse", "Her husband answers her phone"),
    ("abuse", "They lock the door and we clean without wages"),
    ("emergency", "We can't really wake him"),
    ("emergency", "I have a belly ache that goes up into my shoulder"),
    ("self_harm", "My sister and I wish we had never been born"),
    ("self_harm", "Death seems a better choice"),
]
ORDINARY = [
    "My wages go to our joint account and so do hers.",
    "He keeps my phone number on a note in his wallet.",
    "I put a tracker in my suitcase when I fly.",
    "The cat stood in the doorway until I fed her.",
    "I rang the plumber eleven times until he picked up.",
    "I am not to eat anything by order of the dentist before noon.",
    "She leaned against the wall and we kissed.",
    "I told the dentist that I was late.",
    "If I cannot have cake nobody can.",
    "I had my daughter's fringe cut before she turns ten.",
    "There is a man my sister chose for the wallpaper.",
    "I iron and cook and love it.",
    "He made my son apologise for the window.",
    "I lay there and waited until the kettle boiled.",
    "He waits until I am ready and then he drives us.",
    "The physio put his hand on my knee to test it.",
    "We had a game with a secret word.",
    "She pricked holes in the pastry with a fork.",
    "He flushed the toilet twice.",
    "The waiter gives the good table to people who are nice to everybody.",
    "I have a video of our holiday and a list of all the places.",
    "My mother says I am young at heart.",
    "My face hurts from smiling.",
    "There was a snap and the pencil broke.",
    "The radio sends me to sleep.",
    "I cannot feel at home here since we moved the fridge.",
    "My aunt had a fit of giggles this morning.",
    "I smell lavender and it gives me a headache.",
    "At thirteen, my aunt won a medal.",
    "It will not be sixteen degrees until Easter.",
    "My niece started secondary school and likes it.",
    "I was sick of the queue an hour after breakfast.",
    "We did not use anything from the freezer on Sunday.",
    "The book is nine weeks overdue and I cannot keep it.",
    "He rang and said I should get the curtains cleaned.",
    "The patch came off my jeans.",
    "The potatoes are the size of a grape and I wonder why.",
    "I would rather die than sing in public.",
    "My boss will kill me if I forget the cake.",
    "My wife drags me to every wedding fair.",
    "I have a lump in my breast that turned out to be a cyst.",
    "They removed a mole last year and the scar itches.",
    "I have letters to my children for their eighteenth birthdays.",
    "I bought a rope ladder for the treehouse.",
    "I took all of them to the charity shop.",
    "I want to end it with my boyfriend kindly.",
    "I would have been relieved if the bus had come.",
    "If it were not for my mother I would have bought the red one.",
    "I read up on how to do it so that the dough rises.",
    "I know which tree the squirrel lives in.",
    "I sorted my papers and found a stamp.",
    "I tried again on Thursday to grow basil.",
    "I scratch the pan until it shines.",
    # temper, and not an illness
    "My aunt had a fit again because I wore white.",
    "He threw a fit again over the dog.",
    "My son had a fit over a biscuit.",
    "She will have a fit again if the dog comes to dinner.",
    # unpaid, and not held
    "My boss makes us work through lunch without pay.",
    "I had to work two weekends without pay since the till was short.",
    # two things compared
    "They said that sudden death is a better way to end a match.",
    # about others, or about a place
    "My parents say that they wish we had never been born.",
    "We wish we had never been born into a family of dentists.",
    # words, not blows
    "My boss pushed me to the limit.",
    "She kicked me off the team.",
    "My ex bashes me to our friends.",
    "It felt as if somebody had slapped me.",
    "I felt that my heart just got stabbed.",
    "My brother said he did not want to continue to pretend.",
    "I am afraid that he does not love me.",
    # asleep, or nearly
    "He was passed out on the couch when I came home.",
    "If you had told me then I would have fainted.",
    "I was so sick on the boat that I thought I was going to die.",
    # beside what is told without its word
    "Every door is shut except one where the cat comes in.",
    "Everybody would be relieved if it rained.",
    "I understand him now that he speaks slowly.",
    "I will not be reading any more of his books.",
    "My shifts depend on how busy the shop is.",
    "I packed my nice clothes for the holiday.",
    "I have two years clean records and they are gone.",
]


@pytest.fixture(autouse=True)
def _no_score(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the phrases alone find."""
    monkeypatch.setattr(concerns, "classify", lambda text: None)


@pytest.mark.parametrize(("kind", "text"), TOLD)
def test_what_is_told_without_its_word_is_found_in_every_way_of_writing(kind: str, text: str) -> None:
    assert kind in {one.kind for one in find_concerns(text)}
    for name, folded in FOLDINGS.items():
        assert kind in {one.kind for one in find_concerns(f"Well, {folded(text)}. So it is.")}, name


@pytest.mark.parametrize("text", ORDINARY)
def test_the_same_words_about_something_else_are_none(text: str) -> None:
    assert find_concerns(text) == []


def test_one_sentence_is_found_in_a_long_letter_about_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """The score of such a letter is low, and takes nothing from what says what happens."""
    calm = Classification("self_harm", 0, 9, classifier.WEAK - 1, 250)
    monkeypatch.setattr(concerns, "classify", lambda text: calm)
    host = "We moved in spring and the garden is lovely. The neighbours lent us a mower. "
    firm = {phrase.rule for phrase in phrases() if phrase.certainty >= FIRM}
    found = 0
    for kind, text in TOLD:
        alone = {one.kind for one in concerns._found(normalise(text)) if one.rule in firm and one.certainty >= FIRM}
        within = {one.kind for one in find_concerns(f"{host * 8}{text}. {host * 8}")}
        assert alone <= within
        found += kind in within
    assert found / len(TOLD) >= 0.9


def test_a_firm_phrase_is_none_that_names_a_danger_to_the_writer() -> None:
    assert FIRM < EXPLICIT
    assert not Concern("abuse", 0, 1, FIRM, "abuse.hinted").explicit
