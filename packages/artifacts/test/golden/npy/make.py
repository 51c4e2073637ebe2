"""Writes the golden .npy and .npz files and expected.json, which says what they hold.

Usage: python make.py FOLDER
"""
import json
import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
expected = {}


def keep(name, array, columns=False):
    """Saves an array and notes its values in C order, as float32 where it is a tensor."""
    np.save(folder / f"{name}.npy", array, allow_pickle=False)
    values = array if columns else array.astype(np.float32)
    expected[name] = {"dtype": array.dtype.str, "shape": list(array.shape), "values": values.ravel(order="C").tolist()}


whole = np.arange(24).reshape(4, 3, 2)
for dtype in ["<f2", "<f4", "<f8", ">f2", ">f4", ">f8"]:
    keep(dtype.replace("<", "little-").replace(">", "big-"), (whole * 0.37 - 3).astype(dtype))
for dtype in ["<i2", "<i4", "<i8", ">i2", ">i4", ">i8"]:
    keep(dtype.replace("<", "little-").replace(">", "big-"), (whole - 11).astype(dtype))
for dtype in ["u1", "i1", "<u2", ">u4", "<u8"]:
    keep(dtype.replace("<", "little-").replace(">", "big-"), whole.astype(dtype))
keep("bool", whole % 3 == 0)
keep("fortran", np.asfortranarray((whole * 0.37).astype(np.float32)))
keep("fortran-f8", np.asfortranarray(whole[:, :, 0] * 0.37))
keep("halves", np.array([[0, -0.0, 6e-8, 6.1e-5, 1, 65504, 1 / 3, -2]], np.float16))
keep("names-u", np.array(["cat", "d\u00f6g", "\U0001f422", ""]), columns=True)
keep("names-u-big", np.array(["cat", "d\u00f6g"], ">U5"), columns=True)
np.save(folder / "names-s.npy", np.array([b"cat", "d\u00f6g".encode(), b""], "S7"))
expected["names-s"] = {"dtype": "|S7", "shape": [3], "values": ["cat", "d\u00f6g", ""]}
keep("labels", np.array([2, 0, -1, 2], np.int64), columns=True)
keep("labels-f8", np.array([2.0, 0.0, 1.0]), columns=True)

with open(folder / "version-2.npy", "wb") as file:
    np.lib.format.write_array(file, whole.astype("<f4"), version=(2, 0))
with open(folder / "version-3.npy", "wb") as file:
    np.lib.format.write_array(file, whole.astype("<f4"), version=(3, 0))
for version in ["version-2", "version-3"]:
    expected[version] = {"dtype": "<f4", "shape": [4, 3, 2], "values": whole.ravel().tolist()}

# What can't be read, each for its reason.
np.save(folder / "refused-object.npy", np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
np.save(folder / "refused-record.npy", np.zeros(3, dtype=[("x", "<f4"), ("y", "<i4")]))
np.save(folder / "refused-complex.npy", np.zeros((2, 2), np.complex64))
np.save(folder / "refused-date.npy", np.zeros((2, 2), "datetime64[s]"))
np.save(folder / "refused-bytes.npy", np.zeros((2, 2), "V2"))

# Class clouds, for the command from end to end.
random = np.random.default_rng(20)
classes, points, features = 8, 6, 20
labels = np.repeat(np.arange(classes), points)
clouds = (random.normal(size=(classes, features))[labels] + 0.4 * random.normal(size=(len(labels), features))).astype(np.float32)
order = random.permutation(len(labels))
clouds, labels = clouds[order], labels[order]
names = np.array(["ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen"])
np.save(folder / "clouds.npy", clouds)
np.save(folder / "clouds-labels.npy", labels)
np.savez(folder / "clouds.npz", features=clouds, labels=labels, epoch=3, layerIndex=5, layer="conv1", classNames=names)
np.savez_compressed(folder / "layers.npz", conv1=clouds, conv2=np.tanh(clouds[:, ::2]), labels=labels, epoch=3)
np.savez(folder / "objects.npz", values=clouds[:4], targets=names[labels[:4]], info=np.array({"a": 1}, dtype=object))
expected["clouds"] = {"dtype": "<f4", "shape": list(clouds.shape), "values": clouds.ravel().tolist()}
expected["clouds-labels"] = {"dtype": "<i8", "shape": list(labels.shape), "values": labels.tolist()}

(folder / "expected.json").write_text(json.dumps({"numpy": np.__version__, "arrays": expected}) + "\n")
