"""Settings of a store, from its address: PostgreSQL and the files."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url


def database(url: str) -> dict[str, Any]:
    """Settings of one PostgreSQL connection; time limits are per statement so that nobody waits for ever.

    What is prepared is planned once: planning anew for each list of ids costs more than most of these reads.
    """
    engine = "ecosystem.postgresql"
    config: dict[str, Any] = {**dj_database_url.parse(url, engine=engine, conn_max_age=600, conn_health_checks=True)}
    config["OPTIONS"] = {
        **config.get("OPTIONS", {}),
        "options": "-c statement_timeout=30s -c lock_timeout=3s -c idle_in_transaction_session_timeout=60s"
        " -c plan_cache_mode=force_generic_plan",
        "connect_timeout": 5,
    }
    config["DISABLE_SERVER_SIDE_CURSORS"] = True
    return config


def owner_database(url: str) -> dict[str, Any]:
    """The same for migrations, which take as long as they take."""
    config = {**database(url), "CONN_MAX_AGE": 0}
    del config["OPTIONS"]["options"]
    return config


def files(url: str, *, folder: str) -> dict[str, Any]:
    """Files on S3 (``s3://KEY:SECRET@bucket/prefix?endpoint_url=https://...&region_name=...``), without an address in ``folder``."""
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    parts = urlsplit(url)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.hostname,
            "location": parts.path.strip("/"),
            "access_key": unquote(parts.username or ""),
            "secret_key": unquote(parts.password or ""),
            "default_acl": "private",
            **{key: values[0] for key, values in parse_qs(parts.query).items()},
        },
    }
