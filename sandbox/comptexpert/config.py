"""What the provider is told on its command line, and which addresses it may send a browser back to."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

CALLBACK_PATH = "/comptexpert/retour/"
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass
class Config:
    """The provider's one client, and the issuer's name."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uris: list[str]
    any_loopback_redirect: bool = False
    backchannel_logout_uris: list[str] = field(default_factory=list)

    def accepts_redirect(self, uri: str) -> bool:
        if uri in self.redirect_uris:
            return True
        parts = urlsplit(uri)
        return (
            self.any_loopback_redirect
            and parts.scheme == "http"
            and parts.hostname in LOOPBACK_HOSTS
            and (parts.path, parts.query, parts.fragment) == (CALLBACK_PATH, "", "")
        )

    def accepts_post_logout_redirect(self, uri: str) -> bool:
        """Accept any page of a site whose callback is accepted: the client registers no list of its own."""
        parts = urlsplit(uri)
        origins = {(known.scheme, known.netloc) for known in map(urlsplit, self.redirect_uris)}
        loopback = parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS
        return (parts.scheme, parts.netloc) in origins or (self.any_loopback_redirect and loopback)
