from django.urls import path, register_converter

from invoices.converters import DecisionConverter, DepositActConverter, FileKindConverter
from invoices.views import company, completing, deposit_page, depositing_for, deposits, firm, keeping, leaving, lists, mailboxes

app_name = "invoices"

register_converter(FileKindConverter, "file_kind")
register_converter(DecisionConverter, "decision")
register_converter(DepositActConverter, "deposit_act")

urlpatterns = [
    path("entreprises/<str:siren>/factures/", lists.company_list, name="company_list"),
    path("entreprises/<str:siren>/factures/<uuid:pk>/", company.invoice_detail, name="company_detail"),
    path(
        "entreprises/<str:siren>/factures/<uuid:pk>/fichiers/<file_kind:kind>/",
        company.invoice_file,
        name="company_file",
    ),
    path(
        "entreprises/<str:siren>/factures/<uuid:pk>/<decision:act>/",
        company.decide,
        name="decide",
    ),
    path("entreprises/<str:siren>/factures/<uuid:pk>/conservation/", keeping.company_kept, name="company_kept"),
    path("cabinets/<str:siret>/factures/<uuid:pk>/conservation/", keeping.firm_kept, name="firm_kept"),
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
    path("entreprises/<str:siren>/deposer/<uuid:pk>/apercu/", completing.preview, name="deposit_preview"),
    path("entreprises/<str:siren>/deposer/<uuid:pk>/completer/", completing.complete, name="deposit_complete"),
    path("entreprises/<str:siren>/deposer/<uuid:pk>/refuser/", completing.refuse, name="deposit_refuse"),
    path("cabinets/<str:siret>/factures/", lists.firm_list, name="firm_list"),
    path("cabinets/<str:siret>/factures/deposer/", depositing_for.choose, name="deposit_for"),
    path("cabinets/<str:siret>/factures/chiffres/", lists.figures, name="figures"),
    path("cabinets/<str:siret>/factures/<uuid:pk>/", firm.invoice_detail, name="firm_detail"),
    path("cabinets/<str:siret>/factures/<uuid:pk>/fichiers/<file_kind:kind>/", firm.invoice_file, name="firm_file"),
    path("cabinets/<str:siret>/factures/<uuid:pk>/valider/", firm.validate_invoice, name="firm_validate"),
    path("cabinets/<str:siret>/clients/<uuid:pk>/factures/", lists.of_client, name="of_client"),
]
