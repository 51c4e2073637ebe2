"""Small PyTorch networks with random weights, their inputs and logits, against which packages/network/test/interchange checks imports.

  python golden.py make FOLDER    writes NAME.safetensors of each network, and golden.json
  python golden.py check FOLDER   loads NAME.safetensors of each network, as memgeo exported it, strictly, and compares logits with golden.json
  python golden.py names FILE     writes names and shapes of torchvision's full-size networks (needs torchvision)

Needs torch, numpy and safetensors. The modules are written out here with the names of torchvision and of kuangliu/pytorch-cifar.
"""
import json
import sys
from pathlib import Path

import numpy
import torch
from safetensors.torch import load_file, save_file
from torch import nn

EXAMPLES = 3


def images(height, width, channels):
    """Values of the multiplicative hash of their place in (example, height, width, channel), from -2 to 2: the test makes the same."""
    count = EXAMPLES * height * width * channels
    values = (numpy.arange(count, dtype=numpy.uint64) * 2654435761 % 2**32).astype(numpy.float64) / 2**30 - 2
    return torch.from_numpy(values.astype(numpy.float32).reshape(EXAMPLES, height, width, channels)).permute(0, 3, 1, 2).contiguous()


class Features(nn.Module):
    """VGG and AlexNet: numbered features, then a classifier."""

    def __init__(self, plan, classifier, norm=False):
        super().__init__()
        modules, channels = [], 3
        for units in plan:
            if units == "M":
                modules.append(nn.MaxPool2d(2))
                continue
            modules += [nn.Conv2d(channels, units, 3, padding=1)] + ([nn.BatchNorm2d(units)] if norm else []) + [nn.ReLU()]
            channels = units
        self.features = nn.Sequential(*modules)
        self.classifier = classifier

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), 1))


class BasicBlock(nn.Module):
    def __init__(self, inputs, units, stride, shortcut):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, units, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(units)
        self.conv2 = nn.Conv2d(units, units, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(units)
        changes = stride != 1 or inputs != units
        self.side = shortcut if changes else None
        if changes:
            setattr(self, shortcut, nn.Sequential(nn.Conv2d(inputs, units, 1, stride, bias=False), nn.BatchNorm2d(units)))

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (getattr(self, self.side)(x) if self.side else x))


