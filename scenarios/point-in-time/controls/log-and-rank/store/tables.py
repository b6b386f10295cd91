"""What the lake has told so far, in DuckDB: one database in memory for each season.

Nothing is ever overwritten. A correction is one more line: what it corrects was known until then,
and training must still find it. So each table is a log of lines in the order of their publication.
"""

from dataclasses import dataclass

import duckdb
import pyarrow as pa

TIMES = ("begins", "ends", "published")


@dataclass(frozen=True)
class Form:
    """A table's form: who it is about, its values, and how long after its end a line is fresh."""

    key: str
    values: tuple[str, str]
    fresh: str  # an SQL interval


FORMS = {
    "courier_days": Form("courier", ("late_share", "stops_per_hour"), "INTERVAL 2 DAY"),
    "district_hours": Form("district", ("wait_minutes", "open_orders"), "INTERVAL 6 HOUR"),
}


class Tables:
    def __init__(self):
        self.db = duckdb.connect(config={"threads": 1, "memory_limit": "150MB"})
        for name, form in FORMS.items():
            times = ", ".join(f"{time} TIMESTAMP" for time in TIMES)
            values = ", ".join(f"{value} DOUBLE" for value in form.values)
            # place: the line's place in the order of publication, for lines of the same second
            self.db.execute(f"CREATE SEQUENCE {name}_place")
            self.db.execute(
                f"CREATE TABLE {name} "
                f"(place BIGINT DEFAULT nextval('{name}_place'), {form.key} VARCHAR, {times}, {values})"
            )

    def close(self):
        self.db.close()

    def append(self, name, lines):
        """Lines of one table, in the order in which they were published; says how many."""
        form = FORMS[name]
        texts, numbers = (form.key, *TIMES), form.values
        columns_of = [*((text, pa.string()) for text in texts), *((number, pa.float64()) for number in numbers)]
        news = pa.Table.from_pylist(lines, pa.schema(columns_of))
        columns = ", ".join([*texts, *numbers])
        self.db.register("news", news)
        self.db.execute(f"INSERT INTO {name} ({columns}) SELECT {columns} FROM news")
        self.db.unregister("news")
        return news.num_rows
