"""An article: its page, for people and for machines, and what its address answers when it is not there."""

from __future__ import annotations

import datetime as dt
import json
from urllib.parse import quote

import pytest
import time_machine
from django.template.loader import render_to_string
from django.test import Client

from columns.models import Approval, Article, Column, text_sha256
from columns.text import anatomy, prose
from inbox.workflow import DraftStatus
from tests import factories
from tests.columns.reading import Page


def test_it_holds_everything_a_reader_is_owed(client: Client, column: Column, article: Article) -> None:
    response = client.get(article.get_absolute_url())
    assert response.status_code == 200
    page = Page(response.content)
    out = f"{article.publish_at.day} {article.publish_at:%B %Y}"
    in_order = [
        "Exit this page", "Is it normal to ask?", "A nurse's view", "The short answer comes first.", "Mentions pain.",
        "By Nurse Test", "Registered nurse", out, "1 minute to read",
        "Awake writes", "edited for length and privacy", "whether this is normal", "Nothing is wrong with you.",
        "What is happening", "With care, the nurse", "Nurse Test (Registered nurse) wrote this answer.",
        f"Reviewed by {article.approval.reviewer_name} (Nurse practitioner)", "Sources", "A book.",
        "not medical advice for you in person", "This answer has an address of its own",
        "Did you write this letter?", "Tell us what happened next", "Night Line",
    ]  # fmt: skip
    places = [page.text.index(words) for words in in_order]
    assert places == sorted(places)
    assert len(page.all("h1")) == 1
    assert len(page.all("blockquote")) == 1
    assert {t["datetime"] for t in page.all("time")} == {
        f"{article.publish_at:%Y-%m-%d}",
        f"{article.reviewed_on:%Y-%m-%d}",
    }


def test_it_says_to_machines_what_it_says_to_people(client: Client, article: Article) -> None:
    page = Page(client.get(article.get_absolute_url()).content)
    url = f"http://127.0.0.1:8000{article.get_absolute_url()}"
    assert page.link("canonical") == page.meta("og:url") == url
    assert page.meta("og:type") == "article"
    assert page.meta("og:title") == article.headline
    assert page.meta("description") == page.meta("og:description") == article.standfirst
    assert dt.datetime.fromisoformat(page.meta("article:published_time")) == article.publish_at
    assert page.link("alternate", "application/atom+xml") == "http://127.0.0.1:8000/plain/feed.atom"
    assert page.link("alternate", "application/feed+json") == "http://127.0.0.1:8000/plain/feed.json"


def test_its_linked_data_is_an_article_about_a_question_with_an_answer(client: Client, article: Article) -> None:
    page = Page(client.get(article.get_absolute_url()).content)
    assert [script["type"] for script in page.all("script")] == ["application/ld+json"]
    data = json.loads(page.scripts[0])
    url = f"http://127.0.0.1:8000{article.get_absolute_url()}"
    assert data["@context"] == "https://schema.org"
    assert data["@type"] == "Article"
    assert data["headline"] == article.headline
    assert data["url"] == data["mainEntityOfPage"]["@id"] == url
    assert dt.datetime.fromisoformat(data["datePublished"]) == article.publish_at
    assert data["dateModified"] == data["datePublished"]
    person = data["author"]
    assert (person["@type"], person["name"]) == ("Person", "Nurse Test")
    assert person["hasCredential"] == {"@type": "EducationalOccupationalCredential", "name": "Registered nurse"}
    assert data["mainEntityOfPage"]["reviewedBy"]["name"] == article.approval.reviewer_name
    assert data["mainEntityOfPage"]["lastReviewed"] == article.reviewed_on.isoformat()
    question = data["mainEntity"]
    assert question["@type"] == "Question"
    assert question["text"] == "I have been wondering whether this is normal."
    assert question["author"]["name"] == "Awake"
    answer = question["acceptedAnswer"]
    assert answer["@type"] == "Answer"
    assert answer["text"] == "Nothing is wrong with you.\n\nWhat is happening\n\nMore."
    assert data["citation"] == [{"@type": "CreativeWork", "name": "A book"}]
    assert answer["author"] == person
    assert answer["url"].removeprefix(url) == "#answer"
    assert {"id": "answer"}.items() <= next(a for a in page.all("div") if a.get("id") == "answer").items()


