"""What the web server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
reverse("home")  # loads every page and route, for which the first visitor would wait two seconds

# What was loaded stays for good: the collector need not walk through it again, nor look after every few hundred objects.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
