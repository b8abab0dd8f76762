"""Fits a softmax regression by stochastic gradient descent, one line a batch of steps, about ten seconds in all."""

import json
import os
import random
import statistics
import time
from math import log

from flowers import FEATURES, KINDS, probabilities, read_table

rate = float(os.environ.get("learning_rate", "0.05"))
epochs = int(os.environ.get("epochs", "40"))
chance = random.Random(int(os.environ.get("seed", "7")))

features, kinds = read_table("train.csv")
columns = list(zip(*features))
model = {
    "means": [statistics.mean(column) for column in columns],
    "spreads": [statistics.pstdev(column) or 1.0 for column in columns],
    "weights": [[chance.uniform(-0.1, 0.1) for _ in range(len(FEATURES) + 1)] for _ in KINDS],
}


def learn(values, kind):
    beliefs = probabilities(model, values)
    scaled = [1.0, *((v - m) / s for v, m, s in zip(values, model["means"], model["spreads"]))]
    for index, weights in enumerate(model["weights"]):
        error = beliefs[index] - (index == kind)
        for position, value in enumerate(scaled):
            weights[position] -= rate * error * value


def judge():
    beliefs = [probabilities(model, values) for values in features]
    loss = -statistics.mean(log(max(belief[kind], 1e-12)) for belief, kind in zip(beliefs, kinds))
    right = sum(belief.index(max(belief)) == kind for belief, kind in zip(beliefs, kinds))
    return loss, right / len(kinds)


print(f"{len(kinds)} flowers, learning rate {rate}, {epochs} epochs", flush=True)
order = list(range(len(kinds)))
for epoch in range(1, epochs + 1):
    chance.shuffle(order)
    for index in order:
        learn(features[index], kinds[index])
    loss, accuracy = judge()
    bar = "#" * round(20 * epoch / epochs)
    print(f"epoch {epoch:3d}/{epochs} [{bar:<20}] loss {loss:.4f} accuracy {accuracy:.3f}", flush=True)
    time.sleep(10 / max(epochs, 20))

with open("model.json", "w") as file:
    json.dump(model, file, indent=1)
print("wrote model.json")
