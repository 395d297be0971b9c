from django.urls import path, register_converter

from invoices.converters import DecisionConverter, DepositActConverter, FileKindConverter
from invoices.views import (
    automatic,
    bulk,
    company,
    completing,
    dashboard,
    deposit_page,
    depositing_for,
    deposits,
    firm,
    keeping,
    leaving,
    lists,
    lists_acts,
    mailboxes,
    rechecks,
)

app_name = "invoices"

register_converter(FileKindConverter, "file_kind")
register_converter(DecisionConverter, "decision")
register_converter(DepositActConverter, "deposit_act")

urlpatterns = [
    path("entreprises/<str:siren>/factures/", lists.company_list, name="company_list"),
    path("entreprises/<str:siren>/accueil/", dashboard.company_home, name="company_home"),
    path("entreprises/<str:siren>/factures/totaux/", lists_acts.company_sums, name="company_sums"),
    path("entreprises/<str:siren>/factures/exporter/", lists_acts.company_export, name="company_list_export"),
    path("entreprises/<str:siren>/factures/vues/", lists_acts.company_view, name="company_view"),
    path("entreprises/<str:siren>/factures/<uuid:pk>/", company.invoice_detail, name="company_detail"),
    path(
        "entreprises/<str:siren>/factures/<uuid:pk>/fichiers/<file_kind:kind>/",
        company.invoice_file,
        name="company_file",
    ),
    path(
        "entreprises/<str:siren>/factures/<uuid:pk>/apercu/<file_kind:kind>/",
        company.invoice_preview,
        name="company_preview",
    ),
    path("entreprises/<str:siren>/factures/<uuid:pk>/<decision:act>/", company.decide, name="company_decide"),
    path("entreprises/<str:siren>/factures/<uuid:pk>/statut/", company.set_status, name="company_status"),
    path("entreprises/<str:siren>/factures/<uuid:pk>/commenter/", company.add_comment, name="company_comment"),
    path("entreprises/<str:siren>/factures/valider/", bulk.company_bulk, name="company_bulk"),
    path("entreprises/<str:siren>/parametres/validation/", automatic.rules, name="automatic"),
    path("entreprises/<str:siren>/factures/<uuid:pk>/conservation/", keeping.company_kept, name="company_kept"),
    path("cabinets/<str:siret>/factures/<uuid:pk>/conservation/", keeping.firm_kept, name="firm_kept"),
    path("entreprises/<str:siren>/controles/", rechecks.recheck_list, name="rechecks"),
    path("entreprises/<str:siren>/controles/<uuid:pk>/", rechecks.recheck_detail, name="recheck"),
    path("entreprises/<str:siren>/controles/<uuid:pk>/avancement/", rechecks.progress, name="recheck_progress"),
    path("entreprises/<str:siren>/quitter/", leaving.leave, name="leave"),
    path("entreprises/<str:siren>/quitter/<uuid:pk>/avancement/", leaving.progress, name="export_progress"),
    path("entreprises/<str:siren>/quitter/<uuid:pk>/archive/", leaving.archive, name="export_archive"),
    path("entreprises/<str:siren>/deposer/", deposits.deposit, name="deposit"),
    path("entreprises/<str:siren>/deposer/derniers/", deposits.latest, name="deposits_latest"),
    path("entreprises/<str:siren>/deposer/lots/", deposits.parcels_latest, name="parcels_latest"),
    path("entreprises/<str:siren>/deposer/lots/<uuid:pk>/original/", deposits.parcel_original, name="parcel_original"),
    path("entreprises/<str:siren>/deposer/e-mail/", mailboxes.mailboxes, name="mailboxes"),
    path("entreprises/<str:siren>/deposer/e-mail/expediteurs/", mailboxes.add, name="sender_add"),
    path(
        "entreprises/<str:siren>/deposer/e-mail/expediteurs/<uuid:pk>/retirer/", mailboxes.remove, name="sender_remove"
    ),
    path("entreprises/<str:siren>/deposer/e-mail/<uuid:pk>/renouveler/", mailboxes.renew, name="mailbox_renew"),
    path("entreprises/<str:siren>/deposer/e-mail/<uuid:pk>/accepter/", mailboxes.accept, name="message_accept"),
    path("entreprises/<str:siren>/deposer/e-mail/<uuid:pk>/refuser/", mailboxes.refuse, name="message_refuse"),
    path("entreprises/<str:siren>/deposer/<uuid:pk>/", deposit_page.detail, name="deposit_detail"),
    path("entreprises/<str:siren>/deposer/<uuid:pk>/comparaison/", deposit_page.comparison, name="deposit_compare"),
    path("entreprises/<str:siren>/deposer/<uuid:pk>/facture/", deposit_page.pair, name="deposit_pair"),
    path("entreprises/<str:siren>/deposer/<uuid:pk>/deplacer/", deposit_page.move, name="deposit_move"),
    path("entreprises/<str:siren>/deposer/<uuid:pk>/<deposit_act:act>/", deposit_page.sort, name="deposit_sort"),
    path("entreprises/<str:siren>/deposer/<uuid:pk>/original/", deposits.original, name="deposit_original"),
    path("entreprises/<str:siren>/deposer/tiers/", completing.party, name="deposit_party"),
    path("entreprises/<str:siren>/deposer/<uuid:pk>/apercu/", completing.preview, name="deposit_preview"),
    path("entreprises/<str:siren>/deposer/<uuid:pk>/completer/", completing.complete, name="deposit_complete"),
    path("entreprises/<str:siren>/deposer/<uuid:pk>/refuser/", completing.refuse, name="deposit_refuse"),
    path("cabinets/<str:siret>/factures/", lists.firm_list, name="firm_list"),
    path("cabinets/<str:siret>/factures/deposer/", depositing_for.choose, name="deposit_for"),
    path("cabinets/<str:siret>/factures/chiffres/", dashboard.figures, name="figures"),
    path("cabinets/<str:siret>/factures/totaux/", lists_acts.firm_sums, name="firm_sums"),
    path("cabinets/<str:siret>/factures/exporter/", lists_acts.firm_export, name="firm_list_export"),
    path("cabinets/<str:siret>/factures/vues/", lists_acts.firm_view, name="firm_view"),
    path("cabinets/<str:siret>/factures/<uuid:pk>/", firm.invoice_detail, name="firm_detail"),
    path("cabinets/<str:siret>/factures/<uuid:pk>/fichiers/<file_kind:kind>/", firm.invoice_file, name="firm_file"),
    path("cabinets/<str:siret>/factures/<uuid:pk>/apercu/<file_kind:kind>/", firm.invoice_preview, name="firm_preview"),
    path("cabinets/<str:siret>/factures/<uuid:pk>/<decision:act>/", firm.decide, name="firm_decide"),
    path("cabinets/<str:siret>/factures/<uuid:pk>/statut/", firm.set_status, name="firm_status"),
    path("cabinets/<str:siret>/factures/<uuid:pk>/commenter/", firm.add_comment, name="firm_comment"),
    path("cabinets/<str:siret>/factures/valider/", bulk.firm_bulk, name="firm_bulk"),
    path("cabinets/<str:siret>/clients/<uuid:pk>/factures/", lists.of_client, name="of_client"),
]
