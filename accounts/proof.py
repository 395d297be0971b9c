"""The PDF that shows who accepted which CGU, for whom, when and from where, with the text itself."""

import hashlib
from datetime import UTC
from pathlib import Path
from typing import Any, Final

from django.http import HttpResponse

from accounts.models import TermsAcceptance
from accounts.sessions import device_of
from common.identifiers import format_siren
from common.typesetting import typeset
from common.typography import date_fr, datetime_fr, french

_TEMPLATE: Final = Path(__file__).with_name("proof.typ")


def proof_response(acceptance: TermsAcceptance, *, party: str, siren: str) -> HttpResponse:
    """As a download; `party` is the firm or company that is bound."""
    pdf = proof_pdf(acceptance, party=party, siren=siren)
    name = f"cgu-{siren}-{acceptance.terms.version}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store, private"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def proof_pdf(acceptance: TermsAcceptance, *, party: str, siren: str) -> bytes:
    """The same acceptance gives the same bytes."""
    return typeset(_TEMPLATE, proof_data(acceptance, party=party, siren=siren), made_at=acceptance.accepted_at)


def proof_data(acceptance: TermsAcceptance, *, party: str, siren: str) -> dict[str, Any]:
    terms, user = acceptance.terms, acceptance.user
    same = hashlib.sha256(terms.text.encode()).hexdigest() == acceptance.sha256
    utc = acceptance.accepted_at.astimezone(UTC)
    facts = [
        ("Acceptées par", user.full_name or "—"),
        ("E-mail", user.any_email or "—"),
        ("Compte", f"{user.pk} ({user.get_kind_display()})"),
        ("Pour", party),
        ("SIREN", format_siren(siren)),
        ("CGU", f"{terms.get_audience_display()}, version {terms.version}, publiée le {date_fr(terms.published_at)}"),
        ("SHA-256 du texte accepté", acceptance.sha256),
        ("Le", f"{datetime_fr(acceptance.accepted_at)}:{utc:%S} (heure de Paris)"),
        ("Soit en temps universel", f"{utc:%Y-%m-%dT%H:%M:%S.%f}Z"),
        ("Adresse IP", acceptance.ip or "inconnue"),
        ("Navigateur", f"{device_of(acceptance.user_agent)} : {acceptance.user_agent or 'inconnu'}"),
        ("Preuve n°", str(acceptance.pk)),
    ]
    return {
        "title": french("Preuve d'acceptation des CGU"),
        "facts": [[term, french(value)] for term, value in facts],
        "check": french(_CHECKED if same else _CHANGED),
        "annex": french(f"Annexe : texte accepté, version {terms.version}"),
        "text": [french(part).split("\n", 1) for part in terms.text.strip().split("\n\n")],
    }


_CHECKED: Final = (
    "L'empreinte SHA-256 du texte reproduit en annexe a été calculée de nouveau pour établir ce document : elle est "
    "celle qui a été enregistrée au moment de l'acceptation."
)
_CHANGED: Final = (
    "Attention : l'empreinte SHA-256 du texte reproduit en annexe n'est pas celle qui a été enregistrée au moment de "
    "l'acceptation."
)
