"""An article as JSON-LD (schema.org), in a data block that browsers do not execute."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from columns.machine_readable import pictures
from columns.models import Article
from columns.text import prose, sources
from columns.text.sources import Citation

#: Characters that could end the block or begin a tag or an entity, as JSON escapes.
_HARMLESS = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def _person(name: str, credential: str) -> dict[str, Any]:
    person: dict[str, Any] = {"@type": "Person", "name": name}
    if credential:
        person["hasCredential"] = {"@type": "EducationalOccupationalCredential", "name": credential}
    return person


def _citation(source: Citation) -> dict[str, Any]:
    """A source as a work with a name; its address and year where they are known."""
    work: dict[str, Any] = {"@type": "CreativeWork", "name": source.name}
    if source.url:
        work["url"] = source.url
    if source.year:
        work["datePublished"] = source.year
    return work


def article_data(article: Article) -> dict[str, Any]:
    """The article in the vocabulary of schema.org: an ``Article`` whose main entity is a ``Question`` with its
    answer."""
    column, published = article.column, timezone.localtime(article.publish_at)
    told = sources.told(article.answer)
    url = settings.SITE_URL + article.get_absolute_url()
    home = settings.SITE_URL + column.get_absolute_url()
    about = settings.SITE_URL + reverse("columns:about", args=[column.slug])
    author = _person(article.author.name, article.author.credential) | {"url": about}
    page: dict[str, Any] = {"@type": "WebPage", "@id": url, "lastReviewed": article.reviewed_on.isoformat()}
    if article.reviewer.reviewer_name:
        page["reviewedBy"] = _person(article.reviewer.reviewer_name, article.reviewer.reviewer_credential)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": f"{url}#article",
        "url": url,
        "headline": article.headline,
        "description": article.standfirst,
        "image": {
            "@type": "ImageObject",
            "url": pictures.address(column, article),
            "width": str(pictures.WIDTH),
            "height": str(pictures.HEIGHT),
        },
        "datePublished": published.isoformat(),
        "dateModified": (article.corrected_on or published).isoformat(),
        "inLanguage": column.language,
        "isAccessibleForFree": True,
        "timeRequired": f"PT{article.reading_minutes}M",
        "author": author,
        "publisher": {"@type": "Organization", "name": column.title, "url": home},
        "mainEntityOfPage": page,
        "mainEntity": {
            "@type": "Question",
            "name": article.headline,
            "text": prose.plain(article.question, len(article.question)),
            "author": {"@type": "Person", "name": article.pen_name or gettext("A reader")},
            "answerCount": 1,
            "acceptedAnswer": {
                "@type": "Answer",
                "text": told.text,
                "url": f"{url}#answer",
                "author": author,
            },
        },
    }
    if article.topic:
        data["articleSection"] = article.topic.name
    if told.sources:
        data["citation"] = [_citation(source) for source in told.sources]
    if article.correction:
        data["correction"] = "\n".join(note for _day, note in article.corrections)
    return data


def article_script(article: Article) -> SafeString:
    """The data in its block, ready for the page's head."""
    text = json.dumps(article_data(article), ensure_ascii=False).translate(_HARMLESS)
    # <, > and & are written as JSON escapes, so nothing in the text can leave the block
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308
