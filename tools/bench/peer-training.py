"""Times the networks of the benchmark of training in PyTorch, on the CPU: peer-training.py REQUEST, as JSON.

REQUEST: networks (name, spec, inputShape, classCount, batchSize), threads, targetMs, repeats. The step gathers a batch of uint8 images, normalizes
it, and takes a step of SGD with momentum and weight decay, as ours does.
"""
import json
import resource
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

LAYOUTS = {'plain': torch.contiguous_format, 'channels_last': torch.channels_last}


def conv_norm(inputs, units, size=3, stride=1, is_rectified=True):
    layers = [nn.Conv2d(inputs, units, size, stride=stride, padding=size // 2, bias=False), nn.BatchNorm2d(units)]
    return nn.Sequential(*layers, *([nn.ReLU()] if is_rectified else []))


class Block(nn.Module):
    def __init__(self, inputs, units, stride):
        super().__init__()
        self.main = nn.Sequential(conv_norm(inputs, units, stride=stride), conv_norm(units, units, is_rectified=False))
        self.shortcut = nn.Identity() if stride == 1 and inputs == units else conv_norm(inputs, units, size=1, stride=stride, is_rectified=False)

    def forward(self, x):
        return F.relu(self.main(x) + self.shortcut(x))


def build(spec, input_shape, class_count):
    height, width, channels = input_shape
    if spec['kind'] == 'mlp':
        sizes = [height * width * channels, *spec['hidden']]
        hidden = [step for a, b in zip(sizes, sizes[1:]) for step in (nn.Linear(a, b), nn.ReLU())]
        return nn.Sequential(nn.Flatten(), *hidden, nn.Linear(sizes[-1], class_count))
    if spec['kind'] == 'resnet18':
        units = [spec['channels'] * 2 ** stage for stage in range(4)]
        layers, last = [conv_norm(channels, units[0])], units[0]
        for stage, count in enumerate(units):
            layers += [Block(last, count, 2 if stage > 0 else 1), Block(count, count, 1)]
            last = count
        return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(last, class_count))
    if spec['kind'] == 'vgg':
        published = {16: ([64, 128, 256, 512, 512], [2, 2, 3, 3, 3])}
        units, counts = published[spec['depth']] if 'depth' in spec else (spec['channels'], [spec['convolutionsPerBlock']] * len(spec['channels']))
        layers, last = [], channels
        for block, count in zip(units, counts):
            for _ in range(count):
                layers.append(conv_norm(last, block))
                last = block
            layers.append(nn.MaxPool2d(2))
            height, width = height // 2, width // 2
        layers.append(nn.Flatten())
        last *= height * width
        for dense in spec.get('dense', []):
            layers += [nn.Linear(last, dense), nn.BatchNorm1d(dense), nn.ReLU()]
            last = dense
        return nn.Sequential(*layers, nn.Linear(last, class_count))
    raise SystemExit(f"error: there is no peer of the network kind {spec['kind']}")


def parts_for(run, warm_up_ms, target_ms):
    """Warms up, and tells how many parts to time together."""
    began, fastest = time.perf_counter(), float('inf')
    run(1)
    while True:
        start = time.perf_counter()
        run(2)
        fastest = min(fastest, (time.perf_counter() - start) / 2)
        if 1000 * (time.perf_counter() - began) >= warm_up_ms:
            return max(1, min(256, round(target_ms / 1000 / fastest)))


def time_network(network, threads, layout, request):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    batch_size, class_count = network['batchSize'], network['classCount']
    height, width, channels = network['inputShape']
    model = build(network['spec'], network['inputShape'], class_count).to(memory_format=LAYOUTS[layout])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)
    pixels = torch.randint(0, 256, (8 * batch_size, channels, height, width), dtype=torch.uint8)
    labels = torch.arange(8 * batch_size) % class_count

    def batch(step):
        chosen = torch.arange(step * batch_size, (step + 1) * batch_size) % len(pixels)
        return ((pixels[chosen].float() / 255 - 0.5) / 0.3).contiguous(memory_format=LAYOUTS[layout]), labels[chosen]

    def train(steps):
        model.train()
        losses = []
        for step in range(steps):
            x, y = batch(step)
            optimizer.zero_grad(set_to_none=True)
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return [float(loss) for loss in losses]

    def evaluate(batches):
        model.eval()
        with torch.no_grad():
            return [model(batch(step)[0]) for step in range(batches)]

    steps = parts_for(train, 1000, request['targetMs'])
    times, cpu = [], time.process_time()
    for _ in range(request['repeats']):
        start = time.perf_counter()
        train(steps)
        times.append(1000 * (time.perf_counter() - start) / steps)
    cpu = time.process_time() - cpu
    batches = parts_for(evaluate, 300, request['targetMs'])
    evaluations = []
    for _ in range(request['repeats']):
        start = time.perf_counter()
        evaluate(batches)
        evaluations.append(1000 * (time.perf_counter() - start) / batches)
    return {
        'network': network['name'], 'threads': threads, 'layout': layout, 'batchSize': batch_size, 'stepMs': times, 'evaluationMs': evaluations,
        'perCpuSecond': len(times) * steps * batch_size / cpu, 'resident': 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }


def product_peak(threads, length=1024):
    """Best of many matrix products, in GFLOP/s."""
    torch.set_num_threads(threads)
    a, b = torch.rand(length, length), torch.rand(length, length)
    fastest = float('inf')
    for _ in range(50):
        start = time.perf_counter()
        a @ b
        fastest = min(fastest, time.perf_counter() - start)
    return 2 * length ** 3 / fastest / 1e9


def main():
    request = json.loads(sys.argv[1])
    runs = [time_network(network, threads, layout, request) for network in request['networks'] for threads in request['threads']
            for layout in (LAYOUTS if len(network['inputShape']) == 3 and network['spec']['kind'] != 'mlp' else ['plain'])]
    peaks = [product_peak(threads) for threads in request['threads']]
    print('measured: ' + json.dumps({'version': torch.__version__, 'runs': runs, 'productPeaks': peaks}), flush=True)


main()
