"""docker-compose.yml, Dockerfile and what they refer to. No engine runs here, so these tests read them."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from api.middleware import FOR_SOFTWARE

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
GROVE = ("web", "worker", "worker-interactive", "beat", "migrate")
DOCKERFILE = (ROOT / "Dockerfile").read_text()
# Settings that have a value fit for production when nobody sets them.
NOT_NEEDED = {
    "GROVE_DEBUG", "GROVE_PORT", "GROVE_TICK_SECONDS", "GROVE_PLAIN_STATIC", "MAIL_DIR", "DATABASE_OWNER_URL", "DATABASE_PREPARE",
    "GROVE_KEEP_MAIL_DAYS", "GROVE_KEEP_NOTICE_DAYS", "GROVE_API_PER_CALLER", "GROVE_API_PER_ENVIRONMENT",
    "GROVE_WEBHOOKS_TO_THIS_MACHINE", "ISSUERS_INSIDE", "GROVE_PDF_SECONDS", "GROVE_PDF_MEMORY_MB",
    "GROVE_ISOLATED_HOST",
}  # fmt: skip


def environment(service: str) -> dict[str, str]:
    return SERVICES[service].get("environment", {})


def settings_read() -> set[str]:
    source = "".join(path.read_text() for path in sorted((ROOT / "config").glob("*.py")))
    return set(re.findall(r"environ\.(?:text|flag|number|words)\(\s*\"(\w+)\"", source))


def set_in_image() -> set[str]:
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    return {
        name
        for line in re.findall(r"(?:ENV |^    )((?:[A-Z_]+=\S+ ?)+)", final, re.M)
        for name in re.findall(r"([A-Z_]+)=", line)
    }


def test_the_services_are_there():
    assert set(SERVICES) == {*GROVE, "proxy", "postgres", "valkey"}


@pytest.mark.parametrize("service", GROVE)
def test_each_setting_is_given(service):
    assert settings_read() - set(environment(service)) - set_in_image() <= NOT_NEEDED


@pytest.mark.parametrize("service", GROVE)
def test_no_setting_is_given_that_nobody_reads(service):
    known = settings_read() | {"GRANIAN_WORKERS"}
    assert set(environment(service)) <= known


def test_only_the_migration_knows_the_owner():
    assert [name for name in SERVICES if "DATABASE_OWNER_URL" in environment(name)] == ["migrate"]
    assert "grove_owner" in environment("migrate")["DATABASE_OWNER_URL"]
    assert all("//grove_app:" in environment(name)["DATABASE_URL"] for name in GROVE)


def test_each_variable_is_explained_in_the_example():
    used = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text()))
    example = (ROOT / "deploy/example.env").read_text()
    assert used <= set(re.findall(r"^(\w+)=", example, re.M))


def test_no_secret_has_a_value_in_the_files():
    example = (ROOT / "deploy/example.env").read_text()
    filled = dict(re.findall(r"^(\w+)=(.*)$", example, re.M))
    assert {name for name in filled if re.search("SECRET|PASSWORD", name) and filled[name]} == set()


def test_no_image_floats():
    images = [service["image"] for service in SERVICES.values() if "build" not in service]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)
    assert images
    assert all(":" in image and not image.endswith(":latest") for image in images)


def test_only_the_proxy_is_reachable_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_the_stores_are_on_a_network_without_internet():
    assert COMPOSE["networks"]["stores"]["internal"] is True
    assert SERVICES["postgres"]["networks"] == SERVICES["valkey"]["networks"] == ["stores"]


@pytest.mark.parametrize("service", GROVE)
def test_groves_containers_may_do_little(service):
    made = SERVICES[service]
    assert made["read_only"] is True
    assert made["cap_drop"] == ["ALL"]
    assert "user" not in made


def test_the_image_runs_as_an_ordinary_account():
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.M) == ["grove"]
    assert "HEALTHCHECK" in DOCKERFILE
    assert "/healthz" in DOCKERFILE
    assert "--require-hashes" in DOCKERFILE


def test_every_service_that_stays_is_watched():
    checked = {name for name, service in SERVICES.items() if "healthcheck" in service}
    assert set(SERVICES) - checked == {"proxy", "web"}, "web has the health check of the image, the proxy has none"


def test_every_queue_is_taken_and_letters_wait_behind_nothing():
    taken = {name: SERVICES[name]["command"] for name in ("worker", "worker-interactive")}
    queues = {name: command[command.index("-Q") + 1].split(",") for name, command in taken.items()}
    assert queues == {"worker": ["default", "bulk"], "worker-interactive": ["interactive"]}


def test_everything_waits_for_the_migration():
    for service in ("web", "worker", "worker-interactive", "beat"):
        assert SERVICES[service]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_mounted_files_exist():
    mounts = [mount for service in SERVICES.values() for mount in service.get("volumes", [])]
    sources = [mount.split(":")[0] for mount in mounts]
    assert {source for source in sources if source.startswith(".") and not (ROOT / source).exists()} == set()
    assert {source for source in sources if not source.startswith(".")} == set(COMPOSE["volumes"])


def test_the_proxy_serves_the_hosts_of_the_environment():
    caddyfile = (ROOT / "deploy/Caddyfile").read_text()
    assert set(re.findall(r"\{\$(\w+)\}", caddyfile)) == set(environment("proxy"))
    assert "reverse_proxy web:8000" in caddyfile


def test_the_proxy_speaks_new_tls_with_public_certificates_and_sends_no_software_on():
    """Checked with Caddy itself when it was written; here the words that matter are kept in their place."""
    caddyfile = (ROOT / "deploy/Caddyfile").read_text()
    assert "protocols tls1.2 tls1.3" in caddyfile
    assert not re.search(r"tls internal|ciphers|insecure|acme_ca", caddyfile)
    without, _, encrypted = caddyfile.partition("{$GROVE_HOSTS} {")
    assert "auto_https disable_redirects" in without
    assert re.search(r"@software path (.+)", without)[1].split() == [
        path + ("*" if path.startswith(("/api/", "/lti/items")) else "") for path in FOR_SOFTWARE
    ]
    refused = re.search(r"handle @software \{\s*respond .+ 403\s*\}\s*handle \{\s*redir https://", without)
    assert refused
    assert "reverse_proxy" not in without
    assert "reverse_proxy" in encrypted


def test_the_locks_name_no_registry():
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in lock.read_text()
    assert "resolved" not in (ROOT / "tools/browser/package-lock.json").read_text()


@pytest.mark.parametrize("lock", ["run", "test"])
def test_the_locks_hold_what_pyproject_asks_for(lock):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = project["dependencies"] + (project["optional-dependencies"]["test"] if lock == "test" else [])
    pins = {re.sub(r"\[.*?\]|;.*| ", "", line) for line in asked}
    locked = set(re.findall(r"^([\w.-]+==[\w.]+)", (ROOT / f"requirements/{lock}.txt").read_text(), re.M))
    assert pins - locked == set(), "run ./grove lock"
