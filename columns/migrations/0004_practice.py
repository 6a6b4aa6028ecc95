"""A column to practise on, which readers never see."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("columns", "0003_help_line_country"),
    ]

    operations = [
        migrations.AddField(
            model_name="column",
            name="practice",
            field=models.BooleanField(default=False, help_text="Made-up letters to practise on; readers never see it"),
        ),
    ]
