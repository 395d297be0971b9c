from django.urls import include, path

from accounts import urls as accounts_urls
from accounts.views.entrance import home
from common import health
from exports.api.v1.api import api
from jefacture.first_steps import first_steps
from jefacture.previews import views as previews
from jefacture.rights import rights

handler400 = "common.errors.bad_request"
handler403 = "common.errors.forbidden"
handler404 = "common.errors.not_found"
handler500 = "common.errors.server_error"

urlpatterns = [
    path("", home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("cabinets/<str:siret>/premiers-pas/", first_steps, name="first_steps"),
    path("cabinets/<str:siret>/utilisateurs/qui-peut-quoi/", rights, name="rights"),
    path("dev/emails/", previews.email_list, name="email_previews"),
    path("dev/emails/<slug:key>/", previews.email, name="email_preview"),
    path("dev/emails/<slug:key>/<slug:theme>/", previews.email_html, name="email_preview_html"),
    path("", include("accounts.urls")),
    path("", include(accounts_urls.allauth_urlpatterns)),
    path("", include("firms.urls")),
    path("", include("clients.urls")),
    path("", include("invitations.urls")),
    path("", include("invoices.urls")),
    path("", include("exports.urls")),
    path("api/v1/", api.urls),
]
