from django.urls import path

from firms.comptexpert import views as comptexpert
from firms.views import emails, entrance, journal, keys, profile, users

app_name = "firms"

urlpatterns = [
    path("comptexpert/connexion/", comptexpert.comptexpert_login, name="comptexpert_login"),
    path("comptexpert/retour/", comptexpert.comptexpert_callback, name="comptexpert_callback"),
    path("comptexpert/reconnecte/", comptexpert.comptexpert_back, name="comptexpert_back"),
    path("comptexpert/deconnexion-serveur/", comptexpert.comptexpert_backchannel, name="comptexpert_backchannel"),
    path("cabinets/", entrance.choose, name="choose"),
    path("cabinets/changer/", entrance.switch, name="switch"),
    path("cabinets/<str:siret>/", entrance.home, name="home"),
    path("cabinets/<str:siret>/utilisateurs/", users.member_list, name="users"),
    path("cabinets/<str:siret>/utilisateurs/<uuid:pk>/role/", users.set_role, name="set_role"),
    path("cabinets/<str:siret>/profil/", profile.profile, name="profile"),
    path("cabinets/<str:siret>/profil/modifier/", profile.edit_profile, name="edit_profile"),
    path("cabinets/<str:siret>/profil/preuve-cgu/", profile.terms_proof, name="terms_proof"),
    path("cabinets/<str:siret>/profil/cles/nouvelle/", keys.create, name="create_key"),
    path("cabinets/<str:siret>/profil/cles/<uuid:pk>/", keys.edit, name="edit_key"),
    path("cabinets/<str:siret>/profil/cles/<uuid:pk>/afficher/", keys.show, name="show_key"),
    path("cabinets/<str:siret>/profil/cles/<uuid:pk>/regenerer/", keys.regenerate, name="regenerate_key"),
    path("cabinets/<str:siret>/profil/cles/<uuid:pk>/revoquer/", keys.revoke, name="revoke_key"),
    path("logos/<uuid:pk>/", profile.logo, name="logo"),
    path("cabinets/<str:siret>/journal/", journal.journal, name="journal"),
    path("cabinets/<str:siret>/journal/exporter/", journal.export, name="journal_export"),
    path("cabinets/<str:siret>/emails/", emails.email_list, name="emails"),
    path("cabinets/<str:siret>/emails/<uuid:pk>/reessayer/", emails.retry, name="retry_email"),
]
