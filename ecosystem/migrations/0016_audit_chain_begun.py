"""What stands in the audit log already becomes the beginning of the chains."""

from django.db import migrations

# The triggers of the links give each its place at the commit, in this order. The owner sees the rows for the moment.
BEGIN = """
    ALTER TABLE ecosystem_auditentry NO FORCE ROW LEVEL SECURITY;
    INSERT INTO ecosystem_auditlink (environment_id, entry_id, at, digest, hash)
    SELECT e.environment_id, e.id, e.at, ecosystem_audit_digest(e), '' FROM ecosystem_auditentry e ORDER BY e.id;
    ALTER TABLE ecosystem_auditentry FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("ecosystem", "0015_audit_chain")]
    operations = [migrations.RunSQL(BEGIN, migrations.RunSQL.noop)]
