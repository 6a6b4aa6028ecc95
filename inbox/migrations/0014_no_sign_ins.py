"""No table says when somebody signed in. The version before this one wrote it down at each sign-in all the same."""

from django.db import migrations


def forget(apps, schema_editor):
    apps.get_model("inbox", "User").objects.using(schema_editor.connection.alias).update(last_login=None)


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0013_root_of_chains"),
    ]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
