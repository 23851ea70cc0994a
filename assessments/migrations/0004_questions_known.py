"""Questions that were there learn what their newest version says, so that banks can be searched.

The owner is bound by the policies as well, unless they are lifted for the moment.
"""

from django.db import migrations

FILL = r"""
    ALTER TABLE assessments_question NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE assessments_questionversion NO FORCE ROW LEVEL SECURITY;
    UPDATE assessments_question AS question
       SET type = version.type,
           newest = version.number,
           text = left(btrim(regexp_replace(regexp_replace(version.stem, '<[^>]*>', ' ', 'g'), '\s+', ' ', 'g')), 5000)
      FROM (
        SELECT DISTINCT ON (question_id) question_id, number, type, stem
          FROM assessments_questionversion
         ORDER BY question_id, number DESC
      ) AS version
     WHERE version.question_id = question.id;
    ALTER TABLE assessments_question FORCE ROW LEVEL SECURITY;
    ALTER TABLE assessments_questionversion FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_bank")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
