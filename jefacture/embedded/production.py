"""`python -m jefacture.embedded.production COMMAND …`: run a command with the settings of an invented production.

For `manage.py check --deploy`: nothing is connected to, every secret is generated anew.
"""

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet


def settings(folder: Path) -> dict[str, str]:
    """Every setting that has no default; one secret is read from a file, as in production."""
    key = folder / "secret-key"
    key.write_text(secrets.token_urlsafe(64))
    return {
        "DJANGO_SETTINGS_MODULE": "jefacture.settings.base",
        "SECRET_KEY_FILE": str(key),
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "ALLOWED_HOSTS": "jefacture.example",
        "SITE_URL": "https://jefacture.example",
        "DATABASE_URL": f"postgres://jefacture_app:{secrets.token_urlsafe()}@127.0.0.1:1/jefacture",
        "DATABASE_OWNER_URL": f"postgres://jefacture_owner:{secrets.token_urlsafe()}@127.0.0.1:1/jefacture",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "STORAGE_URL": "s3://factures?endpoint_url=https://s3.example",
        "SMTP_URL": "smtp+tls://jefacture:secret@smtp.example:587",
        "INVOICE_MAIL_DOMAIN": "factures.jefacture.example",
        "DEFAULT_FROM_EMAIL": "jefacture <ne-pas-repondre@jefacture.example>",
        "COMPTEXPERT_ISSUER": "https://comptexpert.example",
        "COMPTEXPERT_CLIENT_ID": "jefacture",
        "COMPTEXPERT_CLIENT_SECRET": secrets.token_urlsafe(32),
        "JEDECLARE_URL": "https://jedeclare.example",
        "COMPANY_DIRECTORY_URL": "https://annuaire.example",
        "ASSISTANCE_EMAIL": "assistance@jefacture.example",
    }


def main() -> int:
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    with tempfile.TemporaryDirectory() as folder:
        env = inherited | settings(Path(folder))
        return subprocess.run(sys.argv[1:], env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
