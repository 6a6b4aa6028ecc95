"""The language of a letter, by its script and its function words. Pure. In doubt no language is named; the result is a
mark for the desk, and never puts a letter aside."""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict

from inbox.i18n import gettext_noop as _

#: The languages that are told apart, by code, and their names in English.
NAMES = {
    "en": _("English"),
    "es": _("Spanish"),
    "fr": _("French"),
    "de": _("German"),
    "it": _("Italian"),
    "pt": _("Portuguese"),
    "nl": _("Dutch"),
    "pl": _("Polish"),
    "tr": _("Turkish"),
    "sv": _("Swedish"),
    "da": _("Danish"),
    "fi": _("Finnish"),
    "ro": _("Romanian"),
    "cs": _("Czech"),
    "hu": _("Hungarian"),
    "ar": _("Arabic"),
    "ru": _("Russian"),
    "uk": _("Ukrainian"),
    "el": _("Greek"),
    "hi": _("Hindi"),
    "zh": _("Chinese"),
    "ja": _("Japanese"),
    "ko": _("Korean"),
}
#: The fewest words for a guess. In scripts without spaces three characters count as two words.
LEAST_WORDS = 20

#: Function words of the languages in Latin letters: hardly any sentence is without one.
_SMALL = {
    "en": """the and of to in is it that was for on are with as his they at be this have from or had by not but what
        all were we when your can said there use an each which she do how their if will up other about out many then
        them these so some her would make like him into time has look more my i you am any who does don't didn't i'm
        please help need get know should could been just because after me than very where why thank thanks""",
    "es": """el la de que y en un una los las por con para no se lo su es al del como más pero sus le ya este sí porque
        esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante uno les ni contra ese
        eso mí qué yo mi estoy tengo puede ser ha he era fue soy hace años nada siempre aunque mucho tiene gracias
        bien así cada después hola puedo hacer si""",
    "fr": """le la les de des du un une et est en que qui dans pour pas sur au avec ce il elle je ne se plus par mais
        nous vous ou son sa ses sont aux cette comme si tout fait être ont même leur bien mon ma mes deux très c'est
        j'ai n'est qu'il ans depuis peut faire suis moi quand sans était avoir cela encore toujours rien ça donc où
        chez alors aussi merci bonjour votre d'un d'une""",
    "de": """der die das und ist in den von zu mit sich des auf für nicht ein eine als auch es an werden aus er hat dass
        sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr
        durch man sein wurde ich mir mich mein meine habe bin wenn kann was dann schon immer seit jahre danke hallo
        keine doch sehr ihr wir uns ihm ihn wieder gar weil""",
    "it": """il di che e la un una in per è con non sono da si le dei del lo alla ma come al più anche della i gli nel
        ho mi ha io questo mia mio se perché quando cosa sua suo delle molto della dalla alle ed o nella era poi solo
        fatto anni ancora sempre fare loro dopo senza può stato stata ci mai così tutto qualche grazie essere quello
        degli sulla tra due""",
    "pt": """o a de que e do da em um uma para é com não os no se na por mais as dos como mas foi ao ele das tem à seu
        sua ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos ter
        meu minha tenho estou você me faz anos não sei porque tudo obrigado obrigada fazer sempre pode nada nem são
        isto olá ainda""",
    "nl": """de het een en van in is dat op te zijn met voor niet aan er om ook als maar bij dan nog naar heeft uit door
        over zo wat ik mijn je me hij ze wel geen deze dit worden werd kan heb ben hebben moet mij jaar toen altijd al
        veel meer tot was weer daar iets want omdat sinds niets zou had kunnen jullie uw bedankt wordt""",
    "pl": """i w na z do się nie że jest to o jak co po ale ja od za mam czy tak dla przez jestem być już mi mnie ten ta
        go jego jej tylko był była było może bardzo gdy kiedy moja mój lat teraz który która które sobie są także oraz
        ze jeszcze bo przy nic zawsze dziękuję proszę mogę nad ma aby lub więc jednak tego tym pod""",
    "tr": """ve bir bu da de için ile çok daha ama ne ben o mi gibi kadar var benim her en sonra olarak değil bana beni
        oldu şey diye yok ya ki olan sen şimdi zaman hiç bunu nasıl çünkü iki önce olduğunu yıl mı mu musunuz ise
        veya ancak olur lütfen teşekkürler neden biri içinde""",
    "sv": """och i att det som en på är av för med den till inte har de ett om han men var jag sig från vi så kan när år
        under också efter eller nu sin där vid mot ska skulle kommer ut får finns vara hade alla andra mycket än här då
        över bara in blir upp även mig min mitt hon detta ingen varför vad tack är inget måste kunde""",
    "da": """og i at det som en på er af for med den til ikke har de et om han men var jeg sig fra vi så kan når år
        under også efter eller nu sin der ved mod skal skulle kommer ud får være havde alle andre meget end her da over
        kun blev op mig min mit hun dette ingen hvorfor hvad tak bliver kunne været noget altid selv hvis hvor""",
    "fi": """ja on ei että se hän oli en kun mutta ole niin minä minun myös mitä kuin jos olen nyt sitä tai vain joka
        mukaan sen ovat jo ollut voi mikä mua mulla minulla ne hänen olla sitten kanssa vielä koska siitä tämä tätä
        minua ennen aina mitään miksi kuitenkin jotka sekä kiitos olisi pitää tämän""",
    "ro": """și de în a la cu nu că să pe o este un din ce mai pentru care sunt am fi dar ca au după prin sau se foarte
        mi mă ai când dacă îmi eu meu mea lui ei era fost fără aceasta acest asta decât despre doar până unde cum
        are ani tot toate nici totul mult poate mulțumesc si sa va ați vă ale cel""",
    "cs": """a se v na je že to s z o do i ve jako za by ale si po který od jsem není mě mi jsou bylo byl byla co jen
        když tak aby už ze nebo bych pro při jeho má před podle také která které jsme mám jak můj moje však kde ještě
        nic proč teď až může být let rok děkuji nemám vždy prosím nelze""",
    "hu": """a az és hogy nem is egy ez azt meg van de csak már ha volt mint még amikor vagyok nekem el én mert sem
        lehet mi kell ezt fel minden vagy nagyon mit be ki olyan akkor nincs most lesz után ami úgy vele engem mindig
        éve köszönöm kérem sok azért miért semmi voltam le itt""",
}
#: Letters, and ends of words, that hardly any other of these languages has.
_SIGNS = {
    "pl": "[łśźżń]",
    "cs": "[ěřů]",
    "tr": "[ğı]|(?:[iıuü]yor|lar|ler|mak|mek|yorum)$",
    "ro": "[țșţă]",
    "hu": "[őű]",
    "pt": "ç[ãõ]|[ãõ][eo]s?$",
    "es": "ñ|ción$",
    "fi": "(?:ss[aä]|ll[aä]|st[aä]|n[uy]t|inen|mme|tte)$",
}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

