from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as passkey_views
from django.urls import path, re_path, register_converter

from accounts.access import company_account
from accounts.converters import SignedNumber
from accounts.views import account, columns, entrance, terms

app_name = "accounts"

register_converter(SignedNumber, "signed")

urlpatterns = [
    path("connexion/", allauth_views.login, name="login"),
    path("deconnexion/", entrance.sign_out, name="logout"),
    path("entree/", entrance.entrance, name="entrance"),
    path("cgu/<slug:audience>/", terms.terms, name="terms"),
    path("cgu/<slug:audience>/<str:version>/", terms.terms, name="terms_version"),
    path("listes/<slug:name>/colonnes/", columns.columns, name="columns"),
    path("compte/", account.account, name="account"),
    path("compte/sessions/fermer/", account.close_session, name="close_session"),
]

# The names that allauth itself looks for; only these of its pages exist.
allauth_urlpatterns = [
    path("connexion/", allauth_views.login, name="account_login"),
    path("connexion/code/", mfa_views.authenticate, name="mfa_authenticate"),
    path("connexion/cle/", passkey_views.login_webauthn, name="mfa_login_webauthn"),
    path("deconnexion/", entrance.sign_out, name="account_logout"),
    path("compte-inactif/", allauth_views.account_inactive, name="account_inactive"),
    path("inscription/", entrance.sign_up_closed, name="account_signup"),
    path("mot-de-passe/oublie/", allauth_views.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", allauth_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/nouveau/fait/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # « Mon compte »: where allauth has a page of its own for a list, ours shows it.
    path("compte/", account.account, name="mfa_index"),
    path("compte/", account.account, name="mfa_list_webauthn"),
    path("compte/adresse/", account.change_email, name="account_email"),
    path("compte/adresse/<str:key>/", account.follow_email_link, name="account_confirm_email"),
    path("compte/mot-de-passe/", company_account(allauth_views.password_change), name="account_change_password"),
    path("compte/application/", company_account(app_views.activate_totp), name="mfa_activate_totp"),
    path("compte/application/retirer/", company_account(app_views.deactivate_totp), name="mfa_deactivate_totp"),
    path("compte/codes/", company_account(code_views.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "compte/codes/nouveaux/",
        company_account(code_views.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "compte/codes/fichier/", company_account(code_views.download_recovery_codes), name="mfa_download_recovery_codes"
    ),
    path("compte/cles/ajouter/", company_account(passkey_views.add_webauthn), name="mfa_add_webauthn"),
    path("compte/cles/<signed:pk>/", company_account(passkey_views.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        "compte/cles/<signed:pk>/retirer/", company_account(passkey_views.remove_webauthn), name="mfa_remove_webauthn"
    ),
    path("compte/confirmer/", company_account(allauth_views.reauthenticate), name="account_reauthenticate"),
    path("compte/confirmer/code/", company_account(mfa_views.reauthenticate), name="mfa_reauthenticate"),
    path(
        "compte/confirmer/cle/",
        company_account(passkey_views.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
]