def test_its_linked_data_has_every_word_and_names_its_sources(client: Client, column: Column, at: dt.datetime) -> None:
    words = " ".join(f"word{number}" for number in range(2000))
    answer = f"{words}.[^1][^2]\n\n[^1]: [Thrush](https://a.example/thrush), 2024.\n[^2]: A leaflet."
    article = factories.make_article(column, at=at - dt.timedelta(days=1), answer=answer)
    (script,) = Page(client.get(article.get_absolute_url()).content).scripts
    data = json.loads(script)
    assert data["mainEntity"]["acceptedAnswer"]["text"] == f"{words}."
    thrush = {"name": "Thrush, 2024", "url": "https://a.example/thrush", "datePublished": "2024"}
    assert data["citation"] == [{"@type": "CreativeWork", **one} for one in (thrush, {"name": "A leaflet"})]


def test_help_lines_stand_inside_it_when_the_letter_had_a_concern(
    client: Client, column: Column, article: Article
) -> None:
    plain = Page(client.get(article.get_absolute_url()).content)
    assert plain.text.count("Night Line") == 1
    Article.objects.filter(pk=article.pk).update(care=True)
    caring = Page(client.get(article.get_absolute_url()).content)
    assert caring.text.count("Night Line") == 2
    assert "#care" in caring.links()
    assert [a["href"] for a in caring.all("a") if a.get("class") == "number"] == ["tel:5550100"] * 2


def lines_for_kinds(column: Column) -> None:
    for name, country, kinds in (
        ("Safe House", "", "abuse"),
        ("Teens", "GB", "minor abuse"),
        ("Talk", "", "self_harm"),
    ):
        column.help_lines.create(name=name, number="555 0199", country=country, concerns=kinds)


def test_the_help_lines_for_its_kinds_stand_first_where_it_says_when_to_be_concerned(
    client: Client, column: Column, at: dt.datetime
) -> None:
    lines_for_kinds(column)
    answer = "Nothing.[^1]\n\n## When to worry\n\nIf it bleeds.\n\n## What to do\n\nWait.\n\n[^1]: A book."
    article = factories.make_article(column, at=at - dt.timedelta(days=1), answer=answer, help_kinds=["abuse"])
    page = Page(client.get(article.get_absolute_url()).content)
    in_order = ["Help is listed below", "If it bleeds.", "If this is close to you", "Safe House", "Teens",
                "Every help line", "What to do", "With care, the nurse", "A book.", "Night Line"]  # fmt: skip
    places = [page.text.index(words) for words in in_order]
    assert places == sorted(places)
    assert page.text.count("Talk") == page.text.count("Night Line") == 1, "with every other line, below"
    assert [tag.get("id") for tag in page.all("section") if tag.get("id") == "care"] == ["care"]


@pytest.mark.parametrize(
    ("answer", "kinds", "first"),
    [("Nothing.", ["abuse"], "Safe House"), ("## When to worry\n\nNow.", ["emergency"], "Night Line")],
)
def test_without_such_a_heading_they_stand_after_it_and_without_a_line_those_for_anybody(
    client: Client, column: Column, at: dt.datetime, answer: str, kinds: list[str], first: str
) -> None:
    lines_for_kinds(column)
    article = factories.make_article(column, at=at - dt.timedelta(days=1), answer=answer, help_kinds=kinds)
    text = Page(client.get(article.get_absolute_url()).content).text
    help_at = text.index("If this is close to you")
    assert text.index("Nothing." if answer == "Nothing." else "Now.") < help_at < text.index(first)
    assert help_at < text.index("With care, the nurse")


