"""Makes 150 flowers around the sizes of the three real kinds; the seed decides which."""

import os
import random
import time

from flowers import KINDS, write_table

# Mean and spread of each feature, kind by kind.
SIZES = {
    "setosa": [(5.0, 0.35), (3.4, 0.38), (1.5, 0.17), (0.25, 0.11)],
    "versicolor": [(5.9, 0.60), (2.8, 0.35), (4.4, 0.60), (1.40, 0.28)],
    "virginica": [(6.5, 0.70), (3.0, 0.36), (5.4, 0.65), (1.95, 0.32)],
}

seed = int(os.environ.get("seed", "7"))
chance = random.Random(seed)
rows = []
for kind in KINDS:
    for _ in range(50):
        rows.append([*(round(max(0.1, chance.gauss(mean, spread)), 2) for mean, spread in SIZES[kind]), kind])
    print(f"50 flowers of kind {kind}", flush=True)
    time.sleep(0.4)
write_table("flowers.csv", rows)
print(f"wrote flowers.csv with {len(rows)} rows, seed {seed}")
