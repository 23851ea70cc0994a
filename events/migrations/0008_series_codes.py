import django.db.models.deletion
import ecosystem.models.keys
import ecosystem.models.security
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ecosystem", "0001_initial"),
        ("events", "0007_towns"),
    ]

    operations = [
        migrations.AddField(
            model_name="eventcode",
            name="series",
            field=ecosystem.models.keys.TenantKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="codes",
                to="events.series",
            ),
        ),
        migrations.AlterField(
            model_name="eventcode",
            name="event",
            field=ecosystem.models.keys.TenantKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="codes",
                to="events.event",
            ),
        ),
        migrations.AddConstraint(
            model_name="eventcode",
            constraint=models.UniqueConstraint(fields=("environment", "series", "code"), name="series_code_once"),
        ),
        migrations.AddConstraint(
            model_name="eventcode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("event__isnull", False), ("series", None)),
                    models.Q(("event", None), ("series__isnull", False)),
                    _connector="OR",
                ),
                name="event_code_of_one_or_a_series",
            ),
        ),
        migrations.AddConstraint(
            model_name="eventcode",
            constraint=ecosystem.models.security.CompositeKey(
                columns=("environment_id", "series_id"),
                name="events_eventcode_series_scoped",
                target="events_series",
                to=("environment_id", "id"),
            ),
        ),
    ]
