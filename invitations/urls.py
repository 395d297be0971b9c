from django.urls import path

from invitations.views import activation, colleagues, company, firm, joining, links, listing, wording

app_name = "invitations"

urlpatterns = [
    path("invitation/<str:token>/", links.open_link, name="open"),
    path("invitation/<str:token>/nouveau-lien/", links.renew, name="renew"),
    path("rejoindre/<str:token>/", joining.join, name="join"),
    path("entreprises/<str:siren>/cabinets/", company.firms, name="company_firms"),
    path("entreprises/<str:siren>/cabinets/<uuid:pk>/approuver/", company.approve, name="approve"),
    path("entreprises/<str:siren>/cabinets/<uuid:pk>/refuser/", company.decline, name="decline"),
    path("entreprises/<str:siren>/fermer/", company.close, name="close_space"),
    path("entreprises/<str:siren>/utilisateurs/", colleagues.people, name="company_users"),
    path(
        "entreprises/<str:siren>/utilisateurs/invitations/<uuid:pk>/renvoyer/",
        colleagues.resend,
        name="resend_colleague",
    ),
    path(
        "entreprises/<str:siren>/utilisateurs/invitations/<uuid:pk>/revoquer/",
        colleagues.revoke,
        name="revoke_colleague",
    ),
    path("entreprises/<str:siren>/utilisateurs/<uuid:pk>/role/", colleagues.set_role, name="company_role"),
    path("entreprises/<str:siren>/utilisateurs/<uuid:pk>/transmettre/", colleagues.hand_over, name="company_hand_over"),
    path("entreprises/<str:siren>/utilisateurs/<uuid:pk>/retirer/", colleagues.remove, name="company_remove"),
    path("cabinets/<str:siret>/clients/inviter/", activation.choose, name="choose"),
    path("cabinets/<str:siret>/clients/inviter/activer/", activation.start, name="start"),
    path("cabinets/<str:siret>/clients/<uuid:pk>/inviter/", firm.invite, name="invite"),
    path("cabinets/<str:siret>/clients/<uuid:pk>/invitations/", firm.of_client, name="of_client"),
    path("cabinets/<str:siret>/invitations/", listing.invitation_list, name="list"),
    path("cabinets/<str:siret>/invitations/renvoyer/", listing.send_again, name="send_again"),
    path("cabinets/<str:siret>/invitations/parametres/", wording.settings, name="settings"),
    path("cabinets/<str:siret>/invitations/apercu/", wording.preview, name="preview"),
    path("cabinets/<str:siret>/invitations/en-cours/", activation.running, name="running"),
    path("cabinets/<str:siret>/invitations/envois/<uuid:pk>/", activation.batch, name="batch"),
    path(
        "cabinets/<str:siret>/invitations/envois/<uuid:pk>/avancement/",
        activation.batch_progress,
        name="batch_progress",
    ),
    path("cabinets/<str:siret>/invitations/<uuid:pk>/renvoyer/", firm.resend, name="resend"),
    path("cabinets/<str:siret>/invitations/<uuid:pk>/preuve-cgu/", firm.terms_proof, name="terms_proof"),
    path("cabinets/<str:siret>/invitations/<uuid:pk>/revoquer/", firm.revoke, name="revoke"),
]
