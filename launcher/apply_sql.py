"""Run by the Python in `.venv` (it needs psycopg2): reads a JSON list of steps from standard input and does them.

A step is `{"url": ..., "sql": ...}`, with `"unless": a query` if it is to be left out when the query finds a row.
Addresses and passwords come in this way because other accounts can read the arguments of a process.
"""

import json
import sys

import psycopg2


def apply(step: dict[str, str]) -> None:
    connection = psycopg2.connect(step["url"], connect_timeout=10)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            if "unless" in step:
                cursor.execute(step["unless"])
                if cursor.rowcount > 0:
                    return
            cursor.execute(step["sql"])
    finally:
        connection.close()


def main() -> None:
    for step in json.load(sys.stdin):
        try:
            apply(step)
        except psycopg2.Error as error:
            sys.exit(str(error).strip().splitlines()[0])


if __name__ == "__main__":
    main()
