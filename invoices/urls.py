from django.urls import path, re_path

from invoices.views import company, deposits, firm

app_name = "invoices"

_KIND = "(?P<kind>original|xml|facturx)"
_UUID = "(?P<pk>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})"

urlpatterns = [
    path("entreprises/<str:siren>/factures/", company.invoice_list, name="company_list"),
    path("entreprises/<str:siren>/factures/<uuid:pk>/", company.invoice_detail, name="company_detail"),
    re_path(
        rf"^entreprises/(?P<siren>[^/]+)/factures/{_UUID}/fichiers/{_KIND}/$", company.invoice_file, name="company_file"
    ),
    re_path(
        rf"^entreprises/(?P<siren>[^/]+)/factures/{_UUID}/(?P<act>valider|refuser|annuler)/$",
        company.decide,
        name="decide",
    ),
    path("entreprises/<str:siren>/deposer/", deposits.deposit, name="deposit"),
    path("entreprises/<str:siren>/deposer/derniers/", deposits.latest, name="deposits_latest"),
    path("entreprises/<str:siren>/deposer/<uuid:pk>/original/", deposits.original, name="deposit_original"),
    path("cabinets/<str:siret>/factures/", firm.invoice_list, name="firm_list"),
    path("cabinets/<str:siret>/factures/<uuid:pk>/", firm.invoice_detail, name="firm_detail"),
    re_path(rf"^cabinets/(?P<siret>[^/]+)/factures/{_UUID}/fichiers/{_KIND}/$", firm.invoice_file, name="firm_file"),
    path("cabinets/<str:siret>/factures/<uuid:pk>/valider/", firm.validate_invoice, name="firm_validate"),
    path("cabinets/<str:siret>/clients/<uuid:pk>/factures/", firm.of_client, name="of_client"),
]
