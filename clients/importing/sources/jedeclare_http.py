"""Fetches a firm's client files from jedeclare.com with credentials that are used once and kept nowhere.

No exception of this module holds the credentials, nor a traceback through a frame that shows them: they travel as an
object that tells nothing of itself, and errors are raised after the library's own have been let go.
"""

import time
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final
from urllib.parse import quote

import requests
from lxml import etree
from requests.auth import HTTPBasicAuth
from urllib3.exceptions import HTTPError

from clients.importing.sources.jedeclare import NAMESPACE
from common.http import body_of, is_private
from common.typography import french

MAX_ANSWER_BYTES: Final = 50 * 1024 * 1024
MAX_ACCOUNTS_BYTES: Final = 1024 * 1024
_NAMESPACE_BYTES: Final = tuple(NAMESPACE.encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))


class JedeclareError(Exception):
    """`str()` is a French sentence for the person who asked."""

    sentence = "L'import depuis jedeclare.com n'a pas abouti."

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(french(sentence or self.sentence))


class WrongCredentials(JedeclareError):  # noqa: N818 - reads as what happened
    sentence = "jedeclare.com ne reconnaît pas cet e-mail ou ce mot de passe. Vérifiez-les, puis réessayez."


class NoRight(JedeclareError):  # noqa: N818 - reads as what happened
    sentence = (
        "Ce compte jedeclare.com n'a pas le droit de gestion des dossiers clients. Demandez-le à l'administrateur de "
        "votre compte jedeclare.com."
    )


class UnknownAccount(JedeclareError):  # noqa: N818 - reads as what happened
    sentence = "jedeclare.com ne connaît pas ce compte. Vérifiez son numéro, ou laissez-le vide."


class ServiceDown(JedeclareError):  # noqa: N818 - reads as what happened
    sentence = "jedeclare.com ne répond pas pour le moment. Rien n'a été importé : réessayez dans quelques minutes."


class Credentials:
    """An e-mail and a password that no repr shows, whichever error report meets them among a frame's variables."""

    def __init__(self, email: str, password: str) -> None:
        # As bytes: requests would encode text as latin-1, and name the password in its error where it cannot.
        self.basic = HTTPBasicAuth(email.strip().encode(), password.encode())


_BY_STATUS: Final[dict[int, type[JedeclareError]]] = {401: WrongCredentials, 403: NoRight, 404: UnknownAccount}


def fetch_client_files(
    base_url: str,
    credentials: Credentials,
    account: str | None = None,
    *,
    timeout: float,
) -> bytes:
    """The XML of every client file (contracts: `dossierClient`), for `open_source(…, kind=SourceKind.JEDECLARE)`.

    Raises WrongCredentials, NoRight, UnknownAccount or ServiceDown. `timeout` bounds the whole exchange.
    """
    call = _Call(base_url.rstrip("/"), credentials, deadline=time.monotonic() + timeout)
    if not is_private(base_url):
        raise ServiceDown("L'adresse de jedeclare.com n'est pas en https : vos identifiants n'ont pas été envoyés.")
    if account is None or not account.strip():
        account = only_account(call.get("/compte", limit=MAX_ACCOUNTS_BYTES))
    document = call.get(f"/compte/{quote(account.strip(), safe='')}/dossierClient", limit=MAX_ANSWER_BYTES)
    if not any(name in document for name in _NAMESPACE_BYTES):  # a maintenance page, say; the rest is for the reader
        raise ServiceDown
    return document


def only_account(document: bytes) -> str:
    """The account number in the answer of `/compte`.

    An assumption, as no public description of that call exists: `comptes` { `compte` { `id` } }.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError:
        raise ServiceDown from None
    named = [element.text or "" for element in root.iter(f"{{{NAMESPACE}}}id")]
    found = [text.strip() for text in named if text.strip()]
    if len(found) > 1:
        listed = ", ".join(found[:10])
        raise UnknownAccount(f"Votre accès ouvre plusieurs comptes jedeclare.com ({listed}) : indiquez lequel.")
    if not found:
        raise UnknownAccount("Aucun compte jedeclare.com n'est ouvert à cet e-mail.")
    return found[0]


class _Call:
    """One exchange: two requests at most, under one deadline."""

    def __init__(self, base_url: str, credentials: Credentials, *, deadline: float) -> None:
        self._base_url = base_url
        self._credentials = credentials
        self._deadline = deadline

    def get(self, path: str, *, limit: int) -> bytes:
        status, body = self._in_time(path, limit=limit)
        if status == requests.codes.ok and body is not None:
            return body
        raise _BY_STATUS.get(status, ServiceDown)

    def _in_time(self, path: str, *, limit: int) -> tuple[int, bytes | None]:
        """As `_try`, given up at the deadline: the library's own time-out begins anew with each byte of a header."""
        answers: SimpleQueue[tuple[int, bytes | None]] = SimpleQueue()
        Thread(target=lambda: answers.put(self._try(path, limit=limit)), daemon=True).start()
        try:
            return answers.get(timeout=self._left)
        except Empty:
            return 0, None

    @property
    def _left(self) -> float:
        return max(0.1, self._deadline - time.monotonic())

    def _try(self, path: str, *, limit: int) -> tuple[int, bytes | None]:
        """(status, body); status 0 where there was no answer, or one that was too long or broke off."""
        try:
            with requests.get(
                f"{self._base_url}{path}",
                auth=self._credentials.basic,
                headers={"Accept": "application/xml"},
                timeout=self._left,
                allow_redirects=False,
                stream=True,
            ) as answer:
                if answer.status_code != requests.codes.ok:
                    return answer.status_code, None
                return answer.status_code, body_of(answer, limit=limit, until=self._deadline)
        except (requests.RequestException, HTTPError, OSError, ValueError):
            # Swallowed here so that none of the library's frames, which hold the header, outlive this call.
            return 0, None
