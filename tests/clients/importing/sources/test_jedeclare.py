from pathlib import Path

import pytest

from clients.enums import RowAction
from clients.importing.columns.header import find_header
from clients.importing.plan import PlannedRow, plan_rows
from clients.importing.sources import SheetRefused, SourceKind, jedeclare, open_source, spool
from tests.clients.importing.making import OTHER_SIREN, SIREN, SIRET, VAT

CLIENT = """<client><id>{id}</id><siretPrincipal><siren>{siren}</siren>{nic}</siretPrincipal><rs>{rs}</rs>
<responsable><nom>Julie Ferrand</nom>{mel}<adresse><rue>12 rue du Port</rue>{more}<codePostal>13002</codePostal>
<ville>Marseille</ville><pays>FRANCE</pays></adresse></responsable></client>"""


def client(*, id: str, siren: str, rs: str, nic: str = "", mel: str = "", more: str = "") -> str:  # noqa: A002 - jedeclare's
    return CLIENT.format(id=id, siren=siren, rs=rs, nic=nic, mel=mel, more=more)


def document(*clients: str, prologue: str = "") -> str:
    inner = "".join(clients)
    return (
        f'{prologue}<dossierClient xmlns="http://jedeclare.com/gestion">{inner}<exploitationDonnees/></dossierClient>'
    )


def planned(tmp_path: Path, xml: str) -> list[PlannedRow]:
    (tmp_path / "jedeclare.xml").write_text(xml, encoding="utf-8")
    with open_source(tmp_path / "jedeclare.xml", kind=SourceKind.JEDECLARE) as sheets:
        return list(plan_rows(find_header(sheets)))


def test_client_file_becomes_a_row(tmp_path: Path) -> None:
    xml = document(
        client(id="1", siren=SIREN, nic="<nic>00074</nic>", rs="Boulangerie &amp; Fils", mel="<mel>J@Port.fr</mel>"),
        client(id="2", siren=OTHER_SIREN, rs="Garage", more="<cplRue>Bât. B</cplRue>"),
    )
    first, second = planned(tmp_path, xml)
    assert dict(first.values) == {
        "name": "Boulangerie & Fils",
        "street": "12 rue du Port",
        "postal_code": "13002",
        "city": "Marseille",
        "country": "FR",
        "siren": SIREN,
        "siret": SIRET,
        "vat_number": VAT,
        "contact_last_name": "Julie Ferrand",
        "contact_email": "j@port.fr",
    }
    assert (first.number, second.number, second.action) == (1, 2, RowAction.CREATE)
    assert (second.values["street"], "siret" in second.values, "contact_email" in second.values) == (
        "12 rue du Port, Bât. B",
        False,
        False,
    )


def test_files_of_one_siren_are_merged_and_told(tmp_path: Path) -> None:
    xml = document(
        client(id="1", siren=SIREN, rs="Premier"),
        client(id="2", siren=OTHER_SIREN, rs="Autre"),
        client(id="3", siren=SIREN, rs="PREMIER", mel="<mel>a@b.fr</mel>"),
    )
    rows = planned(tmp_path, xml)
    assert [(row.number, row.name, row.values.get("contact_email")) for row in rows] == [
        (1, "Premier", "a@b.fr"),
        (2, "Autre", None),
    ]
    assert rows[0].warnings == (
        "Les dossiers 1 et 3 de jedeclare.com ont le même SIREN\u00a0: ils sont réunis.",
        "Raison sociale\u00a0: «\u00a0Premier\u00a0» est gardé, pas «\u00a0PREMIER\u00a0» (dossier 3).",
        "E-mail du contact\u00a0: pris du dossier 3.",
    )


def test_siren_written_with_spaces_is_the_same_one(tmp_path: Path) -> None:
    spaced = f"{SIREN[:3]} {SIREN[3:6]} {SIREN[6:]}"
    rows = planned(tmp_path, document(client(id="1", siren=SIREN, rs="Un"), client(id="2", siren=spaced, rs="Un")))
    assert [(row.number, row.warnings) for row in rows] == [
        (1, ("Les dossiers 1 et 2 de jedeclare.com ont le même SIREN\u00a0: ils sont réunis.",))
    ]


def test_many_files_of_one_siren_are_told_in_few_words(tmp_path: Path) -> None:
    [row] = planned(tmp_path, document(*(client(id=str(n), siren=SIREN, rs=f"Nom {n}") for n in range(1, 41))))
    assert row.name == "Nom 1"
    assert row.warnings[0] == (
        "Les dossiers 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 et 28 autres de jedeclare.com ont le même SIREN\u00a0: "
        "ils sont réunis."
    )
    assert len(row.warnings) == 13


def test_client_file_is_found_wherever_it_stands(tmp_path: Path) -> None:
    inner = client(id="1", siren=SIREN, rs="Dedans") + client(id="2", siren=OTHER_SIREN, rs="Aussi")
    xml = f'<reponse xmlns="http://jedeclare.com/gestion"><page><dossierClient>{inner}</dossierClient></page></reponse>'
    assert [row.name for row in planned(tmp_path, xml)] == ["Dedans", "Aussi"]


def test_client_of_another_namespace_is_none(tmp_path: Path) -> None:
    stranger = client(id="1", siren=SIREN, rs="Autre").replace("<client>", '<client xmlns="urn:x">')
    assert planned(tmp_path, document(stranger, client(id="2", siren=OTHER_SIREN, rs="Le nôtre")))[0].name == "Le nôtre"


def test_list_of_thousands_is_read(tmp_path: Path) -> None:
    rows = planned(tmp_path, document(*(client(id=str(n), siren=f"{n:09}", rs=f"Nom {n}") for n in range(5_000))))
    assert len(rows) == 5_000


def test_list_is_refused_only_where_it_is_longer_than_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "MAX_ROWS", 3)
    monkeypatch.setattr(jedeclare, "MAX_FILES", 2)
    out = spool.Spool(tmp_path)
    files = [client(id=str(n), siren=f"{n:09}", rs=f"Nom {n}") for n in range(3)]
    for count in (2, 3):
        (tmp_path / "files.xml").write_text(document(*files[:count]))
        jedeclare.read_client_files(tmp_path / "files.xml", out)
    assert [sheet["refused"] for sheet in out.sheets] == [
        None,
        "jedeclare.com a envoyé plus de 2 dossiers\u00a0: c'est trop.",
    ]


def test_wrong_file_is_rejected_with_its_place(tmp_path: Path) -> None:
    rows = planned(tmp_path, document(client(id="1", siren="", rs="Sans"), client(id="2", siren="12", rs="Court")))
    assert [(row.number, row.reasons) for row in rows] == [
        (1, ("SIREN manquant.",)),
        (2, ("SIREN invalide\u00a0: 9 chiffres attendus, 2 reçus.",)),
    ]


@pytest.mark.parametrize("xml", ["", "rien", "<a/>", document() + "x", document()[:60], "<client xmlns='urn:x'/>"])
def test_unreadable_answer_is_refused(tmp_path: Path, xml: str) -> None:
    with pytest.raises(SheetRefused):
        planned(tmp_path, xml)


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    with pytest.raises(SheetRefused, match="DTD"):
        planned(tmp_path, document(client(id="1", siren=SIREN, rs="&b;"), prologue=bomb))


def test_file_of_this_machine_is_not_let_in(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("à garder")
    outside = f'<!DOCTYPE x [<!ENTITY a SYSTEM "{tmp_path.as_uri()}/secret">]>'
    with pytest.raises(SheetRefused, match="DTD"):
        planned(tmp_path, document(client(id="1", siren=SIREN, rs="&a;"), prologue=outside))
