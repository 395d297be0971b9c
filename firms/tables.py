import django_tables2 as tables
from django.db.models import QuerySet

from common.tables import DateColumn, MenuColumn, StateColumn, Table, cell
from firms.models import Membership


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

    def __init__(self, members: QuerySet[Membership], *, may_manage: bool) -> None:
        super().__init__(members, exclude=() if may_manage else ("menu",))
