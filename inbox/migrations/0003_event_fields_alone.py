"""What ``0002_event_fields`` filled stands alone: the two fields that held everything go, and the database checks
what fits together."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0002_event_fields"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="letterevent",
            name="after",
        ),
        migrations.RemoveField(
            model_name="letterevent",
            name="before",
        ),
        migrations.AddConstraint(
            model_name="letterevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status_after", ""), ("status_before", "")),
                    models.Q(
                        (
                            "status_after__in",
                            [
                                "received",
                                "held",
                                "shortlisted",
                                "answering",
                                "published",
                                "declined",
                                "replied",
                                "withdrawn",
                                "erased",
                            ],
                        ),
                        (
                            "status_before__in",
                            [
                                "received",
                                "held",
                                "shortlisted",
                                "answering",
                                "published",
                                "declined",
                                "replied",
                                "withdrawn",
                                "erased",
                            ],
                        ),
                    ),
                    _connector="OR",
                ),
                name="letter_event_moves_between_known_statuses",
            ),
        ),
        migrations.AddConstraint(
            model_name="letterevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("undoes", None), ("undoes__lt", models.F("number")), _connector="OR"),
                name="letter_event_undoes_an_earlier_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="letterevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verb", "topic"),
                    models.Q(("topic_after__isnull", True), ("topic_before__isnull", True)),
                    _connector="OR",
                ),
                name="letter_event_topic_is_marked_alone",
            ),
        ),
        migrations.AddConstraint(
            model_name="letterevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verb", "give"),
                    models.Q(("given_to_after__isnull", True), ("given_to_before__isnull", True)),
                    _connector="OR",
                ),
                name="letter_event_give_is_marked_alone",
            ),
        ),
        migrations.AddConstraint(
            model_name="letterevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verb", "wait"),
                    models.Q(("held_until_after__isnull", True), ("held_until_before__isnull", True)),
                    _connector="OR",
                ),
                name="letter_event_wait_is_marked_alone",
            ),
        ),
        migrations.AddConstraint(
            model_name="letterevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verb", "limit"),
                    models.Q(("messages_a_day_after__isnull", True), ("messages_a_day_before__isnull", True)),
                    _connector="OR",
                ),
                name="letter_event_limit_is_marked_alone",
            ),
        ),
    ]
