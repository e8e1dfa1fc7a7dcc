"""Settings from the environment: read once, checked at start, failing loudly with the name of what is missing."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from communs.apps.foundation.identity import Identity, read_identity
from communs.core.providers.settings import ProviderSettings, read_settings
from communs.web.parent import ADDRESS


class ConfigError(Exception):
    """The environment does not allow a start; the message names each variable and what to set it to."""


@dataclass(frozen=True, slots=True)
class Mail:
    """Where e-mail goes: a server, or a folder of files when none is named."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    use_tls: bool = False
    use_ssl: bool = False
    sender: str = "communs@localhost"


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the process takes from its environment."""

    data: Path
    database: Mapping[str, object]
    secret_key: str
    public_url: str
    local_address: str  # where this machine reaches the site: links lead there as long as it is not public
    mail: Mail
    demo: bool
    log_format: str
    cache_seconds: int
    allow_private: bool
    forge_tokens: Mapping[str, str]
    providers: ProviderSettings
    foundation: Identity
    foundation_siret: str
    log_seed: str  # signs the transparency log; empty: a key in the data folder
    log_cosigners: str

    @property
    def is_public(self) -> bool:
        """Served under a public address (stricter checks) rather than on this machine only."""
        return bool(self.public_url)

    @property
    def hosts(self) -> list[str]:
        local = ["localhost", "127.0.0.1", "[::1]"]
        host = urlsplit(self.public_url).hostname
        return [host, *local] if host else [*local, "testserver"]


# name, default in words, meaning: the documentation and `communs doctor` are made from this table.
VARIABLES: tuple[tuple[str, str, str], ...] = (
    ("COMMUNS_DATA", "~/.local/share/communs", "folder of the database, mail files and generated key"),
    ("DATABASE_URL", "SQLite in the data folder", "postgres://user:password@host:port/name for production"),
    (
        "COMMUNS_PUBLIC_URL",
        "none: this machine only",
        "https address under which the site is reached; unlocks other hosts",
    ),
    (
        "COMMUNS_SECRET_KEY",
        "generated in the data folder",
        "50 random characters; required with COMMUNS_PUBLIC_URL",
    ),
    (
        "COMMUNS_MAIL_URL",
        "files in the data folder",
        "smtp://user:password@host:587?tls=1 or smtps://…:465; required with COMMUNS_PUBLIC_URL",
    ),
    ("COMMUNS_MAIL_FROM", "communs@localhost", "sender of e-mail; required with COMMUNS_PUBLIC_URL"),
    ("COMMUNS_DEMO", "0", "1 adds the demonstration people; refused with COMMUNS_PUBLIC_URL"),
    ("COMMUNS_LOG", "text", "text or json: one line an event on stderr"),
    (
        "COMMUNS_ALLOW_PRIVATE",
        "0",
        "1 lets link checks and the crawl reach private networks, for a site whose links lie inside one",
    ),
    (
        "COMMUNS_FORGE_TOKENS",
        "none",
        "host=token pairs, separated by commas, that raise the limits of forges for the crawl: github.com=…",
    ),
    (
        "COMMUNS_LOG_SEED",
        "generated in the data folder",
        "32 random bytes in base64: the key that signs the log of the public accounts",
    ),
    (
        "COMMUNS_LOG_COSIGNERS",
        "none",
        "public keys (name+id+base64), separated by commas, whose co-signatures of that log are taken",
    ),
    ("COMMUNS_FOUNDATION_NAME", "Fondation des communs", "the foundation, as its bank and its receipts name it"),
    ("COMMUNS_FOUNDATION_IBAN", "an example", "the account that gifts by transfer go to; without one the site says so"),
    ("COMMUNS_FOUNDATION_BIC", "none", "the BIC of its bank, for an account outside the European Economic Area"),
    ("COMMUNS_FOUNDATION_SIGNED_BY", "none", "who signs receipts for gifts; without a name none are given"),
    ("COMMUNS_FOUNDATION_SIGNED_AS", "Treasurer", "in which capacity"),
    ("COMMUNS_FOUNDATION_STREET", "none", "street and number of the foundation, for receipts"),
    ("COMMUNS_FOUNDATION_POSTCODE", "none", "its postcode, for receipts"),
    ("COMMUNS_FOUNDATION_TOWN", "none", "its town, for receipts"),
    ("COMMUNS_FOUNDATION_OBJECT", "none", "its purpose, as its statutes say it, for receipts"),
    ("COMMUNS_FOUNDATION_SIREN", "none", "its SIREN number; receipts need this one or the next"),
    ("COMMUNS_FOUNDATION_SIRET", "none", "its SIRET number, for the export of grants as SCDL"),
    ("COMMUNS_FOUNDATION_RNA", "none", "its number in the register of associations"),
    ("COMMUNS_FOUNDATION_CATEGORY", "general-interest", "what it is in law: a word of `core.receipts.Category`"),
    ("COMMUNS_FOUNDATION_CATEGORY_DETAIL", "none", "the decree or approval, where the category asks for one"),
    (
        "COMMUNS_FOUNDATION_ARTICLES",
        "none",
        "articles of the tax code under which gifts lower a tax: 200, 238 bis, 978",
    ),
    ("COMMUNS_FOUNDATION_MEMBERSHIP_GIVES", "nothing", "what members get for their fee; then fees have no receipt"),
    ("COMMUNS_HELLOASSO_ORGANISATION", "none", "the organisation's name in its addresses at HelloAsso"),
    ("COMMUNS_HELLOASSO_CLIENT_ID", "none", "the client that HelloAsso made for the organisation"),
    ("COMMUNS_HELLOASSO_CLIENT_SECRET", "none", "what proves that it is this client"),
    ("COMMUNS_HELLOASSO_SIGNATURE_KEY", "none", "what HelloAsso signs notifications with, where it does"),
    ("COMMUNS_HELLOASSO_URL", "https://api.helloasso.com", "https://api.helloasso-sandbox.com for trials"),
    ("COMMUNS_STRIPE_SECRET_KEY", "none", "Stripe's key: sk_live_… or, for trials, sk_test_…"),
    ("COMMUNS_STRIPE_WEBHOOK_SECRET", "none", "whsec_…: what Stripe signs notifications with; required with the key"),
    ("COMMUNS_STRIPE_URL", "https://api.stripe.com", "where Stripe is called"),
    ("COMMUNS_PROVIDER_HOSTS", "those of HelloAsso and Stripe", "more hosts, by commas, that payments may be sent to"),
    ("COMMUNS_CACHE_SECONDS", "300", "longest time a public page is served from memory; 0 switches it off"),
)


def read_config(environ: Mapping[str, str] = os.environ) -> Config:
    """Read and check the environment.

    Raises:
        ConfigError: naming every variable that is missing or wrong, all at once.
    """
    problems: list[str] = []
    public_url = environ.get("COMMUNS_PUBLIC_URL", "").rstrip("/")
    if public_url and urlsplit(public_url).scheme not in {"http", "https"}:
        problems.append("COMMUNS_PUBLIC_URL must be an address like https://communs.example.org")
    data = Path(environ.get("COMMUNS_DATA") or _default_data(environ)).expanduser()
    config = Config(
        data=data,
        database=_database(environ, data, problems),
        secret_key=_secret_key(environ, data, bool(public_url), problems),
        public_url=public_url,
        local_address=environ.get(ADDRESS) or "http://localhost:8000",
        mail=_mail(environ, bool(public_url), problems),
        demo=_demo(environ, bool(public_url), problems),
        log_format=_choice(environ, "COMMUNS_LOG", ("text", "json"), problems),
        cache_seconds=_whole_number(environ, "COMMUNS_CACHE_SECONDS", 300, problems),
        allow_private=_flag(environ, "COMMUNS_ALLOW_PRIVATE", problems),
        forge_tokens=_pairs(environ, "COMMUNS_FORGE_TOKENS", problems),
        providers=read_settings(lambda name: _secret(environ, name, problems), problems),
        foundation=read_identity(lambda name: environ.get(name, ""), problems),
        foundation_siret=environ.get("COMMUNS_FOUNDATION_SIRET", "").replace(" ", ""),
        log_seed=_secret(environ, "COMMUNS_LOG_SEED", problems).strip(),
        log_cosigners=environ.get("COMMUNS_LOG_COSIGNERS", ""),
    )
    if problems:
        raise ConfigError("communs cannot start:\n" + "\n".join(f"  - {problem}" for problem in problems))
    return config


def _default_data(environ: Mapping[str, str]) -> str:
    return str(Path(environ.get("XDG_DATA_HOME") or "~/.local/share") / "communs")


def _secret(environ: Mapping[str, str], name: str, problems: list[str]) -> str:
    """A secret from NAME, or from the file named by NAME_FILE (as container platforms hand them over)."""
    path = environ.get(f"{name}_FILE")
    if not path:
        return environ.get(name, "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        problems.append(f"{name}_FILE: cannot read {path} ({error.strerror})")
        return ""


def _secret_key(environ: Mapping[str, str], data: Path, public: bool, problems: list[str]) -> str:
    key = _secret(environ, "COMMUNS_SECRET_KEY", problems)
    if key:
        if len(key) < 32:
            problems.append("COMMUNS_SECRET_KEY must have at least 32 characters")
        return key
    if public:
        problems.append("COMMUNS_SECRET_KEY is missing: set it to 50 random characters")
        return ""
    # On this machine alone a generated key is enough, so that nobody needs to configure anything to try.
    path = data / "secret-key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="utf-8")


def _database(environ: Mapping[str, str], data: Path, problems: list[str]) -> dict[str, object]:
    url = _secret(environ, "DATABASE_URL", problems)
    if not url:
        return sqlite(data / "communs.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgres", "postgresql"}:
        problems.append("DATABASE_URL must start with postgres:// or sqlite://")
        return sqlite(data / "communs.sqlite3")
    return postgres(url)


def sqlite(path: Path) -> dict[str, object]:
    """Django's description of an SQLite file: write-ahead log, foreign keys on, writers queue instead of failing."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        # A file as in real life: in shared memory a second thread is refused at once instead of waiting its turn.
        "TEST": {"NAME": str(path.with_name(f"test-{path.name}"))},
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;"
            " PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;",
        },
    }


