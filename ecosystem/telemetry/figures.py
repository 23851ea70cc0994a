"""Figures for Prometheus. Counted in files that all processes of one machine share; asked for on a port of its own.

Imported by whatever counts; without GROVE_METRICS_PORT counting costs a few microseconds and nobody can ask.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from prometheus_client import Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

requests = Histogram(
    "grove_request_seconds", "Requests by route, method and status", ["route", "method", "status"], buckets=SECONDS
)
tasks = Counter("grove_tasks", "Tasks that ended, by name and outcome", ["task", "outcome"])
task_seconds = Histogram("grove_task_seconds", "How long tasks took", ["task"], buckets=SECONDS)


class Gauge(NamedTuple):
    """A figure that is looked up when asked for. ``read`` gives values by label."""

    name: str
    words: str
    label: str
    read: Callable[[], dict[str, float]]


_gauges: dict[str, Gauge] = {}


def gauge(
    name: str, words: str, *, label: str
) -> Callable[[Callable[[], dict[str, float]]], Callable[[], dict[str, float]]]:
    """Register a figure, in an app's ``gauges.py``; the function runs at each scrape and may use ``system_rows()``."""

    def register(read: Callable[[], dict[str, float]]) -> Callable[[], dict[str, float]]:
        _gauges[name] = Gauge(name, words, label, read)
        return read

    return register


class Looked:
    """Collects the registered gauges. One that cannot be read is left out and counted, so that the others still show."""

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterable[Metric]:
        failed = 0
        for one in list(_gauges.values()):
            try:
                values = one.read()
            except Exception:  # noqa: BLE001 -- the database may be away, which is when somebody looks at figures
                failed += 1
                continue
            family = GaugeMetricFamily(one.name, one.words, labels=[one.label])
            for label, value in sorted(values.items()):
                family.add_metric([label], value)
            yield family
        unreadable = GaugeMetricFamily("grove_gauges_unreadable", "Figures that could not be looked up just now")
        unreadable.add_metric([], failed)
        yield unreadable
