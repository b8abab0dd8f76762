"""What the steps share: the kinds of flower, and reading and writing their tables."""

import csv

KINDS = ["setosa", "versicolor", "virginica"]
FEATURES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]


def write_table(path, rows):
    with open(path, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow([*FEATURES, "kind"])
        table.writerows(rows)


def read_table(path):
    """Feature lists and the index of the kind, row by row."""
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    return [[float(row[name]) for name in FEATURES] for row in rows], [KINDS.index(row["kind"]) for row in rows]


def probabilities(model, features):
    """The model's belief in each kind, from standardised features and one weight vector a kind."""
    from math import exp

    scaled = [(value - mean) / spread for value, mean, spread in zip(features, model["means"], model["spreads"])]
    scores = [sum(w * x for w, x in zip(weights, [1.0, *scaled])) for weights in model["weights"]]
    highest = max(scores)
    powers = [exp(score - highest) for score in scores]
    return [power / sum(powers) for power in powers]
