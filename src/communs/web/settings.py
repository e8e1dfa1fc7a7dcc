"""Django's settings, made from `communs.web.config`: nothing here reads the environment by itself."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from communs.web.config import read_config

CONFIG = read_config()
HERE = Path(__file__).resolve().parent
DATA = CONFIG.data

DEBUG = False
DEMO = CONFIG.demo
SECRET_KEY = CONFIG.secret_key
ALLOWED_HOSTS = CONFIG.hosts
PUBLIC_URL = CONFIG.public_url
LOCAL_ADDRESS = CONFIG.local_address
CSRF_TRUSTED_ORIGINS = [CONFIG.public_url] if CONFIG.public_url else []

DATABASES = {"default": dict(CONFIG.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "communs.apps.following",
    "communs.apps.foundation",
    "communs.apps.funding",
    "communs.apps.register",
    "communs.apps.accounts",
    "communs.kit",
    "communs.web",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "ninja",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "communs.web.middleware.RequestLog",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "communs.web.pagecache.PublicPageCache",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "communs.web.middleware.Refusals",
    "communs.web.middleware.WholeDownloads",
]

ROOT_URLCONF = "communs.web.urls"
WSGI_APPLICATION = "communs.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "communs.web.context.house",
            ],
            "builtins": ["communs.web.templatetags.house"],
        },
    }
]

# Languages and time: every page is written in both languages; moments are stored in UTC.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [HERE / "locale", HERE.parent / "core" / "locale", HERE.parent / "kit" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Brussels"

# People sign in with an e-mail address; allauth brings confirmation, TOTP and passkeys.
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:me"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "communs.apps.accounts.adapter.AccountAdapter"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if CONFIG.public_url.startswith("https") else "http"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not CONFIG.is_public
MFA_TOTP_ISSUER = "communs"
MFA_TOTP_TOLERANCE = 1  # a code that was typed as its half minute ended, as RFC 6238 (5.2) advises

# E-mail: a server when one is named, otherwise files that a person can read.
DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONFIG.mail.sender
if CONFIG.mail.host:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = CONFIG.mail.host, CONFIG.mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = CONFIG.mail.user, CONFIG.mail.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = CONFIG.mail.use_tls, CONFIG.mail.use_ssl
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA / "mail"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Rate limits must hold across worker processes, so they count in the database; public pages are kept in memory
# by `communs.web.pagecache`.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "communs_cache"},
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
PUBLIC_PAGE_SECONDS = CONFIG.cache_seconds
# `communs.kit.fetch` stays out of private networks unless the operator lets link checks and the crawl in.
ALLOW_PRIVATE_ADDRESSES = CONFIG.allow_private
FORGE_TOKENS = CONFIG.forge_tokens
# Who takes payments for the site: `communs.kit.providers.open_providers` makes clients of it.
PAYMENT_PROVIDERS = CONFIG.providers
# Who the foundation is: its account, and what its receipts say of it.
FOUNDATION = CONFIG.foundation
FOUNDATION_SIRET = CONFIG.foundation_siret
# The transparency log of the public accounts (`communs.apps.foundation.logfiles`).
LOG_SEED, LOG_COSIGNERS = CONFIG.log_seed, CONFIG.log_cosigners

STATIC_URL = "/static/"
STATIC_ROOT = None  # nothing is collected: files are served from where they stand
STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "communs.web.assets.FingerprintedStorage"},
}

# Security: nothing from elsewhere, no inline script, no framing.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.public_url.startswith("https")
if CONFIG.public_url.startswith("https"):
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 1000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "communs.web.logs.TextFormatter"},
        "json": {"()": "communs.web.logs.JsonFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": CONFIG.log_format}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "httpx": {"level": "WARNING"},  # a line for each request would bury what a crawl has to tell
    },
}
