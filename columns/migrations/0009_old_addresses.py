"""Addresses that were, and which columns are the same in another language. Both are new, so no row changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("columns", "0008_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="column",
            name="translation_of",
            field=models.ForeignKey(
                blank=True,
                help_text="The column of which this one is the same in another language",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="translations",
                to="columns.column",
            ),
        ),
        migrations.CreateModel(
            name="OldAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=200, unique=True)),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="old_addresses",
                        to="columns.article",
                    ),
                ),
                (
                    "column",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="old_addresses",
                        to="columns.column",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="old_addresses",
                        to="columns.topic",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("article", None), ("column__isnull", False), ("topic", None)),
                            models.Q(("article", None), ("column", None), ("topic__isnull", False)),
                            models.Q(("article__isnull", False), ("column", None), ("topic", None)),
                            _connector="OR",
                        ),
                        name="old_address_of_one_thing",
                    )
                ],
            },
        ),
    ]
