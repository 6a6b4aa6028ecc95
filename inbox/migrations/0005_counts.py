"""Messages of a letter and events of a column are counted as all else is: by the row that they belong to."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Coalesce


def count(apps, schema_editor):
    alias = schema_editor.connection.alias
    newest = apps.get_model("inbox", "Message").objects.filter(letter=models.OuterRef("pk")).order_by("-number")
    last = models.Subquery(newest.values("number")[:1])
    apps.get_model("inbox", "Letter").objects.using(alias).update(messages_count=Coalesce(last, 0))
    events = apps.get_model("inbox", "ColumnEvent").objects.using(alias).order_by()
    history = apps.get_model("inbox", "ColumnHistory")
    history.objects.using(alias).bulk_create(
        history(column_id=column, events_count=last)
        for column, last in events.values_list("column").annotate(last=models.Max("number"))
    )


class Migration(migrations.Migration):
    dependencies = [
        ("columns", "0001_initial"),
        ("inbox", "0004_form_hash"),
    ]

    operations = [
        # what 0004 has cut
        migrations.AlterField(
            model_name="letter",
            name="form_hash",
            field=models.CharField(
                db_index=True, editable=False, help_text="Of the form it was sent with", max_length=32
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="messages_count",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.CreateModel(
            name="ColumnHistory",
            fields=[
                (
                    "column",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="columns.column",
                    ),
                ),
                ("events_count", models.PositiveIntegerField(default=0, editable=False)),
            ],
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
