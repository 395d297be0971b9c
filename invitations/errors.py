"""Why an act on an invitation cannot be done; each message is shown, in French."""


class InvitationError(ValueError):
    """An invitation cannot be sent, renewed or accepted."""


class NoAddressError(InvitationError):
    def __init__(self) -> None:
        super().__init__("Ce dossier n'a pas d'e-mail de contact. Ajoutez-le, puis envoyez l'invitation.")


class AlreadyActiveError(InvitationError):
    def __init__(self) -> None:
        super().__init__("Ce client est déjà actif sur jefacture.")


class ArchivedClientError(InvitationError):
    def __init__(self) -> None:
        super().__init__("Ce dossier est archivé. Restaurez-le avant d'envoyer une invitation.")


class WaitsForOwnerError(InvitationError):
    def __init__(self) -> None:
        super().__init__("L'entreprise n'a pas encore répondu à votre demande de connexion.")


class NothingToSendError(InvitationError):
    def __init__(self) -> None:
        super().__init__("Aucun des clients choisis ne peut être invité.")


class UnknownLinkError(InvitationError):
    def __init__(self) -> None:
        super().__init__("Ce lien d'invitation n'existe pas ou a été remplacé par un plus récent.")


class UsedError(InvitationError):
    def __init__(self) -> None:
        super().__init__("Cette invitation a déjà été acceptée.")


class ExpiredError(InvitationError):
    def __init__(self) -> None:
        super().__init__("Ce lien d'invitation n'est plus valable.")


class RevokedError(InvitationError):
    def __init__(self) -> None:
        super().__init__("Le cabinet a annulé cette invitation.")


class AccountExistsError(InvitationError):
    def __init__(self) -> None:
        super().__init__("Un compte existe déjà avec cette adresse. Connectez-vous pour accepter l'invitation.")


class OtherPersonError(InvitationError):
    def __init__(self) -> None:
        super().__init__("Cette invitation est adressée à une autre personne.")


class AnsweredError(InvitationError):
    def __init__(self) -> None:
        super().__init__("Cette demande n'attend plus de réponse : quelqu'un y a répondu.")


class ClosedSpaceError(InvitationError):
    def __init__(self) -> None:
        super().__init__("L'espace de cette entreprise a été fermé par ses propriétaires.")


class WithdrawnError(InvitationError):
    def __init__(self) -> None:
        super().__init__("Cette invitation a été révoquée. Invitez de nouveau votre collègue.")


class AlreadyInsideError(InvitationError):
    def __init__(self) -> None:
        super().__init__("Cette personne fait déjà partie de l'espace.")


class AlreadyInvitedError(InvitationError):
    def __init__(self) -> None:
        super().__init__("Cette adresse est déjà invitée : renvoyez l'invitation depuis la liste.")
