#!/usr/bin/env python3
"""Exports a small network with random weights in every style that PyTorch has.
torch_model.py FOLDER: writes named.onnx, default.onnx, net.safetensors, and folded.bin: per layer, in order, the weights
and the bias that PyTorch itself folds, as little-endian floats."""
import json
import struct
import sys
import warnings

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval


class Unit(nn.Module):
    def __init__(self, i, o, kernel=1, stride=1, groups=1):
        super().__init__()
        self.conv = nn.Conv2d(i, o, kernel, stride, kernel // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(o)

    def forward(self, x):
        return self.bn(self.conv(x))


class Sep(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.dw = Unit(i, i, 3, 1, i)
        self.pw = Unit(i, o)

    def forward(self, x):
        return torch.relu(self.pw(torch.relu(self.dw(x))))


class MbConv(nn.Module):
    def __init__(self, c, wide, squeeze):
        super().__init__()
        self.expand = Unit(c, wide)
        self.dw = Unit(wide, wide, 5, 1, wide)
        self.se = nn.Module()
        self.se.reduce = nn.Conv2d(wide, squeeze, 1)
        self.se.expand = nn.Conv2d(squeeze, wide, 1)
        self.project = Unit(wide, c)

    def forward(self, x):
        y = torch.relu(self.dw(torch.relu(self.expand(x))))
        gate = torch.relu(self.se.reduce(nn.functional.adaptive_avg_pool2d(y, 1)))
        return x + self.project(y * nn.functional.hardsigmoid(self.se.expand(gate)))


class Stem(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.conv = Unit(3, o, 3, 2)

    def forward(self, x):
        return torch.relu(self.conv(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        blocks = [[Stem(8)], [Sep(8, 16), MbConv(16, 32, 8)]]
        # stages.<stage>.<block>.<repeat>
        self.stages = nn.ModuleList(
            nn.ModuleList(nn.ModuleList([block]) for block in stage) for stage in blocks)
        self.head = nn.Module()
        self.head.classifier = nn.Linear(16, 10)

    def forward(self, x):
        for stage in self.stages:
            for block in stage:
                for repeat in block:
                    x = repeat(x)
        return self.head.classifier(torch.flatten(nn.functional.adaptive_avg_pool2d(x, 1), 1))

    def layers(self):
        sep, mb = self.stages[1][0][0], self.stages[1][1][0]
        return [self.stages[0][0][0].conv, sep.dw, sep.pw, mb.expand, mb.dw, mb.se.reduce, mb.se.expand, mb.project,
                self.head.classifier]


def save_safetensors(tensors, path):
    header, data = {"__metadata__": {"mean": "0.5,0.4,0.3", "std": "0.2,0.2,0.1"}}, b""
    for name, tensor in tensors.items():
        raw = tensor.contiguous().numpy().tobytes()
        header[name] = {"dtype": "I64" if tensor.dtype == torch.int64 else "F32", "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def main():
    folder = sys.argv[1]
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    torch.manual_seed(7)
    net = Net()
    for module in net.modules():  # all but the project's batch norm differ from their start
        if isinstance(module, nn.BatchNorm2d) and module is not net.stages[1][1][0].project.bn:
            nn.init.uniform_(module.weight, 0.5, 2)
            nn.init.normal_(module.bias)
            nn.init.normal_(module.running_mean)
            nn.init.uniform_(module.running_var, 0.1, 3)
    net.eval()
    image = torch.randn(1, 3, 16, 16)
    torch.onnx.export(net, image, f"{folder}/default.onnx", opset_version=14)
    torch.onnx.export(net, image, f"{folder}/named.onnx", opset_version=14,
                      training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)
    save_safetensors({f"module.{name}": tensor for name, tensor in net.state_dict().items()},
                     f"{folder}/net.safetensors")
    with open(f"{folder}/folded.bin", "wb") as file:
        for layer in net.layers():
            if isinstance(layer, Unit):
                layer = fuse_conv_bn_eval(layer.conv, layer.bn)
            file.write(layer.weight.detach().contiguous().numpy().tobytes())
            file.write(layer.bias.detach().numpy().tobytes())


main()
