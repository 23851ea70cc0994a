from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ecosystem", "0017_person_places")]

    operations = [
        migrations.AddField(
            model_name="peopleimport",
            name="kind",
            field=models.CharField(default="people", max_length=20, verbose_name="of what"),
        ),
        migrations.AlterField(
            model_name="peopleimport",
            name="count",
            field=models.PositiveIntegerField(verbose_name="lines"),
        ),
        migrations.AlterModelOptions(
            name="peopleimport",
            options={"verbose_name": "import from a file", "verbose_name_plural": "imports from files"},
        ),
    ]
