"""« Profil du cabinet »: identity as ComptExpert gives it, what clients see of the firm, and the API keys."""

from copy import copy
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.proof import proof_response
from firms.access import FirmRequest, firm_page
from firms.comptexpert.session import is_confirmed
from firms.forms import ProfileForm, RegenerateForm
from firms.keys import reveal_key
from firms.logo import stored_as
from firms.models import ApiKey, Membership
from firms.permissions import can_edit_profile, can_manage_api_keys, can_see_terms_proof
from firms.profile import ONLY_ADMINISTRATORS, remove_logo, save_contact, set_logo
from firms.selectors import last_terms_acceptance, listed_keys, logo_exists
from firms.views.keys import TO_SHOW


@require_safe
@firm_page()
def profile(request: FirmRequest) -> HttpResponse:
    membership = request.membership
    may_see_keys = can_manage_api_keys(membership)
    keys = list(listed_keys(membership)) if may_see_keys else []
    shown = request.session.pop(TO_SHOW, None) if request.method == "GET" and is_confirmed(request.session) else None
    context = {
        "keys": [_as_shown(membership, key, shown=str(key.pk) == shown) for key in keys],
        "may_see_keys": may_see_keys,
        "acceptance": last_terms_acceptance(membership.firm),
        "may_see_proof": can_see_terms_proof(membership),
        "may_edit": can_edit_profile(membership),
    }
    return render(request, "firms/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page(may=can_edit_profile, sentence=ONLY_ADMINISTRATORS, waits=True)
def edit_profile(request: FirmRequest) -> HttpResponse:
    # A copy: a form writes what it was given into its object, valid or not, and the page shows the firm as it is.
    firm = copy(request.membership.firm)
    posted = request.method == "POST"
    form = ProfileForm(request.POST if posted else None, request.FILES if posted else None, instance=firm)
    if posted and form.is_valid():
        _save(request, form)
        messages.success(request, "Le profil est enregistré.")
        return redirect("firms:profile", request.membership.firm.siret)
    return render(request, "firms/profile_form.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@firm_page(may=can_see_terms_proof, sentence="Seul un administrateur du cabinet télécharge cette preuve.", waits=True)
def terms_proof(request: FirmRequest) -> HttpResponse:
    firm = request.membership.firm
    acceptance = last_terms_acceptance(firm)
    if acceptance is None:
        raise Http404("Acceptation inconnue.")
    return proof_response(acceptance, party=firm.name, siren=firm.siren)


@require_safe
def logo(_request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whoever has its address sees it: invitations show it to people without an account. A new logo is a new one."""
    if not logo_exists(pk):
        raise Http404("Logo inconnu.")
    try:
        with default_storage.open(stored_as(pk)) as file:
            picture = file.read()
    except FileNotFoundError as error:  # after a restore, the database may be the older one
        raise Http404("Logo inconnu.") from error
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(picture, content_type="image/png", headers=headers)


def _as_shown(membership: Membership, key: ApiKey, *, shown: bool) -> tuple[ApiKey, RegenerateForm, str]:
    """A key, its form, whose fields need names of their own on the page, and its value where it was asked for."""
    value = reveal_key(membership, key=key) if shown else ""
    return key, RegenerateForm(auto_id=f"{key.pk}-%s"), value


def _save(request: FirmRequest, form: ProfileForm) -> None:
    save_contact(request.membership, **form.contact())
    if picture := form.picture():
        set_logo(request.membership, picture=picture)
    elif form.removes_logo():
        remove_logo(request.membership)
