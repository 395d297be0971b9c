from typing import Any

import django_tables2 as tables
from django.db.models import Prefetch, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from clients.importing.columns.registry import LABELS
from clients.models import Client, ClientAssignment, ImportRow
from common.tables import (
    DASH,
    CheckColumn,
    Choice,
    DateColumn,
    MenuColumn,
    SirenColumn,
    StateColumn,
    Table,
    addresses,
    cell,
    name_link,
)
from common.templatetags.jf import initials
from firms.models import Membership

_NOBODY = SafeString('<span class="sub">Personne</span>')


def _own(record: Client) -> str:
    return "Dossier du cabinet" if record.is_firm_file else ""


class ClientTable(Table):
    select = CheckColumn()
    # By the folded text, which starts with the name: « Électricité » stands before « Fleurs », in any collation.
    name = tables.Column(verbose_name="Raison sociale", order_by=("search", "pk"), attrs=cell("main"))
    siren = SirenColumn(verbose_name="SIREN")
    siret = SirenColumn(verbose_name="SIRET", default=DASH)
    vat_number = tables.Column(verbose_name="TVA", attrs=cell("mono sub"), default="—")
    code = tables.Column(verbose_name="Code dossier", attrs=cell("sub low nophone"), default="—")
    postal_code = tables.Column(verbose_name="Code postal", attrs=cell("mono sub"), default="—")
    city = tables.Column(verbose_name="Ville", default="—")
    contact = tables.Column(
        verbose_name="Contact", order_by=("contact_last_name", "contact_first_name"), empty_values=()
    )
    contact_email = tables.Column(verbose_name="E-mail du contact", attrs=cell("mid"), empty_values=())
    contact_phone = tables.Column(verbose_name="Téléphone", attrs=cell("mono sub"), default="—")
    status = StateColumn(accessor="get_status_display", verbose_name="Statut", order_by=("status", "search"))
    assignees = tables.Column(verbose_name="Collaborateurs", orderable=False, empty_values=(), attrs=cell("nophone"))
    created_at = DateColumn(verbose_name="Créé le")
    updated_at = DateColumn(verbose_name="Modifié le")
    menu = MenuColumn("clients/row_menu.html")

    empty_template = "clients/empty.html"
    caption = "Dossiers clients"
    choice = Choice(
        key="clients",
        usual=("siren", "code", "contact_email", "status", "assignees"),
        extra=(
            "siret",
            "vat_number",
            "city",
            "postal_code",
            "contact_phone",
            "contact",
            "created_at",
            "updated_at",
        ),
    )

    class Meta(Table.Meta):
        model = Client
        fields: tuple[str, ...] = ()
        order_by = "name"

    def __init__(self, clients: QuerySet[Client], *, member: Membership, filtered: bool) -> None:
        super().__init__(clients, chosen=member.user.columns)
        self.filtered = filtered
        self._detail = addresses("clients:detail", member.firm.siret)
        self._edit = addresses("clients:edit", member.firm.siret)

    def whole_rows(self) -> QuerySet[Client]:
        """Not by the list's own filter: who sees which file was decided when the keys were found."""
        assignments = ClientAssignment.objects.select_related("membership__user").order_by("created_at", "pk")
        return Client.objects.prefetch_related(Prefetch("assignments", queryset=assignments))

    def render_name(self, value: str, record: Client) -> SafeString:
        return name_link(self._detail(record.pk), value, _own(record))

    def render_contact(self, record: Client) -> str:
        return f"{record.contact_first_name} {record.contact_last_name}".strip() or "—"

    def render_contact_email(self, value: str, record: Client) -> str:
        if value:
            return value
        return format_html('<span class="sub">Aucun e-mail · <a href="{}">Ajouter</a></span>', self._edit(record.pk))

    def render_assignees(self, record: Client) -> SafeString:
        people = [assignment.membership.user for assignment in record.assignments.all()]
        if not people:
            return _NOBODY
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
