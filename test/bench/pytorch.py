"""The step of `swath bench` in PyTorch: ResNet-18 with a 3x3 stem on 32x32x12, one forward, backward and SGD-momentum
update, and one block of the dense map; NCHW and channels-last, in milliseconds of the clock and of the processor.
`engine.ts` prints the same of Swath. Run where PyTorch is installed; never a dependency.

    python3 test/bench/pytorch.py [THREADS]
"""
import os
import sys
import time

import torch
from torch import nn


def block(inputs, outputs, stride):
    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.path = nn.Sequential(
                nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(inplace=True),
                nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
                nn.BatchNorm2d(outputs),
            )
            same = stride == 1 and inputs == outputs
            self.skip = (
                nn.Identity()
                if same
                else nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
            )

        def forward(self, x):
            return torch.relu(self.path(x) + self.skip(x))

    return Block()


def resnet18(width, bands=12):
    layers = [nn.Conv2d(bands, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
    inputs = width
    for stage in range(4):
        outputs = width * 2**stage
        layers += [block(inputs, outputs, 1 if stage == 0 else 2), block(outputs, outputs, 1)]
        inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 128, bias=False))


def measure(run, runs=5):
    """The least of a few runs, after two that warm up: milliseconds of the clock, and of the processor."""
    clock = processor = float("inf")
    for k in range(runs + 2):
        started, before = time.perf_counter(), time.process_time()
        run()
        if k >= 2:
            clock = min(clock, time.perf_counter() - started)
            processor = min(processor, time.process_time() - before)
    return f"clock {clock * 1e3:.0f} ms, processor {processor * 1e3:.0f} ms"


def step(width, batch, layout):
    torch.manual_seed(0)
    model = resnet18(width).to(memory_format=layout).train()
    x = torch.randn(batch, 12, 32, 32).contiguous(memory_format=layout)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

    def run():
        optimizer.zero_grad(set_to_none=True)
        model(x).square().mean().backward()
        optimizer.step()

    return measure(run)


def dense_map(layout, side=276, bands=12, width=64, dimension=128, classes=8):
    """The default dense encoder, its normalisation folded into the convolutions, and a linear head."""
    layers, inputs = [], bands
    for _ in range(5):
        layers += [nn.Conv2d(inputs, width, 3), nn.ReLU(inplace=True)]
        inputs = width
    layers += [nn.Conv2d(width, dimension, 1, bias=False), nn.Conv2d(dimension, classes, 1, bias=False)]
    model = nn.Sequential(*layers).to(memory_format=layout).eval()
    x = torch.randn(1, bands, side, side).contiguous(memory_format=layout)
    with torch.inference_mode():
        return measure(lambda: model(x))


# Debian's build starts with one thread whatever the machine has.
torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else os.cpu_count() or 1)
print("PyTorch", torch.__version__, "threads", torch.get_num_threads(), "MKL-DNN", torch.backends.mkldnn.is_available())
layouts = {"NCHW": torch.contiguous_format, "channels-last": torch.channels_last}
for width, batch in ((64, 64), (32, 128), (16, 128)):
    for name, layout in layouts.items():
        print(f"resnet18-w{width}-b{batch}", name, step(width, batch, layout), flush=True)
for name, layout in layouts.items():
    print("dense map, 276x276", name, dense_map(layout), flush=True)
