from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("handins", "0002_late_points")]

    operations = [
        migrations.AlterField(
            model_name="moderation",
            name="reason",
            field=models.CharField(
                choices=[
                    ("sample", "drawn by lot"),
                    ("failing", "it does not pass"),
                    ("borderline", "it is near the pass mark"),
                    ("again", "a moderator has looked at a mark of this work before"),
                    ("corrected", "it was corrected after the release"),
                ],
                max_length=10,
                verbose_name="why",
            ),
        ),
    ]
