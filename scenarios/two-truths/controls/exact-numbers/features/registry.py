"""The definitions, one row a version, in postgres: a version never changes, so what was read once may be kept."""

import json

TABLE = """
    CREATE TABLE IF NOT EXISTS feature_definitions (
        name text, version text, definition jsonb NOT NULL, PRIMARY KEY (name, version)
    )
"""
# One statement, so that two at once cannot both win: a row comes back if it is new, or the same as before.
KEEP = """
    INSERT INTO feature_definitions AS known VALUES ($1, $2, $3)
    ON CONFLICT (name, version) DO UPDATE SET name = known.name WHERE known.definition = excluded.definition
    RETURNING name
"""
FIND = "SELECT definition FROM feature_definitions WHERE name = $1 AND version = $2"


class Registry:
    def __init__(self, pool):
        self.pool = pool
        self.read = {}

    async def keep(self, definition):
        """Whether this name and version mean this definition now."""
        name, version = definition["name"], str(definition["version"])
        return await self.pool.fetchval(KEEP, name, version, json.dumps(definition)) is not None

    async def find(self, name, version):
        key = name, str(version)
        if key not in self.read:
            found = await self.pool.fetchval(FIND, *key)
            if found is None:
                raise KeyError(f"{name} version {version}")
            self.read[key] = json.loads(found)
        return self.read[key]
