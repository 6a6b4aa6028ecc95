"""Phrases of crisis in other languages than English: plain, invented sentences, and harmless ones beside them."""

from __future__ import annotations

import pytest

from inbox.screening.concerns import CLASSIFIER, Concern, find_concerns

#: Two sentences of need and two harmless ones in each language.
SENTENCES = {
    "de": (
        ["Ich will nicht mehr leben.", "Ich bin vierzehn Jahre alt."],
        ["Ich will hier nicht mehr wohnen.", "Ich muss noch die Wäsche wegbringen."],
    ),
    "es": (
        ["Quiero morirme esta noche.", "Tengo 15 años."],
        ["Me toca limpiar la cocina cada día.", "No quiero vivir con mi suegra."],
    ),
    "fr": (
        ["Mon père nous frappe.", "J'ai été violée hier."],
        ["Je ne veux plus vivre avec mes parents.", "Ce film me touche beaucoup."],
    ),
    "pt": (["Quero morrer.", "O meu marido bate-me."], ["Me toca muito essa música.", "Não quero viver em Lisboa."]),
    "it": (
        ["Voglio farla finita.", "Mi ha costretta a farlo."],
        ["Non voglio vivere in città.", "Mi tocca cucinare sempre."],
    ),
    "nl": (
        ["Ik wil niet meer leven.", "Ik ben dertien jaar."],
        ["Ik wil niet meer leven in een flat.", "Hij slaat de bal heel ver."],
    ),
    "pl": (
        ["Chcę umrzeć.", "Mam czternaście lat i boję się."],
        ["Nie chcę żyć w mieście.", "Mam trzydzieści lat i psa."],
    ),
    "ru": (["Я хочу умереть.", "Муж меня бьёт."], ["Не хочу жить в городе.", "Часы бьют полночь."]),
    "uk": (["Я не хочу більше жити.", "Чоловік б'є мене."], ["Хочу жити біля моря.", "Мій кіт спить цілий день."]),
    "tr": (["Yaşamak istemiyorum.", "Babam beni dövüyor."], ["Annem çok yemek yapıyor.", "Saçımı boyamak istiyorum."]),
    "ar": (["أريد أن أموت", "زوجي يضربني كل يوم"], ["أريد أن أتعلم الطبخ", "كيف أعتني بشعري"]),
    "fa": (["دیگه نمی‌خوام زنده باشم", "شوهرم مرا کتک می‌زند"], ["چطور برنج بپزم", "موهایم خشک است"]),
    "hi": (["मैं मरना चाहती हूँ", "पति मुझे पीटते हैं"], ["मुझे खाना बनाना पसंद है", "मेरे बाल झड़ रहे हैं"]),
    "hi-latn": (
        ["Main marna chahti hoon", "Pati mujhe maarte hain"],
        ["Main khana banana chahti hoon", "Mere baal jhad rahe hain"],
    ),
    "zh": (["我昨天一直想着自杀的事", "我今年十四岁"], ["有空打我电话", "周末不想活动,想死你了"]),
    "ja": (["もう死にたいと毎日思います", "彼に無理やりされました"], ["髪が乾燥しています", "飛び降り台は高い"]),
    "ko": (["요즘 죽고 싶다는 생각만 해요", "아빠가 저를 때려요"], ["유서 깊은 도시에 갔어요", "머리가 길어요"]),
    "th": (["ฉันอยากตายทุกวัน", "หนูถูกข่มขืน"], ["ผมร่วงมาก", "อยากกินข้าว"]),
    "vi": (["Tôi muốn chết.", "Em 14 tuổi."], ["Tôi muốn học nấu ăn.", "Tóc tôi rụng nhiều."]),
    "id": (["Aku ingin mati.", "Suami saya memukul saya."], ["Saya ingin belajar masak.", "Rambut saya rontok."]),
    "el": (["Δεν θέλω να ζω.", "Ο άντρας μου με χτυπάει."], ["Θέλω να μάθω να μαγειρεύω.", "Τα μαλλιά μου πέφτουν."]),
    "cs": (["Chci umřít.", "Manžel mě bije."], ["Chci se naučit vařit.", "Vypadávají mi vlasy."]),
    "sv": (["Jag vill dö.", "Min man slår mig."], ["Jag vill lära mig laga mat.", "Mitt hår är torrt."]),
    "ro": (["Vreau să mor.", "Soțul mă bate."], ["Vreau să gătesc.", "Părul meu e uscat."]),
    "hu": (["Nem akarok élni.", "Tizennégy éves vagyok."], ["Szeretek főzni.", "Száraz a hajam."]),
    "he": (["אני רוצה למות", "בעלי מכה אותי"], ["אני רוצה לבשל", "השיער שלי יבש"]),
    "sw": (["Nataka kufa.", "Mume wangu ananipiga."], ["Nataka kupika.", "Nywele zangu ni kavu."]),
    "tl": (["Gusto ko nang mamatay.", "Sinasaktan ako ng asawa ko."], ["Gusto kong magluto.", "Tuyo ang buhok ko."]),
}


def by_phrases(text: str) -> list[Concern]:
    """What phrases find; the score was learned from English."""
    return [concern for concern in find_concerns(text) if concern.rule != CLASSIFIER]


@pytest.mark.parametrize("language", SENTENCES)
def test_plain_sentences_are_raised_and_harmless_ones_are_not(language: str) -> None:
    need, harmless = SENTENCES[language]
    assert [text for text in need if not by_phrases(text)] == []
    assert [text for text in harmless if by_phrases(text)] == []
    within = [f"Hallo 123, {text} — ok." for text in need]
    assert [text for text in within if not by_phrases(text)] == []
