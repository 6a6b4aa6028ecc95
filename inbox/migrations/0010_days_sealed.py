"""Nothing readable tells when a letter came more finely than its day while it waits, and its month once it ended.

The days of events, and who did them, are sealed beside them: for each letter with words a key pair is made here, whose
private half is sealed to the desk's newest public key and to the writer's, so no private key is needed. Days of letters
that ended become months; what they were is sealed with that key, for the ways back. Exact times of staff's work become
days: of earlier versions and reviews the time is not kept, since nothing can be added to what is sealed.

Processes of the version before run on until they are replaced: nothing they read or write is taken away (their rows have
days, and no key), and the version after this one seals what they have left once more. A writer's own days on letters
whose words are gone are not kept.
"""

import datetime as dt
import json
import uuid

import django.db.models.deletion
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db import migrations, models
from django.db.models.functions import TruncDay, TruncMonth

from inbox.crypto import sealing

ENDED = ("published", "declined", "replied", "withdrawn", "erased")
GONE = ("withdrawn", "erased")
OF_A_LETTER = ("received_on", "read_on", "held_until")
HELD = ("held_until_before", "held_until_after")
SIZE = 224
BATCH = 200


def iso(day):
    return day and day.isoformat()


def month(day):
    return day and day.replace(day=1)


def month_after(day):
    return month(month(day) + dt.timedelta(days=32))


def seal_days(apps, schema_editor):
    alias = schema_editor.connection.alias
    rows = apps.get_model("inbox", "Letter").objects.using(alias)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    newest = {}
    keys = apps.get_model("inbox", "PublicKey").objects.using(alias).filter(kind="desk", retired=False)
    for key in keys.order_by("serial", "month"):
        newest[key.column_id] = sealing.Recipient(key.pk, bytes(key.public))
    for start in range(0, len(ids), BATCH):
        for letter in rows.filter(pk__in=ids[start : start + BATCH]).defer("sealed"):
            seal_letter(apps, alias, letter, newest.get(letter.column_id))


def seal_letter(apps, alias, letter, desk):
    def of(name, **more):
        return apps.get_model("inbox", name).objects.using(alias).filter(letter_id=letter.pk, **more)

    fields = {}
    private = None
    if letter.status not in GONE and desk is not None and letter.events_public is None:
        private = X25519PrivateKey.generate()
        fields["events_public"] = sealing.public_half(private)
    if private is not None:
        give_key(apps, alias, letter, private, desk, {str(m.number): iso(m.on) for m in of("Message")})
    for event in of("LetterEvent", sealed=None):
        said = {"on": iso(event.on), "by": event.by_id, **{name: iso(getattr(event, name)) for name in HELD}}
        sealed = seal_said(event.pk, said, fields["events_public"]) if private is not None else None
        of("LetterEvent", pk=event.pk).update(on=month(event.on), by=None, sealed=sealed, **dict.fromkeys(HELD, None))
    of("Note").update(on=TruncMonth("on"), by=None)
    of("SecondLook").update(asked_on=TruncMonth("asked_on"), looked_on=TruncMonth("looked_on"))
    of("Notice").exclude(sent_on=None).delete()
    if letter.status in ENDED:
        of("Message").update(on=TruncMonth("on"))
        fields |= {name: month(getattr(letter, name)) for name in OF_A_LETTER}
        if letter.quiet_since.day != 1:  # the day of a scheduled article was a month already
            fields["quiet_since"] = month_after(letter.quiet_since)
    if fields:
        apps.get_model("inbox", "Letter").objects.using(alias).filter(pk=letter.pk).update(**fields)


def give_key(apps, alias, letter, private, desk, messages):
    words = {
        "private": private.private_bytes_raw().hex(),
        "came": iso(letter.received_on),
        "messages": messages,
    }
    if letter.status in ENDED:
        words["days"] = {name: iso(getattr(letter, name)) for name in OF_A_LETTER}
    pk = uuid.uuid4()
    to = [desk, sealing.recipient(bytes(letter.writer_public))]
    sealed, sealed_keys = sealing.seal(sealing.Place("inbox_eventkey", str(pk)), words, to)
    apps.get_model("inbox", "EventKey").objects.using(alias).create(pk=pk, letter_id=letter.pk, sealed=sealed)
    keystore = apps.get_model("inbox", "SealedKey")
    keystore.objects.using(alias).bulk_create(
        keystore(item=pk, key_id=key_id, sealed=sealed) for key_id, sealed in sealed_keys.items()
    )


def seal_said(event_id, said, public):
    plain = json.dumps({name: value for name, value in said.items() if value is not None}, separators=(",", ":"))
    place = sealing.Place("inbox_letterevent", str(event_id), "who and when")
    return sealing.seal_small(place, plain.encode().ljust(SIZE), sealing.recipient(public))


def keep_days(apps, schema_editor):
    """Of staff's times the days alone, and of what has its time sealed from now on the months. In UTC, as
    everywhere."""
    alias = schema_editor.connection.alias
    reviews = apps.get_model("inbox", "Review").objects.using(alias)
    for name, fields in (
        ("Draft", ("started_at", "saved_at")),
        ("DraftEvent", ("at",)),
        ("ColumnEvent", ("at",)),
    ):
        days = {field: TruncDay(field, tzinfo=dt.UTC) for field in fields}
        apps.get_model("inbox", name).objects.using(alias).update(**days)
    at_rest = ("scheduled", "published", "taken_down", "shelved")
    months = apps.get_model("inbox", "Draft").objects.using(alias).filter(status__in=at_rest)
    months.update(started_at=TruncMonth("started_at", tzinfo=dt.UTC), saved_at=TruncMonth("saved_at", tzinfo=dt.UTC))
    # the order of reviews, which their times told
    for number, pk in enumerate(reviews.order_by("at").values_list("pk", flat=True)):
        reviews.filter(pk=pk).update(number=number)
    bundles = apps.get_model("inbox", "Bundle").objects.using(alias)
    bundles.update(created_at=TruncMonth("created_at", tzinfo=dt.UTC))
    for name in ("DraftVersion", "Review"):
        apps.get_model("inbox", name).objects.using(alias).update(at=TruncMonth("at", tzinfo=dt.UTC))
    apps.get_model("inbox", "User").objects.using(alias).update(last_login=None)
    authenticators = apps.get_model("mfa", "Authenticator").objects.using(alias)
    authenticators.update(
        created_at=TruncDay("created_at", tzinfo=dt.UTC), last_used_at=TruncDay("last_used_at", tzinfo=dt.UTC)
    )


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0009_keyed_chains"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="events_public",
            field=models.BinaryField(
                editable=False, help_text="To which the days of its events are sealed", max_length=32, null=True
            ),
        ),
        migrations.AddField(
            model_name="letterevent",
            name="sealed",
            field=models.BinaryField(editable=False, max_length=320, null=True),
        ),
        migrations.AlterField(
            model_name="note",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inbox.user"
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="number",
            field=models.PositiveIntegerField(db_default=0, default=0, help_text="Of its event of the draft"),
        ),
        migrations.AlterModelOptions(name="review", options={"ordering": ["-number", "-at"]}),
        migrations.CreateModel(
            name="EventKey",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField(default=b"")),
                (
                    "letter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="event_key", to="inbox.letter"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.RunPython(seal_days, migrations.RunPython.noop),
        migrations.RunPython(keep_days, migrations.RunPython.noop),
    ]
