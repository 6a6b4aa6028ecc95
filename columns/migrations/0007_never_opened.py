"""Whether a column was ever opened for letters. The default lies in the database, so that the version before can still
write its rows; ``inbox`` 0016 marks the columns that were not opened yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("columns", "0006_help_kinds"),
    ]

    operations = [
        migrations.AddField(
            model_name="column",
            name="never_opened",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Made, and not yet opened for letters by its owner",
            ),
        ),
    ]
