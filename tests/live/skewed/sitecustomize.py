"""Found first by every Python process of a site whose clock is wrong (tests/live/test_odd.py)."""

import os
from datetime import UTC, datetime, timedelta

import time_machine

hours = float(os.environ["CLOCK_IS_WRONG_BY_HOURS"])
time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True).start()
