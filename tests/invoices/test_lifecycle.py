"""The table of the French lifecycle: every pair, its ties with jefacture's own states, its reasons."""

import pytest

from invoices.enums import Direction, InvoiceState
from invoices.lifecycle import FIRST, LABELS, NEXT, OF_STATE, REASONS, REASONS_OF, STATE_OF, Status, may_follow
from invoices.services.decisions import DECISIONS

# Written out apart from the table: from → to, by number.
_PURCHASE = """
202: 203 204 205 206 207 208 210
203: 204 205 206 207 208 210
204: 205 206 207 208 210
205: 207 211
206: 205 207 211
207: 205 206 210
208: 205 206 207 209 210
209: 204 205 206 207 208 210
210:
211: 212
212:
"""
_SALE = """
200: 201 202 203 204 205 206 207 208 210 211 212 213
201: 202 203 204 205 206 207 208 210 211 212 213
202: 203 204 205 206 207 208 210 211 212 213
203: 204 205 206 207 208 210 211 212
204: 205 206 207 208 210 211 212
205: 207 211 212
206: 205 207 211 212
207: 205 206 210 212
208: 205 206 207 209 210
209: 204 205 206 207 208 210 211 212
210:
211: 212
212:
213:
"""


def _pairs(table: str) -> set[tuple[int, int]]:
    rows = (line.partition(":") for line in table.split("\n") if line)
    return {(int(start), int(end)) for start, _colon, ends in rows for end in ends.split()}


@pytest.mark.parametrize(("direction", "table"), [(Direction.PURCHASE, _PURCHASE), (Direction.SALE, _SALE)])
def test_every_pair_of_statuses_is_allowed_or_not_as_written(direction: Direction, table: str) -> None:
    allowed = {(a.value, b.value) for a in Status for b in Status if may_follow(direction, a, b)}
    assert allowed == _pairs(table)
    assert {status.value for status in NEXT[direction]} == {int(line[:3]) for line in table.split("\n") if line}


def test_every_status_has_its_name_and_its_number() -> None:
    assert [status.value for status in Status] == list(range(200, 214))
    assert list(LABELS) == list(Status)


def test_statuses_of_a_purchase_and_its_states_agree() -> None:
    assert set(STATE_OF) == set(NEXT[Direction.PURCHASE])
    assert {state: STATE_OF[status] for state, status in OF_STATE.items()} == {state: state for state in InvoiceState}
    assert STATE_OF[FIRST[Direction.PURCHASE]] == InvoiceState.TO_VALIDATE
    # Whatever a decision does from a state, the lifecycle allows from each of its statuses; money moves on only.
    for act, (starts, end) in DECISIONS.items():
        for status, state in STATE_OF.items():
            if state in starts and act != "undo" and status not in (Status.PAYMENT_SENT, Status.CASHED):
                assert may_follow(Direction.PURCHASE, status, OF_STATE[end]), (act, status)


def test_reasons_are_known_and_a_dispute_has_more_of_them_than_a_refusal() -> None:
    assert {code for codes in REASONS_OF.values() for code in codes} == set(REASONS)
    assert {status: len(codes) for status, codes in REASONS_OF.items()} == {
        Status.REFUSED: 14,
        Status.DISPUTED: 26,
        Status.PARTLY_APPROVED: 26,
        Status.SUSPENDED: 27,
    }
