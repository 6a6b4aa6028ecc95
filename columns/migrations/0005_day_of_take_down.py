"""Of articles that were taken down the day stays, and the minute goes: a writer may have caused it."""

import datetime as dt

from django.db import migrations


def keep_the_day(apps, schema_editor):
    articles = apps.get_model("columns", "Article").objects.using(schema_editor.connection.alias)
    down = articles.exclude(taken_down_at=None).values_list("pk", "taken_down_at", "publish_at")
    for pk, at, publish_at in list(down):
        begun = dt.datetime.combine(at.astimezone(dt.UTC).date(), dt.time(), tzinfo=dt.UTC)
        day = max(begun, publish_at) if publish_at <= at else begun
        articles.filter(pk=pk).update(taken_down_at=day)


class Migration(migrations.Migration):
    dependencies = [("columns", "0004_practice")]
    operations = [migrations.RunPython(keep_the_day, migrations.RunPython.noop, elidable=True)]
