"""The triggers look at the site's own tables alone, whatever temporary ones a session has, and on SQLite no approval takes
the place of another by its rowid."""

from django.db import migrations

from columns import triggers

#: What an article's approval covers, in the order of its hash.
TEXT = ("headline", "standfirst", "content_note", "pen_name", "question", "answer", "correction")


def install(apps, schema_editor):
    triggers.install(schema_editor, TEXT)


class Migration(migrations.Migration):
    dependencies = [
        ("columns", "0004_day_of_approval"),
    ]

    operations = [
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
