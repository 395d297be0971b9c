"""The two parts of a message, from templates/email/<name>.txt and .html."""

import re
from dataclasses import dataclass
from typing import Any

from django.template import Context, engines

from common.typography import french

_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Rendering:
    text: str
    html: str


def render_email(name: str, context: dict[str, Any]) -> Rendering:
    """Both parts, with the spaces of French typography; the text part is not escaped, the HTML part always is."""
    text = _render(f"email/{name}.txt", context, autoescape=False)
    html = _render(f"email/{name}.html", context, autoescape=True)
    return Rendering(text=_BLANK_LINES.sub("\n\n", french(text)).strip() + "\n", html=french(html).strip() + "\n")


def _render(template_name: str, context: dict[str, Any], *, autoescape: bool) -> str:
    engine = engines["django"].engine  # type: ignore[attr-defined] # the Django backend's own engine
    return str(engine.get_template(template_name).render(Context(context, autoescape=autoescape)))
