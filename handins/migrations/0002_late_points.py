from django.db import migrations, models

import ecosystem.creating


class Migration(migrations.Migration):
    dependencies = [("handins", "0001_initial")]

    operations = [
        ecosystem.creating.Together(
            operations=[
                migrations.AddField(
                    model_name="assignment",
                    name="late_points",
                    field=models.PositiveSmallIntegerField(default=0, verbose_name="points off for each day late"),
                ),
                migrations.AddConstraint(
                    model_name="assignment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("late_points__lte", 100)), name="assignment_late_points_in_range"
                    ),
                ),
            ],
        ),
        ecosystem.creating.Together(
            operations=[
                migrations.AddField(
                    model_name="mark",
                    name="late_points",
                    field=models.PositiveSmallIntegerField(default=0, verbose_name="points off for being late"),
                ),
                migrations.AddConstraint(
                    model_name="mark",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("late_points__lte", 100)), name="handin_mark_late_in_range"
                    ),
                ),
            ],
        ),
    ]
