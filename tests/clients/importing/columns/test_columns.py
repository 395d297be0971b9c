import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.importing.cells import Cell
from clients.importing.columns.base import Cleaned
from clients.importing.columns.emails import suggestion
from clients.importing.columns.registry import BY_FIELD, COLUMNS
from tests.clients.importing.making import SIREN, SIRET, VAT


def clean(field: str, cell: Cell) -> Cleaned:
    return BY_FIELD[field].clean(cell)


def test_the_columns_are_those_of_the_product() -> None:
    assert [column.label for column in COLUMNS] == [
        "Raison sociale",
        "Adresse",
        "Code postal",
        "Ville",
        "Pays",
        "SIREN",
        "SIRET",
        "TVA",
        "IBAN",
        "BIC",
        "Langue",
        "Nom du contact",
        "Prénom du contact",
        "E-mail du contact",
        "Téléphone",
        "Code dossier",
        "Collaborateurs affectés (e-mails)",
    ]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.field)
def test_every_column_takes_its_own_example_and_blank(column: object) -> None:
    field = getattr(column, "field")  # noqa: B009 - the parameter is typed as loosely as pytest gives it
    cleaned = BY_FIELD[field].clean(BY_FIELD[field].example or None)
    assert (cleaned.reasons, cleaned.warnings) == ((), ())
    for blank in (None, "", " \u00a0 ", "_x000D_"):
        assert clean(field, blank) == Cleaned(None)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.field)
@pytest.mark.parametrize("cell", [True, -1, 1.5, 10**30, "=1+1", "\x00", "x" * 40_000, "é" * 300, "@", "12/03/2026"])
def test_every_column_answers_any_cell(column: object, cell: Cell) -> None:
    field = getattr(column, "field")  # noqa: B009 - as above
    cleaned = clean(field, cell)
    assert cleaned.value is None or not cleaned.reasons


CLEAN_CELLS = (
    *(column.example for column in COLUMNS), SIREN, SIRET, VAT, "35600000000048", "000000000",
    "FR7630006000011234567890189", "a@gmial.com", "a.b@exemple.con", "fr-FR",
    "BEL", "DEUTDEFF", "00 00 00 00 00", "04 9  00 00 00", "Évry", "E\u0301vry", "'=A", "a  b",
    "_x000D_", "\u200b", "x" * 201, "a@b.fr,c@d.fr", "+33 4 91 00 00 00", "+352 1 2 3 4",
)  # fmt: skip
# A cell that is clean, or that lacks little to be.
NEARLY_CLEAN = st.builds(
    lambda text, at, mark, length: text[:at] + mark + text[at + length :],
    st.sampled_from(CLEAN_CELLS),
    st.integers(0, 30),
    st.sampled_from(
        ["", " ", "  ", "0", "7", "é", "\u0301", "\u00a0", "\u200b", "'", "@", ".", "_x000D_", "\n", "٣", "A"]
    ),
    st.integers(0, 1),
)
CELLS = st.one_of(NEARLY_CLEAN, st.text(max_size=40), st.integers(-1, 10**15), st.floats(), st.booleans())


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.field)
@settings(deadline=None)
@given(cell=CELLS)
def test_cell_taken_at_once_is_what_judging_would_have_kept(column: object, cell: Cell) -> None:
    field = getattr(column, "field")  # noqa: B009 - as above
    taken = BY_FIELD[field].at_once(cell)
    assert taken is None or clean(field, cell) == Cleaned(taken)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.field)
def test_every_column_takes_its_own_example_at_once(column: object) -> None:
    field = getattr(column, "field")  # noqa: B009 - as above
    assert BY_FIELD[field].at_once(BY_FIELD[field].example) == clean(field, BY_FIELD[field].example).value


@pytest.mark.parametrize(
    ("cell", "value", "also"),
    [
        (732829320.0, SIREN, {}),
        ("732 829 320", SIREN, {}),
        ("7,32829320E+08", SIREN, {}),
        (73282932000074, SIREN, {"siret": SIRET}),
        ("732 829 320 00074", SIREN, {"siret": SIRET}),
        ("FR 44 732829320", SIREN, {"vat_number": VAT}),
        (44732829320, SIREN, {"vat_number": VAT}),
    ],
)
def test_siren_cell_takes_whatever_holds_a_siren(cell: Cell, value: str, also: dict[str, str]) -> None:
    assert clean("siren", cell) == Cleaned(value, also=also)


