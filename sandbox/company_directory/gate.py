"""Who comes in, how often, and what goes wrong on request."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.web import BadRequestError, Request, Response, json_response, text_response

#: As the real service: requests in one second. Everybody here comes from one address.
LIMIT: Final = 7
FAULTS: Final = ("slow", "500", "429", "garbage", "huge", "redirect")


@dataclass
class Gate:
    """The requests so far, and the armed fault."""

    fault: str | None = None
    seconds: float = 10.0
    arrivals: list[float] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def arm(self, request: Request) -> Response:
        told = request.json()
        fault = told.get("fault") if isinstance(told, dict) else None
        if fault not in FAULTS:
            raise BadRequestError(f"Fautes connues\u00a0: {', '.join(FAULTS)}")
        self.fault, self.seconds = fault, float(told.get("seconds", 10))
        return json_response({"armed": self.fault})

    def reset(self) -> None:
        with self._lock:
            self.fault = None
            self.arrivals.clear()
            self.asked.clear()

    def told(self) -> dict[str, Any]:
        """How many requests came, for what, how long from first to last, and the most within one second."""
        with self._lock:
            times, asked = list(self.arrivals), list(self.asked)
        busiest = max((sum(start <= time < start + 1 for time in times) for start in times), default=0)
        seconds = times[-1] - times[0] if times else 0.0
        return {"count": len(times), "seconds": seconds, "busiest_second": busiest, "asked": asked}

    def refusal(self, text: str) -> Response | None:
        """Note the request; answer what keeps it from its companies, None when nothing does."""
        with self._lock:
            now = time.monotonic()
            self.arrivals.append(now)
            self.asked.append(text)
            too_many = sum(now - time < 1 for time in self.arrivals[-LIMIT - 1 :]) > LIMIT
        if too_many:
            return _too_many(1)
        return self._commit()

    def _commit(self) -> Response | None:
        match self.fault:
            case "slow":
                time.sleep(self.seconds)
            case "500":
                return text_response("Internal Server Error", status=500)
            case "429":
                return _too_many(self.seconds)
            case "garbage":
                return text_response('{"results": [{"siren": 12', content_type="application/json")
            case "huge":
                return text_response('{"results": [' + " " * 4_000_000 + "]}", content_type="application/json")
            case "redirect":
                return Response(b"", 302, [("Location", "/healthz")])
        return None


def _too_many(seconds: float) -> Response:
    message = {"erreur": "Vous avez dépassé la limite de requêtes"}
    return json_response(message, status=429, headers=[("Retry-After", f"{seconds:.0f}")])
