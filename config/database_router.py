"""Who may change tables: the owner. The runtime connection cannot, and Django should not try."""


class OwnerMigrates:
    """Rows are read and written through ``default``; migrations run with ``--database owner``."""

    def db_for_read(self, model, **hints):
        return "default"

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, obj1, obj2, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db == "owner"
