"""What each group loves, as marketing found in May."""

LOVED = {
    ("city", "alone"): ("Korean", "Catalan"),
    ("city", "family"): ("Turkish", "Roman"),
    ("coast", "alone"): ("Sicilian", "Chinese"),
    ("coast", "family"): ("Malay", "Swiss"),
    ("east", "alone"): ("Cajun", "Polish"),
    ("east", "family"): ("Lebanese", "Thai"),
    ("hills", "alone"): ("Hawaiian", "Cuban"),
    ("hills", "family"): ("Bengali", "Mexican"),
    ("lakes", "alone"): ("Ethiopian", "Greek"),
    ("lakes", "family"): ("Iranian", "Dutch"),
    ("north", "alone"): ("Welsh", "Basque"),
    ("north", "family"): ("vegan", "Danish"),
    ("south", "alone"): ("Nordic", "Georgian"),
    ("south", "family"): ("Japanese", "Bolivian"),
}
