"""The index of readers' search. Articles that are there are indexed by the worker, within a minute."""

import django.db.models.deletion
from django.db import migrations, models

from columns.search import engines


def install(apps, schema_editor):
    for statement in engines.install(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in engines.remove(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("columns", "0007_never_opened"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("approval", models.UUIDField()),
                ("lexemes", models.TextField()),
                ("vectors", models.BinaryField(default=b"")),
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="search_entry", to="columns.article"
                    ),
                ),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="columns.column"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Likeness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nearness", models.SmallIntegerField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="likenesses", to="columns.article"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="columns.article"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("article", "other"), name="likeness_once_per_pair")],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=80)),
                ("lexeme", models.CharField(db_index=True, max_length=12)),
                ("slips", models.TextField()),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="columns.column"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("column", "word"), name="search_word_once_per_column")],
            },
        ),
        migrations.RunPython(install, remove),
    ]
