#!/usr/bin/env python3
"""Summarizes tables of geometry: the mean of one measure per layer over all tables, with its standard error."""
import csv
import json
import statistics
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    job = json.load(file)
tables = job["inputs"]["geometry"]
wanted = job["params"]


def tell(event):
    with open(job["eventsFile"], "a", encoding="utf-8") as file:
        file.write(json.dumps(event) + "\n")


values = {}  # of each layer, in the order of the network
for done, table in enumerate(tables, start=1):
    with open(table["path"], newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["measure"] == wanted["measure"] and row["set"] == wanted["set"] and row["value"] != "":
                values.setdefault(row["layer"], []).append(float(row["value"]))
    tell({"type": "progress", "done": done, "total": len(tables), "label": "tables"})

if not values:
    with open(job["resultFile"], "w", encoding="utf-8") as file:
        json.dump({"status": "failed", "message": f"No table has a value of {wanted['measure']} of the set {wanted['set']}."}, file)
    sys.exit(1)

with open(job["outputs"]["summary"], "w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file)
    writer.writerow(["layer", "tables", "mean", "standardError"])
    for layer, found in values.items():
        error = statistics.stdev(found) / len(found) ** 0.5 if len(found) > 1 else None
        writer.writerow([layer, len(found), statistics.fmean(found), error])
