"""Addresses of databases: postgres://user:password@host:port/name?options."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from launcher.terminal import LauncherError


@dataclass(frozen=True)
class DatabaseAddresses:
    """Web and worker use `app`, migrations `owner`; tests clone databases as `admin`, which may be unknown."""

    app: str
    owner: str
    admin: str | None


def with_user(url: str, *, user: str, password: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{quote(user, safe='')}:{quote(password, safe='')}@{host}").geturl()


def with_database(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{quote(name, safe='')}").geturl()


def without_password(url: str) -> str:
    """Fit to be shown."""
    parts = urlsplit(url)
    user = parts.username or ""
    return parts._replace(netloc=f"{user}@{parts.netloc.rpartition('@')[2]}" if user else parts.netloc).geturl()


def given_addresses(environ: Mapping[str, str]) -> DatabaseAddresses | None:
    """The addresses to use as they are, or None when the launcher has to make the roles itself.

    DATABASE_OWNER_URL without DATABASE_URL is refused: one of the two was forgotten.
    """
    app, owner = environ.get("DATABASE_URL"), environ.get("DATABASE_OWNER_URL")
    if owner and not app:
        raise LauncherError("DATABASE_OWNER_URL is set and DATABASE_URL is not: set both, or neither.")
    if not app or not owner:
        return None
    return DatabaseAddresses(app=app, owner=owner, admin=environ.get("DATABASE_ADMIN_URL"))
