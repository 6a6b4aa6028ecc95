"""A key of the keyboard is a shortcut, as everywhere else; the columns of the table keep their names, so that the code
that is running meanwhile finds them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0005_counts")]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="keys",
            field=models.JSONField(
                blank=True, db_column="keys", default=dict, help_text="Keys of the desk that they gave to other acts"
            ),
        ),
        migrations.RenameField(model_name="user", old_name="keys", new_name="shortcuts"),
        migrations.AlterField(
            model_name="user",
            name="keys_on",
            field=models.BooleanField(
                db_column="keys_on", default=True, help_text="Whether single keys do something at the desk"
            ),
        ),
        migrations.RenameField(model_name="user", old_name="keys_on", new_name="shortcuts_on"),
    ]