def test_a_column_without_help_lines_names_the_emergency_number(
    client: Client, column: Column, article: Article
) -> None:
    column.help_lines.all().delete()
    assert "Your local emergency number" in Page(client.get(article.get_absolute_url()).content).text


WHOLE = (
    "## The short answer\n\nNo.[^1]\n\n## When to see somebody\n\n### Go now if you\n\n- faint\n\n"
    "### Urgent: ring if you\n\n- bleed\n\n## The long answer\n\nDear Awake.[^1]\n\n"
    "## Why\n\nSo.\n\n## Where\n\nHere.\n\n## When to be concerned\n\nNow.\n\n## What to do\n\nWait.\n\n"
    "[^1]: Makers: [A book](https://example.org/a), 2020."
)


def test_short_answer_and_care_stand_below_the_letter_and_lead_to_what_explains_them(
    client: Client, column: Column, at: dt.datetime
) -> None:
    article = factories.make_article(column, at=at - dt.timedelta(days=1), answer=WHOLE, question="Is it?")
    page = Page(client.get(article.get_absolute_url()).content)
    in_order = [
        "Is it?", "The short answer No.", "Read the long answer", "When to see somebody", "Go now if you faint",
        "Urgent: ring if you bleed", "Why, further down", "On this page", "Dear Awake.", "With care, the nurse",
        "Sources", "Makers: A book, 2020.",
    ]  # fmt: skip
    places = [page.text.index(words) for words in in_order]
    assert places == sorted(places)
    ids = {attributes.get("id") for _, attributes in page.tags}
    assert {"answer", "see", "s-when-to-be-concerned"} <= ids
    assert [link for link in page.links() if link.startswith("#s-")] == [
        "#s-when-to-be-concerned",
        *("#s-why", "#s-where", "#s-when-to-be-concerned", "#s-what-to-do"),
    ]
    assert [page.text.count(f"{words} ") for words in ("Go now if you", "The long answer")] == [1, 1]
    marks = [a for a in page.all("a") if a.get("class") == "ref"]
    assert [(a["href"], a["aria-label"]) for a in marks] == [("#n1", "Source 1")] * 2
    assert [a["href"] for a in page.all("a") if a.get("class") == "back"] == [f"#{a['id']}" for a in marks]


def test_care_without_such_a_heading_leads_to_the_answer(client: Client, column: Column, at: dt.datetime) -> None:
    answer = "## When to see somebody\n\n### Go now if you\n\n- faint\n\n## Why\n\nSo."
    article = factories.make_article(column, at=at - dt.timedelta(days=1), answer=answer)
    page = Page(client.get(article.get_absolute_url()).content)
    assert "#answer" in page.links()
    assert "On this page" not in page.text, "one section needs no list"


def test_neighbours_and_related_articles_lead_on(client: Client, column: Column, article: Article) -> None:
    day = dt.timedelta(days=1)
    before = [factories.make_article(column, at=article.publish_at - n * day) for n in (1, 2, 3, 4)]
    after = factories.make_article(column, at=article.publish_at + day)
    other = factories.make_draft(column, DraftStatus.PUBLISHED, at=article.publish_at - 9 * day, topic="desire").article
    assert other is not None
    page = Page(client.get(article.get_absolute_url()).content)
    assert [a["href"] for a in page.all("a") if a.get("rel") == "prev"] == [before[0].get_absolute_url()]
    assert [a["href"] for a in page.all("a") if a.get("rel") == "next"] == [after.get_absolute_url()]
    assert before[0].headline in page.text
    related = [link for link in page.links() if link in {a.get_absolute_url() for a in [after, *before, other]}]
    assert related[:-2] == [after.get_absolute_url(), before[0].get_absolute_url(), before[1].get_absolute_url()]


