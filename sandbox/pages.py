"""What the stand-ins' French pages share: the frame and the style sheet."""

from html import escape
from pathlib import Path

from sandbox.web import App, Request, Response, text_response

_STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


def page(body: str, *, title: str, brand: str, theme: str) -> str:
    """Answer a whole page around `body`, which is already HTML. `theme` is a class of style.css."""
    return f"""<!doctype html>
<html lang="fr" class="{theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · {escape(brand)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><a class="brand" href="/">{escape(brand)}</a><span class="tag">bac à sable</span></header>
<main>
{body}
</main>
</body>
</html>
"""


def serve_style(app: App) -> None:
    @app.route("GET", "/style.css")
    def style(_request: Request) -> Response:
        return text_response(_STYLE, content_type="text/css")
