"""The two parts of a message, from templates/email/<name>.txt and .html."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template import Context, engines
from django.utils.html import escape

from common.typography import french

_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Rendering:
    text: str
    html: str

    def filled(self, values: Mapping[str, str]) -> "Rendering":
        """With these values in the places that were left for them by `blank`."""
        text, html = self.text, self.html
        for name, value in values.items():
            text, html = text.replace(blank(name), value), html.replace(blank(name), escape(value))
        return Rendering(text, html)


def blank(name: str) -> str:
    """For the context of `render_email`: the place of a text that differs between messages otherwise the same."""
    return f"\ue000{name}\ue001"  # letters of nobody's: Unicode leaves them to private use


def render_email(name: str, context: dict[str, Any]) -> Rendering:
    """Both parts, with the spaces of French typography; the text part is not escaped, the HTML part always is."""
    text = _render(f"email/{name}.txt", context, autoescape=False)
    html = _render(f"email/{name}.html", context, autoescape=True)
    return Rendering(text=_BLANK_LINES.sub("\n\n", french(text)).strip() + "\n", html=french(html).strip() + "\n")


def _render(template_name: str, context: dict[str, Any], *, autoescape: bool) -> str:
    engine = engines["django"].engine  # type: ignore[attr-defined] # the Django backend's own engine
    return str(engine.get_template(template_name).render(Context(context, autoescape=autoescape)))