_CYRILLIC, _GREEK, _ARABIC, _DEVANAGARI = (0x400, 0x530), (0x370, 0x400), (0x600, 0x780), (0x900, 0x980)
_KANA, _HAN, _HANGUL = (0x3040, 0x3100), (0x4E00, 0xA000), (0xAC00, 0xD7B0)
#: Marks that stand on or beside a letter and count as none: \w leaves them out in Devanagari and Arabic.
_BLOCKS = {
    "cyrillic": _CYRILLIC,
    "greek": _GREEK,
    "arabic": _ARABIC,
    "devanagari": _DEVANAGARI,
    "kana": _KANA,
    "han": _HAN,
    "hangul": _HANGUL,
}
#: The weight of such a letter or ending, where a function word of one language alone has weight 1.
_OF_A_SIGN = 0.6
#: The least share of one language's function words among all words.
_SHARE = 0.2
#: The least ratio to the share of the next language.
_AHEAD = 1.35


def guess(text: str) -> str | None:
    """The code of the language that the text is written in, of ``NAMES``; ``None`` where it is too short (up to
    ``LEAST_WORDS`` words), mixed, of another language, or where there is any doubt."""
    counted = Counter(text)  # each distinct character is examined once
    scripts: Counter[str] = Counter()
    for character, times in counted.items():
        if character.isalpha():
            scripts[_script(character)] += times
    if not scripts:
        return None
    eastern = scripts["han"] + scripts["kana"]
    script = scripts.most_common(1)[0][0]
    if eastern >= max(scripts.values()):
        script = "eastern"
    signs = eastern if script == "eastern" else scripts[script]
    # a character of these scripts carries as much as two or three letters of the others
    weight = 2.5 if script in ("eastern", "hangul") else 1
    share = signs * weight / (signs * weight + scripts.total() - signs)
    words = int(eastern / 1.5) if script == "eastern" else len(text.split())
    if words <= LEAST_WORDS or share < (0.7 if script != "latin" else 0.8):
        return None
    if script == "latin":
        return _latin(text)
    if script == "eastern":
        return "ja" if scripts["kana"] > 0.1 * eastern else ("zh" if scripts["kana"] == 0 else None)
    return _by_signs(script, text)


def foreign(text: str, column_language: str) -> str:
    """The English name of the letter's language where it is another one than the column's ("en", "en-NZ"); else ""."""
    return foreign_name(guess(text) or "", column_language)


