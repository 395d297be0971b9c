from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from clients.enums import RowAction
from clients.importing.columns.registry import LABELS
from clients.importing.plan import COLLABORATORS
from clients.models import Client, ClientAssignment, ImportJob, ImportRow, Portfolio, PortfolioClient
from clients.selectors import portfolios_seen_by
from common.tables import (
    DASH,
    CheckColumn,
    Choice,
    DateColumn,
    Entry,
    MenuColumn,
    SirenColumn,
    StateColumn,
    Table,
    addresses,
    cell,
    name_link,
    row_menu,
)
from common.templatetags.jf import initials
from common.typography import number
from firms.models import Membership

_OPEN = Entry("folder-open", "Ouvrir le dossier")
_ENTER = Entry("arrow-right-end-on-rectangle", "Accéder à l'espace entreprise")
_INVITE = Entry("paper-airplane", "Envoyez un e-mail d'invitation")
_EDIT = Entry("pencil-square", "Modifier")
_NOBODY = SafeString('<span class="sub">Personne</span>')


def _own(record: Client) -> str:
    return "Dossier du cabinet" if record.is_firm_file else ""


class ClientTable(Table):
    select = CheckColumn()
    # By the folded text, which starts with the name: « Électricité » stands before « Fleurs », in any collation.
    name = tables.Column(verbose_name="Raison sociale", order_by=("search", "pk"), attrs=cell("main"))
    siren = SirenColumn(verbose_name="SIREN")
    siret = SirenColumn(verbose_name="SIRET", default=DASH)
    vat_number = tables.Column(verbose_name="TVA", attrs=cell("mono sub"))
    code = tables.Column(verbose_name="Code dossier", attrs=cell("sub low nophone"))
    postal_code = tables.Column(verbose_name="Code postal", attrs=cell("mono sub"))
    city = tables.Column(verbose_name="Ville")
    contact = tables.Column(
        verbose_name="Contact", order_by=("contact_last_name", "contact_first_name"), empty_values=()
    )
    contact_email = tables.Column(verbose_name="E-mail du contact", attrs=cell("mid"), empty_values=())
    contact_phone = tables.Column(verbose_name="Téléphone", attrs=cell("mono sub"))
    status = StateColumn(accessor="get_status_display", verbose_name="Statut", order_by=("status", "search"))
    assignees = tables.Column(verbose_name="Collaborateurs", orderable=False, empty_values=(), attrs=cell("nophone"))
    portfolios = tables.Column(accessor="pk", verbose_name="Portefeuilles", orderable=False, attrs=cell("sub wrap"))
    created_at = DateColumn(verbose_name="Créé le")
    updated_at = DateColumn(verbose_name="Modifié le")
    menu = MenuColumn()

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
            "portfolios",
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
        self._member, siret = member, member.firm.siret
        self._detail, self._edit = addresses("clients:detail", siret), addresses("clients:edit", siret)
        self._invite = addresses("invitations:invite", siret)

    def whole_rows(self) -> QuerySet[Client]:
        """Not by the list's own filter: who sees which file was decided when the keys were found."""
        assignments = ClientAssignment.objects.select_related("membership__user").order_by("created_at", "pk")
        whole = Client.objects.prefetch_related(Prefetch("assignments", queryset=assignments))
        if "portfolios" not in self.shown:
            return whole
        places = PortfolioClient.objects.filter(portfolio__in=portfolios_seen_by(self._member).order_by())
        named = places.select_related("portfolio").order_by("portfolio__name__unaccent")
        return whole.prefetch_related(Prefetch("portfolios", queryset=named))

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

    def render_portfolios(self, record: Client) -> str:
        return ", ".join(str(place.portfolio) for place in record.portfolios.all()) or DASH

    def render_menu(self, record: Client) -> SafeString:
        entries = [_OPEN.link(self._detail(record.pk))]
        if record.is_active:
            entries.append(_ENTER.link(reverse("invoices:company_list", args=[record.siren])))
        elif record.is_invitable:
            entries.append(_INVITE.press(self._invite(record.pk)))
        return row_menu(record.name, [*entries, _EDIT.link(self._edit(record.pk))])


class PortfolioTable(Table):
    name = tables.Column(verbose_name="Nom", order_by=("name__unaccent",), attrs=cell("main"))
    people = tables.Column(verbose_name="Collaborateurs", attrs=cell("num"))
    clients = tables.Column(verbose_name="Dossiers clients", attrs=cell("num"))
    created_at = DateColumn(verbose_name="Créé le")

    empty_template = "clients/portfolios_empty.html"
    caption = "Portefeuilles"

    class Meta(Table.Meta):
        order_by = "name"

    def __init__(self, portfolios: QuerySet[Portfolio], *, member: Membership) -> None:
        super().__init__(portfolios)
        self._detail = addresses("clients:portfolio", member.firm.siret)

    def render_name(self, value: str, record: Portfolio) -> SafeString:
        return name_link(self._detail(record.pk), value)

    def render_people(self, value: int) -> str:
        return number(value)

    render_clients = render_people


