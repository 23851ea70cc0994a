from django.db import migrations


class Migration(migrations.Migration):
    """Nothing but order: what libraries change step by step about people comes before our tables that point at people.

    Each such step makes Django draw anew all that is related to a person, so with few tables it is ten times quicker.
    """

    dependencies = [
        ("api", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("oauth2_provider", "0022_refreshtoken_token_family_index"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    operations = []
