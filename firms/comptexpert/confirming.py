"""Before something is shown or taken along that lets people in: ComptExpert asks for the password again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from firms.comptexpert import pages
from firms.comptexpert.errors import ComptExpertError
from firms.comptexpert.flows import Flow, Purpose, begin
from firms.comptexpert.session import is_confirmed


def confirm_first(request: HttpRequest, *, then: str) -> HttpResponse:
    """To the page `then`, by way of ComptExpert unless it has just asked. Outside any transaction."""
    if is_confirmed(request.session):
        return redirect(then)
    try:
        return begin(request, Flow(Purpose.CONFIRM, next=then))
    except ComptExpertError as error:
        return pages.failure(request, error, next_page=then)
