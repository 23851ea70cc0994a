"""One settings file; what differs between machines comes from the environment (docs/deploy.md has the table)."""

import os
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import environ, stores
from config.beat import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = environ.flag("GROVE_DEBUG")
SECRET_KEY = environ.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = environ.words("SECRET_KEY_FALLBACKS")

# Hosts are rows (ecosystem.Host); ScopeMiddleware answers 404 for any other, so nothing is decided here.
ALLOWED_HOSTS = ["*"]
GROVE_PORT = environ.number("GROVE_PORT", 8000)
HTTPS = environ.flag("GROVE_HTTPS")

# --- apps, in the layers of docs/architecture.md -----------------------------------------------------------------
GROVE_APPS = [
    "ecosystem",
    "records",
    "notifications",
    "content",
    "assessments",
    "events",
    "handins",
    "social",
    "courses",
    "catalogue",
    "certificates",
    "memotrainer",
    "gardening",
    "reporting",
    "api",
    "lti",
    "demo",
]
INSTALLED_APPS = [
    "ecosystem.admin_config.GroveAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "oauth2_provider",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
    *GROVE_APPS,
]
MIDDLEWARE = [
    "ecosystem.middleware.telemetry.TelemetryMiddleware",
    "api.middleware.EncryptedOnlyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "ecosystem.middleware.headers.HeadersMiddleware",
    "assessments.middleware.QuickSaveMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "ecosystem.middleware.once.OnceMiddleware",  # outside the transaction of the scope
    "ecosystem.middleware.scope.ScopeMiddleware",
    "ecosystem.middleware.language.LanguageMiddleware",
    "ecosystem.middleware.viewing.ViewingMiddleware",
    "ecosystem.middleware.second_factor.SecondFactorMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ecosystem.middleware.proof.ProofMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    *(["ecosystem.middleware.not_found.NotFoundMiddleware"] if DEBUG else []),
]
ROOT_URLCONF = "config.urls"
# The host beside each host on which packages run, apart from the site (ecosystem/isolated.py).
ISOLATED_URLCONF = "config.isolated_urls"
ISOLATED_HOST = environ.text("GROVE_ISOLATED_HOST", "packages.{host}")
if ISOLATED_HOST.count("{host}") != 1 or ISOLATED_HOST == "{host}":
    raise ImproperlyConfigured("GROVE_ISOLATED_HOST must hold {host} once, and something beside it.")
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ecosystem.context.page",
            ],
        },
    },
]

FORM_RENDERER = "ecosystem.form_renderer.FormRenderer"


# --- stores ------------------------------------------------------------------------------------------------------
# `default` is the runtime role: it owns nothing and row-level security binds it. `owner` runs migrations only.
DATABASES = {"default": stores.database(environ.text("DATABASE_URL"))}
if owner_url := environ.text("DATABASE_OWNER_URL", ""):
    DATABASES["owner"] = stores.owner_database(owner_url)
