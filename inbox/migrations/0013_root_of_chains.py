"""The root over all chains is made in another way, so the chains begin anew: the next sweep begins them, and each column's
history says so."""

from django.db import migrations


def begin_anew(apps, schema_editor):
    apps.get_model("inbox", "Chain").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0012_own_tables"),
    ]

    operations = [
        migrations.RunPython(begin_anew, migrations.RunPython.noop),
    ]
