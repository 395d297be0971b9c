from allauth.account import views as allauth_views
from django.urls import path, re_path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("connexion/", allauth_views.login, name="login"),
    path("deconnexion/", views.sign_out, name="logout"),
    path("entree/", views.entrance, name="entrance"),
    path("cgu/<slug:audience>/", views.terms, name="terms"),
]

# The names that allauth itself looks for; only these of its pages exist.
allauth_urlpatterns = [
    path("connexion/", allauth_views.login, name="account_login"),
    path("deconnexion/", views.sign_out, name="account_logout"),
    path("compte-inactif/", allauth_views.account_inactive, name="account_inactive"),
    path("inscription/", views.sign_up_closed, name="account_signup"),
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
]
