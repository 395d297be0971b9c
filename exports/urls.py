from django.urls import include, path

from exports.views import connection, data, partners, settings

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
    path("cabinets/<str:siret>/profil/donnees/", data.data, name="data"),
    path("cabinets/<str:siret>/profil/donnees/confirmation/", data.confirm, name="data_confirm"),
    path("cabinets/<str:siret>/profil/donnees/<uuid:pk>/avancement/", data.progress, name="data_progress"),
    path("cabinets/<str:siret>/profil/donnees/<uuid:pk>/annulation/", data.stop, name="data_stop"),
    path("cabinets/<str:siret>/profil/donnees/<uuid:pk>/archive/", data.archive, name="data_archive"),
    path("cabinets/<str:siret>/clients/<uuid:pk>/connexion/", connection.client_connection, name="client_connection"),
]
