"""A share as a percentage that people read."""

SLACK = 1e-6  # 0.29 * 100 is a little less than 29


def percent_of(share: float) -> int:
    """Rounded down, so that 69.6 does not look like the 70 that was asked for."""
    return int(share * 100 + SLACK)
