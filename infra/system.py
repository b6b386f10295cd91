"""The description of a system: the subset of the Compose file format that all our runtimes honour.

`load_system` reads a lab's compose.yaml, refuses every key it does not know, and returns plain frozen data. Paths are
absolute afterwards. One extension of ours: `x-ready`, the URL that answers 2xx or 3xx once the service is ready,
written in the system's own names (`http://gateway:8080/healthz`; the host may be another service, for one that is
reached through it). The host must be a service with that port published, since it is asked from where the load comes
from.

`extends` takes a service of another file, as Compose does: its paths are relative to that file, mappings are put
together key by key, lists of mounts, ports and networks one after the other, and all else is what the lab says.

Services see each other as `<service>:<port>`; a service listens on `0.0.0.0:<port>`. Write addresses in exactly these
two forms in `environment` and `command`: a runtime without a network of its own rewrites them (see `infra/process`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from infra.errors import SystemInvalid

IMAGE_PREFIX = "brownout/"


@dataclass(frozen=True)
class Mount:
    """A file or folder of the lab, seen read-only inside a service. `open` means a candidate may edit it."""

    source: Path
    target: PurePosixPath
    open: bool


@dataclass(frozen=True)
class Volume:
    """A named scratch volume, empty at first, kept while the deployment lives."""

    name: str
    target: PurePosixPath


@dataclass(frozen=True)
class Service:
    """One service. Memory in bytes, ports as numbers inside the service, `environment` without our secrets."""

    name: str
    image: str
    command: tuple[str, ...]
    environment: dict[str, str]
    mounts: tuple[Mount, ...]
    volumes: tuple[Volume, ...]
    published: tuple[int, ...]
    exposed: tuple[int, ...]
    networks: tuple[str, ...]
    depends_on: tuple[str, ...]
    ready: str | None
    memory_bytes: int
    cpus: float
    working_dir: str | None

    @property
    def open(self) -> bool:
        """Whether it runs a candidate's code."""
        return any(mount.open for mount in self.mounts)


@dataclass(frozen=True)
class System:
    """A lab's system, services in dependency order. `internal` are the networks without a way out."""

    lab: str
    root: Path
    services: dict[str, Service]
    networks: tuple[str, ...]
    internal: frozenset[str]

    @property
    def images(self) -> frozenset[str]:
        """Short names of our shared images that it uses (`brownout/core` is `core`)."""
        return frozenset(s.image.removeprefix(IMAGE_PREFIX) for s in self.services.values())


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Network(_Strict):
    internal: bool = False


class _Service(_Strict):
    image: str
    command: Annotated[list[str], Field(min_length=1)]
    environment: dict[str, str | int | float] = {}
    volumes: list[str] = []
    ports: list[str] = []
    expose: list[str] = []
    networks: list[str] = []
    depends_on: list[str] = []
    working_dir: str | None = None
    mem_limit: str = "256m"
    cpus: float = 1.0
    x_ready: str | None = Field(None, alias="x-ready")

    @field_validator("image")
    @classmethod
    def _shared(cls, image: str) -> str:
        if not image.startswith(IMAGE_PREFIX) or ":" in image:
            raise ValueError(f"must be one of the shared images, {IMAGE_PREFIX}<name> without a tag")
        return image


_Name = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]


_JOINED = ("volumes", "ports", "expose", "networks", "depends_on")


class _Extends(_Strict):
    file: str
    service: str


class _File(_Strict):
    services: dict[_Name, _Service]
    networks: dict[_Name, _Network | None] = {}
    volumes: dict[_Name, None] = {}


def load_system(path: Path, open_files: tuple[str, ...] = ()) -> System:
    """Read and check a compose.yaml.

    Args:
        path: the file; its folder is the lab's folder, and mounts are relative to it.
        open_files: paths or folders (relative to the lab) that a candidate may edit; a mount of one, or of anything in
            or around one, is open.

    Raises:
        SystemInvalid: unreadable, malformed, or outside the subset; names the file and the key.
    """
    raw = _read(path)
    if isinstance(raw, dict) and isinstance(raw.get("services"), dict):
        raw["services"] = {name: _whole(path, name, service) for name, service in raw["services"].items()}
    try:
        file = _File.model_validate(raw)
    except ValidationError as error:
        raise SystemInvalid(f"{path}: {first_problem(error)}") from error
    root = path.parent.resolve()
    services = {name: _service(path, root, name, spec, open_files) for name, spec in file.services.items()}
    networks = {name: network or _Network() for name, network in file.networks.items()}
    _check_references(path, services, networks, file.volumes)
    return System(
        lab=root.name,
        root=root,
        services=_in_order(path, services),
        networks=tuple(networks),
        internal=frozenset(name for name, network in networks.items() if network.internal),
    )


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SystemInvalid(f"{path}: cannot be read: {error}") from error


def _whole(path: Path, name: str, said: Any) -> Any:
    """A service as it is said, over the one that it extends, if it does."""
    if not isinstance(said, dict) or "extends" not in said:
        return said
    where = f"{path}: services.{name}.extends"
    try:
        extends = _Extends.model_validate(said["extends"])
    except ValidationError as error:
        raise SystemInvalid(f"{where}.{first_problem(error)}") from error
    source = path.parent / extends.file
    found = _read(source)
    services = found.get("services") if isinstance(found, dict) else None
    base = services.get(extends.service) if isinstance(services, dict) else None
    if not isinstance(base, dict):
        raise SystemInvalid(f"{where}.service: {source} has no service {extends.service!r}")
    if "extends" in base:
        raise SystemInvalid(f"{where}.service: {extends.service!r} of {source} extends another one; say it here")
    own = {key: value for key, value in said.items() if key != "extends"}
    folder = str(PurePosixPath(extends.file).parent)
    moved = [_moved(entry, folder) for entry in base.get("volumes", [])]
    return _over(base | ({"volumes": moved} if moved else {}), own)


