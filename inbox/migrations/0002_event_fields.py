"""Events of letters get a field for each thing that they can change, filled from the two that held them all.

The chains over the events begin anew: a link is made of every field of an event, and these are other fields. Each
column's history says so.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Cast
from django.utils import timezone

MARKS = {
    "topic": ("topic", models.BigIntegerField()),
    "give": ("given_to", models.BigIntegerField()),
    "wait": ("held_until", models.DateField()),
    "limit": ("messages_a_day", models.IntegerField()),
}


def fill(apps, schema_editor):
    events = apps.get_model("inbox", "LetterEvent").objects.using(schema_editor.connection.alias)
    for verb, (field, kind) in MARKS.items():
        for side in ("before", "after"):
            said = events.filter(verb=verb).exclude(**{side: ""})
            said.update(**{f"{field}_{side}": Cast(side, kind)})
    events.filter(verb="allow").update(consent_before=models.F("before"), consent_after=models.F("after"))
    others = events.exclude(verb__in=[*MARKS, "allow"]).exclude(before="")
    others.exclude(after="").update(status_before=models.F("before"), status_after=models.F("after"))
    undone = others.filter(after="", verb__startswith="undo_")
    undone.update(undoes=Cast("before", models.IntegerField()))


def begin_chains(apps, schema_editor):
    alias = schema_editor.connection.alias
    chains = apps.get_model("inbox", "Chain").objects.using(alias)
    if not chains.exists():
        return
    chains.all().delete()
    events = apps.get_model("inbox", "ColumnEvent").objects.using(alias)
    for column in apps.get_model("columns", "Column").objects.using(alias).order_by("pk"):
        last = events.filter(column=column).aggregate(last=models.Max("number"))["last"]
        events.create(
            column=column,
            number=(last or 0) + 1,
            verb="begin_chains",
            actor="system",
            at=timezone.now(),
            about="events have other fields",
        )


def nullable(to, **more):
    return models.ForeignKey(db_index=False, null=True, related_name="+", to=to, **more)


class Migration(migrations.Migration):
    dependencies = [
        ("columns", "0001_initial"),
        ("inbox", "0001_initial"),
    ]

    operations = [
        migrations.RemoveField(model_name="columnevent", name="before"),
        migrations.RemoveField(model_name="columnevent", name="after"),
        migrations.RenameField(model_name="draftevent", old_name="before", new_name="status_before"),
        migrations.RenameField(model_name="draftevent", old_name="after", new_name="status_after"),
        *(
            migrations.AddField("letterevent", f"{name}_{side}", field, preserve_default=False)
            for name, field in (
                ("status", models.CharField(blank=True, default="", max_length=12)),
                ("consent", models.CharField(blank=True, default="", max_length=12)),
                (
                    "topic",
                    nullable("columns.topic", db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING),
                ),
                ("given_to", nullable(settings.AUTH_USER_MODEL, on_delete=django.db.models.deletion.PROTECT)),
                ("held_until", models.DateField(null=True)),
                ("messages_a_day", models.PositiveSmallIntegerField(null=True)),
            )
            for side in ("before", "after")
        ),
        migrations.AddField(
            model_name="letterevent",
            name="undoes",
            field=models.PositiveIntegerField(
                help_text="The number of the event of this letter it takes back", null=True
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(begin_chains, migrations.RunPython.noop),
    ]