def test_siren_without_its_zeros_is_given_them_back_with_a_warning() -> None:
    warning = "SIREN : zéros perdus à gauche rétablis (005520135)."
    assert clean("siren", 5520135) == Cleaned("005520135", warnings=(warning,))


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("732829321", "SIREN invalide\u00a0: la clé de contrôle ne correspond pas, vérifiez les 9 chiffres."),
        ("01/03/2026", "SIREN invalide : « 01/03/2026 » n'est pas un numéro de 9 chiffres."),
        ("2026-03-01", "SIREN invalide : « 2026-03-01 » n'est pas un numéro de 9 chiffres."),
        ("73282932O", "SIREN invalide : « 73282932O » n'est pas un numéro de 9 chiffres."),
        ("Dupont", "SIREN invalide : « Dupont » n'est pas un numéro de 9 chiffres."),
        ("BE0403019261", "SIREN invalide : « BE0403019261 » n'est pas un numéro de 9 chiffres."),
        ("12345678", "SIREN invalide\u00a0: 9 chiffres attendus, 8 reçus."),
        ("7328293201", "SIREN invalide\u00a0: 9 chiffres attendus, 10 reçus."),
        ("73282932000075", "SIRET invalide\u00a0: la clé de contrôle ne correspond pas, vérifiez les 14 chiffres."),
    ],
)
def test_siren_cell_without_siren_is_wrong(cell: Cell, reason: str) -> None:
    assert clean("siren", cell).reasons == (reason,)


def test_siren_in_the_siret_cell_is_kept_as_siren() -> None:
    assert clean("siret", "732 829 320") == Cleaned(
        None, warnings=("SIRET incomplet : seul le SIREN est gardé.",), also={"siren": SIREN}
    )


@pytest.mark.parametrize("cell", [SIREN, 732829320, 732829320.0, "732 829 320"])
def test_siren_in_the_vat_cell_is_kept_as_siren(cell: Cell) -> None:
    assert clean("vat_number", cell) == Cleaned(
        None, warnings=("N° de TVA sans sa clé : seul le SIREN est gardé.",), also={"siren": SIREN}
    )


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("FR", "FR"), ("fra", "FR"), (250, "FR"), ("FRANCE", "FR"), ("Frankreich", "FR"), ("Francia", "FR"),
        ("Royaume Uni", "GB"), ("UK", "GB"), ("United Kingdom", "GB"), ("Belgique", "BE"), ("BELGIË", "BE"),
        ("Deutschland", "DE"), ("España", "ES"), ("les Pays-Bas", "NL"), ("Ελλάδα", "GR"), ("中国", "CN"),
        ("Côte d'Ivoire", "CI"), ("COTE D’IVOIRE", "CI"), ("La Réunion", "RE"), ("états-unis", "US"), ("56", "BE"),
        ("FR - France", "FR"), ("Belgique (BE)", "BE"), ("République française", "FR"), ("Royaume de Belgique", "BE"),
        ("Kingdom of the Netherlands", "NL"), ("DE/Allemagne", "DE"),
    ],
)  # fmt: skip
def test_country_is_understood_in_any_usual_form(cell: Cell, code: str) -> None:
    assert clean("country", cell) == Cleaned(code)


def test_unknown_country_and_language_are_wrong() -> None:
    assert clean("country", "France / Belgique").value is None
    assert clean("country", "Wakanda").reasons == ("Pays « Wakanda » inconnu : indiquez son nom ou son code.",)
    assert clean("language", "klingon").reasons == ("Langue « klingon » inconnue : indiquez par exemple français.",)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("FR", "fr"),
        ("fr-FR", "fr"),
        ("fr_BE", "fr"),
        ("Français", "fr"),
        ("French", "fr"),
        ("eng", "en"),
        ("Deutsch", "de"),
        ("française", "fr"),
        ("langue anglaise", "en"),
    ],
)
def test_language_is_understood_in_any_usual_form(cell: Cell, code: str) -> None:
    assert clean("language", cell) == Cleaned(code)


