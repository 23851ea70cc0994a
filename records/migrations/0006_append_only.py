from django.db import migrations

from ecosystem.models.security import append_only_sql


class Migration(migrations.Migration):
    dependencies = [("records", "0005_delivery_given_up"), ("ecosystem", "0021_append_only")]

    operations = [migrations.RunSQL(append_only_sql("records_statement"), "DROP POLICY removal ON records_statement")]
