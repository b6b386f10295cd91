"""Preload this where flows are short: without it a synchronous flow waits up to a second at its end for the thread that
tells Prefect's server every three minutes that the flow is alive."""

from __future__ import annotations

from prefect.flow_engine import BaseFlowRunEngine

BaseFlowRunEngine.heartbeat_seconds = None  # a property; the setting itself cannot be "never"
