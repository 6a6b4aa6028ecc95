"""Corrections of articles that are out, sealed beside the draft."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from inbox.models.times import row_order


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":  # PostgreSQL writes rows of letters anew, and no others
        row_order.install(schema_editor, ("inbox_correction",), ())


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0017_handovers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField(default=b"")),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("in_review", "With the second reader"),
                            ("back", "Changes asked"),
                            ("out", "In the article"),
                        ],
                        default="in_review",
                        max_length=9,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="corrections", to="inbox.draft"
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("draft", "number"), name="correction_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "out"), _negated=True),
                        fields=("draft",),
                        name="one_correction_in_work",
                    ),
                ],
            },
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
