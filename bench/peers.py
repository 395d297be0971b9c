"""The same list as others draw it: a template's own loop over the records, and django-tables2 cell by cell."""

from typing import Final

from django.db.models import QuerySet
from django.template import engines
from django.utils.safestring import SafeString

from clients.models import Client
from clients.tables import ClientTable
from firms.models import Membership

_MENU: Final = """
<div class="dropdown">
  <button type="button" class="btn btn-icon" data-bs-toggle="dropdown" aria-expanded="false"
          aria-label="Actions pour {{ record.name }}">{% icon "ellipsis-vertical" 20 %}</button>
  <ul class="dropdown-menu dropdown-menu-end">
    <li><a class="dropdown-item" href="{% url 'clients:detail' firm.siret record.pk %}">{% icon "folder-open" %} Ouvrir le dossier</a></li>
    {% if record.is_active %}
      <li><a class="dropdown-item" href="{% url 'invoices:company_list' record.siren %}">{% icon "arrow-right-end-on-rectangle" %} Accéder à l'espace entreprise</a></li>
    {% elif record.status != "archived" %}
      <li><button class="dropdown-item" formaction="{% url 'invitations:invite' firm.siret record.pk %}">{% icon "paper-airplane" %} Envoyez un e-mail d'invitation</button></li>
    {% endif %}
    <li><a class="dropdown-item" href="{% url 'clients:edit' firm.siret record.pk %}">{% icon "pencil-square" %} Modifier</a></li>
  </ul>
</div>"""  # noqa: E501 - as a template is written
_LOOP: Final = f"""
<table><tbody>{{% for record in clients %}}<tr>
  <td class="k"><label><input type="checkbox" name="ids" value="{{{{ record.pk }}}}" aria-label="Choisir {{{{ record.name }}}}"></label></td>
  <td class="main" data-label="Raison sociale"><a class="name" href="{{% url 'clients:detail' firm.siret record.pk %}}">{{{{ record.name }}}}</a></td>
  <td class="sub" data-label="SIREN"><span class="mono copyable">{{{{ record.siren|siren }}}}</span></td>
  <td class="sub low nophone" data-label="Code dossier">{{{{ record.code|default:"—" }}}}</td>
  <td class="mid" data-label="E-mail du contact">{{% if record.contact_email %}}{{{{ record.contact_email }}}}{{% else %}}<span class="sub">Aucun e-mail · <a href="{{% url 'clients:edit' firm.siret record.pk %}}">Ajouter</a></span>{{% endif %}}</td>
  <td data-label="Statut">{{% state record.get_status_display %}}</td>
  <td class="nophone" data-label="Collaborateurs">{{% for assignment in record.assignments.all %}}<span class="face" title="{{{{ assignment.membership.user }}}}">{{{{ assignment.membership.user|initials }}}}</span>{{% empty %}}<span class="sub">Personne</span>{{% endfor %}}</td>
  <td class="menu">{_MENU}</td>
</tr>{{% endfor %}}</tbody></table>"""  # noqa: E501 - as above

#: Given `clients` and `firm`.
plain_loop = engines["django"].from_string(_LOOP)


_menu = engines["django"].from_string(_MENU)


class StockTable(ClientTable):
    """Ours as django-tables2 draws it: its own template, cell by cell, and a template for each menu."""

    def __init__(self, clients: QuerySet[Client], *, member: Membership) -> None:
        super().__init__(clients, member=member, filtered=False)
        self.template_name = "django_tables2/table.html"
        self.firm = member.firm

    def render_menu(self, record: Client) -> SafeString:
        return SafeString(_menu.render({"record": record, "firm": self.firm}))