def test_neighbours_in_the_topic_are_told_where_they_are_others(
    client: Client, column: Column, article: Article
) -> None:
    day = dt.timedelta(days=1)
    in_topic = factories.make_article(column, at=article.publish_at - 5 * day)
    factories.make_draft(column, DraftStatus.PUBLISHED, at=article.publish_at - 2 * day, topic="desire")
    page = Page(client.get(article.get_absolute_url()).content)
    between, topical = [a["href"] for a in page.all("a") if a.get("rel") == "prev"]
    assert topical == in_topic.get_absolute_url() != between
    assert "Before this, on Pain" in page.text
    assert "After this" not in page.text


def test_all_neighbours_come_in_one_query(
    column: Column, article: Article, at: dt.datetime, django_assert_num_queries
) -> None:
    for n in (-2, -1, 1, 2):
        factories.make_article(column, at=article.publish_at + dt.timedelta(days=n))
    with django_assert_num_queries(1):
        beside = article.neighbours(at + dt.timedelta(days=9))
    assert [one and (one.publish_at - article.publish_at).days for one in beside] == [-1, 1, -1, 1]


def test_it_can_be_passed_on_without_anybody_else(client: Client, article: Article) -> None:
    page = Page(client.get(article.get_absolute_url()).content)
    url = f"http://127.0.0.1:8000{article.get_absolute_url()}"
    assert page.texts("own-address") == [url], "a press chooses the whole of it"
    assert [link for link in page.links() if link.startswith("mailto:")] == [f"mailto:?body={quote(url, safe='')}"]


@pytest.mark.parametrize("said", [{"content_note": "Mentions pain."}, {"care": True}, {}])
def test_the_way_out_stands_where_somebody_may_need_it(client: Client, column: Column, at: dt.datetime, said) -> None:
    article = factories.make_article(column, at=at - dt.timedelta(days=1), content_note=said.get("content_note", ""))
    Article.objects.filter(pk=article.pk).update(care=said.get("care", False))
    page = Page(client.get(article.get_absolute_url()).content)
    assert ("Exit this page" in page.text) == bool(said)


def test_without_a_topic_it_has_no_label_and_nothing_related(client: Client, column: Column, article: Article) -> None:
    factories.make_article(column, at=article.publish_at - dt.timedelta(days=1))
    Article.objects.update(topic=None)
    page = Page(client.get(article.get_absolute_url()).content)
    assert not [link for link in page.links() if "/topics/" in link and link != "/plain/topics/"]
    assert "You may also want" not in page.text
    assert "Before this, on" not in page.text


def correct(article: Article, words: str, on: dt.date) -> None:
    """A correction with the approval that the database asks for."""
    text = {**article.approved_text(), "correction": words}
    approval = Approval.objects.create(text_sha256=text_sha256(**text), approved_at=article.publish_at)
    Article.objects.filter(pk=article.pk).update(approval=approval, correction=words, corrected_on=on)


def test_a_correction_is_said_with_its_date(client: Client, article: Article) -> None:
    on = article.publish_at.date() + dt.timedelta(days=1)
    correct(article, "The dose was wrong.", on)
    page = Page(client.get(article.get_absolute_url()).content)
    day, reviewed = f"{on.day} {on:%B %Y}", article.reviewed_on
    assert f"corrected {day}" in page.text, "above the letter, with a link to what was wrong"
    assert "#corrections" in page.links()
    said = f"{day} Corrected: The dose was wrong. Last reviewed {reviewed.day} {reviewed:%B %Y}"
    assert page.text.index("A book.") < page.text.index(said) < page.text.index("not medical advice")
    data = json.loads(page.scripts[0])
    assert (data["dateModified"], data["correction"]) == (on.isoformat(), "The dose was wrong.")
    assert "Reviewed by" not in page.text, "this approval names nobody"


