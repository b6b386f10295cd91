"""The cheapest choices that are safe."""

import bill
import safe
from book import HOURS


def cheapest(book):
    """Services share machines, so they are chosen together; everything else has its own price."""
    choices = bill.as_it_is(book)
    for kind, price in bill.ALONE.items():
        for each in book.fleet[kind]:
            options = safe.options(book, kind, each)
            choices[kind][each["name"]] = min(options, key=lambda option: price(book, each, option))
    choices["services"] = min(placements(book), key=lambda placed: services_usd(book, placed))
    choices["commitments"] = bill.best_commitments(book, choices["services"])
    return choices


def services_usd(book, placed):
    return bill.services_usd(book, placed, bill.best_commitments(book, placed))


def placements(book):
    """For each number of machines of last year's commitment that may be used: the cheapest services elsewhere.

    Only these machines are shared, so one of these placements is the cheapest of all.
    """
    found = {0: (0.0, {})}
    for service in book.fleet["services"]:
        following = {}
        for option in fewest(safe.options(book, "services", service)):
            kind, count, _ = option
            free = count if kind in book.running else 0
            price = 0.0 if free else count * machine_usd(book, service, kind)
            for used, (usd, placed) in found.items():
                if used + free not in following or usd + price < following[used + free][0]:
                    following[used + free] = usd + price, placed | {service["name"]: option}
        found = following
    yield {each["name"]: (each["type"], each["count"], each["variant"]) for each in book.fleet["services"]}
    for _, placed in found.values():
        yield placed


def machine_usd(book, service, kind):
    """A month of one machine for this service, committed to where that is allowed."""
    offer = book.offers.get(kind)
    less = offer["discount"] if offer and book.lasts(service, offer["months"]) else 0.0
    return book.types[kind]["usd_per_hour"] * HOURS * (1 - less)


def fewest(options):
    """Of each type only the option with the fewest machines: nothing else of it is paid for."""
    best = {}
    for option in options:
        if option[0] not in best or option[1] < best[option[0]][1]:
            best[option[0]] = option
    return list(best.values())
