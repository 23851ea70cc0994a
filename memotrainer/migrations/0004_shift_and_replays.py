from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("memotrainer", "0003_training_and_fits")]

    operations = [
        migrations.AddField(
            model_name="card",
            name="shift",
            field=models.FloatField(
                default=0.0, verbose_name="how far recall differs from what the memory state says, in logits"
            ),
        ),
        migrations.AddField(
            model_name="profile",
            name="replayed_at",
            field=models.DateTimeField(null=True, verbose_name="cards made anew at"),
        ),
    ]