DATABASE_ROUTERS = ["config.database_router.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Reads of ecosystem.prepared are named on each connection. Off behind a pooler that hands connections round.
PREPARE_ON_SERVER = environ.flag("DATABASE_PREPARE", default=True)

REDIS_URL = environ.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "ecosystem.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "grove",
        # A cache that is away is a miss at once; redis-py would try for seconds.
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"  # an emptied Redis signs nobody out
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
DEVICE_COOKIE_NAME = "__Host-device" if HTTPS else "device"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- arithmetic: read by numpy when it is imported, which is after this ---------------------------------------------
# Our matrices are small and our processes many: the threads of OpenBLAS wait for each other, at the cost of a core each.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# --- background work ---------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A request never waits for the broker: the outbox row is the truth and the sweeper sends it again.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 1,
    "socket_timeout": 1,  # whoever publishes; workers wait longer (config/celery.py)
    "max_retries": 1,  # of a publish; kombu would try for six seconds, in which a learner waits
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = SCHEDULE

# --- people and sign-in ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "ecosystem.Person"
AUTHENTICATION_BACKENDS = ["ecosystem.auth.MemberBackend"]
PASSWORD_HASHERS = [
    "ecosystem.hashing.PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "ecosystem.password_words.KnownWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "ecosystem.auth.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no mail, and the page says the same
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_FORMS = {
    "login": "ecosystem.account_forms.MemberLoginForm",
    "reset_password": "ecosystem.account_forms.MemberResetPasswordForm",
    "request_login_code": "ecosystem.account_forms.MemberCodeForm",
    "confirm_login_code": "ecosystem.account_forms.CodeForm",
    "reauthenticate": "ecosystem.account_forms.PasswordProofForm",
}
SOCIALACCOUNT_ADAPTER = "ecosystem.organisation.OrganisationAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that leads elsewhere is against our policy; the state is in the session
SOCIALACCOUNT_STORE_TOKENS = False
# host:port of OpenID Connect providers on a private network, or without TLS; any other must be public.
ISSUERS_INSIDE = environ.words("ISSUERS_INSIDE")
MFA_ADAPTER = "ecosystem.auth.SecondFactorAdapter"
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}  # an office has one address; a passkey cannot be guessed
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an address is confirmed by the invitation that was sent to it
MFA_FORMS = {
    "authenticate": "ecosystem.account_forms.FactorForm",
    "reauthenticate": "ecosystem.account_forms.FactorProofForm",
    "activate_totp": "ecosystem.account_forms.AppForm",
    "add_webauthn": "ecosystem.account_forms.PasskeyForm",
    "login_webauthn": "ecosystem.account_forms.PasskeyLoginForm",
    "authenticate_webauthn": "ecosystem.account_forms.PasskeySecondForm",
    "reauthenticate_webauthn": "ecosystem.account_forms.PasskeyProofForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "invitation": "20/m/ip",
    "saml": "60/m/ip",
    "organisation": "60/m/ip",
}

# --- languages and time ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("nl", _("Dutch"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- files -------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = environ.text("STATIC_ROOT", str(BASE_DIR / ".grove" / "static"))
MEDIA_ROOT = environ.text("MEDIA_ROOT", str(BASE_DIR / "media"))
STORAGES = {
    "default": stores.files(environ.text("STORAGE_URL", ""), folder=MEDIA_ROOT),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if environ.flag("GROVE_PLAIN_STATIC")
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Straight from the source tree in development and tests, collected and compressed otherwise.
WHITENOISE_USE_FINDERS = DEBUG or environ.flag("GROVE_PLAIN_STATIC")
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS  # else every test client reads the whole tree when it is made
CLAMD = environ.text(
    "GROVE_CLAMD", ""
)  # host:port of a scanner that looks at files people bring (ecosystem/scanning.py)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# --- mail --------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = environ.text("MAIL_FROM", "Grove <no-reply@localhost>")
MAIL_DIR = environ.text("MAIL_DIR", str(BASE_DIR / ".grove" / "mail"))
if email_url := environ.text("EMAIL_URL", ""):
    # smtp://user:password@host:587 (STARTTLS with ?tls=1), smtps://user:password@host:465
    _mail = urlsplit(email_url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname, _mail.port or (465 if _mail.scheme == "smtps" else 25)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = not EMAIL_USE_SSL and "tls=1" in _mail.query
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_DIR

# --- web push: without a key nobody is asked (`manage.py make_push_key` makes one) ---------------------------------
# One document: longer or larger and it is not made (ecosystem/pdf.py).
PDF_SECONDS = environ.number("GROVE_PDF_SECONDS", 30)
PDF_MEMORY_MB = environ.number("GROVE_PDF_MEMORY_MB", 1024)

VAPID_KEY = environ.text("GROVE_VAPID_KEY", "")
PUSH_SERVICES = environ.words("GROVE_PUSH_SERVICES")  # hosts beside those of the known browsers; ".x" with all below x
PUSH_TRUSTED_ORIGINS: list[str] = []  # past every check of addresses: for tests
# --- how long is kept what is done with (`notifications.prune`), in days ---
KEEP_MAIL_DAYS = environ.number("GROVE_KEEP_MAIL_DAYS", 180)
KEEP_NOTICE_DAYS = environ.number("GROVE_KEEP_NOTICE_DAYS", 365)

# --- REST --------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.TokenAuthentication", "api.authentication.PageSession"],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.DeclaredRule"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.BoundedJSON"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.Cursor",
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.Budget"],
    "DEFAULT_FILTER_BACKENDS": ["api.queries.Filters"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.problems.problem_json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
# Requests a minute: of one token, application or signed-in person, and of an environment in all.
API_PER_CALLER = environ.number("GROVE_API_PER_CALLER", 600)
# Webhooks go to public addresses by https only; with this also to this machine, for development and tests.
WEBHOOKS_TO_THIS_MACHINE = environ.flag("GROVE_WEBHOOKS_TO_THIS_MACHINE")
API_PER_ENVIRONMENT = environ.number("GROVE_API_PER_ENVIRONMENT", 6000)
# OAuth 2 on our own rows (api/models/oauth.py); no implicit or password grant, no OpenID Connect, no devices.
OAUTH2_PROVIDER_APPLICATION_MODEL = "api.OAuthApplication"
OAUTH2_PROVIDER_GRANT_MODEL = "api.OAuthGrant"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "api.OAuthAccessToken"  # noqa: S105 -- the name of a model
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "api.OAuthRefreshToken"  # noqa: S105 -- the name of a model
OAUTH2_PROVIDER = {
    "OAUTH2_VALIDATOR_CLASS": "api.oauth.Validator",
    "SCOPES_BACKEND_CLASS": "api.oauth.AreaScopes",
    "ACCESS_TOKEN_GENERATOR": "api.oauth.access_token_new",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 30 * 24 * 3600,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ROTATE_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,  # hashes only
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "PKCE_REQUIRED": True,
    "REQUEST_APPROVAL_PROMPT": "force",
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"] if HTTPS else ["http", "https"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Grove",
    "DESCRIPTION": "Everything that the pages of an environment show and do. docs/api.md tells how it fits together.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "RoleEnum": "ecosystem.models.Role",
        "EnrolmentStateEnum": "courses.models.EnrolmentState",
        "ActivityStateEnum": "courses.models.State",
        "KindEnum": "ecosystem.models.ConnectionKind",
        "ModeEnum": "assessments.models.Mode",
        "TrainingModeEnum": "memotrainer.enums.Mode",
        "PageKindEnum": "content.enums.PAGE_KINDS",
        "EventQuestionKindEnum": "events.models.QuestionKind",
        "SeatStateEnum": "events.models.SeatState",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "api.schema.complete"],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

# --- what those who run it are told: figures, error reports, one line an event; no personal data ------------------
METRICS_PORT = environ.number("GROVE_METRICS_PORT", 0)  # 0: nobody can ask
METRICS_ADDRESS = environ.text("GROVE_METRICS_ADDRESS", "127.0.0.1")
METRICS_DIR = str(Path(tempfile.gettempdir()) / f"grove-figures-{os.getuid()}-{METRICS_PORT}")
if METRICS_PORT:
    Path(METRICS_DIR).mkdir(mode=0o700, exist_ok=True)
    # Read by prometheus_client when it is imported, which is after this.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = METRICS_DIR
SENTRY_DSN = environ.text("SENTRY_DSN", "")
LOG_FORMAT = environ.text("GROVE_LOG_FORMAT", "line")
if LOG_FORMAT not in {"line", "json"}:
    raise ImproperlyConfigured(f"GROVE_LOG_FORMAT says {LOG_FORMAT!r}: line or json is needed.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_people": {"()": "ecosystem.telemetry.lines.WithoutPeople"}},
    "formatters": {
        "line": {"()": "ecosystem.telemetry.lines.PlainLine", "format": "%(levelname)s %(name)s %(message)s"},
        "json": {"()": "ecosystem.telemetry.lines.JsonLine"},
    },
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["without_people"]}},
    "root": {"handlers": ["out"], "level": environ.text("GROVE_LOG", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        # What our own line of each task says.
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
