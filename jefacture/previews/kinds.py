"""The e-mails there are, found by their templates, so that a new one is shown without a line here but its sample."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.test import RequestFactory

from common.typography import date_fr
from outbox.rendering import Rendering, render_email

_TEMPLATES: Final = settings.BASE_DIR / "templates"
_WHEN: Final = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
_LINK: Final = f"{settings.SITE_URL}/invitation/apercu-qui-ne-mene-nulle-part-0123456789abcdef/"
_FIRM: Final = "Cabinet Durand & Associés"
_CONTACT: Final = "bonjour@cabinet-durand.test · 01 23 45 67 89"

#: What each template of templates/email is given: the same names as its room gives it.
SAMPLES: Final[dict[str, dict[str, Any]]] = {
    "invitation": {
        "subject": f"{_FIRM} vous invite sur jefacture",
        "client_name": "Menuiserie Dupré & Fils",
        "first_name": "Zoé",
        "firm_name": _FIRM,
        "contact": _CONTACT,
        "words": "Nous changeons de logiciel le 1er janvier.\nUne question ? Appelez-nous.",
        "reminder": True,
        "until": date_fr(_WHEN),
        "button_url": _LINK,
        "button_label": "Ouvrir mon espace",
        "why": f"{_FIRM} tient la comptabilité de Menuiserie Dupré & Fils et a indiqué cette adresse comme contact.",
    },
    "connection_request": {
        "subject": f"{_FIRM} demande à voir les factures de Menuiserie Dupré & Fils",
        "firm_name": _FIRM,
        "contact": _CONTACT,
        "company_name": "Menuiserie Dupré & Fils",
        "invited": "compta@menuiserie-dupre.test",
        "button_url": _LINK,
        "button_label": "Voir la demande",
        "why": "Vous êtes propriétaire de l'espace de Menuiserie Dupré & Fils sur jefacture.",
    },
    "connection_answer": {
        "subject": "Menuiserie Dupré & Fils a refusé votre demande de connexion",
        "approved": False,
        "reason": "L'entreprise a refusé la connexion. Nous avons changé de cabinet.",
        "company_name": "Menuiserie Dupré & Fils",
        "button_url": _LINK,
        "button_label": "Ouvrir le dossier",
        "why": f"Vous avez invité Menuiserie Dupré & Fils sur jefacture pour {_FIRM}.",
    },
    "colleague": {
        "subject": "Rejoignez l'espace de Menuiserie Dupré & Fils sur jefacture",
        "company_name": "Menuiserie Dupré & Fils",
        "inviter": "Zoé Dupré",
        "expires_at": _WHEN,
        "button_url": _LINK,
        "button_label": "Rejoindre l'espace",
        "why": "Zoé Dupré a indiqué cette adresse pour vous faire entrer dans l'espace de Menuiserie Dupré & Fils.",
    },
    "space_closed": {
        "subject": "Menuiserie Dupré & Fils a fermé son espace",
        "company_name": "Menuiserie Dupré & Fils",
        "button_url": _LINK,
        "button_label": "Ouvrir le dossier",
        "why": f"Vous administrez {_FIRM} sur jefacture.",
    },
    "export_ready": {
        "subject": "L'export de Menuiserie Dupré & Fils est prêt",
        "company_name": "Menuiserie Dupré & Fils",
        "expires_at": _WHEN,
        "button_url": _LINK,
        "button_label": "Télécharger l'archive",
        "why": "Vous avez demandé l'export complet de l'espace de Menuiserie Dupré & Fils.",
    },
    "firm_export_ready": {
        "subject": f"L'archive des données de {_FIRM} est prête",
        "firm_name": _FIRM,
        "expires_at": _WHEN,
        "button_url": _LINK,
        "button_label": "Voir l'archive",
        "why": f"Vous avez demandé toutes les données de {_FIRM}.",
    },
    "delivery": {
        "subject": "Achat F-2026-0042 – Menuiserie Dupré & Fils",
        "number": "F-2026-0042",
        "facts": [
            ("Dossier", "Menuiserie Dupré & Fils (552\u00a0100\u00a0554)"),
            ("Sens", "Achat"),
            ("Numéro", "F-2026-0042"),
            ("Date", "02/11/2026"),
            ("Vendeur", "Scierie du Haut-Jura"),
            ("Acheteur", "Menuiserie Dupré & Fils"),
            ("Total TTC", "1 240,00 €"),
        ],
        "firm_name": _FIRM,
        "why": f"{_FIRM} a choisi cette adresse pour recevoir les factures de ce dossier.",
    },
}
_ACCOUNT: Final[dict[str, Any]] = {
    "user": {"email": "zoe.dupre@menuiserie-dupre.test"},
    "email": "zoe.dupre@menuiserie-dupre.test",
    "from_email": "zoe.dupre@menuiserie-dupre.test",
    "to_email": "direction@menuiserie-dupre.test",
    "deleted_email": "zoe.dupre@menuiserie-dupre.test",
    "timestamp": _WHEN,
    "ip": "192.0.2.7",
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "assistance": settings.ASSISTANCE_EMAIL,
}
#: Of the account's e-mails, those that carry a link.
_LINKS: Final = {"password_reset_key": "password_reset_url", "email_confirmation": "activate_url"}


@dataclass(frozen=True)
class Kind:
    key: str
    render: Callable[[], tuple[str, Rendering]]


def kinds() -> dict[str, Kind]:
    """Every e-mail by its key, in the order of their names."""
    own = [Kind(name, lambda name=name: _own(name)) for name in template_names()]  # type: ignore[misc] # a lambda's default
    account = [
        Kind(prefix.replace("/email/", "-"), lambda prefix=prefix: _of_account(prefix))  # type: ignore[misc] # as above
        for prefix in account_prefixes()
    ]
    return {kind.key: kind for kind in (*own, *account)}


def template_names() -> list[str]:
    return sorted(file.stem for file in (_TEMPLATES / "email").glob("*.txt") if file.stem != "base")


def account_prefixes() -> list[str]:
    """As allauth names them: account/email/password_reset_key."""
    found = (_TEMPLATES / app / "email" for app in ("account", "mfa"))
    files = sorted(file for folder in found for file in folder.glob("*_subject.txt"))
    return [str(file.relative_to(_TEMPLATES)).removesuffix("_subject.txt") for file in files]


def _own(name: str) -> tuple[str, Rendering]:
    sample = SAMPLES.get(name, {})
    return str(sample.get("subject", "")), render_email(name, sample)


def _of_account(prefix: str) -> tuple[str, Rendering]:
    link = _LINKS.get(prefix.rpartition("/")[2])
    adapter = get_adapter(RequestFactory().get("/"))
    message = adapter.render_mail(prefix, _ACCOUNT["email"], {**_ACCOUNT, **({link: _LINK} if link else {})})
    html = message.alternatives[0][0] if isinstance(message, EmailMultiAlternatives) and message.alternatives else ""
    return str(message.subject), Rendering(text=str(message.body), html=str(html))
