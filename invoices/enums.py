from django.db import models


class Direction(models.TextChoices):
    PURCHASE = "AP", "Achat"
    SALE = "AR", "Vente"


class Channel(models.TextChoices):
    """How an invoice came in."""

    WEB_COMPANY = "web-company", "Déposée par l'entreprise"
    WEB_FIRM = "web-firm", "Déposée par le cabinet"
    EMAIL = "email", "Reçue par e-mail"
    API = "api", "Déposée par API"


class DepositState(models.TextChoices):
    RECEIVED = "received", "Reçu"
    ANALYSED = "analysed", "Analysé"
    FILED = "filed", "Classé"
    INCOMPLETE = "incomplete", "À compléter"
    HELD = "held", "Retenu"
    REFUSED = "refused", "Refusé"
    QUARANTINED = "quarantined", "En quarantaine"


class ParcelKind(models.TextChoices):
    ARCHIVE = "zip", "Archive ZIP"
    MESSAGE = "email", "E-mail"


class ParcelState(models.TextChoices):
    RECEIVED = "received", "Reçu"
    OPENED = "opened", "Ouvert"
    HELD = "held", "Retenu"
    REFUSED = "refused", "Refusé"
    QUARANTINED = "quarantined", "En quarantaine"


#: The two ways in which an invoice travels as data: inside a PDF, or alone.
WITH_PAGE = frozenset({"facturx", "zugferd"})
BARE = frozenset({"cii", "ubl"})
STRUCTURED = WITH_PAGE | BARE
#: What comes as a PDF, with data or without.
PDFS = WITH_PAGE | {"pdf"}


class Pairing(models.TextChoices):
    """How a further file of one invoice stands to it."""

    READABLE = "readable", "PDF lisible de la facture"
    COPY = "copy", "Autre exemplaire de la facture"
    #: A person separated it: it is never paired by itself again.
    APART = "apart", "Séparé par une personne"


#: Of a deposit that is one more file of an invoice which another made.
JOINED = frozenset({Pairing.READABLE, Pairing.COPY})

#: Why a deposit is « À compléter »: a person can state what is missing.
COMPLETABLE_REASONS = frozenset({"no_data", "missing_terms"})
#: Why a deposit is « Refusé » where a person said that it is no invoice.
REFUSED_BY_A_PERSON = "refused_by_a_person"
#: Why a deposit waits for nobody although it made no invoice: it repeats one, or was deposited where it belongs.
DUPLICATE_CONFIRMED = "duplicate_confirmed"
MOVED = "moved"
SETTLED_REASONS = frozenset({REFUSED_BY_A_PERSON, DUPLICATE_CONFIRMED, MOVED})


class InvoiceState(models.TextChoices):
    TO_VALIDATE = "to_validate", "À valider"
    VALIDATED = "validated", "Validée"
    REFUSED = "refused", "Refusée"
    DISPUTED = "disputed", "En litige"


class Verdict(models.TextChoices):
    """What all checks of an invoice come to. What could not be checked is no « sans erreur »."""

    PASSED = "passed", "Sans erreur"
    ERRORS = "errors", "Avec erreurs"
    UNCHECKED = "unchecked", "Non vérifié"


class FirmState(models.TextChoices):
    """« Part du cabinet »: where one invoice stands for one firm."""

    PENDING = "pending", "En attente de validation"
    TO_TRANSFER = "to_transfer", "À transférer"
    TRANSFERRED = "transferred", "Transférée"
    CLOSED = "closed", "Fermée"


class FileKind(models.TextChoices):
    ORIGINAL = "original", "Original"
    XML = "xml", "Données (XML)"
    #: What leaves: Factur-X where there is structured data, the PDF itself where there is none.
    OUTGOING = "facturx", "Factur-X"
    #: The PDF that came beside the data; its deposit holds it (see selectors.files), for it may be separated again.
    READABLE = "readable", "PDF reçu de l'émetteur"
