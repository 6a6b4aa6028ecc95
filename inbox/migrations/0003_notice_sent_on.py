"""The day on which a notice went out, not the minute: that would have joined a letter to a draft's publication."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0002_keys_retention_chains")]

    operations = [
        migrations.RemoveIndex(model_name="notice", name="notice_due"),
        migrations.RenameField(model_name="notice", old_name="sent_at", new_name="sent_on"),
        migrations.AlterField(model_name="notice", name="sent_on", field=models.DateField(null=True)),
        migrations.AlterField(
            model_name="notice",
            name="claimed_at",
            field=models.DateTimeField(help_text="By a worker, while it is being sent; empty afterwards", null=True),
        ),
        migrations.RunSQL(
            "UPDATE inbox_notice SET claimed_at = NULL WHERE sent_on IS NOT NULL", migrations.RunSQL.noop
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("sent_on", None)), fields=["due_on"], name="notice_due"),
        ),
    ]
