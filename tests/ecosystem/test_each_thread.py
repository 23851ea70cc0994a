"""Each thread has connections, a language and a time zone of its own, and settings are those that Django says."""

from concurrent.futures import ThreadPoolExecutor
from threading import local
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings, settings
from django.core.cache import caches
from django.db import connections
from django.test import override_settings
from django.utils import timezone, translation
from django.utils.translation import trans_real

DHAKA = ZoneInfo("Asia/Dhaka")


def of_another_thread():
    return connections["default"], caches["default"], translation.get_language(), timezone.get_current_timezone()


def test_a_thread_sees_nothing_of_another():
    assert [type(one) for one in (connections._connections, trans_real._active)] == [local, local]
    with translation.override("nl"), timezone.override(DHAKA), ThreadPoolExecutor(1) as thread:
        theirs = thread.submit(of_another_thread).result()
        assert of_another_thread()[2:] == ("nl", DHAKA)
    assert theirs[0] is not connections["default"]
    assert theirs[1] is not caches["default"]
    assert theirs[2:] == (settings.LANGUAGE_CODE, timezone.get_default_timezone())


def test_settings_are_read_as_before():
    assert settings.is_overridden("LANGUAGE_CODE")
    with override_settings(PAGE_OF_A_TEST=7):
        assert settings.PAGE_OF_A_TEST == 7
    with pytest.raises(AttributeError, match="PAGE_OF_A_TEST"):
        _ = settings.PAGE_OF_A_TEST
    assert "INSTALLED_APPS" in dir(settings)
    assert LazySettings.__getattribute__ is object.__getattribute__
