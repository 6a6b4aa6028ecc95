"""The chains over the audit trail are keyed from here on, so they begin anew: the next sweep begins them, and each
column's history says so. Their ids are random: ids that count tell in which order letters came.

The sweep of the version before this one, should it still run, finds another kind of id and fails; it is replaced with
the others, and misses nothing meanwhile."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0008_invitations"),
    ]

    operations = [
        migrations.DeleteModel("Chain"),
        migrations.CreateModel(
            name="Chain",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("letter", "Letter"), ("draft", "Draft"), ("column", "Column"), ("root", "Root")],
                        max_length=8,
                    ),
                ),
                (
                    "subject",
                    models.CharField(blank=True, help_text="The id of the letter, draft or column", max_length=36),
                ),
                ("upto", models.PositiveIntegerField(help_text="Number of the last event that the head covers")),
                ("head", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "subject"), name="one_chain_a_subject")],
            },
        ),
    ]
