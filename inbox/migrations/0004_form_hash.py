"""That a letter's receipt was changed stands in a field of its own; a mark in front of the form's hash said it before.

The mark stood in place of the hash's first digit, so that digit goes everywhere. Half of the hash names the form as well; the
column is made shorter by the next migration, since PostgreSQL alters no table in the transaction that fills it.
"""

from django.db import migrations, models
from django.db.models.functions import Substr


def take_the_mark_off(apps, schema_editor):
    letters = apps.get_model("inbox", "Letter").objects.using(schema_editor.connection.alias)
    letters.filter(form_hash__startswith="x").update(code_changed=True)
    letters.update(form_hash=Substr("form_hash", 2, 32))


class Migration(migrations.Migration):
    dependencies = [("inbox", "0003_event_fields_alone")]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="code_changed",
            field=models.BooleanField(default=False, editable=False, help_text="Its first receipt never comes to life"),
        ),
        migrations.RunPython(take_the_mark_off, migrations.RunPython.noop),
    ]
