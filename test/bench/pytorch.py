"""The step of `swath bench` in PyTorch: ResNet-18 with a 3x3 stem on 32x32x12, one forward, backward and SGD-momentum
update, best of NCHW and channels-last. Run where PyTorch is installed; never a dependency.

    python3 test/bench/pytorch.py
"""
import os
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


def rate(width, batch, layout, steps=5):
    torch.manual_seed(0)
    model = resnet18(width).to(memory_format=layout).train()
    x = torch.randn(batch, 12, 32, 32).contiguous(memory_format=layout)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    best = float("inf")
    for k in range(steps + 2):
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        model(x).square().mean().backward()
        optimizer.step()
        if k >= 2:
            best = min(best, time.perf_counter() - start)
    return batch / best


# Debian's build starts with one thread whatever the machine has.
torch.set_num_threads(os.cpu_count() or 1)
print("PyTorch", torch.__version__, "threads", torch.get_num_threads(), "MKL-DNN", torch.backends.mkldnn.is_available())
for width, batch in ((64, 64), (32, 128), (16, 128)):
    figures = {
        name: rate(width, batch, layout)
        for name, layout in (("NCHW", torch.contiguous_format), ("channels-last", torch.channels_last))
    }
    print(f"resnet18-w{width}-b{batch}", *(f"{name} {value:.1f}" for name, value in figures.items()), "tiles/s", flush=True)
