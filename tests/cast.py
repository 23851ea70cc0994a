"""The cast: the environments ``alpha`` and ``beta``, and people who are members of them."""

from ecosystem.models import Environment, Membership
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from tests.standing import World, stands


def environment(slug: str, *, parent: Environment | None = None, **look: object) -> Environment:
    return environment_create(slug=slug, name=slug.capitalize(), hosts=[f"{slug}.localhost"], parent=parent, **look)


class People:
    """``people("learner")``, ``people("admin", environment=other, email=...)``: a member, by default of ``home``."""

    def __init__(self, home: Environment, count: int = 0) -> None:
        self.home, self.count = home, count

    def __call__(
        self, *roles: str, environment: Environment | None = None, email: str = "", name: str = ""
    ) -> Membership:
        self.count += 1
        where = environment or self.home
        with open_scope(environment_id=where.pk):
            membership = member_add(
                email=email or f"person{self.count}@{where.slug}.example.org",
                name=name or f"Person {self.count} of {where.name}",
                roles=roles or ("learner",),
            )
            membership.environment = where
            return membership


@stands("env")
def alpha() -> World:
    return {"env": environment("alpha")}


@stands("other")
def beta() -> World:
    return {"other": environment("beta")}


@stands("env", "other")
def alpha_and_beta() -> World:
    return {"env": environment("alpha"), "other": environment("beta")}