def foreign_name(code: str, column_language: str) -> str:
    """The English name of a language of ``NAMES`` that is another one than the column's; else ""."""
    return "" if code == column_language.split("-", maxsplit=1)[0].lower() else NAMES.get(code, "")


#: The language that the rest of screening reads.
READ = "en"
#: The code of an unidentified language that is not ``READ``.
UNKNOWN = "und"
#: The fewest words for ``UNKNOWN``, and the share of function words of ``READ`` below which it is given.
_FEW, _NONE = 6, 0.07


def code(text: str) -> str:
    """The code by ``guess``; ``UNKNOWN`` for a text without the function words of English; else "". A letter that is
    missed because nobody understood it is worse than one letter too many to look at."""
    if known := guess(text):
        return known
    words = [word.replace("’", "'").lower() for word in _WORD.findall(text)]
    small = set(_SMALL[READ].split())
    # random keystrokes and one repeated word have no language
    told = len(set(words)) >= _FEW and sum(word in small for word in words) < _NONE * len(words)
    return UNKNOWN if told else ""


def unread(code: str, column_language: str = READ) -> str:
    """The English name of a language that screening does not read, and that is not the column's own; else ""."""
    if code == UNKNOWN:
        return _("another language") if column_language.split("-", maxsplit=1)[0].lower() == READ else ""
    return "" if code == READ else foreign_name(code, column_language)


def _script(character: str) -> str:
    code = ord(character)
    if code < 0x250 or 0x1E00 <= code < 0x1F00:
        return "latin"
    return next((name for name, (start, end) in _BLOCKS.items() if start <= code < end), "other")


def _by_signs(script: str, text: str) -> str | None:
    """The language of a script that several share, by signs that only one of them has."""
    low = text.lower()
    signs = set(low)
    match script:
        case "greek" | "hangul":
            return "el" if script == "greek" else "ko"
        case "arabic":
            return None if signs & _NOT_ARABIC else "ar"
        case "devanagari":
            hindi = sum(low.count(word) for word in _HINDI)
            return "hi" if hindi >= 2 and "आहे" not in low else None
        case "cyrillic" if not signs & _NEITHER:
            russian, ukrainian = signs & set("ыэё"), signs & set("іїєґ")
            if bool(russian) != bool(ukrainian):
                return "ru" if russian else "uk"
    return None


#: Letters of Persian, Urdu and others, which Arabic does not have.
_NOT_ARABIC = frozenset("پچژگکیہےڈٹںۆێڵ")
_HINDI = ("है", "में", "नहीं", "और", "हूँ", "हूं")
#: Cyrillic letters that neither Russian nor Ukrainian has.
_NEITHER = frozenset("әғқңөұүһјљњћђўѓќ")


@functools.cache
def _weights() -> dict[str, dict[str, float]]:
    """The weight of each function word for each language: less where several languages have the word."""
    lists = {code: set(words.split()) for code, words in _SMALL.items()}
    having = Counter(word for words in lists.values() for word in words)
    found: dict[str, dict[str, float]] = {}
    for code, words in lists.items():
        for word in words:
            found.setdefault(word, {})[code] = 1.0 if having[word] == 1 else 0.5 if having[word] == 2 else 0.3
    return found


@functools.cache
def _signs() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{code}>{pattern})" for code, pattern in _SIGNS.items()))


def _sign(word: str) -> str:
    """The language shown by the letters or the ending of a word; "" for most words."""
    found = _signs().search(word)
    return str(found.lastgroup) if found else ""


def _latin(text: str) -> str | None:
    words = [word.replace("’", "'").lower() for word in _WORD.findall(text)]
    weights: dict[str, dict[str, float]] = _weights()
    scores: dict[str, float] = defaultdict(float)
    for word in words:
        for code, weight in weights.get(word, {}).items():
            scores[code] += weight
        if word not in weights and (code := _sign(word)):
            scores[code] += _OF_A_SIGN
    best, most = max(scores.items(), key=lambda one: one[1], default=("", 0.0))
    others = max((score for code, score in scores.items() if code != best), default=0.0)
    return best if best and most >= _SHARE * len(words) and most >= _AHEAD * others else None


#: How a letter in a language that the desk does not read well enough is declined. ``{lines}`` stands where the
#: column's help lines are put.
DECLINE = _("""\
Thank you for writing to us, and for trusting us with this. We cannot read letters in this language well enough to \
answer them safely: a word that we misunderstand could do you harm. That says nothing about you, and nothing about how \
much your question matters.

A doctor, a nurse or a clinic near you can answer in your language, or with an interpreter, and you may show them what \
you wrote. If somebody whom you trust can help you to put it into the language of this column, please write to us \
again.

If it cannot wait, these people answer now; many of them can find somebody who speaks your language:

{lines}""")
