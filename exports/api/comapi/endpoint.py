"""The door of every comapi view: method, key, software, then the firm's tenant."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from common import vault
from common.tenancy import tenant
from exports.api.comapi.auth import Caller, authenticate
from exports.api.comapi.errors import response_of
from exports.api.errors import ApiError, not_found, storage_error
from exports.services.partners import note_call

P = ParamSpec("P")
_METHODS = ("GET", "HEAD")


def endpoint(
    view: Callable[Concatenate[HttpRequest, Caller, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Give the view its caller, inside the firm's tenant; an ApiError becomes its answer."""

    @csrf_exempt  # no cookie lets anybody in here
    @wraps(view)
    def door(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method not in _METHODS:
            refused = ApiError(405, "method_not_allowed", "Seul GET est permis ici.", Allow=", ".join(_METHODS))
            return response_of(refused)
        try:
            caller = authenticate(request)
        except ApiError as error:
            return response_of(error)
        with tenant(firm=caller.firm_id):
            note_call(caller.key, software=caller.software)
            try:
                return view(request, caller, *args, **kwargs)
            except ApiError as error:
                return response_of(error)
            except (vault.StorageAwayError, vault.MissingError) as error:
                return response_of(storage_error(error))

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", door)


@csrf_exempt
def unknown(_request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
    """Any other address under /comapi/."""
    return response_of(not_found("Cette adresse n'existe pas."))
