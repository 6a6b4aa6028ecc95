"""The public side's tables, and the triggers that guard the approved text. Stands for the five migrations from before
0.1.0: on a site that has made them all, it counts as made; where one is missing, ``migrate`` says so and stops."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import columns.models
from columns import triggers

#: What an article's approval covers, in the order of its hash.
TEXT = ("headline", "standfirst", "content_note", "pen_name", "question", "answer", "correction")


def install(apps, schema_editor):
    triggers.install(schema_editor, TEXT)


class Migration(migrations.Migration):
    initial = True
    # and 0001_initial, whose name it has
    replaces = [
        ("columns", "0002_approved_text"),
        ("columns", "0003_help_line_country"),
        ("columns", "0004_practice"),
        ("columns", "0005_day_of_take_down"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("text_sha256", models.CharField(max_length=64)),
                ("reviewer_name", models.CharField(blank=True, max_length=120)),
                ("reviewer_credential", models.CharField(blank=True, max_length=200)),
                ("approved_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Author",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                (
                    "credential",
                    models.CharField(help_text="For example: Registered nurse, sexual health", max_length=200),
                ),
                ("bio", models.TextField(blank=True, help_text="Markdown")),
            ],
        ),
        migrations.CreateModel(
            name="Column",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True, validators=[columns.models.not_reserved])),
                ("title", models.CharField(max_length=120)),
                ("tagline", models.CharField(blank=True, max_length=200)),
                ("about", models.TextField(blank=True, help_text="Markdown")),
                ("terms", models.TextField(blank=True, help_text="Markdown: what becomes of a letter")),
                ("sign_off", models.CharField(blank=True, help_text="Added below every answer", max_length=200)),
                ("language", models.CharField(default="en", max_length=12)),
                (
                    "four_eyes",
                    models.BooleanField(
                        default=True,
                        help_text="A draft is approved by somebody who did not write it. Off: approval needs a day's delay instead.",
                    ),
                ),
                ("intake_open", models.BooleanField(default=True)),
                ("reopens_on", models.DateField(blank=True, null=True)),
                ("demo", models.BooleanField(default=False, help_text="Invented content, for demonstration")),
                (
                    "practice",
                    models.BooleanField(
                        default=False, help_text="Made-up letters to practise on; readers never see it"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="columns", to="columns.author"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HelpLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("number", models.CharField(blank=True, max_length=40)),
                ("url", models.URLField(blank=True)),
                ("about", models.CharField(blank=True, max_length=200)),
                (
                    "country",
                    models.CharField(
                        blank=True,
                        help_text="Two letters (ISO 3166), for example NZ; empty: for everybody",
                        max_length=2,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="help_lines", to="columns.column"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "name"],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField()),
                ("name", models.CharField(max_length=80)),
                ("description", models.CharField(blank=True, max_length=300)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="topics", to="columns.column"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "name"],
            },
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80)),
                ("headline", models.CharField(blank=True, max_length=200)),
                ("standfirst", models.CharField(blank=True, max_length=400)),
                ("content_note", models.CharField(blank=True, max_length=200)),
                ("pen_name", models.CharField(blank=True, max_length=80)),
                ("question", models.TextField(blank=True)),
                ("answer", models.TextField(blank=True)),
                ("correction", models.TextField(blank=True)),
                ("care", models.BooleanField(default=False, help_text="Show the help lines inside the article")),
                ("reading_minutes", models.PositiveSmallIntegerField(default=1)),
                ("publish_at", models.DateTimeField()),
                ("reviewed_on", models.DateField()),
                ("corrected_on", models.DateField(blank=True, null=True)),
                ("taken_down_at", models.DateTimeField(blank=True, null=True)),
                (
                    "approval",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="article", to="columns.approval"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="articles", to="columns.author"
                    ),
                ),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="articles", to="columns.column"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="articles",
                        to="columns.topic",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.UniqueConstraint(fields=("column", "slug"), name="topic_slug_once_per_column"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["column", "publish_at", "id"], name="article_in_order"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["topic", "publish_at"], name="article_by_topic"),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.UniqueConstraint(fields=("column", "slug"), name="article_slug_once_per_column"),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("taken_down_at__isnull", False),
                    models.Q(
                        models.Q(("headline", ""), _negated=True),
                        models.Q(("question", ""), _negated=True),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="article_has_words_or_is_taken_down",
            ),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
