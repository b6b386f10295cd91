"""The catalogue of each tenant: the last feed, but for columns in another unit, which stay as they last were sound."""

import columns
import units

catalogues = {}


class Catalogue:
    def __init__(self):
        self.parts = {}
        self.degraded = []
        self._sound = {}  # column: part: value, of the last feed in which that column was sound

    def take(self, parts):
        """A feed replaces all parts."""
        sent = {column: {number: part[column] for number, part in parts.items()} for column in columns.MEASURED}
        self.degraded = [
            column for column, values in sent.items() if not units.is_sound(values, self._sound.get(column, {}))
        ]
        self._sound |= {column: values for column, values in sent.items() if column not in self.degraded}
        known = [number for number in parts if all(number in self._sound[column] for column in columns.MEASURED)]
        self.parts = {
            number: parts[number] | {column: self._sound[column][number] for column in columns.MEASURED}
            for number in known
        }


def of(tenant):
    """A tenant's catalogue; empty before its first feed."""
    return catalogues.get(tenant) or Catalogue()


def take(document):
    """A feed; how many parts it has."""
    parts = columns.parts_of(document["columns"], document["rows"])
    catalogues.setdefault(document["tenant"], Catalogue()).take(parts)
    return len(parts)
