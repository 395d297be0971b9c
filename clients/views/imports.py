"""Importing clients: the file or jedeclare.com, the dry run, the columns, the act and its progress."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect
from django_ratelimit.decorators import ratelimit
from django_tables2 import RequestConfig

from clients.enums import ImportSource, ImportState, RowAction
from clients.forms import ColumnsForm, FileForm, JedeclareForm
from clients.importing.sources.jedeclare_http import JedeclareError, UnknownAccount, fetch_client_files
from clients.importing.workbooks import CONTENT_TYPE, error_workbook, template_workbook
from clients.models import ImportJob
from clients.selectors import (
    get_import_or_404,
    imports_of,
    latest_running_imports,
    rejected_rows,
    rows_of,
    running_enrichments,
)
from clients.services import ImportStateError, cancel_import, choose_columns, confirm_import, start_import
from clients.tables import ImportRowTable
from firms.access import FirmRequest, firm_page


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page()
def start(request: FirmRequest) -> HttpResponse:
    """« Charger les clients depuis un fichier Excel »."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        job = start_import(request.membership, source=ImportSource.FILE, file_name=file.name, chunks=file.chunks())
        return redirect("clients:import_review", request.membership.firm.siret, job.pk)
    context = {"form": form, "rail": "clients", "jobs": imports_of(request.membership)[:5]}
    return render(request, "clients/import_start.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters("password")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
@ratelimit(key="user", rate="10/m", method="POST")
@firm_page(waits=True)
def start_jedeclare(request: FirmRequest) -> HttpResponse:
    """« Connexion à jedeclare.com »: the credentials serve this one request and are kept nowhere."""
    in_dialog = "HX-Request" in request.headers
    form = JedeclareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            document = fetch_client_files(
                settings.JEDECLARE_URL,
                form.credentials(),
                form.cleaned_data["account"] or None,
                timeout=settings.JEDECLARE_TIMEOUT,
            )
        except JedeclareError as error:
            form.add_error("account" if isinstance(error, UnknownAccount) else None, str(error))
        else:
            job = start_import(
                request.membership, source=ImportSource.JEDECLARE, file_name="jedeclare.com", chunks=(document,)
            )
            address = reverse("clients:import_review", args=[request.membership.firm.siret, job.pk])
            return HttpResponseClientRedirect(address) if in_dialog else redirect(address)
    context = {"form": form, "rail": "clients"}
    status = 422 if form.errors and not in_dialog else 200
    return render(request, "clients/import_jedeclare.html", context, status=status)


@require_safe
@firm_page()
def template(_request: FirmRequest) -> HttpResponse:
    """« Télécharger le modèle Excel »."""
    return _workbook(template_workbook(), "modele-clients-jefacture.xlsx")


@require_safe
@firm_page()
def review(request: FirmRequest, pk: UUID) -> HttpResponse:
    """Where an import stands: being read, its columns to be said, to be confirmed, under way, done."""
    job = get_import_or_404(request.membership, pk=pk)
    context = {"job": job, "rail": "clients", "figures": _figures(request, job)}
    if job.state == ImportState.MAPPING:
        context["form"] = ColumnsForm(columns=job.sample["columns_found"])
        return render(request, "clients/import_columns.html", context)
    if job.state in (ImportState.READY, ImportState.APPLYING, ImportState.DONE):
        chosen = request.GET.get("voir", "")
        rows = rows_of(job, action=chosen if chosen in RowAction.values else "")
        table = ImportRowTable(rows, filtered=bool(chosen))
        RequestConfig(request, paginate={"per_page": 50}).configure(table)
        context["table"] = table
    return render(request, "clients/import_review.html", context)


def _figures(request: FirmRequest, job: ImportJob) -> list[dict[str, object]]:
    """The four counts at the top; each shows its rows."""
    words = {
        "create": ("Créés", "nouveaux dossiers"),
        "update": ("Mis à jour", "dossiers qui changent"),
        "unchanged": ("Inchangés", "déjà identiques"),
        "reject": ("Rejetés", "lignes à corriger"),
    }
    chosen = request.GET.get("voir", "")
    return [
        {
            "word": word,
            "note": note,
            "value": job.counts.get(action, 0),
            "url": request.path if chosen == action else f"{request.path}?voir={action}",
            "current": chosen == action,
        }
        for action, (word, note) in words.items()
    ]


@require_safe
@firm_page()
def progress(request: FirmRequest, pk: UUID) -> HttpResponse:
    """The progress card; when there is nothing more to wait for, the page that shows the result is loaded."""
    job = get_import_or_404(request.membership, pk=pk)
    response = render(request, "clients/import_progress.html", {"job": job})
    if not job.is_running:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@firm_page()
def running(request: FirmRequest) -> HttpResponse:
    """The item of the top bar, on every page of the firm."""
    running_now = {
        "jobs": latest_running_imports(request.membership),
        "enrichments": running_enrichments(request.membership),
    }
    return render(request, "clients/import_running.html", running_now)


@require_POST
@firm_page()
def choose(request: FirmRequest, pk: UUID) -> HttpResponse:
    job = get_import_or_404(request.membership, pk=pk)
    form = ColumnsForm(request.POST, columns=job.sample.get("columns_found", []))
    if not form.is_valid():
        return render(request, "clients/import_columns.html", {"job": job, "form": form, "rail": "clients"}, status=422)
    try:
        choose_columns(request.membership, job=job, columns=form.cleaned_data["columns"])
    except ImportStateError as error:
        messages.error(request, str(error))
    return redirect("clients:import_review", request.membership.firm.siret, pk)


@require_POST
@firm_page()
def confirm(request: FirmRequest, pk: UUID) -> HttpResponse:
    """« Confirmer l'import »."""
    job = get_import_or_404(request.membership, pk=pk)
    try:
        if not confirm_import(request.membership, job=job):
            messages.warning(
                request, "Vos clients ont changé depuis l'analyse : le fichier est relu, rien n'a été écrit."
            )
    except ImportStateError as error:
        messages.error(request, str(error))
    return redirect("clients:import_review", request.membership.firm.siret, pk)


@require_POST
@firm_page()
def cancel(request: FirmRequest, pk: UUID) -> HttpResponse:
    job = get_import_or_404(request.membership, pk=pk)
    try:
        cancel_import(request.membership, job=job)
    except ImportStateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Import abandonné : rien n'a été écrit.")
    return redirect("clients:list", request.membership.firm.siret)


@require_safe
@firm_page()
def errors(request: FirmRequest, pk: UUID) -> HttpResponse:
    """The user's own rejected rows, with a column « Motif »."""
    job = get_import_or_404(request.membership, pk=pk)
    header = job.sample.get("header", [])
    rows = ((row.cells, row.reasons) for row in rejected_rows(job).iterator())
    return _workbook(error_workbook(header, rows), "lignes-rejetees.xlsx")


def _workbook(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
