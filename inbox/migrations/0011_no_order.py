"""The order of rows tells no earlier day of a letter than that of its end (``inbox/models/times/row_order.py``)."""

from django.db import migrations, models

from inbox.models.times import row_order

#: Those with random ids.
TABLES = (
    *("inbox_arrival", "inbox_bundle", "inbox_chain", "inbox_columnevent", "inbox_draft", "inbox_draftevent"),
    *(
        "inbox_draftversion",
        "inbox_eventkey",
        "inbox_invitation",
        "inbox_keygrant",
        "inbox_keystore",
        "inbox_letter",
        "inbox_letterevent",
    ),
    *("inbox_message", "inbox_note", "inbox_notice", "inbox_outgoing", "inbox_review", "inbox_savedview"),
    *("inbox_secondlook", "inbox_writeraddress"),
)
#: Those whose rows belong to a letter and are sealed.
BESIDE = (
    *("inbox_arrival", "inbox_eventkey", "inbox_letterevent", "inbox_message", "inbox_note", "inbox_writeraddress"),
)


def install(apps, schema_editor):
    row_order.install(schema_editor, TABLES, BESIDE)


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0010_days_sealed"),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="in_no_order",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, help_text="Its rows were written anew since its end"
            ),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
