from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from clients.importing.columns.registry import LABELS
from clients.models import Client, ImportRow
from common.tables import DASH, CheckColumn, MenuColumn, NameColumn, SirenColumn, StateColumn, Table, cell
from common.templatetags.jf import initials
from firms.models import Firm


def _address(record: Client) -> str:
    return reverse("clients:detail", args=[record.firm.siret, record.pk])


def _own(record: Client) -> str:
    return "Dossier du cabinet" if record.is_firm_file else ""


class ClientTable(Table):
    select = CheckColumn()
    # By the folded text, which starts with the name: « Électricité » stands before « Fleurs », in any collation.
    name = NameColumn(_address, detail=_own, verbose_name="Raison sociale", order_by=("search", "pk"))
    siren = SirenColumn(verbose_name="SIREN")
    code = tables.Column(verbose_name="Code dossier", attrs=cell("sub low nophone"), default="—")
    contact_email = tables.Column(verbose_name="E-mail du contact", attrs=cell("mid"), empty_values=())
    status = StateColumn(accessor="get_status_display", verbose_name="Statut", order_by=("status", "search"))
    assignees = tables.Column(verbose_name="Collaborateurs", orderable=False, empty_values=(), attrs=cell("nophone"))
    menu = MenuColumn("clients/row_menu.html")

    empty_template = "clients/empty.html"
    caption = "Dossiers clients"

    class Meta(Table.Meta):
        model = Client
        fields: tuple[str, ...] = ()
        sequence = ("select", "name", "siren", "code", "contact_email", "status", "assignees", "menu")
        order_by = "name"

    def __init__(self, clients: QuerySet[Client], *, firm: Firm, filtered: bool) -> None:
        super().__init__(clients.prefetch_related("assignments__membership__user").select_related("firm"))
        self.firm = firm
        self.filtered = filtered

    def render_contact_email(self, value: str, record: Client) -> SafeString:
        if value:
            return format_html("{}", value)
        edit = reverse("clients:edit", args=[record.firm.siret, record.pk])
        return format_html('<span class="sub">Aucun e-mail · <a href="{}">Ajouter</a></span>', edit)

    def render_assignees(self, record: Client) -> SafeString:
        people = [assignment.membership.user for assignment in record.assignments.all()]
        if not people:
            return format_html('<span class="sub">{}</span>', "Personne")
        return format_html_join(
            "", '<span class="face" title="{}">{}</span>', ((str(person), initials(person)) for person in people)
        )


class ImportRowTable(Table):
    number = tables.Column(verbose_name="Ligne", attrs=cell("num short"))
    name = tables.Column(verbose_name="Raison sociale", attrs=cell("main strong"), default="—")
    siren = SirenColumn(verbose_name="SIREN", default=DASH)
    action = StateColumn(accessor="get_action_display", verbose_name="Ce qui se passera", order_by=("action", "number"))
    details = tables.Column(verbose_name="Détail", orderable=False, empty_values=(), attrs=cell("wrap"))

    caption = "Lignes de l'import"

    class Meta(Table.Meta):
        order_by = "number"

    def __init__(self, rows: QuerySet[ImportRow], *, filtered: bool) -> None:
        super().__init__(rows)
        self.filtered = filtered

    def render_details(self, record: ImportRow) -> SafeString:
        reasons = format_html_join("", '<div class="wrong">{}</div>', ((reason,) for reason in record.reasons))
        changes = format_html_join("", "<div>{} : <del>{}</del> → <ins>{}</ins></div>", _differences(record.changes))
        warnings = format_html_join("", '<div class="sub">{}</div>', ((warning,) for warning in record.warnings))
        # One element: on a phone the cell sets its label and its value side by side.
        return format_html("<div>{}{}{}</div>", reasons, changes, warnings) if reasons + changes + warnings else DASH


def _differences(changes: dict[str, list[Any]]) -> list[tuple[str, str, str]]:
    return [(LABELS.get(name, name), str(old or "vide"), str(new)) for name, (old, new) in changes.items()]
