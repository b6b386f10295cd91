"""One call on its way from arrival to the ledger."""

from __future__ import annotations

import hashlib
import re
import time

from apierror import ApiError
from catalog import MODELS
from faults import ENDPOINTS, Fate
from job import Work
from ledger import Ledger
from wire import Exchange

_ID = re.compile(r"[\w.:-]{1,80}", re.ASCII)
ROUTES = {
    "/v1/chat/completions": ("POST", "chat"),
    "/v1/embeddings": ("POST", "embeddings"),
    "/v1/models": ("GET", "models"),
}
UNKNOWN = "other"


class Call:
    """What the ledger will say of one call. A probe is not entered."""

    def __init__(self, exchange: Exchange, ledger: Ledger, *, probe: bool) -> None:
        given = exchange.header(b"x-request-id")
        self._ledger = ledger
        self._time, self._began = time.time(), time.perf_counter()
        self.probe = probe
        self.method, self.endpoint = _route(exchange.path)
        self.model = ""
        self.stream = False
        self.fate = Fate()
        self.refusal = "refused"
        self._digest = ""
        self._work: Work | None = None
        given = given if _ID.fullmatch(given) else ""
        self._generation, self._number, self.id, self.attempt = ledger.begin(given, counted=not probe)

    @property
    def key(self) -> tuple[str, int]:
        """What all draws about this call depend on, besides the seed."""
        return self.id, self.attempt

    @property
    def faultable(self) -> bool:
        """Whether faults can hit its endpoint."""
        return self.endpoint in ENDPOINTS

    def read(self, body: bytes, model: object, stream: object) -> None:
        """Note what was asked; a model that is not on offer is not noted."""
        self.model = model if isinstance(model, str) and model in MODELS else ""
        self.stream = stream is True
        self._digest = hashlib.blake2b(body, digest_size=8).hexdigest() if body else ""

    def begin_work(self, work: Work) -> None:
        """The model is at work: from now on the call costs."""
        self._work = work

    def headers(self) -> dict[str, str]:
        """Headers of every answer to it."""
        spent = round((time.perf_counter() - self._began) * 1000)
        return {"x-request-id": self.id, "openai-processing-ms": str(spent), "openai-version": "2020-10-01"}

    def refused(self, error: ApiError) -> None:
        """Enter it as refused, limited or failed by a fault; it costs nothing."""
        self._work = None
        self.finish(error.status, self.refusal)

    def finish(self, status: int, outcome: str, tokens_out: int | None = None) -> None:
        """Enter it: `status` was sent, 0 for nothing; `tokens_out` were written, if not the whole answer."""
        if self.probe:
            return
        work = self._work
        written = work.tokens_out if work and tokens_out is None else tokens_out or 0
        self._ledger.enter(
            self._generation,
            call=self._number,
            id=self.id,
            attempt=self.attempt,
            time=self._time,
            endpoint=self.endpoint,
            model=self.model,
            stream=self.stream,
            digest=self._digest,
            status=status,
            outcome=outcome,
            faults=self.fate.acting,
            tokens_in=work.tokens_in if work else 0,
            tokens_out=written,
            nano_dollars=work.cost(written) if work else 0,
            drawn_s=work.drawn_s if work else 0.0,
            seconds=time.perf_counter() - self._began,
        )

    def end(self) -> None:
        """It is not in flight any more."""
        self._ledger.end(counted=not self.probe)


def _route(path: str) -> tuple[str, str]:
    if path.startswith("/v1/models/"):
        return "GET", "models"
    return ROUTES.get(path, ("", UNKNOWN))
