"""The private side's tables. Stands for the seven migrations from before 0.1.0: on a site that has made them all, it
counts as made; where one is missing, ``migrate`` says so and stops."""

import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    # and 0001_initial, whose name it has
    replaces = [
        ("inbox", "0002_keys_retention_chains"),
        ("inbox", "0003_notice_sent_on"),
        ("inbox", "0004_key_serial"),
        ("inbox", "0005_outbox_and_views"),
        ("inbox", "0006_user_session_epoch"),
        ("inbox", "0007_letter_read_on"),
    ]

    dependencies = [
        ("columns", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "credential",
                    models.CharField(blank=True, help_text="Published beside an approval, if given", max_length=200),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "key_epoch",
                    models.PositiveIntegerField(
                        default=0,
                        editable=False,
                        help_text="Counts what changed in the keys they hold; an unlocked session notices",
                    ),
                ),
                (
                    "session_epoch",
                    models.PositiveIntegerField(
                        default=0, editable=False, help_text="Counts how often all of their sessions were ended"
                    ),
                ),
                (
                    "keys",
                    models.JSONField(
                        blank=True, default=dict, help_text="Keys of the desk that they gave to other acts"
                    ),
                ),
                (
                    "keys_on",
                    models.BooleanField(default=True, help_text="Whether single keys do something at the desk"),
                ),
                (
                    "heavy_a_day",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="After so many heavy letters on a day the light ones are offered",
                        null=True,
                    ),
                ),
                (
                    "stops_at",
                    models.TimeField(blank=True, help_text="When they want to be told to stop for the day", null=True),
                ),
                (
                    "away_until",
                    models.DateField(
                        blank=True, help_text="What was given to them is everybody's until then", null=True
                    ),
                ),
                (
                    "demo",
                    models.BooleanField(default=False, help_text="A demonstration account; it works in demo mode only"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Bundle",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField(default=b"")),
                ("created_at", models.DateTimeField()),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="columns.column"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Chain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("letter", "Letter"), ("draft", "Draft"), ("column", "Column")], max_length=8
                    ),
                ),
                ("subject", models.CharField(help_text="The id of the letter, draft or column", max_length=36)),
                ("upto", models.PositiveIntegerField(help_text="Number of the last event that the head covers")),
                ("head", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "subject"), name="one_chain_a_subject")],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "care",
                    models.BooleanField(default=False, help_text="The letter raised a concern: help lines are shown"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("writing", "writing"),
                            ("in_review", "in_review"),
                            ("approved", "approved"),
                            ("scheduled", "scheduled"),
                            ("published", "published"),
                            ("taken_down", "taken_down"),
                            ("shelved", "shelved"),
                        ],
                        default="writing",
                        max_length=12,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                (
                    "quiet_since",
                    models.DateField(
                        editable=False, help_text="The day of its last move: from here its retention runs"
                    ),
                ),
                ("latest", models.PositiveIntegerField(default=0, help_text="Number of its newest version")),
                ("events_count", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "article",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="columns.article",
                    ),
                ),
                (
                    "bundle",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="draft", to="inbox.bundle"
                    ),
                ),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="columns.column"
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="columns.topic",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftEvent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("verb", models.CharField(max_length=20)),
                (
                    "actor",
                    models.CharField(
                        choices=[("staff", "Staff"), ("writer", "Writer"), ("system", "System")], max_length=8
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=12)),
                ("after", models.CharField(blank=True, max_length=12)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="inbox.draft"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="DraftVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField(default=b"")),
                ("number", models.PositiveIntegerField()),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="inbox.draft"
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField(default=b"")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "received"),
                            ("held", "held"),
                            ("shortlisted", "shortlisted"),
                            ("answering", "answering"),
                            ("published", "published"),
                            ("declined", "declined"),
                            ("replied", "replied"),
                            ("withdrawn", "withdrawn"),
                            ("erased", "erased"),
                        ],
                        default="received",
                        max_length=12,
                    ),
                ),
                ("urgent", models.BooleanField(default=False)),
                (
                    "consent",
                    models.CharField(
                        choices=[
                            ("private", "Answer me privately only"),
                            ("rewritten", "You may publish my question, rewritten"),
                            ("light", "You may publish my question, lightly edited"),
                        ],
                        default="private",
                        max_length=12,
                    ),
                ),
                ("received_on", models.DateField()),
                (
                    "quiet_since",
                    models.DateField(
                        editable=False, help_text="The day of its last event: from here its retention runs"
                    ),
                ),
                ("index", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ("writer_public", models.BinaryField(max_length=32)),
                ("form_hash", models.CharField(db_index=True, editable=False, max_length=64)),
                ("events_count", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "read_on",
                    models.DateField(editable=False, help_text="When somebody first had it before them", null=True),
                ),
                (
                    "newest",
                    models.CharField(
                        blank=True, editable=False, help_text="The kind of its newest message", max_length=12
                    ),
                ),
                (
                    "held_until",
                    models.DateField(
                        help_text="A held one: it is among the new ones again from this day on", null=True
                    ),
                ),
                (
                    "messages_a_day",
                    models.PositiveSmallIntegerField(
                        default=10, help_text="How many messages a day its writer may send"
                    ),
                ),
                (
                    "waiting",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(models.Q(("status", "received")), then=True),
                            models.When(models.Q(("held_until", None), ("status", "held")), then=True),
                            default=False,
                        ),
                        output_field=models.BooleanField(),
                    ),
                ),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="columns.column"
                    ),
                ),
                (
                    "given_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="columns.topic",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LetterEvent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("verb", models.CharField(max_length=20)),
                (
                    "actor",
                    models.CharField(
                        choices=[("staff", "Staff"), ("writer", "Writer"), ("system", "System")], max_length=8
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=12)),
                ("after", models.CharField(blank=True, max_length=12)),
                ("on", models.DateField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="inbox.letter"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="LetterTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("decline", "Not chosen"),
                            ("reply", "Private answer"),
                            ("ask", "Question to the writer"),
                        ],
                        max_length=8,
                    ),
                ),
                ("title", models.CharField(max_length=80)),
                ("text", models.TextField(max_length=4000)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letter_templates",
                        to="columns.column",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "position", "title"],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField(default=b"")),
                (
                    "kind",
                    models.CharField(
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
                ("on", models.DateField()),
                ("number", models.PositiveIntegerField()),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="inbox.letter"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField(default=b"")),
                ("on", models.DateField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="inbox.letter"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("question", "The desk asks something"), ("end", "There is an answer, or an end")],
                        max_length=12,
                    ),
                ),
                ("due_on", models.DateField()),
                (
                    "claimed_at",
                    models.DateTimeField(help_text="By a worker, while it is being sent; empty afterwards", null=True),
                ),
                ("sent_on", models.DateField(null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="inbox.letter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Outgoing",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "before",
                    models.CharField(help_text="Where the letter stands for its writer until then", max_length=12),
                ),
                ("due_at", models.DateTimeField(db_index=True)),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="outgoing", to="inbox.letterevent"
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="outgoing", to="inbox.letter"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outgoing",
                        to="inbox.message",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kept",
                    models.CharField(
                        choices=[
                            ("declined", "Letters that were not chosen"),
                            ("replied", "Letters that were answered privately"),
                            ("published", "Letters whose answer is published"),
                            ("withdrawn", "What is known of letters that were withdrawn"),
                            ("draft_published", "Drafts of published articles"),
                            ("draft_shelved", "Drafts that were shelved"),
                            ("draft_taken_down", "Drafts of articles that were taken down"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3650),
                        ]
                    ),
                ),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="periods", to="columns.column"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PublicKey",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("desk", "Desk"), ("notice", "Notice"), ("recovery", "Recovery")], max_length=8
                    ),
                ),
                ("month", models.DateField(help_text="The first day of the month from which it is used")),
                (
                    "serial",
                    models.PositiveIntegerField(
                        default=0, help_text="Counts the keys of one column: the highest is used"
                    ),
                ),
                (
                    "retired",
                    models.BooleanField(
                        default=False, help_text="Somebody who held it has left; what it opens is re-sealed"
                    ),
                ),
                ("public", models.BinaryField(max_length=32)),
                (
                    "column",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="columns.column",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="KeyGrant",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("holder", models.CharField(max_length=16)),
                ("sealed", models.BinaryField(max_length=200)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="key_grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="inbox.publickey"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField(default=b"")),
                (
                    "decision",
                    models.CharField(choices=[("approved", "Approved"), ("changes", "Changes asked")], max_length=8),
                ),
                ("at", models.DateTimeField()),
                ("text_sha256", models.CharField(max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="inbox.draft"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="inbox.draftversion"
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("filters", models.JSONField(default=dict)),
                ("shared", models.BooleanField(default=False)),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="columns.column"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="SealedKey",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("item", models.UUIDField(db_index=True)),
                ("key_id", models.CharField(max_length=16)),
                ("sealed", models.BinaryField(max_length=200)),
            ],
            options={
                "db_table": "inbox_keystore",
                "constraints": [models.UniqueConstraint(fields=("item", "key_id"), name="one_sealed_key_a_holder")],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("moderator", "Moderator"),
                            ("reviewer", "Reviewer"),
                            ("author", "Author"),
                            ("owner", "Owner"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="seats", to="columns.column"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="seats", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SecondLook",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("asked_on", models.DateField()),
                ("agreed", models.BooleanField(help_text="Empty until somebody has looked", null=True)),
                ("looked_on", models.DateField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "declined_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="second_looks", to="inbox.letter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StaffKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public", models.BinaryField(max_length=32)),
                ("wrapped", models.BinaryField(max_length=200)),
                ("made_on", models.DateField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staff_key",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WriterAddress",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField(default=b"")),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="addresses", to="inbox.letter"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ColumnEvent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("verb", models.CharField(max_length=20)),
                (
                    "actor",
                    models.CharField(
                        choices=[("staff", "Staff"), ("writer", "Writer"), ("system", "System")], max_length=8
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=12)),
                ("after", models.CharField(blank=True, max_length=12)),
                ("at", models.DateTimeField()),
                (
                    "about",
                    models.CharField(
                        blank=True, help_text="Whom or what it concerned; never a letter's words", max_length=200
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "column",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="columns.column"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("column", "number"), name="column_event_number_once")],
            },
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["column", "status", "-saved_at"], name="draft_by_status"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["writing", "in_review", "approved", "scheduled", "published", "taken_down", "shelved"],
                    )
                ),
                name="draft_has_a_known_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftevent",
            constraint=models.UniqueConstraint(fields=("draft", "number"), name="draft_event_number_once"),
        ),
        migrations.AddConstraint(
            model_name="draftversion",
            constraint=models.UniqueConstraint(fields=("draft", "number"), name="draft_version_number_once"),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["column", "status", "-urgent", "received_on", "id"], name="letter_by_need"),
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
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "received",
                            "held",
                            "shortlisted",
                            "answering",
                            "published",
                            "declined",
                            "replied",
                            "withdrawn",
                            "erased",
                        ],
                    )
                ),
                name="letter_has_a_known_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("consent__in", ["private", "rewritten", "light"])),
                name="letter_has_a_known_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(("consent", "private"), _negated=True),
                    _connector="OR",
                ),
                name="letter_is_published_only_with_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="letterevent",
            constraint=models.UniqueConstraint(fields=("letter", "number"), name="letter_event_number_once"),
        ),
        migrations.AddConstraint(
            model_name="lettertemplate",
            constraint=models.UniqueConstraint(fields=("column", "kind", "title"), name="template_title_once"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("letter", "number"), name="message_number_once"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("sent_on", None)), fields=["due_on"], name="notice_due"),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.UniqueConstraint(fields=("column", "kept"), name="one_period_a_column_and_kind"),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__gte", 1), ("days__lte", 3650)), name="period_is_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="publickey",
            constraint=models.UniqueConstraint(
                fields=("kind", "column", "month", "serial"), name="key_of_a_month_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="keygrant",
            constraint=models.UniqueConstraint(fields=("key", "holder"), name="one_grant_a_key_and_holder"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("column", "user", "name"), name="saved_view_name_once"),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(fields=("user", "column", "role"), name="seat_once"),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["moderator", "reviewer", "author", "owner"])),
                name="seat_has_a_known_role",
            ),
        ),
        migrations.AddConstraint(
            model_name="secondlook",
            constraint=models.UniqueConstraint(
                condition=models.Q(("agreed", None)), fields=("letter",), name="one_second_look_at_a_time"
            ),
        ),
    ]
