"""Importing clients: the file or jedeclare.com, the imports so far, and the one under way on every page."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect
from django_ratelimit.decorators import ratelimit
from django_tables2 import RequestConfig

from clients.enums import ImportSource
from clients.forms import FileForm, JedeclareForm
from clients.importing.prefilled import client_values
from clients.importing.sources.jedeclare_http import JedeclareError, UnknownAccount, fetch_client_files
from clients.importing.workbooks import template_workbook
from clients.selectors import imports_of, latest_running_imports, running_enrichments
from clients.services import start_import
from clients.tables import ImportTable
from common.xlsx import CONTENT_TYPE
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
    table = ImportTable(imports_of(request.membership), member=request.membership)
    RequestConfig(request, paginate={"per_page": 25}).configure(table)
    context = {"form": form, "rail": "clients", "table": table}
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
@firm_page(waits=True)
def prefilled_template(request: FirmRequest) -> HttpResponse:
    """« Modèle pré-rempli avec mes clients »: read in one short transaction, written outside of it."""
    return _workbook(template_workbook(client_values(request.membership)), "mes-clients-jefacture.xlsx")


def _workbook(content: bytes, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=CONTENT_TYPE, headers={"Content-Disposition": disposition})


@require_safe
@firm_page()
def running(request: FirmRequest) -> HttpResponse:
    """The item of the top bar, on every page of the firm."""
    running_now = {
        "jobs": latest_running_imports(request.membership),
        "enrichments": running_enrichments(request.membership),
    }
    return render(request, "clients/import_running.html", running_now)
