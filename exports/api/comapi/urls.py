"""
With and without /v1, a trailing slash or none, any case in type and state: clients twenty years old call this.

The last pattern takes every other address under /comapi/: nothing is left for a redirect that adds a slash. Doubled
slashes are one by the time that these are looked at (see middleware).
"""

from django.urls import re_path

from exports.api.comapi import views
from exports.api.comapi.endpoint import unknown

_START = r"comapi/(?:[vV]1/)?"
_LIST = r"(?P<siren>[^/]+)/(?P<direction>[^/]+)/(?P<state>[^/]+)"

urlpatterns = [
    re_path(rf"^{_START}enterprise/?\Z", views.enterprise, name="comapi_enterprise"),
    re_path(rf"^{_START}invoice/download/{_LIST}/(?P<name>[^/]+)/?\Z", views.download, name="comapi_download"),
    re_path(rf"^{_START}invoice/{_LIST}/?\Z", views.invoices, name="comapi_invoices"),
    re_path(r"^comapi(?:/[\s\S]*)?\Z", unknown, name="comapi_unknown"),
]
