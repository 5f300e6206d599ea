"""All settings, from the environment. Absent secrets stop start-up outside the demo and the tests."""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from portal import environment
from portal.eid import providers

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = environment.mode()
DEMO = MODE == "demo"
TESTING = MODE == "test"
PRODUCTION = MODE == "production"
DEBUG = False

SECRET_KEY = environment.required("SECRET_KEY")
ALLOWED_HOSTS = environment.listed("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1],testserver")
PORTAL_BASE_URL = os.environ.get("PORTAL_BASE_URL", "http://localhost:8000")
CSRF_TRUSTED_ORIGINS = environment.listed("CSRF_TRUSTED_ORIGINS")
PORTAL_NAME = os.environ.get("PORTAL_NAME", "Samhandlingsportalen")

# National numbers are encrypted under one set of keys and looked up under another (id:base64, newest first).
PORTAL_FNR_KEYS = environment.required("PORTAL_FNR_KEYS")
PORTAL_FNR_HASH_KEYS = environment.required("PORTAL_FNR_HASH_KEYS")
PORTAL_ALLOW_SYNTHETIC_NUMBERS = not PRODUCTION

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "pgtrigger",
    "portal",
    "guideline",
    "cases",
    "referrals",
    "network",
]

MIDDLEWARE = [
    # First: a probe needs no session, no database role and no known host name.
    "portal.health.answer_probes",
    "django.middleware.security.SecurityMiddleware",
    "portal.headers.always",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.request_id",
    "portal.middleware.DatabaseRole",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.htmx.login_redirect",
    "portal.second_factor.RequireSecondFactor",
    "portal.middleware.ActingAs",
    "portal.middleware.IdleTimeout",
    "portal.kept.restoring",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "guideline.middleware.SayEditionMissing",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.shell",
                "guideline.page_help.page_help",
            ],
            "builtins": ["portal.templatetags.ui", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "portal.forms.PortalRenderer"

# The web and the workers own nothing; migrations and tests run as the owner of the tables (docs/adr).
AS_OWNER = os.environ.get("PORTAL_DB_AS", "owner" if TESTING else "web") == "owner"
DATABASES = {
    "default": environment.database(
        environment.required("DATABASE_OWNER_URL" if AS_OWNER else "DATABASE_URL"), pooled=not AS_OWNER
    )
}
PORTAL_DB_ROLE = "portal_app"
PORTAL_DB_JOB_ROLE = "portal_job"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = environment.required("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://"),
    }
}

AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if TESTING:
    # Argon-strength hashing in every fixture would make the suite slow without testing anything of ours.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/innboks/"
# HelseID, ID-porten and Ansattporten, each when it is set up (portal.eid.providers; portal.E004 checks).
EID_PROVIDERS, EID_PROBLEMS = providers.read(os.environ)
# A password alone opens nothing: a second factor, or an electronic identity (docs/adr/0010).
PORTAL_REQUIRE_MFA = PRODUCTION or environment.flag("PORTAL_REQUIRE_MFA")
MFA_ADAPTER = "portal.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "portal.account_forms.CodeForm",
    "reauthenticate": "portal.account_forms.CodeAgainForm",
    "activate_totp": "portal.account_forms.FirstCodeForm",
    "add_webauthn": "portal.account_forms.KeyForm",
}
MFA_TOTP_ISSUER = PORTAL_NAME
# A code typed as the next one came is right too.
MFA_TOTP_TOLERANCE = 1
# The address is proven by the letter the password was chosen from.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_ADAPTER = "portal.login.InvitedOnly"
ACCOUNT_FORMS = {"login": "portal.account_forms.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
# Who comes through a proxy is told apart by the last addresses of X-Forwarded-For, as many as the proxies in front:
# else a whole region shares the attempts of one. Services share an address too (a school, a hospital), so what is
# counted by address is wide, and what is counted by account is narrow.
ALLAUTH_TRUSTED_PROXY_COUNT = int(
    os.environ.get("PORTAL_PROXY_COUNT", "1" if environment.flag("PORTAL_BEHIND_PROXY") else "0")
)
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "reset_password": "60/m/ip,3/m/key",
    "reset_password_from_key": "60/m/ip",
}
AXES_CLIENT_IP_CALLABLE = "portal.login.address_of"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if DEMO or TESTING else "https"
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# Sessions: idle 30 minutes, at most a working day; the text being written survives (portal.kept). The row lives longer,
# so that a form sent the next morning is still known to be somebody's.
SESSION_ENGINE = "portal.sessions"
SESSION_COOKIE_AGE = 4 * 24 * 60 * 60
PORTAL_SESSION_SECONDS = int(os.environ.get("PORTAL_SESSION_SECONDS", str(10 * 60 * 60)))
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
PORTAL_IDLE_SECONDS = int(os.environ.get("PORTAL_IDLE_SECONDS", str(30 * 60)))

