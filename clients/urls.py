from django.urls import path

from clients.views import (
    bulk,
    company_settings,
    directory,
    enrichment,
    files,
    import_review,
    imports,
    lookup,
    people,
    places,
    portfolios,
    sight,
)

app_name = "clients"

urlpatterns = [
    path("entreprises/", places.companies, name="companies"),
    path("cabinets/<str:siret>/cgu/", places.terms, name="terms"),
    path("cabinets/<str:siret>/clients/", directory.client_list, name="list"),
    path("cabinets/<str:siret>/clients/chiffres/", directory.figures, name="figures"),
    path("cabinets/<str:siret>/clients/exporter/", directory.export, name="export"),
    path("cabinets/<str:siret>/clients/archiver/", bulk.archive, name="archive_many"),
    path("cabinets/<str:siret>/clients/restaurer/", bulk.restore, name="restore_many"),
    path("cabinets/<str:siret>/clients/affecter/", bulk.assign, name="assign_many"),
    path("cabinets/<str:siret>/clients/portefeuille/", bulk.group, name="group_many"),
    path("cabinets/<str:siret>/portefeuilles/", portfolios.portfolio_list, name="portfolios"),
    path("cabinets/<str:siret>/portefeuilles/nouveau/", portfolios.create, name="portfolio_create"),
    path("cabinets/<str:siret>/portefeuilles/<uuid:pk>/", portfolios.detail, name="portfolio"),
    path("cabinets/<str:siret>/portefeuilles/<uuid:pk>/renommer/", portfolios.rename, name="portfolio_rename"),
    path("cabinets/<str:siret>/portefeuilles/<uuid:pk>/supprimer/", portfolios.delete, name="portfolio_delete"),
    path(
        "cabinets/<str:siret>/portefeuilles/<uuid:pk>/membres/<uuid:member>/",
        portfolios.set_member,
        name="portfolio_member",
    ),
    path(
        "cabinets/<str:siret>/portefeuilles/<uuid:pk>/dossiers/<uuid:client>/",
        portfolios.set_client,
        name="portfolio_client",
    ),
    path("cabinets/<str:siret>/clients/nouveau/", files.create, name="create"),
    path("cabinets/<str:siret>/clients/nouveau/annuaire/", lookup.suggest, name="lookup"),
    path("cabinets/<str:siret>/clients/completer/", enrichment.complete, name="complete"),
    path("cabinets/<str:siret>/clients/completer/<uuid:pk>/", enrichment.detail, name="enrichment"),
    path(
        "cabinets/<str:siret>/clients/completer/<uuid:pk>/avancement/", enrichment.progress, name="enrichment_progress"
    ),
    path("cabinets/<str:siret>/clients/completer/<uuid:pk>/arreter/", enrichment.stop, name="enrichment_stop"),
    path("cabinets/<str:siret>/clients/importer/", imports.start, name="import"),
    path("cabinets/<str:siret>/clients/importer/jedeclare/", imports.start_jedeclare, name="import_jedeclare"),
    path("cabinets/<str:siret>/clients/importer/modele/", imports.template, name="import_template"),
    path(
        "cabinets/<str:siret>/clients/importer/modele/mes-clients/", imports.prefilled_template, name="import_prefilled"
    ),
    path("cabinets/<str:siret>/clients/importer/en-cours/", imports.running, name="running"),
    path("cabinets/<str:siret>/clients/importer/<uuid:pk>/", import_review.review, name="import_review"),
    path("cabinets/<str:siret>/clients/importer/<uuid:pk>/avancement/", import_review.progress, name="import_progress"),
    path("cabinets/<str:siret>/clients/importer/<uuid:pk>/colonnes/", import_review.choose, name="import_columns"),
    path("cabinets/<str:siret>/clients/importer/<uuid:pk>/confirmer/", import_review.confirm, name="import_confirm"),
    path("cabinets/<str:siret>/clients/importer/<uuid:pk>/abandonner/", import_review.cancel, name="import_cancel"),
    path("cabinets/<str:siret>/clients/importer/<uuid:pk>/annuler/", import_review.undo, name="import_undo"),
    path("cabinets/<str:siret>/clients/importer/<uuid:pk>/erreurs/", import_review.errors, name="import_errors"),
    path("cabinets/<str:siret>/clients/<uuid:pk>/", files.detail, name="detail"),
    path("cabinets/<str:siret>/clients/<uuid:pk>/modifier/", files.edit, name="edit"),
    path("cabinets/<str:siret>/clients/<uuid:pk>/acces/", sight.detail, name="sight"),
    path("cabinets/<str:siret>/clients/<uuid:pk>/archiver/", files.archive, name="archive"),
    path("cabinets/<str:siret>/clients/<uuid:pk>/restaurer/", files.restore, name="restore"),
    path(
        "cabinets/<str:siret>/clients/<uuid:pk>/affectations/<uuid:member>/",
        files.set_assignment,
        name="set_assignment",
    ),
    path("cabinets/<str:siret>/utilisateurs/dossiers-a-transmettre/", people.files_left, name="files_left"),
    path("cabinets/<str:siret>/utilisateurs/<uuid:pk>/", people.member, name="member"),
    path("cabinets/<str:siret>/utilisateurs/<uuid:pk>/affectations/", people.give, name="give_files"),
    path("cabinets/<str:siret>/utilisateurs/<uuid:pk>/affectations/retirer/", people.take, name="take_files"),
    path("cabinets/<str:siret>/utilisateurs/<uuid:pk>/transmettre/", people.hand_over, name="hand_over"),
    path("entreprises/<str:siren>/parametres/", company_settings.company_settings, name="company_settings"),
    path(
        "entreprises/<str:siren>/parametres/cgu/<uuid:pk>/",
        company_settings.company_terms_proof,
        name="company_terms_proof",
    ),
]
