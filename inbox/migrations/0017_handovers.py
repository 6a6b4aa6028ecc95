"""A notice counts how often the mail server may have taken it."""

from django.db import migrations, models

from inbox.models.times import row_order


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":  # the table was rebuilt
        row_order.install(schema_editor, ("inbox_notice",), ())


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0016_never_opened"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="handovers",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="How often the mail server may have taken it"
            ),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