HTTPS = PRODUCTION
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "portal.htmx.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS and environment.flag("PORTAL_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag("PORTAL_BEHIND_PROXY") else None
SECURE_REDIRECT_EXEMPT = [r"^helse/"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        # The design system draws its icons as masks with data: images (docs/adr/0005).
        "img-src": [SELF, "data:"],
        "base-uri": [SELF],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Norsk bokmål")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Oslo"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("PORTAL_STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MANIFEST_STATIC = environment.flag("PORTAL_MANIFEST_STATIC", not TESTING)
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": os.environ.get("PORTAL_MEDIA_ROOT", str(BASE_DIR / "media")), "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if MANIFEST_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = os.environ.get("PORTAL_MEDIA_ROOT", str(BASE_DIR / "media"))
FILE_UPLOAD_PERMISSIONS = 0o600
# tcp://host:port or unix:///path of clamd; empty, no virus scanning. Without an answer in time nothing is stored.
PORTAL_CLAMD = os.environ.get("PORTAL_CLAMD", "")
PORTAL_CLAMD_SECONDS = float(os.environ.get("PORTAL_CLAMD_SECONDS", "15"))
PORTAL_UPLOAD_MAX_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

EMAIL_HOST = os.environ.get("PORTAL_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("PORTAL_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("PORTAL_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("PORTAL_SMTP_PASSWORD", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = environment.mail_security()
EMAIL_TIMEOUT = 15
EMAIL_BACKEND = os.environ.get(
    "PORTAL_EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend" if PRODUCTION else "django.core.mail.backends.console.EmailBackend",
)
DEFAULT_FROM_EMAIL = os.environ.get("PORTAL_FROM_EMAIL", "ikke-svar@portal.invalid")

# What the leader of a service is asked to look at, for so many days back: somebody opening this many different cases
# within an hour, and cases opened outside these hours of a working day; some kinds of service work at all hours.
PORTAL_UNUSUAL_CASES_IN_AN_HOUR = int(os.environ.get("PORTAL_UNUSUAL_CASES_IN_AN_HOUR", "20"))
PORTAL_UNUSUAL_DAYS = int(os.environ.get("PORTAL_UNUSUAL_DAYS", "30"))
PORTAL_WORKING_HOURS = (6, 20)
PORTAL_WORKS_AT_ALL_HOURS = frozenset(
    environment.listed("PORTAL_WORKS_AT_ALL_HOURS", "emergency_clinic,childrens_ward")
)
# Who is told when the trail does not hold, and gets the newest seals every day; and a folder for the same list, best on
# a machine that the database's owner cannot reach.
PORTAL_AUDIT_MAIL = environment.listed("PORTAL_AUDIT_MAIL")
PORTAL_SEAL_FOLDER = os.environ.get("PORTAL_SEAL_FOLDER", "")

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING_CONFIG = None

if not TESTING:
    from portal.logs import configure

    configure(os.environ.get("PORTAL_LOG_LEVEL", "WARNING" if DEMO else "INFO"))