def test_updates_and_the_next_review_have_their_place(column: Column, article: Article) -> None:
    updates = [{"day": dt.date(2026, 3, 4), "text": "The stitches are out."}]
    context = {"article": article, "column": column, "updates": updates, "next_review_on": dt.date(2027, 5, 1)}
    text = Page(render_to_string("columns/_article.html", context).encode()).text
    reviewed = article.reviewed_on
    assert (
        "Corrections and reviews 4 March 2026 Update: The stitches are out. "
        f"Last reviewed {reviewed.day} {reviewed:%B %Y} Next review by May 2027"
    ) in text
    alone = Page(render_to_string("columns/_article.html", {"article": article, "column": column}).encode()).text
    assert "Corrections and reviews" not in alone


@pytest.mark.parametrize("year", ["1999", "3024", "0", "99999999999999999999"])
def test_the_wrong_year_leads_to_the_right_one(client: Client, article: Article, year: str) -> None:
    response = client.get(f"/plain/{year}/{article.slug}/")
    assert response.status_code == 301
    assert response.headers["Location"] == article.get_absolute_url()


def test_it_appears_at_its_minute_and_not_before(client: Client, column: Column, at: dt.datetime) -> None:
    out = at + dt.timedelta(days=4)
    article = factories.make_draft(column, DraftStatus.SCHEDULED, at=at, publish_at=out).article
    assert article is not None
    address = article.get_absolute_url()
    assert client.get(address).status_code == 404
    with time_machine.travel(out - dt.timedelta(seconds=1), tick=False):
        assert client.get(address).status_code == 404
    with time_machine.travel(out, tick=False):
        assert client.get(address).status_code == 200


def test_taken_down_it_is_gone_with_a_kind_word_and_ways_on(
    client: Client, column: Column, article: Article, at: dt.datetime
) -> None:
    before = factories.make_article(column, at=article.publish_at - dt.timedelta(days=1))
    after = factories.make_article(column, at=article.publish_at + dt.timedelta(days=1))
    article.take_down(at=at)
    for year in (article.year, 1999):
        response = client.get(f"/plain/{year}/{article.slug}/")
        assert response.status_code == 410
        page = Page(response.content)
        assert "no longer here" in page.text
        assert "A nurse's view" not in page.text
        assert {before.get_absolute_url(), after.get_absolute_url(), "/plain/topics/pain/", "/plain/"} <= set(
            page.links()
        )
        assert page.text.count("Night Line") == 1
        assert page.meta("robots") == "noindex"
        assert len(page.all("h1")) == 1


def test_what_was_taken_down_before_its_day_was_never_there(client: Client, column: Column, at: dt.datetime) -> None:
    out = at + dt.timedelta(days=4)
    draft = factories.make_draft(column, DraftStatus.SCHEDULED, at=at, publish_at=out)
    assert draft.article is not None
    draft.article.take_down(at=at + dt.timedelta(days=1))  # as its writer may, by the receipt
    with time_machine.travel(out + dt.timedelta(days=1), tick=False):
        assert client.get(draft.article.get_absolute_url()).status_code == 404


def test_an_article_of_another_column_is_not_found(client: Client, other_column: Column, article: Article) -> None:
    assert client.get(article.get_absolute_url().replace("/plain/", "/elsewhere/")).status_code == 404
    assert client.get("/plain/2024/nothing/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(client: Client, article: Article, method: str) -> None:
    assert getattr(client, method)(article.get_absolute_url()).status_code == 405


def test_a_draft_renders_in_the_same_template(column: Column) -> None:
    """What the desk's preview passes: no dates, no approval, no author, no topic."""
    draft = {
        "headline": "A headline", "standfirst": "", "content_note": "", "pen_name": "", "care": True, "author": None,
        "reading_minutes": 3, "question_html": prose.render_question_fresh("Is it?"),
        "answer_parts": anatomy.read_fresh("It *is*."), "help_kinds": "",
    }  # fmt: skip
    page = Page(render_to_string("columns/_article.html", {"article": draft, "column": column}).encode())
    for words in (
        "A headline",
        "By Nurse Test",
        "3 minutes to read",
        "A reader writes",
        "Is it?",
        "It is.",
        "Night Line",
    ):
        assert words in page.text
    assert page.all("time") == []
    assert "Reviewed by" not in page.text
