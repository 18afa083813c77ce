"""Settings of an installation. Demo and test settings build on these; see docs/operations/."""

from csp.constants import NONE, SELF
from django.conf.global_settings import STORAGES as DJANGO_STORAGES

from bole.kernel import sealing
from bole.project import environment as env

SECRETS = env.secret_file()
BOLE_KEYS = env.sealing_keys(SECRETS)
sealing.configure(BOLE_KEYS)

SECRET_KEY = str(SECRETS["secret_key"])
SECRET_KEY_FALLBACKS = [str(key) for key in SECRETS.get("former_secret_keys", [])]
DEBUG = False
ALLOWED_HOSTS = env.listed("BOLE_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.listed("BOLE_ORIGINS")

# The demo settings alone may turn these on (C56); see project/demo.py.
DEMO = False
BOLE_TEST_MODE = False
BOLE_FIXED_CODES: dict[str, str] = {}
BOLE_TIME_TRAVEL = False  # kernel.clock.travel: the demo's past, and tests
BOLE_TEST_MODE_ASKED = env.flag("BOLE_TEST_MODE")

# Administrators and unit accounts always give a second factor; operators where this is on (docs/operations/).
BOLE_OPERATOR_SECOND_FACTOR = env.flag("BOLE_OPERATOR_SECOND_FACTOR", True)

BOLE_BIND = env.bind()
# Local: nobody but this machine can reach the server, by any name. Everything else is served over HTTPS.
BOLE_LOCAL = env.is_loopback(BOLE_BIND[0]) and all(env.is_loopback(host) for host in ALLOWED_HOSTS)
BOLE_HTTPS = env.flag("BOLE_HTTPS", not BOLE_LOCAL)
BOLE_PROXY = env.flag("BOLE_PROXY")

ROOMS = [
    "audit", "standards", "documents", "accounts", "organizations", "definitions", "people",
    "notices", "portal", "cases", "titles", "review", "bindings", "web",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    *(f"bole.{room}" for room in ROOMS),
    "bole.project",
]
MIDDLEWARE = [
    "bole.project.logs.request_log",  # first, so that every line and every answer carries the request's name
    "bole.web.middleware.policy_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "bole.web.middleware.bounded_body",  # before anything reads the form
    "bole.web.middleware.acting_identity",  # before the token, which a switch of the capacity changes as well
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bole.web.middleware.Door",  # last: what a view raises comes to it first
]
ROOT_URLCONF = "bole.project.urls"
WSGI_APPLICATION = "bole.project.wsgi.application"
APPEND_SLASH = False

DATABASES = {"default": env.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Account"
PASSWORD_HASHERS = ["bole.project.hashing.Argon2id"]

SESSION_ENGINE = "bole.web.session_store"
SESSION_COOKIE_NAME = "__Host-session" if BOLE_HTTPS else "session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = BOLE_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_USE_SESSIONS = True
CSRF_FAILURE_VIEW = "bole.web.pages.errors.csrf_failed"
CSRF_COOKIE_SECURE = BOLE_HTTPS

SECURE_SSL_REDIRECT = BOLE_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BOLE_PROXY else None
SECURE_HSTS_SECONDS = 365 * 86400 if BOLE_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BOLE_HTTPS
SECURE_HSTS_PRELOAD = BOLE_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [
            SELF,
            "data:",
            "blob:",
        ],  # data: QR codes and marks in style sheets; blob: a photograph before upload
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "upgrade-insecure-requests": BOLE_HTTPS,
    }
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["bole.web.templatetags.acting"],
            "context_processors": ["django.template.context_processors.request", "bole.web.context.shell"],
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = env.VAR / "static"
STORAGES = {
    **DJANGO_STORAGES,
    "staticfiles": {"BACKEND": "bole.web.storage.HashedFiles"},
}
WHITENOISE_MAX_AGE = 3600

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # what is not a file; files are limited by the documents room
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a long section posts some fields per record
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LOG_LEVEL = "INFO"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "bole.project.logs.JsonLines"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["lines"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "pikepdf": {"level": "WARNING"},  # says at each start that it has started
    },
}

BOLE_FONT_PATHS = env.listed("BOLE_FONTS")  # folders with further fonts, for names that none of ours can draw
BOLE_CATALOGUE = env.ROOT / "catalogue"
BOLE_VAR = env.VAR
BOLE_FILES = env.VAR / "files"
BOLE_DERIVED = env.VAR / "derived"  # thumbnails; not in backups
BOLE_OUTBOX = env.VAR / "outbox.jsonl"
# Who else vouches for persons (电子社保卡, 统一身份认证): JSON, or the path of a file with it; see docs/operations/.
BOLE_IDENTITY_PROVIDERS = env.text("BOLE_IDENTITY_PROVIDERS")
