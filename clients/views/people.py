"""One person of the firm: which client files he or she looks after, and handing them over."""

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.filters import ClientFilter
from clients.models import Client
from clients.people import (
    already_assigned,
    assigned_to,
    created_only,
    files_of,
    get_person_or_404,
    leavers,
    not_assigned_to,
    stays_visible,
)
from clients.permissions import can_assign
from clients.selectors import assignable_to, portfolios_of
from clients.services import HandedOver, NoAccessError, Outcome, assign_clients, hand_over_files, unassign_clients
from common.ids import uuids_in
from common.templatetags.jf import plural
from common.typography import french
from firms.access import FirmRequest, firm_page
from firms.enums import MembershipStatus
from firms.models import Membership
from firms.permissions import can_manage_users

#: Chips of one page, and files offered at once to be added.
CHIPS = 60
OFFERED = 12
_ONLY_ADMINISTRATORS = "Seul un administrateur affecte les dossiers."


@require_safe
@firm_page()
def member(request: FirmRequest, pk: UUID) -> HttpResponse:
    """A person's page; `q` narrows the files that he or she has, `ajouter` looks for one to add."""
    person = get_person_or_404(request.membership, pk=pk)
    may_assign = can_assign(request.membership)
    context = {
        "member": person,
        "rail": "users",
        "may_assign": may_assign,
        "may_manage": can_manage_users(request.membership),
        "portfolios": portfolios_of(person),
        "created": created_only(person).count(),
        "bulk_actions": _bulk_actions(request, person),
        **_chips(request, person),
        **(_offered(request, person) if may_assign and _can_be_given(person) else {}),
    }
    return render(request, "clients/person.html", context)


def _bulk_actions(request: FirmRequest, person: Membership) -> list[dict[str, str]]:
    """What can be done with the ticked chips."""
    words = urlencode({"q": request.GET.get("q", "")})
    where = {"siret": request.membership.firm.siret, "pk": person.pk}
    hand_over_url, take_url = (
        f"{reverse(name, kwargs=where)}?{words}" for name in ("clients:hand_over", "clients:take_files")
    )
    return [
        {"label": "Transmettre", "icon": "arrows-right-left", "url": hand_over_url},
        {"label": "Retirer", "icon": "x-mark", "url": take_url},
    ]


def _can_be_given(person: Membership) -> bool:
    """Administrateurs see every file anyway, and whoever has left sees none."""
    return person.status != MembershipStatus.DISABLED and not person.is_administrator


def _chips(request: FirmRequest, person: Membership) -> dict[str, object]:
    found = _found(request, assigned_to(person)).only("name", "confidential")
    page = Paginator(found, CHIPS).get_page(request.GET.get("page"))
    query = {name: value for name in ("q", "ajouter") if (value := request.GET.get(name))}
    return {"page": page, "total": page.paginator.count, "query": urlencode(query)}


def _offered(request: FirmRequest, person: Membership) -> dict[str, object]:
    """The first files that the words find among those that the person does not have."""
    if not request.GET.get("ajouter"):
        return {"may_add": True}
    found = _addable(request, person)
    return {"may_add": True, "offered": found.only("name", "siren")[:OFFERED], "offered_count": found.count()}


def _found(request: FirmRequest, clients: QuerySet[Client], *, name: str = "q") -> QuerySet[Client]:
    """Those that the words of this parameter find, as the list of clients does."""
    words = {"q": request.GET.get(name, "")}
    found: QuerySet[Client] = ClientFilter(words, queryset=clients, membership=request.membership).qs
    return found


def _addable(request: FirmRequest, person: Membership) -> QuerySet[Client]:
    return _found(request, not_assigned_to(request.membership, member=person), name="ajouter")


@require_POST
@firm_page(may=can_assign, sentence=_ONLY_ADMINISTRATORS)
def give(request: FirmRequest, pk: UUID) -> HttpResponse:
    """Assign to the person one of the files that were looked for, or all that the words find."""
    person = get_person_or_404(request.membership, pk=pk)
    return _act(request, person, assign_clients, _addable(request, person), "affecté")


