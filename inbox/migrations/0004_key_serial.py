"""The number of a key counts the keys of its column, not those of one month."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0003_notice_sent_on")]

    operations = [
        migrations.AlterField(
            model_name="publickey",
            name="serial",
            field=models.PositiveIntegerField(
                default=0, help_text="Counts the keys of one column: the highest is used"
            ),
        ),
    ]
