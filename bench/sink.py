"""`python -m bench.sink`: an SMTP server that takes everything and keeps nothing, quick enough to measure who sends.

Prints its port once it listens.
"""

import asyncio
from typing import Final

_ANSWERS: Final = {
    b"EHLO": b"250-sink\r\n250-SIZE 50000000\r\n250 8BITMIME\r\n",
    b"MAIL": b"250 ok\r\n",
    b"RCPT": b"250 ok\r\n",
    b"RSET": b"250 ok\r\n",
    b"DATA": b"354 go\r\n",
    b"QUIT": b"221 bye\r\n",
}


class Sink(asyncio.Protocol):
    """One connection: commands by line, a message up to the line with a dot alone."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._buffer = bytearray()
        self._in_message = False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n.\r\n" if self._in_message else b"\r\n")) >= 0:
            if self._in_message:
                del self._buffer[: end + 5]
                self._in_message = False
                self._transport.write(b"250 taken\r\n")
            else:
                command = bytes(self._buffer[:4]).upper()
                del self._buffer[: end + 2]
                self._in_message = command == b"DATA"
                self._transport.write(_ANSWERS.get(command, b"502 no\r\n"))


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
