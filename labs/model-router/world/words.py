"""Words of tradespeople, and those that stand between them."""

from __future__ import annotations

NOUNS = """
    flange gasket valve boiler radiator siphon drain copper solder cistern tap basin gutter washer faucet manifold
    sewer thermostat burner chimney dough yeast oven sourdough crumb crust flour rye starter glaze icing batter
    butter proofing kneader tray sesame poppy malt bran roller plate ink offset binding paper toner bleach margin
    crease folding varnish stencil platen stitch font cyan pulp stapler hinge plank veneer chisel router dowel
    lacquer sander mortise bench clamp rafter shingle mortar brick grout tile plaster lintel trowel scaffold render
    gravel cement screed wire fuse socket breaker relay conduit meter earthing dimmer busbar ballast motor bearing
    pulley gearbox clutch piston brake axle filter coolant spark tyre rim exhaust fleece thread bobbin seam hem
    lining button zipper fabric needle loom leather awl heel sole last buckle scissors razor comb dye rinse perm
    grafting mulch hedge pruning turf compost sapling trellis blight aphid
    """
MATTERS = (
    "Since we changed the {a}, the {b} makes a noise",
    "The {a} does not hold any more, and the {b} is not better",
    "Can one use a {a} without a {b}",
    "{a} and {b} do not fit together",
    "Which {a} goes with this {b}",
    "{a} is new, but the {b} is from before the war",
    "It began with the {a}, now the {b} has it too",
    "A customer says that our {a} spoils his {b}",
    "How warm may a {a} get next to the {b}",
    "{a} first or {b} first",
    "My colleague cleans the {a} with what is meant for the {b}",
    "There is a gap between {a} and {b}",
)
SMALL_TALK = (
    "Good morning, we are a small shop with three people.",
    "My father ran it before me, and never had anything like this.",
    "Thank you for the quick answer last week.",
    "I hope that this is the right place to ask.",
    "We have looked at the manual twice.",
    "It is urgent, since somebody comes to fetch it today.",
)