class ImportTable(Table):
    """Every import so far, the latest first."""

    file_name = tables.Column(verbose_name="Fichier", orderable=False, attrs=cell("main"))
    created_at = DateColumn(verbose_name="Date", with_time=True)
    created_by = tables.Column(accessor="created_by__user", verbose_name="Par", orderable=False, attrs=cell("mid"))
    source = tables.Column(accessor="get_source_display", verbose_name="Source", orderable=False, attrs=cell("low sub"))
    state = StateColumn(accessor="get_state_display", verbose_name="État", orderable=False)
    create = tables.Column(accessor="counts", verbose_name="Créés", orderable=False, attrs=cell("num"))
    update = tables.Column(accessor="counts", verbose_name="Mis à jour", orderable=False, attrs=cell("num"))
    reject = tables.Column(accessor="counts", verbose_name="Rejetés", orderable=False, attrs=cell("num"))

    caption = "Imports"

    class Meta(Table.Meta):
        order_by = "-created_at"

    def __init__(self, jobs: QuerySet[ImportJob], *, member: Membership) -> None:
        super().__init__(jobs.select_related("created_by__user"))
        self._review = addresses("clients:import_review", member.firm.siret)

    def render_file_name(self, value: str, record: ImportJob) -> SafeString:
        return name_link(self._review(record.pk), value)

    def render_create(self, value: dict[str, int], bound_column: Any) -> str:
        count = value.get(bound_column.name)
        return number(count) if count else DASH

    render_update = render_reject = render_create


class ImportRowTable(Table):
    number = tables.Column(verbose_name="Ligne", attrs=cell("num short"))
    name = tables.Column(verbose_name="Raison sociale", attrs=cell("main strong third"))
    siren = SirenColumn(verbose_name="SIREN", default=DASH)
    action = StateColumn(accessor="outcome", verbose_name="Ce qui se passera", order_by=("action", "number"))
    details = tables.Column(verbose_name="Détail", orderable=False, empty_values=(), attrs=cell("wrap"))

    caption = "Lignes de l'import"

    class Meta(Table.Meta):
        order_by = "number"

    def __init__(
        self, rows: QuerySet[ImportRow], *, filtered: bool, written: bool, names: Mapping[str, str] | None = None
    ) -> None:
        """`names`: how the people behind the addresses are called."""
        super().__init__(rows)
        self._names = names or {}
        self.filtered = filtered
        if written:
            self.columns["action"].column.verbose_name = "Ce qui s'est passé"

    def render_details(self, record: ImportRow) -> SafeString:
        said = [*record.reasons, record.undo_reason] if record.undo_reason else record.reasons
        reasons = format_html_join("", '<div class="wrong">{}</div>', ((reason,) for reason in said))
        changes = format_html_join("", "<div>{} : {} → <ins>{}</ins></div>", _differences(record))
        people = format_html_join("", "<div>{} : + <ins>{}</ins></div>", _assigned(record, self._names))
        warnings = format_html_join("", '<div class="sub">{}</div>', ((warning,) for warning in record.warnings))
        read = format_html_join(
            "", '<div class="sub">{}</div>', [(" · ".join(known),)] if (known := _read(record)) else []
        )
        details = reasons + read + changes + people + warnings
        # One element: on a phone the cell sets its label and its value side by side.
        return format_html("<div>{}</div>", details) if details else DASH


def _read(row: ImportRow) -> list[str]:
    """What a new file is made of, as it was understood; its name and its SIREN stand beside."""
    shown = [str(row.values[name]) for name in LABELS if name in row.values and name not in ("name", "siren")]
    return shown if row.action == RowAction.CREATE else []


def _differences(row: ImportRow) -> list[tuple[str, SafeString | str, str]]:
    """(label, old, new), in the order of the template's columns."""
    changed = [name for name in LABELS if name in row.changes and name != COLLABORATORS]
    return [(LABELS[name], _struck(row.changes[name][0]), str(row.changes[name][1])) for name in changed]


def _struck(old: object) -> SafeString | str:
    return format_html("<del>{}</del>", old) if old else "vide"


def _assigned(row: ImportRow, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Nobody is ever taken a file by an import: only who comes is said."""
    coming = row.assignees if row.action == RowAction.CREATE else row.newly_assigned
    return [("Collaborateurs affectés", names.get(email, email)) for email in coming]
