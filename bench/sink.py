"""`python -m bench.sink`: an SMTP server that takes everything and keeps nothing, quick enough to measure who sends.

Prints its port once it listens.
"""

import asyncio
from asyncio import StreamReader, StreamWriter
from typing import Final

_ANSWERS: Final = {
    b"EHLO": b"250-sink\r\n250-SIZE 50000000\r\n250 8BITMIME\r\n",
    b"MAIL": b"250 ok\r\n",
    b"RCPT": b"250 ok\r\n",
    b"RSET": b"250 ok\r\n",
    b"QUIT": b"221 bye\r\n",
}


async def _serve(reader: StreamReader, writer: StreamWriter) -> None:
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        command = line[:4].upper()
        if command == b"DATA":
            writer.write(b"354 go\r\n")
            await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"250 taken\r\n")
        else:
            writer.write(_ANSWERS.get(command, b"502 no\r\n"))
        await writer.drain()
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
