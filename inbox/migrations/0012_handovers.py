"""A notice counts how often the mail server may have taken it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0011_no_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="handovers",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="How often the mail server may have taken it"
            ),
        ),
    ]
