"""What customers of an energy supplier ask about: the bank that plans are drawn from.

Of each subject there are questions, what is answered, and ordinary things that one may do or had better not do.
"""

from typing import NamedTuple


class Subject(NamedTuple):
    """Sentences with slots; `tips` have the form that goes after "you can"."""

    questions: tuple[str, ...]
    answers: tuple[str, ...]
    tips: tuple[str, ...]


PUBLIC = "bill", "reading", "moving", "tariff", "outage", "solar", "charging", "heatpump", "cap"
SUBJECTS: dict[str, Subject] = {
    "bill": Subject(
        (
            "why is my bill for {month} {amount} higher than before", "what is the item of {amount} on my invoice",
            "my yearly statement with {tariff} does not add up", "can I get the invoice of {month} once more",
            "the bill for {street} has my old name on it", "is {amount} a normal bill for two people",
        ),
        (
            "The invoice of {month} covers thirty-four days.", "The amount of {amount} is the standing charge.",
            "Bills are made on the first working day.", "A copy of each statement is kept for ten years.",
            "With {tariff} the yearly statement comes in {month}.",
        ),
        ("download the statement in {app}", "ask for a copy on paper", "compare both invoices line by line"),
    ),
    "reading": Subject(
        (
            "where do I send the reading of my {device}", "the {device} in the {room} shows only zeros",
            "do you need my meter reading for {month}", "I sent the wrong reading, can it be changed",
            "who reads the meter at {street}", "which of the two numbers on the {device} is the right one",
        ),
        (
            "We need the reading by the end of {month}.", "The upper number of the {device} is the one that counts.",
            "A reader comes to {street} once a year.", "Wrong readings are corrected within a week.",
            "The {device} sends its reading by itself.",
        ),
        ("photograph the display", "enter the reading in {app}", "write the number down on {day}"),
    ),
    "moving": Subject(
        (
            "we move out of {street} in {month}, what do I do", "can I take {tariff} with me to the new flat",
            "who pays for the empty house at {street}", "the people before us never signed off",
            "my landlord wants proof that the power is registered", "our new home has another supplier, and now",
        ),
        (
            "Removals are registered two weeks ahead.", "The new tenant gets a welcome letter.",
            "Your contract goes with you to {street}.", "The landlord is billed for an empty flat.",
            "For a handover we need both addresses.",
        ),
        ("tell us the date of the handover", "hand the keys over on {day}", "register the new address in {app}"),
    ),
    "tariff": Subject(
        (
            "is {tariff} cheaper for me than what I have", "when does the price of {tariff} change",
            "how long is the price in {tariff} guaranteed", "which plan fits a family of four",
            "what happens after the fixed price ends in {month}", "is there a discount on {tariff} for pensioners",
        ),
        (
            "The price of {tariff} is fixed for a year.", "A family of four usually takes {tariff}.",
            "The guarantee ends in {month}.", "Prices are announced six weeks ahead.",
            "There is one discount for each contract.",
        ),
        ("look at the calculator in {app}", "wait for the offer in {month}", "choose {tariff} from {month} on"),
    ),
    "outage": Subject(
        (
            "the power in {street} is off since noon", "when is the electricity back at {street}",
            "half of the house is dark and half is not", "was there a blackout on {day}",
            "the lights in the {room} flicker every evening", "my freezer thawed during the power cut",
        ),
        (
            "A cable in {street} was damaged by diggers.", "The grid operator expects the power back tonight.",
            "There is no known fault in your street.", "Flicker usually comes from one lamp.",
            "On {day} the substation was switched over.",
        ),
        ("look at the map of faults", "switch the breaker of the {room} off and on", "keep the freezer closed"),
    ),
    "solar": Subject(
        (
            "what do you pay for power from my roof", "my panels fed in more than you say",
            "when is the feed-in money for {month} paid", "do I need a second meter for solar",
            "how do I register a new inverter", "are my panels at {street} with you or with the grid",
        ),
        (
            "Feed-in is paid four times a year.", "The grid operator tells us what your panels gave.",
            "A second meter is needed from ten kilowatts on.", "The inverter is registered with its certificate.",
            "The rate for the roof is fixed for twenty years.",
        ),
        ("upload the certificate in {app}", "compare with the display of the inverter", "send the form for the roof"),
    ),
    "charging": Subject(
        (
            "my car does not charge at the station in {street}", "what does a kilowatt hour cost at your chargers",
            "the charging card was refused on {day}", "can I reserve a charger for {day}",
            "why did charging stop at eighty per cent", "is there a flat rate for electric cars",
        ),
        (
            "The station in {street} has two free plugs.", "The card was blocked for a day by mistake.",
            "Charging slows down above eighty per cent.", "A reservation costs {amount}.",
            "Prices at fast chargers differ by operator.",
        ),
        ("start the charger in {app}", "hold the card to the reader for longer", "unlock the cable in the car"),
    ),
    "heatpump": Subject(
        (
            "do I get the heat pump price with one compressor", "is the heat pump blocked in the evening hours",
            "which heat pump models count for the special rate", "my heat pump ran all night at the day price",
            "do I need a separate circuit for the heat pump", "how do I prove that the heat pump was installed",
        ),
        (
            "The heat pump rate holds up to eleven kilowatts.", "Blocking hours are from five to seven.",
            "The installer's report is the proof that we need.", "A separate circuit is required for the special rate.",
            "Air and ground pumps both count.",
        ),
        ("send the report of the installer", "shift the compressor to midday", "ask for the circuit plan"),
    ),
    "cap": Subject(
        (
            "does the government's price brake reach me", "how is the brake on prices worked out",
            "what is the quota for the price brake at {street}", "why is the relief not on my instalment",
            "does the state pay the relief for a second home", "until when does the price brake hold",
        ),
        (
            "The relief is eighty per cent of last year's forecast.", "The brake on prices is passed on by law.",
            "The quota stands in the letter of {month}.", "The state's relief holds for one home each.",
            "Relief is credited without an application.",
        ),
        ("find the quota in the letter", "check the forecast of the grid operator", "wait for the law to be published"),
    ),
    "instalment": Subject(
        (
            "can I lower my monthly payment to {amount}", "which day is the direct debit taken",
            "the payment of {month} came back from my bank", "how do I change my bank details",
            "I would like to pay every three months", "was my transfer of {amount} received",
        ),
        (
            "The monthly payment follows last year's use.", "The debit is taken on the fifth.",
            "Your transfer was booked on {day}.", "A returned debit costs nothing the first time.",
            "The bank details were changed from {month} on.",
        ),
        ("move the slider in {app}", "sign a new mandate", "name the customer number on the transfer"),
    ),
    "smart": Subject(
        (
            "when do I get a digital meter", "does the gateway send data every minute",
            "who installs the smart meter at {street}", "the gateway blinks red since {day}",
            "can I refuse the smart meter", "what does the digital meter cost a year",
        ),
        (
            "Digital meters are installed street by street.", "The gateway sends data four times an hour.",
            "A red light means that there is no network.", "The fitter announces the date on a card.",
            "The yearly fee of the gateway is {amount}.",
        ),
        ("clear the way to the cabinet", "choose another date for the fitter", "see your curve in {app}"),
    ),
    "boiler": Subject(
        (
            "when is the yearly service of my boiler", "the boiler in the {room} is loud at night",
            "my radiators stay cold upstairs", "is the boiler contract worth {amount}",
            "the fitter did not come on {day}", "what does error F28 on the boiler mean",
        ),
        (
            "The yearly service is due in {month}.", "The fitter comes on {day} before noon.",
            "The contract includes one visit and parts.", "Error F28 is about the water pressure.",
            "Cold radiators are often only full of air.",
        ),
        ("book the fitter in {app}", "check the pressure gauge", "bleed the radiator in the {room}"),
    ),
    "login": Subject(
        (
            "I cannot log in to {app}", "the code for {app} never arrives",
            "how do I delete my account in {app}", "{app} says that my e-mail is taken",
            "how can my wife see the contract in {app}", "{app} closes when I tap on messages",
        ),
        (
            "A new link for {app} is on its way.", "The code is valid for ten minutes.",
            "Two people may use one account.", "The newest release of {app} mends this.",
            "The e-mail address belongs to an older contract.",
        ),
        ("install the update of {app}", "look in the spam folder", "invite a second person in the settings"),
    ),
    "flexible": Subject(
        (
            "what is a price that changes every hour", "where do I see tomorrow's hourly prices",
            "was the hourly price below zero on {day}", "does my washing machine know the cheap hours",
            "how much do people save with hourly prices", "can I go back from hourly prices",
        ),
        (
            "Hourly prices follow the exchange.", "Tomorrow's prices are known at two o'clock.",
            "On windy days the hour after noon is cheapest.", "People save about {amount} a year.",
            "Below zero you get the difference back.",
        ),
        ("set an alarm for cheap hours in {app}", "wash in the afternoon", "read the curve of the exchange"),
    ),
}  # fmt: skip
