import django.db.models.deletion
import ecosystem.models.keys
import ecosystem.models.security
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ecosystem", "0001_initial"),
        ("events", "0008_series_codes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="calendarfeed",
            name="feed_once_per_person",
        ),
        migrations.AddField(
            model_name="calendarfeed",
            name="event",
            field=ecosystem.models.keys.TenantKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="feeds",
                to="events.event",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarfeed",
            constraint=models.UniqueConstraint(
                condition=models.Q(("event", None)), fields=("environment", "person"), name="feed_once_per_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarfeed",
            constraint=models.UniqueConstraint(fields=("environment", "person", "event"), name="feed_once_per_event"),
        ),
        migrations.AddConstraint(
            model_name="calendarfeed",
            constraint=ecosystem.models.security.CompositeKey(
                columns=("environment_id", "event_id"),
                name="events_calendarfeed_event_scoped",
                target="events_event",
                to=("environment_id", "id"),
            ),
        ),
    ]
