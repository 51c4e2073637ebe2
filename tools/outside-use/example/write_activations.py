"""Writes activations as another program would: an Arrow file with one vector and one class per row."""
import random
import sys

import pyarrow as pa
import pyarrow.feather as feather

random.seed(1)
classes, points, features = 40, 20, 100
centers = [[random.gauss(0, 1) for _ in range(features)] for _ in range(classes)]
rows = [[c + 0.5 * random.gauss(0, 1) for c in centers[k]] for k in range(classes) for _ in range(points)]
table = pa.table({
    "manifold": pa.array([k for k in range(classes) for _ in range(points)], pa.int32()),
    "features": pa.array(rows, pa.list_(pa.float32(), features)),
})
feather.write_feather(table, sys.argv[1], compression="uncompressed")
