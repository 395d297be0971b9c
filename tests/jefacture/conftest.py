import asyncio
import threading
from collections.abc import Iterator

import pytest

from jefacture.receiving import make_server


@pytest.fixture(params=["smtp"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    """The receiver in a thread of its own, on a free port."""
    loop, ports = asyncio.new_event_loop(), []

    async def serve() -> None:
        server = await loop.create_server(make_server(f"{request.param}://127.0.0.1"), "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        started.set()

    started = threading.Event()
    loop.create_task(serve())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    started.wait(10)
    yield ports[0]
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
