"""
Push channels: one module each, with the same three functions, called inside the tenant of the firm and the company.

`refuse(parcel) -> str`: why this parcel can never leave this way, in French; empty when it can.
`send(parcel) -> None`: hand the invoice over, once, and leave on the delivery what `outcome` needs to find it again.
`outcome(delivery) -> Outcome`: what became of it; asked again until it is settled.

Adding a channel is copying a module, a value in `ChannelKind` and a line in `CHANNELS`; docs/architecture.md names the
four places that still know e-mail alone.
"""

from collections.abc import Mapping
from typing import Final, Protocol

from exports.channels import email
from exports.channels.parcel import Outcome, Parcel
from exports.enums import ChannelKind
from exports.models import Delivery

__all__ = ["CHANNELS", "Channel", "Outcome", "Parcel", "channel_of"]


class Channel(Protocol):
    def refuse(self, parcel: Parcel) -> str: ...

    def send(self, parcel: Parcel) -> None: ...

    def outcome(self, delivery: Delivery) -> Outcome: ...


CHANNELS: Final[Mapping[str, Channel]] = {ChannelKind.EMAIL: email}


def channel_of(delivery: Delivery) -> Channel:
    return CHANNELS[delivery.configuration.channel]