@pytest.mark.parametrize(
    ("cell", "email"),
    [
        ("Julie.Ferrand@Exemple.FR", "julie.ferrand@exemple.fr"),
        ("\u00a0julie@exemple.fr\u200b ", "julie@exemple.fr"),
        ("mailto:julie@exemple.fr", "julie@exemple.fr"),
        ("Julie Ferrand <julie@exemple.fr>", "julie@exemple.fr"),
        ("julie+factures@sous.exemple.co.uk", "julie+factures@sous.exemple.co.uk"),
        ("o'brien@exemple.fr", "o'brien@exemple.fr"),
        ("andré@éxemple.fr", "andré@éxemple.fr"),
    ],
)
def test_email_is_cleaned(cell: str, email: str) -> None:
    assert clean("contact_email", cell) == Cleaned(email)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("dr.amiel@", "ce n'est pas une adresse complète."),
        ("dr.amiel", "ce n'est pas une adresse complète."),
        ("@exemple.fr", "ce n'est pas une adresse complète."),
        ("julie@exemple", "le domaine après le @ n'est pas valable."),
        ("julie@exemple..fr", "le domaine après le @ n'est pas valable."),
        ("julie@-exemple.fr", "le domaine après le @ n'est pas valable."),
        ("julie@exemple.f", "le domaine après le @ n'est pas valable."),
        ("julie..f@exemple.fr", "la partie avant le @ n'est pas valable."),
        ("julie@dupont@exemple.fr", "une adresse ne contient qu'un @."),
        ("julie ferrand@exemple.fr", "une adresse ne contient pas d'espace."),
    ],
)
def test_wrong_email_is_quoted_with_its_reason(cell: str, why: str) -> None:
    assert clean("contact_email", cell).reasons == (f"E-mail du contact « {cell} » : {why}",)


def test_first_of_several_emails_is_kept_with_a_warning() -> None:
    warning = "E-mail du contact : plusieurs adresses, seule a@exemple.fr est gardée."
    for cell in ("a@exemple.fr; b@exemple.fr", "A@exemple.fr / b@exemple.fr", "a@exemple.fr b@exemple.fr"):
        assert clean("contact_email", cell) == Cleaned("a@exemple.fr", warnings=(warning,))


def test_misspelt_domain_is_doubted() -> None:
    assert clean("contact_email", "a@gmial.com") == Cleaned(
        "a@gmial.com", warnings=("E-mail a@gmial.com : vouliez-vous dire a@gmail.com ?",)
    )


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        (612345678, "06 12 34 56 78"),
        ("0491000000", "04 91 00 00 00"),
        ("04.91.00.00.00", "04 91 00 00 00"),
        ("+33 6 12 34 56 78", "+33 6 12 34 56 78"),
        ("+32 (0)2 123 45 67", "+32 (0)2 123 45 67"),
    ],
)
def test_phone_is_cleaned(cell: Cell, phone: str) -> None:
    assert clean("contact_phone", cell) == Cleaned(phone)


def test_doubtful_phone_is_kept_with_a_warning() -> None:
    warning = "Téléphone « standard » : gardé tel quel, à vérifier."
    assert clean("contact_phone", "standard") == Cleaned("standard", warnings=(warning,))


def test_collaborators_are_a_list_of_emails() -> None:
    emails = ("marie@cabinet.fr", "paul@cabinet.fr")
    for cell in ("marie@cabinet.fr, Paul@cabinet.fr", "marie@cabinet.fr;paul@cabinet.fr\nmarie@cabinet.fr"):
        assert clean("collaborators", cell) == Cleaned(emails)
    assert clean("collaborators", "marie@cabinet.fr, Paul").reasons == (
        "Collaborateur « Paul » : ce n'est pas une adresse complète.",
    )


@pytest.mark.parametrize("cell", ["Paul Martin", "PM", "M. Durand, Mme Petit", 12])
def test_collaborator_named_without_address_is_left_out_with_a_warning(cell: Cell) -> None:
    warning = f"Collaborateur « {cell} » : ce n'est pas un e-mail, non affecté."
    assert clean("collaborators", cell) == Cleaned(None, warnings=(warning,))


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmial.con", "gmail.com"),
        ("hotmial.fr", "hotmail.fr"),
        ("wanado.fr", "wanadoo.fr"),
        ("orange.rf", "orange.fr"),
        ("exemple.con", "exemple.com"),
        ("gmail.com", None),
        ("exemple.fr", None),
        ("cloud.com", None),
        ("free.fr", None),
    ],
)
def test_slip_in_a_domain_is_told(domain: str, meant: str | None) -> None:
    assert suggestion(f"a@{domain}") == (f"a@{meant}" if meant else None)


def test_text_beyond_the_limit_is_wrong() -> None:
    assert clean("name", "x" * 201).reasons == ("Raison sociale : 201 caractères, pour 200 au plus.",)
