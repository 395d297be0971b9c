"""What can go wrong between ComptExpert and us: each has a code for the log and a sentence for the person."""

from enum import Enum
from http import HTTPStatus

_UNPROVEN = "La réponse de ComptExpert n'a pas pu être vérifiée, par sécurité personne n'est entré : {}"


class Reason(Enum):
    """`code` is what the log says, `status` the page's, `sentence` what the person reads."""

    UNKNOWN_STATE = (
        "unknown_state",
        HTTPStatus.BAD_REQUEST,
        "Cette réponse ne correspond à aucune demande en cours dans ce navigateur : elle a déjà servi ou trop attendu.",
    )
    CANCELLED = ("cancelled", HTTPStatus.BAD_REQUEST, "La connexion a été annulée dans ComptExpert.")
    PROVIDER_ERROR = (
        "provider_error",
        HTTPStatus.BAD_GATEWAY,
        "ComptExpert a répondu par une erreur au lieu de vous identifier.",
    )
    CODE_MISSING = ("code_missing", HTTPStatus.BAD_REQUEST, "La réponse de ComptExpert est incomplète.")
    CODE_REFUSED = (
        "code_refused",
        HTTPStatus.BAD_REQUEST,
        "ComptExpert a refusé cette connexion : elle a déjà servi ou elle a trop attendu.",
    )
    PROVIDER_DOWN = ("provider_down", HTTPStatus.SERVICE_UNAVAILABLE, "ComptExpert ne répond pas pour l'instant.")
    PROVIDER_SLOW = ("provider_slow", HTTPStatus.SERVICE_UNAVAILABLE, "ComptExpert met trop de temps à répondre.")
    PROVIDER_UNREADABLE = (
        "provider_unreadable",
        HTTPStatus.BAD_GATEWAY,
        "ComptExpert a envoyé une réponse que jefacture ne sait pas lire.",
    )
    PROVIDER_OTHER_ISSUER = (
        "provider_other_issuer",
        HTTPStatus.BAD_GATEWAY,
        _UNPROVEN.format("le service qui a répondu ne porte pas le nom attendu."),
    )
    TOKEN_MISSING = (
        "token_missing",
        HTTPStatus.BAD_GATEWAY,
        _UNPROVEN.format("elle ne contient pas de preuve d'identité."),
    )
    TOKEN_UNREADABLE = (
        "token_unreadable",
        HTTPStatus.BAD_GATEWAY,
        _UNPROVEN.format("la preuve d'identité est illisible."),
    )
    TOKEN_ALGORITHM = (
        "token_algorithm",
        HTTPStatus.BAD_GATEWAY,
        _UNPROVEN.format("elle est signée d'une manière que nous n'acceptons pas."),
    )
    TOKEN_KEY = ("token_key", HTTPStatus.BAD_GATEWAY, _UNPROVEN.format("la clé de sa signature est inconnue."))
    TOKEN_SIGNATURE = ("token_signature", HTTPStatus.BAD_GATEWAY, _UNPROVEN.format("sa signature est fausse."))
    TOKEN_ISSUER = ("token_issuer", HTTPStatus.BAD_GATEWAY, _UNPROVEN.format("elle ne vient pas de ComptExpert."))
    TOKEN_AUDIENCE = (
        "token_audience",
        HTTPStatus.BAD_GATEWAY,
        _UNPROVEN.format("elle est adressée à un autre service."),
    )
    TOKEN_EXPIRED = ("token_expired", HTTPStatus.BAD_GATEWAY, _UNPROVEN.format("elle a expiré."))
    TOKEN_FUTURE = ("token_future", HTTPStatus.BAD_GATEWAY, _UNPROVEN.format("elle est datée du futur."))
    TOKEN_CLAIM = ("token_claim", HTTPStatus.BAD_GATEWAY, _UNPROVEN.format("une mention obligatoire y manque."))
    TOKEN_NONCE = (
        "token_nonce",
        HTTPStatus.BAD_GATEWAY,
        _UNPROVEN.format("elle répond à une autre demande que la vôtre."),
    )
    USERINFO_REFUSED = (
        "userinfo_refused",
        HTTPStatus.BAD_GATEWAY,
        "ComptExpert a refusé de communiquer vos droits à jefacture.",
    )
    USERINFO_OTHER_PERSON = (
        "userinfo_other_person",
        HTTPStatus.BAD_GATEWAY,
        _UNPROVEN.format("elle parle d'une autre personne."),
    )
    CLAIMS_MALFORMED = (
        "claims_malformed",
        HTTPStatus.BAD_GATEWAY,
        "ComptExpert a décrit vos droits d'une manière que jefacture ne sait pas lire.",
    )
    OTHER_PERSON = (
        "other_person",
        HTTPStatus.FORBIDDEN,
        "Ce n'est pas la personne connectée à jefacture qui s'est identifiée dans ComptExpert.",
    )
    NOT_CONFIRMED = (
        "not_confirmed",
        HTTPStatus.FORBIDDEN,
        "ComptExpert n'a pas redemandé votre mot de passe : nous ne pouvons pas être sûrs que c'est vous.",
    )
    ACCOUNT_CLOSED = ("account_closed", HTTPStatus.FORBIDDEN, "Ce compte a été fermé dans jefacture.")

    def __init__(self, code: str, status: HTTPStatus, sentence: str) -> None:
        self.code = code
        self.status = status
        self.sentence = sentence

    @property
    def passes(self) -> bool:
        """Whether waiting may mend it: ComptExpert is down, slow or broken, it has not said no."""
        return self in {Reason.PROVIDER_DOWN, Reason.PROVIDER_SLOW, Reason.PROVIDER_UNREADABLE}


class ComptExpertError(Exception):
    """A sign-in, a renewal or a logout that ComptExpert's answer does not allow; `detail` is for the log alone."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.code} {detail}".strip())
        self.reason = reason
        self.detail = detail


class AccessTokenRefusedError(ComptExpertError):
    """The access token is over: the person must come by ComptExpert again, which may be silent."""

    def __init__(self) -> None:
        super().__init__(Reason.USERINFO_REFUSED, "userinfo 401")
