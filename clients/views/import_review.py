"""One import: its dry run, its columns, the act and its progress, its result, and taking it back."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from clients.enums import ImportState, RowAction
from clients.filters import KEPT, LEFT, ImportRowFilter
from clients.forms import ColumnsForm
from clients.importing.columns.registry import LABELS, SHEET_LABELS
from clients.importing.directory import assigns, names_by_email
from clients.importing.plan import COLLABORATORS
from clients.importing.workbooks import error_workbook
from clients.models import ImportJob
from clients.selectors import get_import_or_404, rows_of, rows_to_undo
from clients.services import ImportStateError, cancel_import, choose_columns, confirm_import, undo_import
from clients.services.exporting import rejected_cells
from clients.tables import ImportRowTable
from common.templatetags.jf import plural
from common.tenancy import tenant
from common.xlsx import CONTENT_TYPE
from firms.access import FirmRequest, firm_page
from firms.models import Membership

_AGAIN = "L'analyse a changé depuis que vous l'avez lue : la voici de nouveau, rien n'a été écrit."
#: Nothing is written yet, and a person decides.
_WAITING = (ImportState.MAPPING, ImportState.READY)
_WRITTEN = (ImportState.APPLYING, ImportState.DONE, ImportState.UNDOING, ImportState.UNDONE)


@require_safe
@firm_page()
def review(request: FirmRequest, pk: UUID) -> HttpResponse:
    """Where an import stands: being read, its columns to be said, to be confirmed, under way, done, taken back."""
    job = get_import_or_404(request.membership, pk=pk)
    if job.state == ImportState.MAPPING:
        return _columns_page(request, job, ColumnsForm(columns=job.sample["columns_found"]))
    context = {"job": job, "rail": "clients", "columns": _columns_read(job), "ignored": _columns_ignored(job)}
    if job.state == ImportState.READY or job.state in _WRITTEN:
        context |= _rows(request, job)
        context["assignees_ignored"] = not assigns(job) and _names_collaborators(job)
    if job.state == ImportState.DONE:
        context["to_undo"] = rows_to_undo(job).count()
    return render(request, "clients/import_review.html", context)


def _rows(request: FirmRequest, job: ImportJob) -> dict[str, object]:
    filters = ImportRowFilter(request.GET, queryset=rows_of(request.membership, job))
    names = names_by_email(job.firm_id) if assigns(job) else {}
    table = ImportRowTable(filters.qs, filtered=filters.is_used, written=job.state in _WRITTEN, names=names)
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    changed = sorted(job.sample.get("changed", {}).items(), key=lambda item: -item[1])
    return {
        "table": table,
        "figures": _figures(request, job),
        "changed": [(name, LABELS[name], count) for name, count in changed],
        "kept": KEPT,
        "total": sum(job.counts.get(action, 0) for action in RowAction),
    }


def _figures(request: FirmRequest, job: ImportJob) -> list[dict[str, object]]:
    """The counts at the top; each shows its rows."""
    values = sum(job.sample.get("changed", {}).values())
    words = {
        "create": ("Créés", "nouveaux dossiers", "create"),
        "update": ("Mis à jour", plural(values, "valeur change,valeurs changent"), "update"),
        "unchanged": ("Inchangés", "déjà identiques", "unchanged"),
        "reject": ("Rejetés", "lignes à corriger", "reject"),
        "skipped": ("Laissés", "changés pendant l'import", LEFT),
    }
    chosen = request.GET.get("voir", "")
    return [
        {
            "word": word,
            "note": note,
            "value": job.counts.get(name, 0),
            "url": request.path if chosen == value else f"{request.path}?voir={value}",
            "current": chosen == value,
        }
        for name, (word, note, value) in words.items()
        if name != "skipped" or job.counts.get(name)
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


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page()
def choose(request: FirmRequest, pk: UUID) -> HttpResponse:
    """Which column holds what: asked where the file leaves it open, and to be said otherwise until it is confirmed."""
    job = get_import_or_404(request.membership, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = ColumnsForm(data, columns=job.sample.get("columns_found", []))
    if form.is_valid():
        return _act(request, job, lambda actor: choose_columns(actor, job=job, columns=form.cleaned_data["columns"]))
    if data is None and not _can_choose(job):
        return redirect("clients:import_review", request.membership.firm.siret, pk)
    return _columns_page(request, job, form)


def _can_choose(job: ImportJob) -> bool:
    return job.state in _WAITING and not job.names_its_columns


def _columns_read(job: ImportJob) -> list[tuple[str, str]]:
    """(letter, label), where a person may still say otherwise."""
    found = job.sample.get("columns_found", []) if _can_choose(job) else []
    return [(column["letter"], SHEET_LABELS[column["field"]]) for column in found if column["field"]]


def _names_collaborators(job: ImportJob) -> bool:
    return any(column["field"] == COLLABORATORS for column in job.sample.get("columns_found", []))


def _columns_ignored(job: ImportJob) -> list[tuple[str, str]]:
    """(letter, header): what nobody has asked for and what was not understood look the same in a file."""
    found = job.sample.get("columns_found", []) if _can_choose(job) else []
    return [(column["letter"], column["text"] or "sans titre") for column in found if not column["field"]]


def _columns_page(request: FirmRequest, job: ImportJob, form: ColumnsForm) -> HttpResponse:
    context = {"job": job, "form": form, "rail": "clients"}
    return render(request, "clients/import_columns.html", context, status=422 if form.errors else 200)


@require_POST
@firm_page()
def confirm(request: FirmRequest, pk: UUID) -> HttpResponse:
    """« Confirmer l'import »: what the page showed, nothing else."""
    job = get_import_or_404(request.membership, pk=pk)

    def act(actor: Membership) -> None:
        unseen = job.state == ImportState.READY and request.POST.get("shown") != job.shown
        if unseen or not confirm_import(actor, job=job):
            messages.warning(request, _AGAIN)

    return _act(request, job, act)


@require_POST
@firm_page()
def cancel(request: FirmRequest, pk: UUID) -> HttpResponse:
    """« Abandonner »."""
    job = get_import_or_404(request.membership, pk=pk)
    return _act(request, job, lambda actor: cancel_import(actor, job=job))


@require_POST
@firm_page()
def undo(request: FirmRequest, pk: UUID) -> HttpResponse:
    """« Annuler cet import »."""
    job = get_import_or_404(request.membership, pk=pk)
    return _act(request, job, lambda actor: undo_import(actor, job=job))


def _act(request: FirmRequest, job: ImportJob, act: Callable[[Membership], None]) -> HttpResponse:
    """Do it, and show where the import stands now, which says what came of it."""
    try:
        act(request.membership)
    except ImportStateError as error:
        messages.error(request, str(error))
    return redirect("clients:import_review", request.membership.firm.siret, job.pk)


@require_safe
@firm_page(waits=True)
def errors(request: FirmRequest, pk: UUID) -> HttpResponse:
    """The user's own rejected rows, with a column « Motif »; no transaction waits while the workbook is made."""
    with tenant(firm=request.membership.firm_id):
        job = get_import_or_404(request.membership, pk=pk)
    header = job.sample.get("header", [])
    rows = rejected_cells(job)
    response = HttpResponse(error_workbook(header, rows, sheet_name=job.sheet), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = 'attachment; filename="lignes-rejetees.xlsx"'
    return response
