"""Full-text search over the elements available in the open scope. The only reader and writer of SearchEntry."""

import re

from django.db import connection

from ecosystem.models import Element
from ecosystem.prepared_sql import PreparedSql
from ecosystem.scope import current_scope

# Stemming per language of the element; any other language is matched word by word.
CONFIGURATIONS = {"en": "english", "nl": "dutch"}
MAX_HITS = 500

# The words of the query as each language stems them, and its last word as the beginning of one.
HITS = """
    WITH wish AS (
        SELECT websearch_to_tsquery('english', %(text)s) || websearch_to_tsquery('dutch', %(text)s)
               || to_tsquery('simple', %(prefix)s) AS query
    )
    SELECT entry.element_id
    FROM ecosystem_searchentry entry, wish
    WHERE entry.environment_id = %(environment)s AND entry.vector @@ wish.query
    ORDER BY ts_rank(entry.vector, wish.query) DESC, entry.element_id
    LIMIT %(limit)s
"""
INDEX = PreparedSql(
    """
    INSERT INTO ecosystem_searchentry (environment_id, element_id, vector)
    SELECT available.environment_id, element.id,
           setweight(to_tsvector(%(config)s::regconfig, element.title), 'A')
           || setweight(to_tsvector('simple', element.title), 'A')
           || setweight(to_tsvector(%(config)s::regconfig, array_to_string(element.tags, ' ')), 'B')
           || setweight(to_tsvector(%(config)s::regconfig, element.summary), 'C')
           || CASE WHEN %(body)s::text IS NULL THEN coalesce(ts_filter(known.vector, '{d}'), ''::tsvector)
                   ELSE setweight(to_tsvector(%(config)s::regconfig, %(body)s), 'D') END
    FROM ecosystem_element element
    JOIN ecosystem_availability available ON available.element_id = element.id
    LEFT JOIN ecosystem_searchentry known
           ON known.element_id = element.id AND known.environment_id = available.environment_id
    WHERE element.id = %(element)s
    ON CONFLICT (environment_id, element_id) DO UPDATE SET vector = excluded.vector
    """,
    config="regconfig",
    body="text",
    element="bigint",
)


def index_element(*, element: Element, body: str | None = None) -> None:
    """(Re)make the entry of an element in the open environment.

    ``body`` is its text, without markup; None keeps the text that was indexed before.
    """
    INDEX.run(
        config=CONFIGURATIONS.get(element.language, "simple"),
        body=body[:200_000] if body is not None else None,
        element=element.pk,
    )


def hits(*, text: str) -> list[int]:
    """Ids of matching elements in the open environment, best first. Read them through ``Element.objects``."""
    words = re.findall(r"\w+", text)[:12]
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            HITS,
            {
                "text": " ".join(words),
                "prefix": " & ".join([*words[:-1], f"{words[-1]}:*"]),
                "environment": current_scope().environment_id,
                "limit": MAX_HITS,
            },
        )
        return [row[0] for row in cursor.fetchall()]
