"""Language and time zone of environments that were there become values of their own."""

from django.db import migrations

USUAL = {"language": "en", "time_zone": "Europe/Amsterdam"}


def keep(apps, schema_editor):
    alias = schema_editor.connection.alias
    environment = apps.get_model("ecosystem", "Environment")
    setting = apps.get_model("ecosystem", "EnvironmentSetting")
    rows = [
        setting(environment_id=row.pk, key=key, value=getattr(row, key))
        for row in environment.objects.using(alias).all()
        for key, usual in USUAL.items()
        if row.parent_id is not None or getattr(row, key) != usual
    ]
    setting.objects.using(alias).bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("ecosystem", "0011_settings")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
