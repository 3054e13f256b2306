# SPDX-License-Identifier: MIT
"""Files that the designer reads: weights as safetensors and as ONNX. Every file is complete or not there at all."""
import inspect
import json
import os
import struct

import numpy as np
import torch


def write_atomically(path, write):
    """write(file) fills a new file beside `path`, which then takes its place."""
    beside = path + ".part"
    with open(beside, "wb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def save_weights(path, model, metadata):
    """All floats of the model by name; metadata: names and texts."""
    header, parts, end = {"__metadata__": metadata}, [], 0
    for name, tensor in model.state_dict().items():
        if tensor.is_floating_point():  # the counters of batch norm are not
            parts.append(tensor.cpu().numpy().astype("<f4").tobytes())
            header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [end, end + len(parts[-1])]}
            end += len(parts[-1])
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    write_atomically(path, lambda file: file.write(struct.pack("<Q", len(text)) + text + b"".join(parts)))


def load_weights(path, model):
    """The reverse; every float of the model must be in the file."""
    with open(path, "rb") as file:
        content = file.read()
    begin = 8 + struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:begin])
    state = model.state_dict()
    for name, tensor in state.items():
        if not tensor.is_floating_point():
            continue
        if name not in header or header[name]["shape"] != list(tensor.shape) or header[name]["dtype"] != "F32":
            raise SystemExit(f"{path}: no tensor {name} of this model's shape; the weights belong to another design")
        first, last = header[name]["data_offsets"]
        values = np.frombuffer(content[begin + first:begin + last], "<f4").reshape(header[name]["shape"])
        state[name] = torch.from_numpy(values.copy())
    model.load_state_dict(state)


def save_onnx(path, model, shape, metadata):
    """With the names of the modules and with batch norm kept, so that the weights can be read back from it."""
    settings = {"opset_version": 14, "input_names": ["input"], "output_names": ["logits"],
                "training": torch.onnx.TrainingMode.PRESERVE, "do_constant_folding": False}
    if "dynamo" in inspect.signature(torch.onnx.export).parameters:
        settings["dynamo"] = False  # the other exporter renames everything
    was_training = model.training
    model.eval()
    beside = path + ".part"
    torch.onnx.export(model, torch.zeros(1, *shape), beside, **settings)
    model.train(was_training)
    try:
        import onnx
        graph = onnx.load(beside)
        for key, value in metadata.items():
            graph.metadata_props.add(key=key, value=value)
        onnx.save(graph, beside)
    except ImportError:
        pass  # the numbers are complete without it; mean, std and labels stand in weights.safetensors too
    os.replace(beside, path)
