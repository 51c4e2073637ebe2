"""Saves activations as PyTorch users do: two layers and the class of each row, by numpy.savez."""
import sys

import numpy as np

random = np.random.default_rng(1)
classes, points, features = 40, 20, 100
labels = np.repeat(np.arange(classes), points)
conv1 = random.normal(size=(classes, features))[labels] + 0.5 * random.normal(size=(labels.size, features))
np.savez(sys.argv[1], conv1=conv1.astype(np.float32), conv2=np.maximum(conv1, 0).astype(np.float16), labels=labels)
