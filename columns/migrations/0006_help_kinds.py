"""The kinds of concern whose help lines stand first inside an article, and triggers that hold them to its approval. The
field is empty in every article that is there, and an empty one is not hashed, so each approval stays true. The version
before this one can still write its rows: an empty value is the default in the database, and whoever takes an article
down need not know the field."""

from django.db import migrations, models

from columns import triggers

#: What an article's approval covers, in the order of its hash; ``BESIDE`` where it is not empty.
TEXT = ("headline", "standfirst", "content_note", "pen_name", "question", "answer", "correction")
BESIDE = ("help_kinds",)


def remove(apps, schema_editor):
    triggers.remove(schema_editor)


def install(apps, schema_editor):
    triggers.install(schema_editor, TEXT, BESIDE)


class Migration(migrations.Migration):
    dependencies = [
        ("columns", "0005_own_tables"),
    ]

    operations = [
        migrations.RunPython(remove, migrations.RunPython.noop),
        migrations.AddField(
            model_name="article",
            name="help_kinds",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="The kinds of concern whose help lines stand first inside the article, with spaces",
                max_length=200,
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(help_kinds__regex=r"\A([a-z_]+( [a-z_]+)*)?\Z"), name="article_help_kinds_are_names"
            ),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
