from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ecosystem", "0018_import_kinds")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="picture",
            field=models.FileField(blank=True, default="", upload_to="faces", verbose_name="picture"),
            preserve_default=False,
        ),
    ]
