import pytest

from invoices.formats.parties import Address, Identifier, Party

FRANCE = Address(country="FR")


@pytest.mark.parametrize(
    ("party", "siren", "siret"),
    [
        (Party(legal_id=Identifier(value="732829320", scheme="0002")), "732829320", None),
        (Party(legal_id=Identifier(value="73282932000074", scheme="0009")), "732829320", "73282932000074"),
        (Party(legal_id=Identifier(value="732 829 320 00074", scheme="0002")), "732829320", "73282932000074"),
        (Party(identifiers=(Identifier(value="73282932000074", scheme="0009"),)), "732829320", "73282932000074"),
        (Party(legal_id=Identifier(value="732829320"), address=FRANCE), "732829320", None),
        (Party(legal_id=Identifier(value="732829320"), address=Address(country="DE")), None, None),
        (Party(legal_id=Identifier(value="732829320", scheme="0088")), None, None),
        (Party(vat="FR44732829320"), "732829320", None),
        (Party(vat="DE136695976"), None, None),
        (Party(legal_id=Identifier(value="732829321", scheme="0002")), None, None),
        (Party(electronic_address=Identifier(value="732829320", scheme="0225")), None, None),
        (Party(name="732829320"), None, None),
        (Party(), None, None),
    ],
)
def test_siren_comes_from_legal_identifiers_only(party: Party, siren: str | None, siret: str | None) -> None:
    assert (party.siren, party.siret) == (siren, siret)


def test_stated_siren_wins_over_the_vat_number() -> None:
    party = Party(legal_id=Identifier(value="443061841", scheme="0002"), vat="FR44732829320")

    assert party.siren == "443061841"
