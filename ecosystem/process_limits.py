"""What a process that reads files of strangers may take: set by itself, before it reads."""

import resource


def limits_set(*, megabytes: int, seconds: int, largest: int | None = None) -> None:
    """Of memory, of time on a processor, and of a file that it writes (bytes)."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if largest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
