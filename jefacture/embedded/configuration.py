"""What the demo is told: ports from PORT, secrets made once, the environment of every process."""

import base64
import json
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jefacture.embedded.postgres import Postgres
from jefacture.embedded.processes import MARKER, StartError
from jefacture.embedded.roles import APPLICATION, OWNER

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "jefacture"
HOST = "127.0.0.1"
_DEFAULT_PORT = 8000
_PORTS = 9


@dataclass(frozen=True)
class Layout:
    """Ports of one demo: `base` and the eight after it."""

    base: int

    @classmethod
    def from_environment(cls) -> "Layout":
        text = os.environ.get("PORT", "") or str(_DEFAULT_PORT)
        if not text.isdecimal() or not 1024 <= int(text) <= 65536 - _PORTS:  # noqa: PLR2004 - ordinary ports
            raise StartError(f"PORT must be a number between 1024 and {65536 - _PORTS}, not “{text}”.")
        return cls(int(text))

    @property
    def ports(self) -> dict[str, int]:
        names = ("web", "comptexpert", "jedeclare", "smtp", "mail", "postgres", "redis", "company_directory", "returns")
        return {name: self.base + offset for offset, name in enumerate(names)}

    def url(self, name: str) -> str:
        # Passkeys need a name: the web is printed as localhost, though it listens on 127.0.0.1 as everything does.
        host = "localhost" if name == "web" else HOST
        scheme = {"smtp": "smtp", "returns": "smtp", "redis": "redis"}.get(name, "http")
        return f"{scheme}://{host}:{self.ports[name]}" + ("/0" if name == "redis" else "")

    def busy(self) -> dict[str, int]:
        """The ports that another program listens on."""
        return {name: port for name, port in self.ports.items() if not _free(port)}


def load_secrets(file: Path) -> dict[str, str]:
    """Secrets of this demo, generated on the first call. The file is readable by its owner only."""
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    missing = {name: value for name, value in _generate().items() if name not in known}
    if missing:
        known |= missing
        write_private(file, known)
    return known


def write_private(file: Path, value: object) -> None:
    """JSON that only its owner reads; never half a file, whenever we are killed."""
    new = file.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
    new.replace(file)


def environment(layout: Layout, known: Mapping[str, str], *, server: Postgres, folder: Path) -> dict[str, str]:
    """Every setting of contracts « Settings », on top of our own environment without settings from elsewhere."""
    site = layout.url("web")
    settings = {
        "SECRET_KEY": known["SECRET_KEY"],
        "ENCRYPTION_KEYS": known["ENCRYPTION_KEYS"],
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SITE_URL": site,
        "DATABASE_URL": server.url(DATABASE, role=APPLICATION, password=known["APPLICATION_PASSWORD"]),
        "DATABASE_OWNER_URL": server.url(DATABASE, role=OWNER, password=known["OWNER_PASSWORD"]),
        "REDIS_URL": layout.url("redis"),
        "STORAGE_URL": f"file://{folder / 'storage'}",
        "SMTP_URL": layout.url("smtp"),
        "BOUNCE_DOMAIN": "retours.jefacture.test",
        "INVOICE_MAIL_DOMAIN": "factures.jefacture.test",
        "RECEIVE_MAIL_LISTEN": layout.url("returns"),
        "DEVELOPMENT_PAGES": "true",
        "DEFAULT_FROM_EMAIL": "jefacture <ne-pas-repondre@jefacture.test>",
        "COMPTEXPERT_ISSUER": layout.url("comptexpert"),
        "COMPTEXPERT_CLIENT_ID": known["COMPTEXPERT_CLIENT_ID"],
        "COMPTEXPERT_CLIENT_SECRET": known["COMPTEXPERT_CLIENT_SECRET"],
        "JEDECLARE_URL": layout.url("jedeclare"),
        "COMPANY_DIRECTORY_URL": layout.url("company_directory"),
        "ASSISTANCE_EMAIL": "assistance@jefacture.test",
        "DJANGO_SETTINGS_MODULE": "jefacture.settings.base",
        "PYTHONUNBUFFERED": "1",
        MARKER: str(folder),
    }
    inherited = {name: value for name, value in os.environ.items() if name in _INHERITED}
    return inherited | settings


def _generate() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),  # one Fernet key
        "SUPERUSER_PASSWORD": secrets.token_urlsafe(24),
        "OWNER_PASSWORD": secrets.token_urlsafe(24),
        "APPLICATION_PASSWORD": secrets.token_urlsafe(24),
        "COMPTEXPERT_CLIENT_ID": "jefacture",
        "COMPTEXPERT_CLIENT_SECRET": secrets.token_urlsafe(32),
    }


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


# A SECRET_KEY or PYTHONPATH of the person's shell must not reach the demo.
_INHERITED = {"PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "TERM", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR"}
