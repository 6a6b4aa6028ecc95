"""An article: its page, for people and for machines, and what its address answers when it is not there."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
import time_machine
from django.template.loader import render_to_string
from django.test import Client

from columns import prose
from columns.models import Approval, Article, Column, text_sha256
from inbox.workflow import DraftStatus
from tests import factories
from tests.columns.reading import Page


def test_it_holds_everything_a_reader_is_owed(client: Client, column: Column, article: Article) -> None:
    response = client.get(article.get_absolute_url())
    assert response.status_code == 200
    page = Page(response.content)
    out = f"{article.publish_at.day} {article.publish_at:%B %Y}"
    in_order = [
        "Pain", "Is it normal to ask?", "A nurse's view", "The short answer comes first.", "By Nurse Test",
        "Registered nurse", out, "1 minute to read",
        f"Reviewed by {article.approval.reviewer_name} (Nurse practitioner)", "Mentions pain.",
        "Awake writes", "edited for length and privacy", "whether this is normal", "Nothing is wrong with you.",
        "What is happening", "A book.", "With care, the nurse", "not medical advice for you in person",
        "Before you write", "Night Line",
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
    assert page.link("alternate") == "http://127.0.0.1:8000/plain/feed.atom"


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
    assert answer["text"].startswith("Nothing is wrong with you.")
    assert answer["author"] == person
    assert answer["url"].removeprefix(url) == "#answer"
    assert {"id": "answer"}.items() <= next(a for a in page.all("div") if a.get("id") == "answer").items()


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
                "Every help line", "What to do", "A book.", "With care, the nurse", "Night Line"]  # fmt: skip
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
    assert related[2:] == [after.get_absolute_url(), before[0].get_absolute_url(), before[1].get_absolute_url()]


def test_without_a_topic_it_has_no_label_and_nothing_related(client: Client, column: Column, article: Article) -> None:
    factories.make_article(column, at=article.publish_at - dt.timedelta(days=1))
    Article.objects.update(topic=None)
    page = Page(client.get(article.get_absolute_url()).content)
    assert not [link for link in page.links() if re.search("/topics/.", link)]
    assert "More on" not in page.text


def correct(article: Article, words: str, on: dt.date) -> None:
    """A correction with the approval that the database asks for."""
    text = {**article.approved_text(), "correction": words}
    approval = Approval.objects.create(text_sha256=text_sha256(**text), approved_at=article.publish_at)
    Article.objects.filter(pk=article.pk).update(approval=approval, correction=words, corrected_on=on)


def test_a_correction_is_said_with_its_date(client: Client, article: Article) -> None:
    on = article.publish_at.date() + dt.timedelta(days=1)
    correct(article, "The dose was wrong.", on)
    page = Page(client.get(article.get_absolute_url()).content)
    assert f"Corrected on {on.day} {on:%B %Y}: The dose was wrong." in page.text
    data = json.loads(page.scripts[0])
    assert (data["dateModified"], data["correction"]) == (on.isoformat(), "The dose was wrong.")
    assert "Reviewed by" not in page.text, "this approval names nobody"


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
        "answer_parts": prose.render_parts_fresh("It *is*."), "help_kinds": "",
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
