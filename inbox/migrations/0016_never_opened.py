"""A column that is closed without a date, and that nobody has opened or paused, was never opened. One that takes letters
goes on doing so. The version before this one marks none, and its columns are shown as paused until they are opened."""

from django.db import migrations


def mark(apps, schema_editor):
    using = schema_editor.connection.alias
    moved = apps.get_model("inbox", "ColumnEvent").objects.using(using).filter(verb__in=["open_intake", "pause_intake"])
    closed = apps.get_model("columns", "Column").objects.using(using).filter(intake_open=False, reopens_on=None)
    closed.filter(practice=False).exclude(pk__in=moved.values("column")).update(never_opened=True)


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0015_clock"),
        ("columns", "0007_never_opened"),
    ]

    operations = [
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
