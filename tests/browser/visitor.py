"""One person before a browser: goes about, looks at pages as a phone and a desk show them, notes what goes wrong."""

import os
import re
from pathlib import Path
from typing import Any, Final

from axe_core_python.base import AXE_SCRIPT
from playwright.sync_api import APIResponse, Browser, BrowserContext, ConsoleMessage, Page, Response, expect

from tests.stack import Stack

SCREENSHOTS: Final = Path(__file__).parent.parent.parent / "var" / "screenshots"
DESK: Final = (1280, 800)
PHONE: Final = (390, 844)
#: Milliseconds that a page may take on a busy machine.
_PATIENCE: Final = 15_000

# What sticks out at the right, where nothing around it scrolls by itself.
_TOO_WIDE: Final = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
    .map((element) => `${element.tagName}.${element.className}`).slice(0, 5)"""
# The rows of a list are alike, and looking at each costs: the first ones stand for all. Frames of ours are sandboxed:
# axe cannot speak with what is inside.
_AXE: Final = """() => axe.run(
  { include: [["html"]], exclude: [["table.jf tbody tr:nth-child(n + 8)"]] },
  { resultTypes: ["violations"], iframes: false })"""


expect.set_options(timeout=_PATIENCE)


class Visitor:
    """`page` is the tab in front; `open_tab` opens another one with the same cookies."""

    def __init__(self, context: BrowserContext, stack: Stack) -> None:
        self.stack = stack
        self.troubles: list[str] = []
        self._context = context
        self._refused: set[str] = set()
        self.page = self.open_tab()

    def open_tab(self) -> Page:
        page = self._context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("console", self._hear)
        page.on("response", self._note)
        return page

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self._refused.add(response.url)

    def _hear(self, message: ConsoleMessage) -> None:
        # The browser repeats there the status of a page that says 404 or 422 by intention: a test looks at the page.
        told_of_a_page = message.text.startswith("Failed to load resource") and (
            message.location.get("url", "") in self._refused
        )
        if message.type in {"error", "warning"} and not told_of_a_page:
            self.troubles.append(f"{message.location.get('url')}: {message.text}")

    # --- Going about --------------------------------------------------------------------------------------------------

    def go(self, path: str) -> Response | None:
        return self.page.goto(path if path.startswith("http") else f"{self.stack.url}{path}")

    def sign_in_as(self, sub: str, *, page: Page | None = None) -> None:
        """By « Accès cabinet d'expertise-comptable » and the stand-in's button for this person."""
        page = page or self.page
        page.goto(f"{self.stack.url}/connexion/")
        page.get_by_role("link", name="Se connecter").click()
        page.locator(f'button[value="{sub}"]').click()
        page.wait_for_url(f"{self.stack.url}/**")

    def sign_in_with(self, email: str, password: str) -> None:
        """By « Accès entreprise »."""
        self.go("/connexion/")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Mot de passe", exact=True).fill(password)
        self.page.get_by_role("button", name="Se connecter").click()
        self.page.wait_for_url(f"{self.stack.url}/entreprises/**")

    # Where signing in is not what a test is about: the same requests, without drawing the pages on the way.

    def enter_as(self, sub: str, *, accept: bool = False) -> None:
        """As `sign_in_as`; with `accept`, the CGU too, up to the list of clients."""
        request = self._context.request
        asked = request.get(f"{self.stack.url}/comptexpert/connexion/")
        arrived = request.post(asked.url, form={"sub": sub})
        if accept:
            arrived = self._submit(arrived, accept="on")
        self.go(arrived.url)

    def enter_with(self, email: str, password: str) -> None:
        """As `sign_in_with`."""
        form = self._context.request.get(f"{self.stack.url}/connexion/")
        self.go(self._submit(form, login=email, password=password).url)

    def _submit(self, page: APIResponse, **values: str) -> APIResponse:
        """Send the first form of the page, which posts to its own address."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text())
        assert token, page.url
        return self._context.request.post(page.url, form={"csrfmiddlewaretoken": token[1], **values})

    # --- Looking ------------------------------------------------------------------------------------------------------

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text().replace("\u202f", " ").replace("\u00a0", " ")

    def texts(self, selector: str) -> list[str]:
        """What each of them says now, on one line and with plain spaces."""
        return [" ".join(text.split()) for text in self.page.locator(selector).all_inner_texts()]

    def expect_heading(self, text: str) -> None:
        """Waits for it, as a person does: the page may still be on its way."""
        expect(self.page.locator("h1")).to_have_text(text, use_inner_text=True)

    def expect_texts(self, selector: str, texts: list[str]) -> None:
        """Waits until they are these, in this order; any white space is one space."""
        expect(self.page.locator(selector)).to_have_text(texts, use_inner_text=True)

    def look(self, name: str, *, whole: bool = True) -> None:
        """At both widths nothing may be wrong for those who cannot see the page, nor too wide. PICTURES=1 keeps it."""
        self.page.bring_to_front()  # a tab behind another one is drawn once a second
        self.page.evaluate(AXE_SCRIPT)
        for width, height in (PHONE, DESK):
            self.page.set_viewport_size({"width": width, "height": height})
            if os.environ.get("PICTURES"):
                self.page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png", full_page=whole, animations="disabled")
            assert self.page.evaluate(_TOO_WIDE) == [], f"{name} is wider than {width} pixels"
            assert _violations(self.page) == [], f"{name} at {width} pixels"


def _violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe-core finds: the rule, and the elements that break it. By evaluate(): the page's policy stays on."""
    found: list[dict[str, Any]] = page.evaluate(_AXE)["violations"]
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found]


class Visitors:
    """Makes visitors, each with cookies of his or her own, and gathers what they met."""

    def __init__(self, browser: Browser, stack: Stack) -> None:
        self._browser = browser
        self._stack = stack
        self._known: list[tuple[BrowserContext, Visitor]] = []

    def new(self) -> Visitor:
        width, height = DESK
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
        )
        context.set_default_timeout(_PATIENCE)
        visitor = Visitor(context, self._stack)
        self._known.append((context, visitor))
        return visitor

    @property
    def troubles(self) -> list[str]:
        return [trouble for _, visitor in self._known for trouble in visitor.troubles]

    def leave(self) -> None:
        for context, _ in self._known:
            context.close()
