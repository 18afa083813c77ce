"""Settings of an installation. Demo and test settings build on these; see docs/operations/."""

from bole.kernel import sealing
from bole.project import environment as env

_secret = env.secret_file()
sealing.configure(env.sealing_keys(_secret))

SECRET_KEY = str(_secret["secret_key"])
DEBUG = False
DEMO = False
ALLOWED_HOSTS = env.listed("BOLE_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.listed("BOLE_ORIGINS")

ROOMS = [
    "audit", "standards", "documents", "accounts", "organizations", "definitions", "people",
    "notices", "portal", "cases", "review", "bindings", "web",
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
DATABASES = {"default": env.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Account"
ROOT_URLCONF = "bole.project.urls"
WSGI_APPLICATION = "bole.project.wsgi.application"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

BOLE_CATALOGUE = env.ROOT / "catalogue"
BOLE_VAR = env.VAR
