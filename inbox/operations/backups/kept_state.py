"""The state of the keys file that an older site file must not undo: its lines, and how a restore applies them."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.core import serializers
from django.db import models, transaction

from columns.models import Article
from inbox.models import Actor, Bundle, Consent, Letter, User
from inbox.models.event import one_more
from inbox.operations.backups.contents import HELD, Exact, resealed, rows
from inbox.workflow import LetterStatus

#: The line before the state, with the edition of its lines. The oldest files have no state.
NAME = "standing"
#: Edition 1 had no second factors, so a restore must not take the missing rows as deleted.
_EDITION = 2


def state() -> Iterator[dict[str, Any]]:
    """The state, line by line."""
    yield {NAME: _EDITION}
    kept = ("password", "is_active", "key_epoch", "session_epoch")
    for user in User.objects.order_by("pk").values("pk", *kept).iterator():
        yield {"user": user.pop("pk"), **user}
    for model in HELD:
        yield from json.loads(serializers.serialize("json", rows([model]), cls=Exact))
    letters = Letter.objects.only("index", "writer_public", "form_hash", "code_changed", "consent")
    for letter in letters.order_by("pk").iterator(chunk_size=500):
        found = {name: getattr(letter, name) for name in ("index", "form_hash", "code_changed", "consent")}
        yield {"letter": str(letter.pk), "writer_public": _text(letter.writer_public), **found}
    for sealed in resealed():
        for row in sealed._base_manager.only("sealed").order_by("pk").iterator(chunk_size=500):
            yield {"resealed": sealed._meta.label, "pk": str(row.pk), "sealed": _text(row.sealed)}
    articles = Article.objects.order_by("pk").values_list("pk", "taken_down_at", "approval__text_sha256")
    for pk, down, text in articles:
        yield {"article": pk, "down": down and down.isoformat(), "text": text}


def writers(lines: Iterable[dict[str, Any]]) -> dict[str, bytes]:
    """The public key of each letter's writer. A receipt may have been changed since the site file."""
    return {line["letter"]: base64.b64decode(line["writer_public"]) for line in lines if "letter" in line}


def _text(raw: bytes | memoryview) -> str:
    return base64.b64encode(bytes(raw)).decode()


class KeptState:
    """Applies the lines, in their order, to the rows of a site file. Letters and people that are not there are
    skipped. ``held``: whether the keys and rights of people are taken from the lines."""

    def __init__(self, *, at: dt.datetime, held: bool) -> None:
        self._at, self._held = at, held
        self._said = False
        self._days: dict[int, str | None] = {}
        self._texts: dict[int, str | None] = {}

    def take(self, line: dict[str, Any]) -> None:
        for kind in (NAME, "model", "user", "letter", "resealed", "bundle", "article"):
            if kind in line:
                getattr(self, f"_{kind}")(line)
                return
        raise ValueError("no line of a state")

    def _standing(self, line: dict[str, Any]) -> None:
        self._said = True
        for model in reversed(HELD) if self._held else ():
            if model is not Authenticator or line[NAME] >= _EDITION:
                model._base_manager.all().delete()

    def _model(self, line: dict[str, Any]) -> None:
        for row in serializers.deserialize("python", [line] if self._held else []):
            if _fits(row.object):
                row.save()

    def _user(self, line: dict[str, Any]) -> None:
        User.objects.filter(pk=line.pop("user")).update(**line)

    def _resealed(self, line: dict[str, Any]) -> None:
        model = {model._meta.label: model for model in resealed()}[line["resealed"]]
        model._base_manager.filter(pk=line["pk"]).update(sealed=base64.b64decode(line["sealed"]))

    def _bundle(self, line: dict[str, Any]) -> None:
        """Of the oldest versions, which re-sealed bundles alone."""
        Bundle.objects.filter(pk=line["bundle"]).update(sealed=base64.b64decode(line["sealed"]))

    def _article(self, line: dict[str, Any]) -> None:
        self._days[line["article"]], self._texts[line["article"]] = line["down"], line.get("text")

    def _letter(self, line: dict[str, Any]) -> None:
        found, consent = Letter.objects.filter(pk=line.pop("letter")), line.pop("consent")
        if "code_changed" not in line:  # of the oldest versions, where a mark before the form's hash said it
            line |= {"code_changed": line["form_hash"].startswith("x"), "form_hash": line["form_hash"][1:33]}
        found.update(**line | {"writer_public": base64.b64decode(line["writer_public"])})
        letter = found.exclude(status=LetterStatus.PUBLISHED).exclude(consent=consent).first()
        if letter is not None:  # its writer's act, whose event the site file does not have
            with transaction.atomic():
                found.update(consent=Consent(consent), **one_more("events_count"))
                said = {"consent_before": letter.consent, "consent_after": consent}
                letter.write_event("allow", by=None, at=self._at, actor=Actor.WRITER, **said)

    def take_down(self) -> None:
        """Take down the articles that were down. An article that is not named was stopped before publication."""
        if not self._said:
            return
        for article in Article.objects.filter(taken_down_at=None):
            day = self._days.get(article.pk, self._at.isoformat())
            if day:
                moment = dt.datetime.fromisoformat(day)
                article.take_down(at=moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC))  # older ones: a date

    def older(self) -> tuple[Article, ...]:
        """Published or scheduled articles that were corrected after the site file. The new text is in neither file."""
        up = Article.objects.filter(taken_down_at=None).select_related("column", "approval").newest_first()
        return tuple(one for one in up if self._texts.get(one.pk) not in (None, one.approval.text_sha256))


def _fits(row: models.Model) -> bool:
    """Whether every row that this row refers to exists."""
    for field in row._meta.concrete_fields:
        target: Any = field.related_model
        value = getattr(row, field.attname)
        if target is not None and value is not None and not target._base_manager.filter(pk=value).exists():
            return False
    return True
