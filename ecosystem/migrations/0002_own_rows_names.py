from django.db import migrations


class Migration(migrations.Migration):
    """The role of own_rows() may read the names of environments, to say where its rows are."""

    dependencies = [("ecosystem", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "GRANT SELECT ON ecosystem_environment, ecosystem_host TO grove_self",
            "REVOKE SELECT ON ecosystem_environment, ecosystem_host FROM grove_self",
        )
    ]
