"""Data set `attitude` of R (S. Chatterjee, B. Price, Regression Analysis by Example, 1977): 30 departments, 7 items in
percent; and what R's package psych prints of `alpha(attitude)`, an implementation by others, to two places."""

ITEMS = {
    "rating": "43 63 71 61 81 43 58 71 72 67 64 67 69 68 77 81 74 65 65 50 50 64 53 40 63 66 78 48 85 82",
    "complaints": "51 64 70 63 78 55 67 75 82 61 53 60 62 83 77 90 85 60 70 58 40 61 66 37 54 77 75 57 85 82",
    "privileges": "30 51 68 45 56 49 42 50 72 45 53 47 57 83 54 50 64 65 46 68 33 52 52 42 42 66 58 44 71 39",
    "learning": "39 54 69 47 66 44 56 55 67 47 58 39 42 45 72 72 69 75 57 54 34 62 50 58 48 63 74 45 71 59",
    "raises": "61 63 76 54 71 54 66 70 71 62 58 59 55 59 79 60 79 55 75 64 43 66 63 50 66 88 80 51 77 64",
    "critical": "92 73 86 84 83 49 68 66 83 80 67 74 63 77 77 54 79 80 85 78 64 80 80 57 75 76 78 83 74 78",
    "advance": "45 47 48 35 47 34 35 41 31 41 34 41 25 35 46 36 63 60 46 52 33 41 37 49 33 72 49 38 55 39",
}
ALPHA = 0.84
# Correlation of each item with the sum of all (raw.r), and with the sum of the others (r.drop).
WITH_ALL = (0.78, 0.84, 0.70, 0.81, 0.85, 0.42, 0.60)
WITH_OTHERS = (0.67, 0.74, 0.56, 0.71, 0.79, 0.27, 0.46)
