from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from common.tables import DateColumn, MenuColumn, StateColumn, Table, addresses, cell, name_link
from common.typography import datetime_fr
from firms.enums import MembershipStatus
from firms.models import Membership
from firms.permissions import can_manage_users
from outbox.enums import UNDELIVERED_STATES, EmailKind, EmailState
from outbox.models import OutgoingEmail


class MemberTable(Table):
    name = tables.Column(
        accessor="user", verbose_name="Nom", order_by=("user__last_name", "user__first_name"), attrs=cell("main")
    )
    email = tables.Column(
        accessor="user__any_email", verbose_name="Email", order_by=("user__contact_email",), attrs=cell("wrap")
    )
    role = tables.Column(accessor="get_role_display", verbose_name="Rôle", order_by=("role",))
    status = StateColumn(accessor="get_status_display", verbose_name="Statut", order_by=("status",))
    delegated_at = DateColumn(verbose_name="Date invitation", attrs=cell("mono sub nophone"))
    menu = MenuColumn("firms/user_menu.html")

    caption = "Utilisateurs du cabinet"

    class Meta(Table.Meta):
        order_by = "name"

    def __init__(self, members: QuerySet[Membership], *, member: Membership, filtered: bool) -> None:
        super().__init__(members, exclude=() if can_manage_users(member) else ("menu",))
        self.filtered = filtered
        self._member, self._manages = member, can_manage_users(member)
        self._person = addresses("clients:member", member.firm.siret)

    def render_name(self, value: User, record: Membership) -> str:
        """A link to the person's own page, for whom it opens."""
        opens = self._manages or record.pk == self._member.pk
        return name_link(self._person(record.pk), value) if opens else str(value)

    def render_menu(self, record: Membership, column: MenuColumn) -> Any:
        """Nothing to do about somebody whose access has ended."""
        return "" if record.status == MembershipStatus.DISABLED else column.render(record=record, table=self)


class EmailTable(Table):
    subject = tables.Column(verbose_name="Objet", attrs=cell("main wrap"))
    recipient = tables.Column(verbose_name="Destinataire", attrs=cell("wrap"))
    kind = tables.Column(accessor="get_kind_display", verbose_name="Type", order_by=("kind",), attrs=cell("sub"))
    state = StateColumn(accessor="get_state_display", verbose_name="État", order_by=("state",))
    course = tables.Column(
        accessor="last_error", verbose_name="Suivi", orderable=False, empty_values=(), attrs=cell("wrap sub")
    )
    created_at = DateColumn(verbose_name="Demandé le", with_time=True)
    menu = MenuColumn("firms/email_menu.html", name_of=lambda email: email.subject)

    caption = "E-mails envoyés par le cabinet"
    empty_template = "firms/emails_empty.html"

    class Meta(Table.Meta):
        order_by = "-created_at"

    def render_course(self, value: str, record: OutgoingEmail) -> SafeString:
        """When it left, after how many attempts, what the servers said, and what can be done."""
        lines = [(_course(record),), (value,), (_advice(record),)]
        return format_html("<div>{}</div>", format_html_join("", "<div>{}</div>", (line for line in lines if line[0])))

    def render_menu(self, record: OutgoingEmail, column: MenuColumn) -> Any:
        """Only where something can be done about the message."""
        may = record.state == EmailState.RETRYING or _can_be_done_again(record)
        return column.render(record=record, table=self) if may else ""


def _course(email: OutgoingEmail) -> str:
    attempts = f"{email.attempts} essai{'s' if email.attempts > 1 else ''}" if email.attempts else ""
    if email.sent_at:
        return f"Envoyé le {datetime_fr(email.sent_at)}" + (f", {attempts}." if attempts else ".")
    return f"{attempts}." if attempts else ""


def _can_be_done_again(email: OutgoingEmail) -> bool:
    """The message itself is gone, the act that left it can be repeated."""
    return email.state in UNDELIVERED_STATES and email.kind in (EmailKind.INVITATION, EmailKind.DELIVERY)


def _advice(email: OutgoingEmail) -> str:
    """How to reach the person after all: the body of a message that failed is kept by nobody."""
    if email.state == EmailState.CANCELLED:
        return "Retiré avant l'envoi : une nouvelle action l'a remplacé."
    return _ADVICE.get(EmailKind(email.kind), "") if email.state in UNDELIVERED_STATES else ""


_ADVICE = {
    EmailKind.INVITATION: "Vérifiez l'adresse dans le dossier du client, puis renvoyez l'invitation.",
    EmailKind.DELIVERY: "Vérifiez l'adresse dans les paramètres d'export, puis renvoyez la facture.",
    EmailKind.ACCOUNT: "La personne redemande ce message depuis la page de connexion.",
}
