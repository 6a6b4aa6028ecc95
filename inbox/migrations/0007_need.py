"""How soon a letter is to be read is one of three values, where it was urgent or not; events keep it before and after.

The old column ``urgent`` stays in the database of PostgreSQL, unknown to the models, until a later release drops it with
its trigger: processes of the version before this one run on until they are replaced, and insert and read it. The trigger
carries what either version writes to the column of the other, so that no letter that an old process takes in these
minutes waits unseen. SQLite has one process, which is stopped: there the column goes with the next rebuild of the table.
"""

import uuid

import django.db.models.deletion
from django.db import migrations, models

BOTH_WAYS = """
CREATE FUNCTION letter_need_and_urgent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.urgent AND NEW.need = 0 THEN NEW.need := 2; END IF;
    NEW.urgent := NEW.need > 0;
  ELSIF NEW.need <> OLD.need THEN
    NEW.urgent := NEW.need > 0;
  ELSIF NEW.urgent <> OLD.urgent THEN
    NEW.need := CASE WHEN NEW.urgent THEN 2 ELSE 0 END;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER letter_need_and_urgent BEFORE INSERT OR UPDATE OF need, urgent ON inbox_letter
FOR EACH ROW EXECUTE FUNCTION letter_need_and_urgent();
"""
NO_WAY = """
DROP TRIGGER letter_need_and_urgent ON inbox_letter;
DROP FUNCTION letter_need_and_urgent();
"""


def both_ways(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BOTH_WAYS)


def no_way(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(NO_WAY)


def fill(apps, schema_editor):
    """Whether a letter was to be read now or today was not kept: the sooner one."""
    letters = apps.get_model("inbox", "Letter").objects.using(schema_editor.connection.alias)
    letters.filter(urgent=True).update(need=2)


def need(**more):
    return models.PositiveSmallIntegerField(choices=[(0, "not urgent"), (1, "read today"), (2, "read now")], **more)


def counted(**more):
    return models.PositiveIntegerField(default=0, **more)


def of_column_and_month():
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        (
            "column",
            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="columns.column"),
        ),
        ("month", models.DateField(help_text="The first day of the month")),
    ]


BY_NEED = ["-need", "received_on", "id"]
INDEXES = [
    models.Index(fields=["column", "status", *BY_NEED], name="letter_by_need"),
    models.Index(fields=["column", *BY_NEED], condition=models.Q(waiting=True), name="letter_waiting"),
    models.Index(fields=["column", *BY_NEED], condition=models.Q(need__gt=0), name="letter_raised"),
    models.Index(fields=["column", "newest", *BY_NEED], name="letter_newest"),
    models.Index(fields=["given_to", *BY_NEED], condition=models.Q(given_to__isnull=False), name="letter_given"),
    models.Index(fields=["column", *BY_NEED], name="letter_all"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("columns", "0001_initial"),
        ("inbox", "0006_shortcuts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField(default=b"")),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="arrivals", to="inbox.letter"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="EyeCount",
            fields=[
                *of_column_and_month(),
                ("quarter", counted()),
                ("hour", counted()),
                ("four_hours", counted()),
                ("day", counted()),
                ("more", counted()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("column", "month"), name="eyes_counted_once_a_month"),
                ]
            },
        ),
        migrations.CreateModel(
            name="RuleCount",
            fields=[
                *of_column_and_month(),
                ("rule", models.CharField(max_length=80)),
                ("raised", counted()),
                ("not_so", counted()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("column", "month", "rule"), name="rule_counted_once_a_month"),
                ]
            },
        ),
        migrations.AddField("letterevent", "need_before", need(null=True)),
        migrations.AddField("letterevent", "need_after", need(null=True)),
        migrations.AddConstraint(
            model_name="letterevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verb__in", ["mark_urgent", "unmark_urgent"]),
                    models.Q(("need_after__isnull", True), ("need_before__isnull", True)),
                    _connector="OR",
                ),
                name="letter_event_need_is_marked_alone",
            ),
        ),
        *(
            migrations.RemoveIndex("letter", name)
            for name in (
                *("letter_by_need", "letter_waiting", "letter_urgent", "letter_newest", "letter_given", "letter_all"),
            )
        ),
        # values of the database's own, since each version inserts rows without the column of the other
        migrations.AlterField("letter", "urgent", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("letter", "need", need(db_default=0, default=0)),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("need__in", [0, 1, 2])), name="letter_has_a_known_need"
            ),
        ),
        *(migrations.AddIndex("letter", index) for index in INDEXES),
        migrations.RunPython(both_ways, no_way),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("letter", "urgent")]),
    ]
