"""Changing the address of a column, a topic or an article: the old one leads to the new one for ever."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, Value
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _

from columns.models import Article, Column, Topic
from columns.old_addresses import OldAddress

Movable = Column | Topic | Article


def was_elsewhere(path: str) -> bool:
    """Whether the path is an old address, and so not to be given to anything else."""
    return OldAddress.objects.filter(path=path).exists()


def who_has(article: Article) -> set[str]:
    """Who has the address of an article that is not stored yet, in one query: "article", another one of its column;
    "elsewhere", something that was there once, to which the address leads; or nobody."""
    others = Article.objects.filter(column=article.column, slug=article.slug).order_by()
    once = OldAddress.objects.filter(path=article.get_absolute_url()).order_by()
    named = [rows.values_list(Value(name)) for rows, name in ((others, "article"), (once, "elsewhere"))]
    return {name for (name,) in named[0].union(named[1])}


@transaction.atomic
def move(thing: Movable, slug: str) -> None:
    """Give the thing another slug. ``ValidationError`` where it cannot have it."""
    before, had = thing.get_absolute_url(), thing.slug
    thing.slug = slug
    thing.clean_fields(exclude={field.name for field in thing._meta.fields} - {"slug"})
    thing.validate_unique()
    thing.validate_constraints()
    name = type(thing)._meta.model_name or ""
    of_another = OldAddress.objects.filter(path=thing.get_absolute_url()).exclude(**{name: thing})
    if of_another.exists():
        raise ValidationError(_("This address was that of something else, and leads there."))
    moved = type(thing)._default_manager.filter(pk=thing.pk, slug=had).update(slug=slug)
    if not moved:
        raise ValidationError(_("Somebody else has changed it meanwhile."))
    OldAddress.objects.filter(path=thing.get_absolute_url()).delete()
    if slug != had:
        OldAddress.objects.create(path=before, **{name: thing})


def leads_to(path: str) -> str | None:
    """Where an old address leads now, with what follows it: everything below a column moves with it. ``None`` for an
    address that nothing had, and for what readers cannot read."""
    parts = path.strip("/").split("/")[:4]
    prefixes = [f"/{'/'.join(parts[:length])}/" for length in range(1, len(parts) + 1)]
    readable = (
        Q(column__practice=False)
        | Q(topic__column__practice=False)
        | Q(article__column__practice=False, article__publish_at__lte=timezone.now())
    )
    found = OldAddress.objects.filter(readable, path__in=prefixes)
    known = {one.path: one for one in found.select_related("column", "topic__column", "article__column")}
    old = next((known[prefix] for prefix in reversed(prefixes) if prefix in known), None)
    thing = old and (old.column or old.topic or old.article)
    return thing.get_absolute_url() + path.removeprefix(old.path) if old and thing else None


def way_on(request: HttpRequest) -> HttpResponse | None:
    """The redirect of a request for an old address. What was sent by a form is sent again there (308): a letter is not
    lost because its column has moved."""
    elsewhere = leads_to(request.path)
    if elsewhere is None:
        return None
    query = request.META.get("QUERY_STRING", "")
    to = escape_leading_slashes(elsewhere) + (f"?{query}" if query else "")
    return HttpResponsePermanentRedirect(to, preserve_request=request.method not in ("GET", "HEAD"))
