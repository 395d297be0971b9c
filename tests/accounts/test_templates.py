"""Every page of allauth that exists here is ours: in French, in our look."""

import pytest
from django.template.loader import get_template
from django.urls import URLPattern

from accounts.urls import allauth_urlpatterns
from jefacture.embedded.configuration import ROOT

_SHOWN = {
    pattern.name: pattern
    for pattern in allauth_urlpatterns
    if getattr(getattr(pattern.callback, "view_class", None), "template_name", None)
}


def test_views_of_allauth_are_found() -> None:
    assert len(_SHOWN) == 21


@pytest.mark.parametrize("pattern", _SHOWN.values(), ids=_SHOWN)
def test_page_has_a_template_of_ours(pattern: URLPattern) -> None:
    name = pattern.callback.view_class.template_name  # type: ignore[attr-defined] # of a class-based view
    assert get_template(name).template.origin.name == str(ROOT / "templates" / name)  # type: ignore[attr-defined] # Django's own engine
