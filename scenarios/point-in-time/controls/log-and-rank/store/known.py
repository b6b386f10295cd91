"""What was known at a moment: the one rule, for training and for the street.

The street asks it about now, training about a moment of the past. There is no second copy of the rule
and no second copy of the numbers, so the two cannot differ.
"""

import pyarrow as pa
from tables import FORMS

ASKED = pa.schema([("place", pa.int64()), *((name, pa.string()) for name in ("courier", "district", "moment"))])

# Of the lines that were published by the moment, the one that ended last; of several about it, the last published.
# Only then, whether it is fresh. (A line that ended earlier would be older still: it never takes the place of one
# that is not fresh.)
RIGHT = """
SELECT a.place, {values}
FROM asked a JOIN {table} t ON t.{key} = a.{key} AND t.published <= a.moment::TIMESTAMP
QUALIFY row_number() OVER (PARTITION BY a.place ORDER BY t.ends DESC, t.published DESC, t.place DESC) = 1
    AND a.moment::TIMESTAMP <= t.ends + {fresh}
"""


def known_then(tables, rows):
    """A row for each row that is asked for, in its order; what was not known at its `moment` is None.

    Each row that is asked for has a place of its own. The answer is made from these places, not from what a join
    lets through: so no row is lost or doubled, even if two have the same id.
    """
    answer = [{"id": row["id"]} for row in rows]
    tables.db.register("asked", pa.Table.from_pylist([row | {"place": place} for place, row in enumerate(rows)], ASKED))
    for name, form in FORMS.items():
        for found in answer:
            found.update(dict.fromkeys(form.values))
        query = RIGHT.format(table=name, key=form.key, fresh=form.fresh, values=", ".join(form.values))
        for place, *values in tables.db.execute(query).fetchall():
            answer[place].update(zip(form.values, values, strict=True))
    tables.db.unregister("asked")
    return answer
