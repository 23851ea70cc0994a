"""The launcher behind `./grove`: prepares a checkout, starts its servers, runs and tests Grove.

Standard library only, because it runs before anything is installed. Two small modules (`apply_sql`, `unpack_chromium`)
are the exception: they are run by the `.venv` that the others make.

Read it in this order: `cli` (the commands), `places` (where things are), `preparation` (what must be there first),
`servers` (PostgreSQL and Valkey), `supervisor` (long-running processes), `running` and `testing`.
"""
