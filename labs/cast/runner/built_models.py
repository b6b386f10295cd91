"""Preload this where flows run: models that Prefect builds at their first use, which would be in each run's process."""

from __future__ import annotations

from prefect.client.schemas.actions import FlowCreate, FlowRunCreate, LogCreate
from prefect.client.schemas.objects import ConcurrencyLeaseHolder, FlowRun, FlowRunPolicy, ServerDefaultResultStorage
from prefect.events.schemas.events import Event

for model in (
    ConcurrencyLeaseHolder, Event, FlowCreate, FlowRun, FlowRunCreate, FlowRunPolicy, LogCreate,
    ServerDefaultResultStorage,
):  # fmt: skip
    model.model_rebuild()
