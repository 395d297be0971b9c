from django.urls import include, path

from exports.views import connection, partners, settings

app_name = "exports"

urlpatterns = [
    path("", include("exports.api.comapi.urls")),
    path("cabinets/<str:siret>/partenaires/", partners.partners, name="partners"),
    path("cabinets/<str:siret>/parametres-export/", settings.configurations, name="settings"),
    path("cabinets/<str:siret>/parametres-export/nouvelle/", settings.configuration_new, name="configuration_new"),
    path("cabinets/<str:siret>/parametres-export/<uuid:pk>/", settings.configuration_edit, name="configuration_edit"),
    path(
        "cabinets/<str:siret>/parametres-export/<uuid:pk>/activation/",
        settings.configuration_switch,
        name="configuration_switch",
    ),
    path("cabinets/<str:siret>/parametres-export/<uuid:pk>/reprise/", settings.address_resume, name="address_resume"),
    path(
        "cabinets/<str:siret>/parametres-export/livraisons/<uuid:pk>/renvoyer/",
        settings.delivery_resend,
        name="delivery_resend",
    ),
    path("cabinets/<str:siret>/clients/<uuid:pk>/connexion/", connection.client_connection, name="client_connection"),
]
