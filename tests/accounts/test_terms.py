"""The CGU as anybody reads them, and the proof that they were accepted."""

import hashlib
import io
from datetime import UTC, datetime
from uuid import uuid4

import pikepdf
import pytest
from django.test import Client

from accounts.models import Terms, TermsAcceptance, User
from accounts.proof import proof_data, proof_pdf
from accounts.services import accept_terms
from tests.browsing import signed_in, text_of
from tests.factories import make_company, make_owner

_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
def acceptance(owner: User) -> TermsAcceptance:
    terms = Terms.objects.get(audience="company")
    made = accept_terms(owner, terms=terms, party=uuid4(), ip="192.0.2.7", user_agent=_AGENT)
    made.accepted_at = datetime(2026, 11, 3, 9, 12, 5, 123456, tzinfo=UTC)
    made.save()
    return made


def test_terms_are_versioned_and_a_former_version_stays_readable(client: Client, db: None) -> None:
    former = Terms.objects.get(audience="company")
    Terms.publish(audience="company", version="2027-01", text="1. Objet\nTexte nouveau")
    page = text_of(client.get("/cgu/entreprise/"))
    assert ("version 2027-01" in page, "Texte nouveau" in page, "Imprimer" in page) == (True, True, True)
    assert hashlib.sha256(b"1. Objet\nTexte nouveau").hexdigest() in page
    old = text_of(client.get(f"/cgu/entreprise/{former.version}/"))
    assert ("Cette version n'est plus en vigueur." in old, former.sha256 in old) == (True, True)
    assert client.get("/cgu/entreprise/1999-01/").status_code == 404


def test_proof_says_who_for_whom_what_when_and_from_where(acceptance: TermsAcceptance, owner: User) -> None:
    data = proof_data(acceptance, party="L'Atelier du Zinc", siren="552100554")
    facts = {term: value.replace("\u00a0", " ").replace("\u202f", " ") for term, value in data["facts"]}
    assert facts == {
        "Acceptées par": "Hélène Prémys",
        "E-mail": "helene@premys.test",
        "Compte": f"{owner.pk} (Entreprise)",
        "Pour": "L'Atelier du Zinc",
        "SIREN": "552 100 554",
        "CGU": f"Entreprise, version {acceptance.terms.version}, publiée le {acceptance.terms.published_at:%d/%m/%Y}",
        "SHA-256 du texte accepté": acceptance.terms.sha256,
        "Le": "03/11/2026 10:12:05 (heure de Paris)",
        "Soit en temps universel": "2026-11-03T09:12:05.123456Z",
        "Adresse IP": "192.0.2.7",
        "Navigateur": f"Firefox sur Linux : {_AGENT}",
        "Preuve n°": str(acceptance.pk),
    }
    assert data["check"].startswith("L'empreinte SHA-256 du texte reproduit en annexe a été calculée de nouveau")
    assert [part[0] for part in data["text"]][:2] == ["1. Objet", "2. Ce que jefacture n'est pas"]


def test_proof_of_a_text_that_changed_says_so(acceptance: TermsAcceptance) -> None:
    acceptance.terms.text += "\n\n10. Ajout\nAprès coup."
    assert proof_data(acceptance, party="X", siren="552100554")["check"].startswith("Attention")


def test_proof_is_a_pdf_of_the_same_bytes_each_time(acceptance: TermsAcceptance) -> None:
    first, again = (proof_pdf(acceptance, party="L'Atelier", siren="552100554") for _ in range(2))
    assert first == again
    with pikepdf.open(io.BytesIO(first)) as pdf:
        assert (len(pdf.pages), str(pdf.docinfo["/Title"])) == (2, "Preuve d'acceptation des CGU")


def test_company_downloads_its_own_proof_and_no_other(owner: User) -> None:
    terms = Terms.objects.get(audience="company")
    own, other = make_owner(make_company()), make_owner(make_company())
    kept = {}
    for member in (own, other):
        kept[member] = accept_terms(
            member.person, terms=terms, party=member.company_id, ip="192.0.2.7", user_agent=_AGENT
        ).pk
    browser, settings = signed_in(own.person), f"/entreprises/{own.company.siren}/parametres/"
    page = browser.get(settings).content.decode()
    assert (str(kept[own]) in page, str(kept[other]) in page) == (True, False)
    answer = browser.get(f"{settings}cgu/{kept[own]}/")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store, private")
    assert answer["Content-Disposition"] == f'attachment; filename="cgu-{own.company.siren}-{terms.version}.pdf"'
    assert answer.content.startswith(b"%PDF")
    assert browser.get(f"{settings}cgu/{kept[other]}/").status_code == 404
