"""The « ⋮ » at the end of a row."""

from collections.abc import Iterable
from functools import lru_cache

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from common.templatetags import jf


def row_menu(name: str, entries: Iterable[str]) -> SafeString:
    """The button, which names its row, and the menu that it opens."""
    before, after = _frame()
    return mark_safe(f"{before}{conditional_escape(name)}{after}{''.join(entries)}</ul></div>")  # noqa: S308 - escaped


@lru_cache(maxsize=1)
def _frame() -> tuple[str, str]:
    button = (
        '<div class="dropdown"><button type="button" class="btn btn-icon" data-bs-toggle="dropdown"'
        """ data-bs-popper-config='{"strategy":"fixed"}' aria-expanded="false" aria-label="Actions pour """
    )
    return button, f'">{jf.icon("ellipsis-vertical", 20)}</button><ul class="dropdown-menu dropdown-menu-end">'


class Entry:
    """A line of a menu, drawn once for all rows but for its address."""

    def __init__(self, icon: str, label: str) -> None:
        self.icon, self.label = icon, label

    def link(self, address: str) -> SafeString:
        """Leads to a page."""
        return self._draw('<a class="dropdown-item" href', address, "a")

    def press(self, address: str) -> SafeString:
        """Posts the form around the list to `address`."""
        return self._draw('<button class="dropdown-item" formaction', address, "button")

    def _draw(self, start: str, address: str, tag: str) -> SafeString:
        shown = f"{jf.icon(self.icon)} {conditional_escape(self.label)}"
        return mark_safe(f'<li>{start}="{conditional_escape(address)}">{shown}</{tag}></li>')  # noqa: S308 - escaped