class ResNet18(nn.Module):
    def __init__(self, channels, classes, stem, shortcut, output):
        super().__init__()
        large = stem == "large"
        self.conv1 = nn.Conv2d(3, channels, 7, 2, 3, bias=False) if large else nn.Conv2d(3, channels, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.maxpool = nn.MaxPool2d(3, 2, 1) if large else nn.Identity()
        inputs = channels
        for stage in range(4):
            units = channels * 2**stage
            setattr(self, f"layer{stage + 1}", nn.Sequential(BasicBlock(inputs, units, 1 if stage == 0 else 2, shortcut), BasicBlock(units, units, 1, shortcut)))
            inputs = units
        self.output = output
        setattr(self, output, nn.Linear(inputs, classes))

    def forward(self, x):
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return getattr(self, self.output)(x.mean((2, 3)))


class DenseLayer(nn.Module):
    def __init__(self, inputs, growth):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, 4 * growth, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(4 * growth)
        self.conv2 = nn.Conv2d(4 * growth, growth, 3, 1, 1, bias=False)

    def forward(self, x):
        return torch.cat([x, self.conv2(torch.relu(self.norm2(self.conv1(torch.relu(self.norm1(x))))))], 1)


class DenseNet(nn.Module):
    def __init__(self, growth, blocks, classes):
        super().__init__()
        channels = 2 * growth
        self.features = nn.Sequential()
        for name, module in [("conv0", nn.Conv2d(3, channels, 7, 2, 3, bias=False)), ("norm0", nn.BatchNorm2d(channels)), ("relu0", nn.ReLU()), ("pool0", nn.MaxPool2d(3, 2, 1))]:
            self.features.add_module(name, module)
        for b, count in enumerate(blocks):
            block = nn.Sequential()
            for layer in range(count):
                block.add_module(f"denselayer{layer + 1}", DenseLayer(channels, growth))
                channels += growth
            self.features.add_module(f"denseblock{b + 1}", block)
            if b + 1 < len(blocks):
                transition = nn.Sequential()
                for name, module in [("norm", nn.BatchNorm2d(channels)), ("relu", nn.ReLU()), ("conv", nn.Conv2d(channels, channels // 2, 1, bias=False)), ("pool", nn.AvgPool2d(2))]:
                    transition.add_module(name, module)
                channels //= 2
                self.features.add_module(f"transition{b + 1}", transition)
        self.features.add_module("norm5", nn.BatchNorm2d(channels))
        self.classifier = nn.Linear(channels, classes)

    def forward(self, x):
        return self.classifier(torch.relu(self.features(x)).mean((2, 3)))


def vgg_classifier(inputs, hidden, classes):
    return nn.Sequential(nn.Linear(inputs, hidden[0]), nn.ReLU(), nn.Dropout(), nn.Linear(hidden[0], hidden[1]), nn.ReLU(), nn.Dropout(), nn.Linear(hidden[1], classes))


def alexnet_classifier(inputs, hidden, classes):
    return nn.Sequential(nn.Dropout(), nn.Linear(inputs, hidden[0]), nn.ReLU(), nn.Dropout(), nn.Linear(hidden[0], hidden[1]), nn.ReLU(), nn.Linear(hidden[1], classes))


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(60, 7), nn.BatchNorm1d(7), nn.ReLU(), nn.Linear(7, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 5))


# Name: module, our network, image, classes, naming, type of the saved values, what stands before each name.
CASES = {
    "mlp": (mlp, {"kind": "mlp", "hidden": [7, 6], "batchNorm": True}, (4, 5, 3), 5, "nn.Sequential with Flatten", torch.float64, "net."),
    "vgg11": (
        lambda: Features([2, "M", 4, "M", 8, 8, "M", 16, 16, "M", 16, 16], vgg_classifier(64, [24, 20], 10)),
        {"kind": "vgg", "depth": 11, "width": 1 / 32, "poolings": [1, 2, 3, 4], "dense": [768, 640], "batchNorm": False}, (32, 32, 3), 10, "torchvision", torch.bfloat16, ""),
    "vgg11_bn": (
        lambda: Features([2, "M", 4, "M", 8, 8, "M", 16, 16, "M", 16, 16, "M"], vgg_classifier(16, [24, 20], 10), norm=True),
        {"kind": "vgg", "depth": 11, "width": 1 / 32, "dense": [768, 640], "batchNorm": "convolutions"}, (32, 32, 3), 10, "torchvision", torch.float32, ""),
    "vgg13_bn-cifar": (
        lambda: Features([2, 2, "M", 4, 4, "M", 8, 8, "M", 16, 16, "M", 16, 16, "M"], nn.Linear(16, 10), norm=True),
        {"kind": "vgg", "depth": 13, "width": 1 / 32, "dense": [], "batchNorm": True}, (32, 32, 3), 10, "pytorch-cifar", torch.float16, "module."),
    "alexnet": (
        lambda: Features([2, "M", 6, "M", 12, 8, 8, "M"], alexnet_classifier(128, [20, 16], 10)),
        {"kind": "alexnet", "width": 1 / 32, "dense": [640, 512]}, (32, 32, 3), 10, "torchvision", torch.bfloat16, ""),
    "resnet18": (
        lambda: ResNet18(2, 10, "large", "downsample", "fc"),
        {"kind": "resnet18", "channels": 2, "stem": "large"}, (32, 32, 3), 10, "torchvision", torch.float32, ""),
    "resnet18-cifar": (
        lambda: ResNet18(2, 10, "small", "shortcut", "linear"),
        {"kind": "resnet18", "channels": 2}, (32, 32, 3), 10, "pytorch-cifar", torch.float16, "module."),
    "densenet": (
        lambda: DenseNet(3, [2, 3, 2], 10),
        {"kind": "densenet", "growth": 3, "blocks": [2, 3, 2], "stem": "large"}, (32, 32, 3), 10, "torchvision", torch.float32, ""),
    "vgg11-channels": (
        lambda: Features([2, "M", 4, "M", 8, 8, "M", 16, 16, "M", 16, 16, "M"], nn.Linear(16, 10)),
        {"kind": "vgg", "depth": 11, "width": 1 / 32, "dense": [], "batchNorm": False}, (32, 32, 3), 10, "pytorch-cifar", torch.float16, ""),
}


# Mean and standard deviation of each channel, which images of these cases are normalized by; 0 and 1 of the others.
NORMALIZATIONS = {"vgg11-channels": {"mean": [0.4914, 0.4822, 0.4465], "standardDeviation": [0.2023, 0.1994, 0.201]}}


def randomize(module, dtype):
    """Weights that keep the size of activations, statistics far from 0 and 1; rounded to what the file can hold."""
    for name, tensor in module.state_dict().items():
        if name.endswith("num_batches_tracked"):
            tensor.fill_(100)
            continue
        if tensor.dim() > 1:
            value = torch.randn_like(tensor) * (2 / tensor[0].numel()) ** 0.5
        elif name.endswith("running_var"):
            value = 0.5 + torch.rand_like(tensor)
        elif name.endswith("running_mean"):
            value = 0.5 * torch.randn_like(tensor)
        elif name.endswith("bias"):
            value = 0.3 * torch.randn_like(tensor)
        else:
            value = 0.5 + torch.rand_like(tensor)
        tensor.copy_(value.to(dtype).float())


def logits(name, module, image):
    x = images(*image)
    if name in NORMALIZATIONS:
        # As torchvision.transforms.Normalize does.
        mean, deviation = (torch.tensor(NORMALIZATIONS[name][key]).reshape(1, -1, 1, 1) for key in ("mean", "standardDeviation"))
        x = (x - mean) / deviation
    with torch.no_grad():
        return module.eval()(x)


def make(folder):
    cases = {}
    for seed, (name, (build, spec, image, classes, naming, dtype, prefix)) in enumerate(CASES.items()):
        torch.manual_seed(seed)
        module = build()
        randomize(module, dtype)
        save_file({prefix + key: value if value.dtype == torch.int64 else value.to(dtype).contiguous() for key, value in module.state_dict().items()}, folder / f"{name}.safetensors", {"format": "pt"})
        values = logits(name, module, image)
        normalization = {"normalization": NORMALIZATIONS[name]} if name in NORMALIZATIONS else {}
        cases[name] = {"spec": spec, "inputShape": image, "classCount": classes, "naming": naming, **normalization, "logits": [float(f"{value:.7g}") for value in values.flatten().tolist()]}
        print(name, sum(p.numel() for p in module.parameters()), "parameters; logits", values[0, :4].tolist())
    about = {"generator": "tools/interchange-golden/golden.py make", "torch": torch.__version__, "numpy": numpy.__version__, "images": "((place * 2654435761) mod 2^32) / 2^30 - 2, place in (example, height, width, channel)", "examples": EXAMPLES}
    (folder / "golden.json").write_text(json.dumps({"about": about, "cases": cases}, indent=1) + "\n")


def check(folder):
    golden = json.loads((Path(__file__).parent / "../../packages/network/test/interchange/golden/golden.json").read_text())["cases"]
    for name, (build, _, image, classes, _, _, _) in CASES.items():
        module = build()
        module.load_state_dict(load_file(folder / f"{name}.safetensors"), strict=True)
        expected = torch.tensor(golden[name]["logits"]).reshape(EXAMPLES, classes)
        error = ((logits(name, module, image) - expected).abs().max() / expected.abs().max()).item()
        print(f"{name}: loads strictly; logits within {error:.1e}")
        assert error < 1e-5, name


def names(file):
    from torchvision import models

    shapes = {}
    for name in ["vgg11", "vgg13_bn", "vgg16", "vgg19_bn", "alexnet", "resnet18", "densenet121"]:
        state = getattr(models, name)(weights=None).state_dict()
        shapes[name] = [f"{key} {'x'.join(map(str, value.shape))}" for key, value in state.items() if not key.endswith("num_batches_tracked")]
    file.write_text("{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(' '.join(lines))}" for name, lines in shapes.items()) + "\n}\n")


{"make": make, "check": check, "names": names}[sys.argv[1]](Path(sys.argv[2]))
