"""What each feature means. Serving (the checkout team) and training (the data scientists) implement it from here."""

DEFINITIONS = {}


def keep(definition):
    DEFINITIONS[definition["name"]] = definition


def find(name):
    return DEFINITIONS.get(name)
