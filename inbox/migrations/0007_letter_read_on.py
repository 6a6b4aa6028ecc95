"""The day on which somebody at the desk first had a letter before them: its writer is told from the day after."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0006_user_session_epoch")]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="read_on",
            field=models.DateField(editable=False, help_text="When somebody first had it before them", null=True),
        ),
    ]
