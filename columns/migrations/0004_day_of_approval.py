"""Of an approval the day alone is kept. The trigger that lets nobody change one is away meanwhile; the version before
this one writes times, which the version after it makes days once more."""

import datetime as dt

from django.db import migrations
from django.db.models.functions import TruncDay

from columns import triggers

#: What an article's approval covers, in the order of its hash.
TEXT = ("headline", "standfirst", "content_note", "pen_name", "question", "answer", "correction")


def keep_days(apps, schema_editor):
    on = " ON columns_approval" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS approval_is_never_changed{on}")
    approvals = apps.get_model("columns", "Approval").objects.using(schema_editor.connection.alias)
    approvals.update(approved_at=TruncDay("approved_at", tzinfo=dt.UTC))
    triggers.install(schema_editor, TEXT)


class Migration(migrations.Migration):
    dependencies = [
        ("columns", "0003_stays_down"),
    ]

    operations = [
        migrations.RunPython(keep_days, migrations.RunPython.noop),
    ]