@require_POST
@firm_page(may=can_assign, sentence=_ONLY_ADMINISTRATORS)
def take(request: FirmRequest, pk: UUID) -> HttpResponse:
    """Take files back: one, the ticked ones, or all that the words find."""
    person = get_person_or_404(request.membership, pk=pk)
    return _act(request, person, unassign_clients, _found(request, assigned_to(person)), "retiré")


def _act(
    request: FirmRequest, person: Membership, act: Callable[..., Outcome], found: QuerySet[Client], word: str
) -> HttpResponse:
    try:
        outcome = act(request.membership, clients=_chosen(request, found), members=[person])
    except NoAccessError as error:
        messages.error(request, str(error))
    else:
        told = messages.success if outcome.done else messages.warning
        told(request, f"{plural(outcome.done, f'dossier {word},dossiers {word}s')}.")
    return redirect(f"{_page(request, person)}?{request.GET.urlencode()}")


def _chosen(request: FirmRequest, found: QuerySet[Client]) -> QuerySet[Client]:
    if one := request.POST.get("un"):
        return found.filter(pk__in=uuids_in([one]))
    return found if request.POST.get("all") else found.filter(pk__in=uuids_in(request.POST.getlist("ids")))


def _page(request: FirmRequest, person: Membership) -> str:
    return reverse("clients:member", args=[request.membership.firm.siret, person.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page(may=can_assign, sentence=_ONLY_ADMINISTRATORS)
def hand_over(request: FirmRequest, pk: UUID) -> HttpResponse:
    """« Transmettre ses dossiers »: to whom, then what it means, then the act. Without ticked files all are meant."""
    person = get_person_or_404(request.membership, pk=pk)
    picked = bool(request.POST.get("all") or request.POST.getlist("ids"))
    files = _chosen(request, _found(request, assigned_to(person))) if picked else files_of(person)
    candidates = assignable_to(request.membership).exclude(pk=person.pk)
    successors = list(candidates.filter(pk__in=uuids_in(request.POST.getlist("successeurs"))))
    with_portfolios = bool(request.POST.get("portefeuilles"))
    step = request.POST.get("etape")
    if step == "transmettre" and successors:
        return _hand_over(request, person, successors, files, portfolios=with_portfolios)
    total = files.count()
    context = {
        "member": person,
        "rail": "users",
        "files": total,
        "ticked": request.POST.getlist("ids") if picked and not request.POST.get("all") else [],
        "everything_found": bool(request.POST.get("all")),
        "portfolios": portfolios_of(person),
        "with_portfolios": with_portfolios,
    }
    if step and successors:
        return render(request, "clients/hand_over_check.html", context | _check(person, files, total, successors))
    context |= {"candidates": candidates, "missing": bool(step)}
    return render(request, "clients/hand_over.html", context, status=422 if step else 200)


def _check(person: Membership, files: QuerySet[Client], total: int, successors: list[Membership]) -> dict[str, object]:
    known = already_assigned(files, successors)
    return {
        "successors": successors,
        "given": total - known,
        "known": known,
        "confidential": files.filter(confidential=True).count(),
        "stays_visible": stays_visible(files, member=person),
    }


def _hand_over(
    request: FirmRequest, person: Membership, successors: list[Membership], files: QuerySet[Client], *, portfolios: bool
) -> HttpResponse:
    try:
        done = hand_over_files(
            request.membership, member=person, successors=successors, clients=files, portfolios=portfolios
        )
    except NoAccessError as error:
        messages.error(request, str(error))
    else:
        (messages.success if done.given or done.portfolios else messages.warning)(request, _told(done))
    return redirect(_page(request, person))


def _told(done: HandedOver) -> str:
    told = plural(done.given, "dossier transmis,dossiers transmis")
    if done.known:
        told += f", {plural(done.known, 'déjà affecté,déjà affectés')}"
    if done.portfolios:
        told += f", {plural(done.portfolios, 'portefeuille transmis,portefeuilles transmis')}"
    return french(f"{told}.")


@require_safe
@firm_page()
def files_left(request: FirmRequest) -> HttpResponse:
    """For « Utilisateurs »: whose access has ended and whose files nobody has taken over."""
    return render(request, "clients/files_left.html", {"leavers": leavers(request.membership)})
