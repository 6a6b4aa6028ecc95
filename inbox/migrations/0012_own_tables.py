"""The function that writes rows anew looks at the site's own tables first (``inbox/models/times/row_order.py``)."""

from django.db import migrations

from inbox.models.times import row_order

FUNCTION = "write_ended_letters_anew(uuid[])"


def look_at_own_tables(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER FUNCTION {FUNCTION} SET search_path = {row_order.SEARCH_PATH}")


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0011_no_order"),
    ]

    operations = [
        migrations.RunPython(look_at_own_tables, migrations.RunPython.noop),
    ]
