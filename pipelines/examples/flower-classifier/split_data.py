"""Shuffles the flowers and keeps every fifth for judging the model."""

import os
import random
import time

from flowers import KINDS, read_table, write_table

features, kinds = read_table("flowers.csv")
rows = [[*values, KINDS[kind]] for values, kind in zip(features, kinds)]
random.Random(int(os.environ.get("seed", "7"))).shuffle(rows)
write_table("train.csv", [row for index, row in enumerate(rows) if index % 5])
write_table("test.csv", rows[::5])
time.sleep(0.5)
print(f"{len(rows) - len(rows[::5])} flowers to learn from, {len(rows[::5])} to judge by")
