"""The texts of the farm parts lab: articles of a catalogue, what people type when they look for one, and new topics."""

from __future__ import annotations

import random

MACHINES = {
    "tractor": "tractor",
    "round baler": "baler",
    "combine harvester": "combine",
    "slurry tanker": "slurry tank",
    "potato planter": "planter",
    "field sprayer": "crop sprayer",
    "lawn mower": "mower",
    "chainsaw": "chain saw",
    "garden tiller": "rotavator",
    "log splitter": "wood splitter",
}
"""The last four belong to gardens, and are asked for at weekends. Behind each what people call it."""

PARTS = {
    "hydraulic seal kit": ("oil seal", "keeps oil in the cylinder"),
    "fuel filter": ("diesel filter", "keeps dirt out of the injection pump"),
    "air filter insert": ("intake air cleaner", "stops dust before the engine"),
    "driver seat cover": ("seat upholstery", "protects the cushion from wear"),
    "starter motor": ("electric starter", "turns the engine over"),
    "alternator": ("generator for charging", "charges the battery while running"),
    "V-belt": ("drive belt", "carries power from pulley to pulley"),
    "roller chain": ("drive chain", "steel links, sold by the metre"),
    "ball bearing": ("deep groove bearing", "carries the shaft"),
    "work light": ("LED floodlight", "lights the ground at night"),
    "wing mirror": ("rear view mirror", "adjustable glass on an arm"),
    "radiator hose": ("coolant pipe", "rubber, resists hot coolant"),
    "water pump": ("coolant pump", "moves coolant round the engine block"),
    "brake pad set": ("brake linings", "friction lining for disc brakes"),
    "tyre inner tube": ("tube for the wheel", "holds the air, with valve"),
    "wheel rim": ("steel wheel", "painted, for tubeless tyres"),
    "exhaust silencer": ("muffler", "makes the engine quieter"),
    "spark plug": ("ignition plug", "lights the mixture in the cylinder"),
    "battery": ("starter accumulator", "lead acid, 12 volts"),
    "ignition key switch": ("key lock", "switches the electrics on"),
    "cutting blade": ("knife", "hardened steel edge"),
    "spray nozzle": ("jet tip", "spreads liquid as a fine fan"),
    "throttle cable": ("accelerator wire", "inner wire and sleeve"),
    "clutch disc": ("friction plate of the clutch", "joins engine and gearbox"),
    "gearbox oil": ("transmission lubricant", "in a can of five litres"),
    "grease gun": ("lubricating press", "pushes grease into nipples"),
    "warning beacon": ("amber flashing light", "seen on the road from all sides"),
    "tow hitch": ("drawbar coupling", "takes a trailer behind"),
    "cabin windscreen": ("front window glass", "laminated glass with rubber frame"),
    "fan impeller": ("ventilator wheel", "blows air through the cooler"),
    "pressure gauge": ("manometer", "shows bar on a dial"),
    "safety shear bolt": ("breaking pin", "breaks before the shaft does"),
    "wiring harness": ("cable loom", "all wires and plugs in one sleeve"),
    "steering cylinder": ("power steering ram", "turns the front wheels"),
    "paint spray can": ("touch-up lacquer", "in the maker's colour"),
    "operating handle": ("hand lever grip", "plastic grip with a thread"),
    "carburettor": ("fuel mixer", "mixes petrol and air"),
    "return spring": ("tension spring", "pulls the pedal back"),
    "cover sheet": ("tarpaulin", "keeps rain off when parked"),
    "first aid box": ("emergency bandage kit", "dressings and gloves in a case"),
}
"""Of each part what people call it, and what it does."""

TOPICS = {
    "camera drone": (
        "rotor arm", "propeller set", "aerial camera", "landing leg", "camera gimbal", "video receiver",
        "flight app licence", "propeller guard", "landing pad", "flight controller", "obstacle sensor",
        "flight permit folder",
    ),
    "milking robot": (
        "teat cup liner", "milk cooler", "milk sampler", "udder brush", "milk meter", "laser eye", "collar transponder",
        "cleaning agent", "feed dispenser", "cow gate", "milk filter sleeve", "pulsator",
    ),
    "beehive": (
        "wax foundation", "honey extractor", "queen excluder", "smoker", "veil and hat", "brood frame", "feeder",
        "varroa strip", "honey jar", "entrance block", "uncapping fork", "pollen trap",
    ),
    "biogas plant": (
        "gas holder membrane", "agitator", "manure mixer", "gas flare", "methane sensor", "heating coil",
        "digester sight glass", "overpressure valve", "feed screw", "gas analyser", "condensate trap", "gas blower",
    ),
    "fish pond": (
        "aerator", "fish food", "pond liner", "net", "oxygen meter", "UV clarifier", "trout fry", "ice preventer",
        "water test kit", "heron scarer", "skimmer", "water lily",
    ),
}  # fmt: skip
"""What nobody's catalogue has until it is written: articles of each topic."""

LONG = (
    "I need a {part} for my {machine}",
    "where can I get a {part} that fits a {machine}",
    "replacement {part} for {machine} please",
    "{machine} needs a new {part}",
    "looking for {part}, {machine}, the old one is broken",
)
ASKED = "{part} for my {thing}", "do you have {part} for a {thing}", "{thing} {part}"


def articles() -> list[tuple[str, bool]]:
    """The texts of all articles, part by part and machine by machine, and whether they are for a garden's machine."""
    found = []
    for part, (_, does) in PARTS.items():
        for at, machine in enumerate(MACHINES):
            found.append((f"{part.capitalize()} for {machine}. {does.capitalize()}.", at >= 6))
    return found


def queries(rng: random.Random) -> tuple[list[str], list[str], list[str]]:
    """Of each article two long queries and a short one, in the articles' order."""
    one, two, short = [], [], []
    for part, (other, _) in PARTS.items():
        for machine, called in MACHINES.items():
            first, second = rng.sample(LONG, 2)
            one.append(first.format(part=part, machine=called))
            two.append(second.format(part=part if rng.random() < 0.7 else f"{part} ({other})", machine=machine))
            short.append(f"{' '.join(part.split()[-2:])} {called}")
    return one, two, short


def topics(rng: random.Random) -> tuple[list[str], list[str]]:
    """The articles of the new topics, topic by topic, and two queries for each."""
    texts, asked = [], []
    for thing, parts in TOPICS.items():
        for part in parts:
            texts.append(f"{part.capitalize()} for {thing}s.")
            asked += [form.format(part=part, thing=thing) for form in rng.sample(ASKED, 2)]
    return texts, asked
