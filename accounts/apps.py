from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

_TEXTS = Path(__file__).parent / "cgu"


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        post_migrate.connect(_publish_terms, sender=self)


def _publish_terms(**_kwargs: Any) -> None:
    """Publish the CGU that this release ships; a version already published stays as it is."""
    from accounts.models import Terms  # noqa: PLC0415 - models are not loaded when Django imports this module

    for path in sorted(_TEXTS.glob("*.txt")):
        audience, _, version = path.stem.partition("-")
        Terms.publish(audience=audience, version=version, text=path.read_text(encoding="utf-8"))
