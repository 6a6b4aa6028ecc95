"""Who reviewed the whole of an article, where a correction was approved since. The column may be empty, so no table is
rebuilt, and the triggers stay."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("columns", "0009_old_addresses"),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="review",
            field=models.ForeignKey(
                blank=True,
                help_text="Of the last reading of the whole, where a correction was approved since",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="columns.approval",
            ),
        ),
    ]
