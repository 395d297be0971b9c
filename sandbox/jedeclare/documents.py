"""The XML that jedeclare answers, in its namespace."""

import xml.etree.ElementTree as ET

from sandbox.jedeclare.files import ClientFile

NAMESPACE = "http://jedeclare.com/gestion"


def accounts_document(accounts: dict[str, str]) -> bytes:
    """Answer the accounts as `comptes/compte{id, rs}`.

    An assumption: no public description of this call exists; the names follow those of a client file.
    """
    root = _root("comptes")
    for number, name in accounts.items():
        account = _child(root, "compte")
        _child(account, "id", number)
        _child(account, "rs", name)
    return _bytes(root)


def files_document(files: list[ClientFile]) -> bytes:
    """Answer `dossierClient` with one `client` per file, then `exploitationDonnees`."""
    root = _root("dossierClient")
    for file in files:
        _add_client(root, file)
    _child(root, "exploitationDonnees", "true")
    return _bytes(root)


def _add_client(root: ET.Element, file: ClientFile) -> None:
    client = _child(root, "client")
    _child(client, "id", file.id)
    siret = _child(client, "siretPrincipal")
    _child(siret, "siren", file.siren)
    _optional(siret, "nic", file.nic)
    _child(client, "rs", file.rs)
    responsable = _child(client, "responsable")
    _child(responsable, "nom", file.nom)
    _optional(responsable, "mel", file.mel)
    adresse = _child(responsable, "adresse")
    _child(adresse, "rue", file.rue)
    _optional(adresse, "cplRue", file.cpl_rue)
    _child(adresse, "codePostal", file.code_postal)
    _child(adresse, "ville", file.ville)
    _child(adresse, "pays", "FRANCE")


def _root(name: str) -> ET.Element:
    return ET.Element(f"{{{NAMESPACE}}}{name}")


def _child(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    element = ET.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    element.text = text
    return element


def _optional(parent: ET.Element, name: str, text: str | None) -> None:
    if text is not None:
        _child(parent, name, text)


def _bytes(root: ET.Element) -> bytes:
    ET.register_namespace("", NAMESPACE)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
