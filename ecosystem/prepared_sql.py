"""A statement of our own that PostgreSQL reads and plans once per connection, as ``ecosystem.prepared`` does for querysets.

For those that are asked all day: a long one takes longer to be read and planned than to be done.
"""

import re
from itertools import count
from typing import Any
from weakref import WeakSet

from django.conf import settings
from django.db import connection

PLACE = re.compile(r"%\((\w+)\)s")
_numbers = count(1)


class PreparedSql:
    """``PreparedSql("SELECT … %(person)s", person="bigint")``: SQL with names, and the type of each."""

    def __init__(self, sql: str, **types: str) -> None:
        self.sql = sql
        names = list(types)
        places = ", ".join(f"%({name})s" for name in names)
        self.name = f"grove_sql_{next(_numbers)}"
        self._execute = f"EXECUTE {self.name}({places})"
        written = PLACE.sub(lambda found: f"${names.index(found[1]) + 1}", sql)
        self._prepare = f"PREPARE {self.name}({', '.join(types.values())}) AS {written}"
        self._known_to: WeakSet[Any] = WeakSet()  # connections to the server, until they are closed

    def run(self, **values: Any) -> None:
        with connection.cursor() as cursor:
            if not settings.PREPARE_ON_SERVER:
                cursor.execute(self.sql, values)
                return
            if connection.connection not in self._known_to:
                # Round Django's cursor: naming is no query of a page, and is done at another time in each process.
                with connection.wrap_database_errors, connection.connection.cursor() as naming:
                    naming.execute(self._prepare)
                self._known_to.add(connection.connection)
            cursor.execute(self._execute, values)
