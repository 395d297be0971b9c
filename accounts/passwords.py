"""What a password may not be, and the same rules as data for the list that a browser ticks while one is typed."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from accounts.models import User
from common.folding import fold
from common.typography import french

#: Words that are tried first in France, and that Django's list leaves out.
_FRENCH: Final = frozenset((Path(__file__).parent / "passwords_fr.txt").read_text(encoding="utf-8").split())
_LEET: Final = str.maketrans("013457@$€", "oieastase")
_EDGES: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_REPEATED: Final = re.compile(r"(.+?)\1+")


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """
    Django's list of leaked passwords, read as people lengthen them, and in French.

    That list has 19,640 entries, of which 190 reach twelve characters, hardly one of those in French: alone it lets
    « Motdepasse2026! » and « azerty123456 » pass. So digits and signs around a word, accents, case, look-alike
    signs and repetition are taken away first.
    """

    def validate(self, password: str, user: object | None = None) -> None:  # noqa: ARG002 - Django passes it
        words = {password.casefold().strip(), *_cores(password)}
        if any(word in self.passwords or word in _FRENCH for word in words):
            raise ValidationError(
                french("Ce mot de passe est trop courant : même allongé de chiffres, il serait vite deviné."),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return "Un mot de passe courant, même allongé de chiffres, est refusé."


def _cores(password: str) -> set[str]:
    """The word inside, as it is written, with look-alike signs read as letters, and said once where it is repeated."""
    plain = _EDGES.sub("", fold(password))
    words = {plain, _EDGES.sub("", fold(password).translate(_LEET)), plain.translate(_LEET)}
    return words | {repeated[1] for word in words if (repeated := _REPEATED.fullmatch(word))}


@dataclass(frozen=True)
class Rules:
    """What a page tells its browser: nothing that its reader does not know."""

    length: int
    #: E-mail and names that the password may not resemble, one per line.
    unlike: str


def rules_for(user: User) -> Rules:
    validators = password_validation.get_default_password_validators()
    [length] = [each.min_length for each in validators if isinstance(each, password_validation.MinimumLengthValidator)]
    return Rules(length=length, unlike="\n".join(filter(None, (user.first_name, user.last_name, user.email))))
