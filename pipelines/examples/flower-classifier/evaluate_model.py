"""Judges the model on flowers it has not seen: metrics, a confusion matrix and a page."""

import html
import json
import time

from flowers import KINDS, probabilities, read_table

with open("model.json") as file:
    model = json.load(file)
features, kinds = read_table("test.csv")

matrix = [[0] * len(KINDS) for _ in KINDS]
for values, kind in zip(features, kinds):
    beliefs = probabilities(model, values)
    guess = beliefs.index(max(beliefs))
    matrix[kind][guess] += 1
    mark = "right" if guess == kind else "wrong"
    print(f"{mark}: a {KINDS[kind]}, taken for a {KINDS[guess]} ({max(beliefs):.2f})", flush=True)
    time.sleep(0.05)

right = sum(matrix[index][index] for index in range(len(KINDS)))
accuracy = right / max(len(kinds), 1)
print(f"{right} of {len(kinds)} right")

with open("mlpipeline-metrics.json", "w") as file:
    metrics = [{"name": "accuracy", "numberValue": accuracy, "format": "PERCENTAGE"}]
    for index, kind in enumerate(KINDS):
        recall = matrix[index][index] / max(sum(matrix[index]), 1)
        metrics.append({"name": f"recall-{kind}", "numberValue": recall, "format": "PERCENTAGE"})
    metrics.append({"name": "flowers", "numberValue": len(kinds), "format": "RAW"})
    json.dump({"metrics": metrics}, file, indent=1)

table = "".join(
    f"<tr><th>{html.escape(kind)}{''.join(f'<td>{count}' for count in row)}" for kind, row in zip(KINDS, matrix)
)
page = f"""<!doctype html><meta charset="utf-8"><title>Flowers</title>
<style>body{{font:15px system-ui;margin:2rem}}td,th{{padding:.3rem .8rem;border:1px solid #ccc}}</style>
<h1>Flower classifier</h1><p>{right} of {len(kinds)} flowers right, an accuracy of {accuracy:.1%}.</p>
<table><tr><th>real \\ guessed{''.join(f'<th>{html.escape(kind)}' for kind in KINDS)}{table}</table>
"""
with open("report.html", "w") as file:
    file.write(page)

cells = [f"{KINDS[real]},{KINDS[guess]},{count}" for real, row in enumerate(matrix) for guess, count in enumerate(row)]
confusion = {
    "type": "confusion_matrix",
    "format": "csv",
    "storage": "inline",
    "schema": [
        {"name": "target", "type": "CATEGORY"},
        {"name": "predicted", "type": "CATEGORY"},
        {"name": "count", "type": "NUMBER"},
    ],
    "labels": KINDS,
    "source": "\n".join(cells),
}
with open("mlpipeline-ui-metadata.json", "w") as file:
    json.dump({"outputs": [confusion, {"type": "web-app", "storage": "inline", "source": page}]}, file, indent=1)
