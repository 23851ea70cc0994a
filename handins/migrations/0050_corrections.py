from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("handins", "0040_similarity")]

    operations = [
        migrations.RemoveConstraint(model_name="moderation", name="moderation_reason_is_known"),
        migrations.AlterField(
            model_name="moderation",
            name="reason",
            field=models.CharField(
                choices=[
                    ("sample", "drawn by lot"),
                    ("failing", "it does not pass"),
                    ("borderline", "it is near the pass mark"),
                    ("again", "the mark before was not upheld"),
                    ("corrected", "it was corrected after the release"),
                ],
                max_length=10,
                verbose_name="why",
            ),
        ),
        migrations.AddConstraint(
            model_name="moderation",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__in", ["sample", "failing", "borderline", "again", "corrected"])),
                name="moderation_reason_is_known",
            ),
        ),
    ]
