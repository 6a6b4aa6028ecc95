"""What waits before a writer sees it, second looks, views with a name, and what the inbox sorts and counts by."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("columns", "0004_practice"),
        ("inbox", "0004_key_serial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Outgoing",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "before",
                    models.CharField(help_text="Where the letter stands for its writer until then", max_length=12),
                ),
                ("due_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("filters", models.JSONField(default=dict)),
                ("shared", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="SecondLook",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("asked_on", models.DateField()),
                ("agreed", models.BooleanField(help_text="Empty until somebody has looked", null=True)),
                ("looked_on", models.DateField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="letter",
            name="given_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="held_until",
            field=models.DateField(help_text="A held one: it is among the new ones again from this day on", null=True),
        ),
        migrations.AddField(
            model_name="letter",
            name="messages_a_day",
            field=models.PositiveSmallIntegerField(default=10, help_text="How many messages a day its writer may send"),
        ),
        migrations.AddField(
            model_name="letter",
            name="newest",
            field=models.CharField(
                blank=True, editable=False, help_text="The kind of its newest message", max_length=12
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="away_until",
            field=models.DateField(blank=True, help_text="What was given to them is everybody's until then", null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="heavy_a_day",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="After so many heavy letters on a day the light ones are offered", null=True
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="keys",
            field=models.JSONField(blank=True, default=dict, help_text="Keys of the desk that they gave to other acts"),
        ),
        migrations.AddField(
            model_name="user",
            name="keys_on",
            field=models.BooleanField(default=True, help_text="Whether single keys do something at the desk"),
        ),
        migrations.AddField(
            model_name="user",
            name="stops_at",
            field=models.TimeField(blank=True, help_text="When they want to be told to stop for the day", null=True),
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("question", "A question from the desk"),
                    ("from_writer", "From the letter writer"),
                    ("closing", "Why it was not chosen"),
                    ("answer", "A private answer"),
                    ("proof", "The edited question, to approve"),
                    ("approved", "The writer approves the question"),
                    ("corrected", "The writer asks for a change"),
                    ("address", "Where the article is"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="waiting",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(models.Q(("status", "received")), then=True),
                    models.When(models.Q(("held_until", None), ("status", "held")), then=True),
                    default=False,
                ),
                output_field=models.BooleanField(),
            ),
        ),
        # what each letter's newest message is stood in no column of its own before
        migrations.RunSQL(
            "UPDATE inbox_letter SET newest = COALESCE((SELECT m.kind FROM inbox_message m"
            " WHERE m.letter_id = inbox_letter.id AND m.kind <> 'address' ORDER BY m.number DESC LIMIT 1), '')",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("waiting", True)),
                fields=["column", "-urgent", "received_on", "id"],
                name="letter_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("urgent", True)), fields=["column", "received_on", "id"], name="letter_urgent"
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["column", "newest", "-urgent", "received_on", "id"], name="letter_newest"),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("given_to__isnull", False)),
                fields=["given_to", "-urgent", "received_on", "id"],
                name="letter_given",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["column", "-urgent", "received_on", "id"], name="letter_all"),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["column", "received_on", "id"], name="letter_received"),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("held_until__isnull", False)),
                fields=["column", "held_until"],
                name="letter_held_until",
            ),
        ),
        migrations.AddField(
            model_name="outgoing",
            name="event",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="outgoing", to="inbox.letterevent"
            ),
        ),
        migrations.AddField(
            model_name="outgoing",
            name="letter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="outgoing", to="inbox.letter"
            ),
        ),
        migrations.AddField(
            model_name="outgoing",
            name="message",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="outgoing", to="inbox.message"
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="column",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="columns.column"),
        ),
        migrations.AddField(
            model_name="savedview",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="secondlook",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="secondlook",
            name="declined_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="secondlook",
            name="letter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="second_looks", to="inbox.letter"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("column", "user", "name"), name="saved_view_name_once"),
        ),
        migrations.AddConstraint(
            model_name="secondlook",
            constraint=models.UniqueConstraint(
                condition=models.Q(("agreed", None)), fields=("letter",), name="one_second_look_at_a_time"
            ),
        ),
    ]
