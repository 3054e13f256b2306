"""Runs what an export wrote: run_exports.py FOLDER... prints one JSON object a folder.

A folder holds input.f32 (little-endian floats, 1 x c x h x w as shape.json says) and any of model.py with
weights.safetensors and *.onnx. ONNX files go through onnx's checker, shape inference included, and are then computed
here, node by node as the specification says, with PyTorch's functions. The object: file name -> the result's numbers."""
import importlib.util
import json
import pathlib
import sys

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper


def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def along(axis, rank, values):
    return values if values.dim() == 0 else values.view([-1 if i == axis else 1 for i in range(rank)])


def quantize(x, scale, zero):
    return (torch.round(x / scale) + zero).clamp(-128, 127).to(torch.int8)


def dequantize(x, scale, zero, axis=1):
    return (x.double() - along(axis, x.dim(), zero).double()) * along(axis, x.dim(), scale).double()


def conv(x, weight, bias, group, kernel_shape, pads, strides):
    assert list(weight.shape[2:]) == kernel_shape
    top, left, bottom, right = pads
    return F.conv2d(F.pad(x, (left, right, top, bottom)), weight, bias, strides, groups=group)


OPERATORS = {
    "Conv": conv,
    "Gemm": lambda x, weight, bias, transB=0: x @ (weight.T if transB else weight) + bias,
    "Relu": lambda x: x.clamp(min=0),
    "Clip": lambda x, low, high: x.clamp(low.item(), high.item()),
    "HardSwish": lambda x: x * (x / 6 + 0.5).clamp(0, 1),
    "HardSigmoid": lambda x, alpha, beta: (x * alpha + beta).clamp(0, 1),
    "GlobalAveragePool": lambda x: x.mean((2, 3), keepdim=True),
    "Add": lambda a, b: a + b,
    "Mul": lambda a, b: a * b,
    "Flatten": lambda x: x.flatten(1),
    "Softmax": lambda x, axis: x.softmax(axis),
    "QuantizeLinear": quantize,
    "DequantizeLinear": dequantize,
}


def run_onnx(path, x):
    model = onnx.load(str(path))
    onnx.checker.check_model(model, full_check=True)
    graph = onnx.shape_inference.infer_shapes(model, strict_mode=True).graph
    sides = [d.dim_value for d in graph.input[0].type.tensor_type.shape.dim]
    assert sides == list(x.shape), sides
    values = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in graph.initializer}
    values[graph.input[0].name] = x.double() if any(n.op_type == "QuantizeLinear" for n in graph.node) else x
    for node in graph.node:
        values[node.output[0]] = OPERATORS[node.op_type](*(values[name] for name in node.input), **attributes(node))
    result = values[graph.output[0].name]
    assert [d.dim_value for d in graph.output[0].type.tensor_type.shape.dim] == list(result.shape)
    return result


def module_from(path):
    specification = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def run_pytorch(folder, x):
    """Also writes exported.onnx as the project's own training does."""
    description, tensors = module_from(folder / "model.py"), module_from(folder / "tensors.py")
    assert (1, *description.INPUT) == tuple(x.shape)
    model = description.Model()
    tensors.load_weights(str(folder / "weights.safetensors"), model)
    tensors.save_onnx(str(folder / "exported.onnx"), model, description.INPUT, {})
    model.eval()
    return model(x)


def main():
    torch.set_num_threads(1)
    for folder in map(pathlib.Path, sys.argv[1:]):
        shape = json.loads((folder / "shape.json").read_text())
        x = torch.from_numpy(np.fromfile(folder / "input.f32", "<f4").reshape(1, *shape))
        results = {path.name: run_onnx(path, x) for path in sorted(folder.glob("*.onnx"))}
        if (folder / "model.py").exists():
            results["model.py"] = run_pytorch(folder, x)
        print(json.dumps({name: result.flatten().tolist() for name, result in results.items()}), flush=True)


if __name__ == "__main__":
    with torch.no_grad():
        main()
