"""The split at the gateway: written with both weights in one call, and read back."""

from __future__ import annotations

import asyncio

import httpx


class GatewayError(Exception):
    """The gateway does not answer, or does not do as it was told."""


class Gateway:
    """Envoy's runtime keys split.v1 and split.v2."""

    def __init__(self, client: httpx.AsyncClient, admin: str) -> None:
        self._client, self._admin = client, admin

    async def weights(self) -> tuple[int, int]:
        """v1's weight and v2's, as they act now."""
        try:
            async with asyncio.timeout(0.4):
                response = await self._client.get(f"{self._admin}/runtime", params={"format": "json"})
            response.raise_for_status()
            entries = response.json()["entries"]
            v1, v2 = (int(float(entries[f"split.{version}"]["final_value"])) for version in ("v1", "v2"))
        except (httpx.HTTPError, TimeoutError, KeyError, TypeError, ValueError) as error:
            raise GatewayError(f"cannot read the split: {error!r}") from error
        return v1, v2

    async def set_share(self, share: int) -> None:
        """Give v2 `share` per cent, and see that it is so."""
        wanted = (100 - share, share)
        try:
            async with asyncio.timeout(0.4):
                response = await self._client.post(
                    f"{self._admin}/runtime_modify", params={"split.v1": wanted[0], "split.v2": wanted[1]}
                )
            response.raise_for_status()
        except (httpx.HTTPError, TimeoutError) as error:
            raise GatewayError(f"cannot set the split: {error!r}") from error
        if (found := await self.weights()) != wanted:
            raise GatewayError(f"split is {found}, not {wanted}")

    async def set_share_with_retries(self, share: int, attempts: int | None) -> None:
        """As `set_share`; tried again, for ever if `attempts` is None."""
        tried = 0
        while True:
            try:
                return await self.set_share(share)
            except GatewayError:
                tried += 1
                if attempts is not None and tried >= attempts:
                    raise
                await asyncio.sleep(0.08)
