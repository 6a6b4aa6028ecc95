"""All sessions of a person can be ended without another password."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0005_outbox_and_views")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="session_epoch",
            field=models.PositiveIntegerField(
                default=0, editable=False, help_text="Counts how often all of their sessions were ended"
            ),
        ),
    ]