def postgres(url: str) -> dict[str, object]:
    """Django's description of a PostgreSQL address; query parameters become connection options."""
    parts = urlsplit(url)
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = str(options.pop("host", "")) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _mail(environ: Mapping[str, str], public: bool, problems: list[str]) -> Mail:
    url = _secret(environ, "COMMUNS_MAIL_URL", problems)
    sender = environ.get("COMMUNS_MAIL_FROM", "")
    if public and not url:
        problems.append("COMMUNS_MAIL_URL is missing: set it to smtp://user:password@host:587?tls=1")
    if public and not sender:
        problems.append("COMMUNS_MAIL_FROM is missing: set it to the address that sends e-mail")
    sender = sender or "communs@localhost"
    if not url:
        return Mail(sender=sender)
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        problems.append("COMMUNS_MAIL_URL must look like smtp://host:25 or smtps://user:password@host:465")
        return Mail(sender=sender)
    use_ssl = parts.scheme == "smtps"
    return Mail(
        host=parts.hostname,
        port=parts.port or (465 if use_ssl else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=dict(parse_qsl(parts.query)).get("tls") == "1",
        use_ssl=use_ssl,
        sender=sender,
    )


def _flag(environ: Mapping[str, str], name: str, problems: list[str]) -> bool:
    value = environ.get(name, "0")
    if value not in {"0", "1"}:
        problems.append(f"{name} must be 0 or 1, not {value!r}")
    return value == "1"


def _pairs(environ: Mapping[str, str], name: str, problems: list[str]) -> Mapping[str, str]:
    """`host=secret` pairs, separated by commas."""
    found = {}
    for pair in filter(None, (part.strip() for part in _secret(environ, name, problems).split(","))):
        host, _equals, secret = pair.partition("=")
        if not host.strip() or not secret.strip() or not secret.isascii() or not secret.isprintable():
            problems.append(f"{name} must hold pairs like github.com=token, separated by commas")
            return {}
        found[host.strip().lower()] = secret.strip()
    return found


def _demo(environ: Mapping[str, str], public: bool, problems: list[str]) -> bool:
    wanted = _flag(environ, "COMMUNS_DEMO", problems)
    if wanted and public:
        problems.append("COMMUNS_DEMO=1 and COMMUNS_PUBLIC_URL exclude each other: demonstration passwords are public")
    return wanted


def _choice(environ: Mapping[str, str], name: str, choices: tuple[str, ...], problems: list[str]) -> str:
    value = environ.get(name, choices[0])
    if value not in choices:
        problems.append(f"{name} must be one of {', '.join(choices)}, not {value!r}")
    return value


def _whole_number(environ: Mapping[str, str], name: str, default: int, problems: list[str]) -> int:
    value = environ.get(name, str(default))
    if not value.isdecimal():
        problems.append(f"{name} must be a whole number of seconds, not {value!r}")
        return default
    return int(value)
