"""Ports for the processes of a test."""

from __future__ import annotations

from infra.common.ports import free_ports


def free_port() -> int:
    """One that nobody has, and that no outgoing connection of this machine is given before a service listens on it."""
    [port] = free_ports(1, ())
    return port
