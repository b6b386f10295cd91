"""What the street reads: the newest number of each courier and district, ready to hand."""

from tables import COLUMNS, KEYS

NEWS = """
SELECT {key}, ends, {values} FROM newest_{table} WHERE ends >= ?
QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY published DESC) = 1
"""


class Online:
    def __init__(self, tables):
        self._tables = tables
        self._newest = {name: {} for name in KEYS}
        self._seen = dict.fromkeys(KEYS, "2000-01-01")  # all up to here is in already

    def refresh(self):
        """After each delivery: only what is new, for the whole table takes longer every day."""
        for name, key in KEYS.items():
            query = NEWS.format(key=key, values=", ".join(COLUMNS[name]), table=name)
            for who, ends, *values in self._tables.db.execute(query, [self._seen[name]]).fetchall():
                self._newest[name][who] = dict(zip(COLUMNS[name], values, strict=True))
                self._seen[name] = max(str(ends), self._seen[name])

    def read(self, row):
        found = {"id": row["id"]}
        for name, key in KEYS.items():
            found |= self._newest[name].get(row[key], dict.fromkeys(COLUMNS[name]))
        return found
