"""What the lake has told so far, in DuckDB: one database in memory for each season."""

import duckdb
import pyarrow as pa

KEYS = {"courier_days": "courier", "district_hours": "district"}
COLUMNS = {"courier_days": ("late_share", "stops_per_hour"), "district_hours": ("wait_minutes", "open_orders")}
TIMES = ("begins", "ends", "published")


class Tables:
    def __init__(self):
        self.db = duckdb.connect(config={"threads": 1, "memory_limit": "150MB"})
        for name, key in KEYS.items():
            values = ", ".join(f"{column} DOUBLE" for column in COLUMNS[name])
            times = ", ".join(f"{time} TIMESTAMP" for time in TIMES)
            # a correction has the key and the begin of what it corrects, and takes its place
            self.db.execute(f"CREATE TABLE {name} ({key} VARCHAR, {times}, {values}, PRIMARY KEY ({key}, begins))")

    def load(self, name, rows):
        """Lines of one table, in the order in which they were published."""
        key, news = KEYS[name], pa.Table.from_pylist(rows)
        columns = ", ".join([key, *(f"{time}::TIMESTAMP" for time in TIMES), *COLUMNS[name]])
        last = f"QUALIFY row_number() OVER (PARTITION BY {key}, begins ORDER BY published DESC) = 1"
        if news.num_rows:
            self.db.execute(f"INSERT OR REPLACE INTO {name} SELECT {columns} FROM news {last}")
        return news.num_rows

    def ask(self, query, rows):
        """What a query says of rows, which it finds as the table `asked`."""
        self.db.register("asked", pa.Table.from_pylist(rows))
        found = self.db.execute(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