def _moved(entry: str, folder: str) -> str:
    """A mount of a file in another folder, relative to the lab's."""
    return f"./{folder}/{entry}" if entry.startswith(".") else entry


def _over(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in own.items():
        given = base.get(key)
        if isinstance(given, dict) and isinstance(value, dict):
            merged[key] = given | value
        elif key in _JOINED and isinstance(given, list) and isinstance(value, list):
            merged[key] = [*given, *value]
        else:
            merged[key] = value
    return merged


def first_problem(error: ValidationError) -> str:
    """The first thing wrong, as `key.path: what`, for a message of one line."""
    problem: Any = error.errors()[0]
    where = ".".join(str(part) for part in problem["loc"])
    return f"{where}: {problem['msg']}"


def _service(path: Path, root: Path, name: str, spec: _Service, open_files: tuple[str, ...]) -> Service:
    mounts, volumes = [], []
    for entry in spec.volumes:
        source, _, rest = entry.partition(":")
        target, _, mode = rest.partition(":")
        if source.startswith("."):
            if mode != "ro":
                raise SystemInvalid(f"{path}: services.{name}.volumes: {entry!r} must be mounted read-only (:ro)")
            full = (root / source).resolve()
            if not full.exists():
                raise SystemInvalid(f"{path}: services.{name}.volumes: {source} does not exist")
            mounts.append(Mount(full, PurePosixPath(target), _is_open(root, full, open_files)))
        else:
            volumes.append(Volume(source, PurePosixPath(target)))
    return Service(
        name=name,
        image=spec.image,
        command=tuple(spec.command),
        environment={key: str(value) for key, value in spec.environment.items()},
        mounts=tuple(mounts),
        volumes=tuple(volumes),
        published=tuple(_published(path, name, entry) for entry in spec.ports),
        exposed=tuple(_exposed(path, name, entry) for entry in spec.expose),
        networks=tuple(spec.networks),
        depends_on=tuple(spec.depends_on),
        ready=spec.x_ready,
        memory_bytes=_bytes(path, name, spec.mem_limit),
        cpus=spec.cpus,
        working_dir=spec.working_dir,
    )


def _is_open(root: Path, full: Path, open_files: tuple[str, ...]) -> bool:
    for entry in open_files:
        opened = (root / entry.removesuffix("/**").rstrip("/")).resolve()
        if full == opened or opened in full.parents or full in opened.parents:
            return True
    return False


def _published(path: Path, name: str, entry: str) -> int:
    if not entry.startswith("127.0.0.1::") or not _is_port(entry[11:]):
        raise SystemInvalid(
            f"{path}: services.{name}.ports: {entry!r} must be '127.0.0.1::<port>' (loopback, free host port)"
        )
    return int(entry[11:])


def _exposed(path: Path, name: str, entry: str) -> int:
    if not _is_port(entry):
        raise SystemInvalid(f"{path}: services.{name}.expose: {entry!r} must be a port number")
    return int(entry)


def _is_port(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,5}", text) is not None and 0 < int(text) < 65536


def _bytes(path: Path, name: str, text: str) -> int:
    units = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
    if text[-1:].lower() in units and text[:-1].isdigit():
        return int(text[:-1]) * units[text[-1].lower()]
    raise SystemInvalid(f"{path}: services.{name}.mem_limit: {text!r} must be a number followed by k, m or g")


def _check_references(
    path: Path, services: dict[str, Service], networks: dict[str, _Network], volumes: dict[str, None]
) -> None:
    for service in services.values():
        for network in service.networks:
            if network not in networks:
                raise SystemInvalid(f"{path}: services.{service.name}.networks: no network {network!r} is declared")
        for volume in service.volumes:
            if volume.name not in volumes:
                raise SystemInvalid(f"{path}: services.{service.name}.volumes: no volume {volume.name!r} is declared")
        if service.ready:
            _check_ready(path, service, services)


def _check_ready(path: Path, service: Service, services: dict[str, Service]) -> None:
    match = re.match(r"http://([^/:?#]+):([0-9]{1,5})(?=[/?#]|$)", service.ready or "")
    via = services.get(match[1]) if match else None
    if match is None or via is None or int(match[2]) not in via.published:
        raise SystemInvalid(
            f"{path}: services.{service.name}.x-ready: {service.ready!r} must be http://<service>:<published port>/..."
        )


def _in_order(path: Path, services: dict[str, Service]) -> dict[str, Service]:
    ordered: dict[str, Service] = {}

    def visit(name: str, chain: tuple[str, ...]) -> None:
        if name in chain:
            raise SystemInvalid(f"{path}: services.{name}.depends_on: {' -> '.join((*chain, name))} is a circle")
        if name not in services:
            raise SystemInvalid(f"{path}: services.{chain[-1]}.depends_on: no service {name!r}")
        for other in services[name].depends_on:
            visit(other, (*chain, name))
        ordered.setdefault(name, services[name])

    for name in services:
        visit(name, ())
    return ordered
