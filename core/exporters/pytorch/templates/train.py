#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trains the network of model.py and writes what the designer reads back. See README.md.

    python3 train.py --data digits
    python3 train.py --data FOLDER --epochs 300 --batch 1024 --label-smoothing 0.1
    torchrun --nproc_per_node 8 train.py --data FOLDER --batch 1024
    python3 train.py --resume checkpoint.pt"""
import argparse
import math
import os
import time

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch.utils.data import DataLoader

import data as images
import tensors
from model import CLASSES, INPUT, NAME, Model

RANK, WORLD, LOCAL = (int(os.environ.get(name, default)) for name, default in
                      (("RANK", 0), ("WORLD_SIZE", 1), ("LOCAL_RANK", 0)))


def say(*texts):
    if RANK == 0:
        print(*texts, flush=True)


def options():
    parser = argparse.ArgumentParser(description=f"Trains {NAME}.")
    parser.add_argument("--data", help='"digits", a .npz of MNIST, a folder with MNIST\'s idx files, or one with '
                                       "train/ and val/, each with a folder of images for every class")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--batch", type=int, default=64, help="images a step, over all processes")
    parser.add_argument("--lr", type=float, help="highest learning rate; 0.4 * batch / 1024 unless given")
    parser.add_argument("--warm-up", type=int, help="epochs until the rate is at its highest; a tenth, at most 5")
    parser.add_argument("--weight-decay", type=float, default=3e-4)
    parser.add_argument("--label-smoothing", type=float, default=0.0)
    parser.add_argument("--no-augment", action="store_true", help="show every image as it is, never moved or cropped")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, help="of the processor; with 1 the same seed gives the same weights")
    parser.add_argument("--workers", type=int, default=0, help="processes that read images, for each one that trains")
    parser.add_argument("--device", help="cpu or cuda; a GPU where there is one unless given")
    parser.add_argument("--weights", help="start from this weights.safetensors")
    parser.add_argument("--out", default=".", help="folder for everything that is written")
    parser.add_argument("--resume", metavar="CHECKPOINT", help="go on where this file was written, with its options")
    chosen = parser.parse_args()
    checkpoint = None
    if chosen.resume:
        try:
            checkpoint = torch.load(chosen.resume, map_location="cpu")
        except OSError as error:
            raise SystemExit(f"{chosen.resume}: {error.strerror}") from None
        parser.set_defaults(**checkpoint["options"])
        chosen = parser.parse_args()
    if not chosen.data:
        parser.error("say what to train with: --data digits, or --data FOLDER")
    if chosen.epochs < 1 or chosen.batch < WORLD:
        parser.error("--epochs is at least 1, and --batch at least the number of processes")
    return chosen, checkpoint


def device_of(chosen):
    kind = chosen.device or ("cuda" if torch.cuda.is_available() else "cpu")
    if kind == "cuda":
        torch.cuda.set_device(LOCAL)
    if WORLD > 1:
        dist.init_process_group("nccl" if kind == "cuda" else "gloo")
    return torch.device(kind, LOCAL) if kind == "cuda" else torch.device(kind)


def batches_of(count, chosen, epoch):
    """Indices of every step of this process: shuffled by seed and epoch, the incomplete batch at the end left out."""
    order = torch.randperm(count, generator=torch.Generator().manual_seed(chosen.seed * 1_000_003 + epoch)).tolist()
    each = max(1, min(chosen.batch, count) // WORLD)
    return [order[at + RANK * each:at + (RANK + 1) * each] for at in range(0, count - each * WORLD + 1, each * WORLD)]


def learning_rate(step, steps, warm_up, highest):
    """Linear to `highest`, then half a cosine down to 0."""
    if step < warm_up:
        return highest * (step + 1) / warm_up
    return highest * 0.5 * (1 + math.cos(math.pi * (step - warm_up) / max(1, steps - warm_up)))


def train_epoch(net, optimiser, loader, rate_at, smoothing, device):
    net.train()
    total = 0.0
    for step, (x, y) in enumerate(loader):
        for group in optimiser.param_groups:
            group["lr"] = rate_at(step)
        loss = F.cross_entropy(net(x.to(device, non_blocking=True)), y.to(device), label_smoothing=smoothing)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        total += loss.item()
        if not math.isfinite(total):
            raise SystemExit("the loss is no longer a number: try a lower --lr")
    return total / max(1, len(loader))


@torch.no_grad()
def count_correct(model, data, chosen, device):
    """Over all processes, which hold the same statistics of batch norm meanwhile."""
    model.eval()
    if WORLD > 1:
        for buffer in model.buffers():
            dist.broadcast(buffer, 0)
    mine = list(range(RANK, len(data), WORLD))
    batches = [mine[at:at + 256] for at in range(0, len(mine), 256)]
    correct = torch.zeros(1, device=device)
    for x, y in DataLoader(data, batch_size=None, sampler=batches, num_workers=chosen.workers):
        correct += (model(x.to(device)).argmax(1) == y.to(device)).sum()
    if WORLD > 1:
        dist.all_reduce(correct)
    return int(correct.item())


def write_results(model, train, test, out):
    model = model.cpu()
    metadata = {"design": NAME, **train.metadata()}
    tensors.save_weights(os.path.join(out, "weights.safetensors"), model, metadata)
    tensors.save_onnx(os.path.join(out, "model.onnx"), model, INPUT, metadata)
    written = ["weights.safetensors", "model.onnx"]
    if isinstance(test, images.ArrayImages):
        os.makedirs(os.path.join(out, "data"), exist_ok=True)
        train.save(os.path.join(out, "data", "calibration.npz"), images.CALIBRATION_IMAGES)
        test.save(os.path.join(out, "data", "test.npz"))
        written += ["data/calibration.npz", "data/test.npz"]
    say("written to", os.path.abspath(out) + ":", ", ".join(written))


def main():
    chosen, checkpoint = options()
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    torch.manual_seed(chosen.seed)
    torch.use_deterministic_algorithms(True, warn_only=True)
    device = device_of(chosen)
    os.makedirs(chosen.out, exist_ok=True)
    train, test = images.load(chosen.data, INPUT, CLASSES, not chosen.no_augment, chosen.seed)

    model = Model().to(device)
    if chosen.weights and not checkpoint:
        tensors.load_weights(chosen.weights, model)
    highest = chosen.lr if chosen.lr is not None else 0.4 * chosen.batch / 1024
    optimiser = torch.optim.SGD(model.parameters(), lr=highest, momentum=0.9, weight_decay=chosen.weight_decay)
    begin = 0
    if checkpoint:
        try:
            model.load_state_dict(checkpoint["model"])
        except RuntimeError:
            raise SystemExit(f"{chosen.resume} belongs to another design") from None
        optimiser.load_state_dict(checkpoint["optimiser"])
        begin = checkpoint["epoch"]
    net = model
    if WORLD > 1:
        net = torch.nn.parallel.DistributedDataParallel(model, device_ids=[LOCAL] if device.type == "cuda" else None)

    each_epoch = len(batches_of(len(train), chosen, 0))
    warm_up = chosen.warm_up if chosen.warm_up is not None else min(5, chosen.epochs // 10)
    say(f"{NAME}: {len(train)} images to train with, {len(test)} to test, {sum(p.numel() for p in model.parameters())} "
        f"parameters, learning rate {highest:g}, {WORLD} x {device.type}")
    for epoch in range(begin, chosen.epochs):
        started = time.monotonic()
        train.epoch = epoch
        loader = DataLoader(train, batch_size=None, sampler=batches_of(len(train), chosen, epoch),
                            num_workers=chosen.workers, pin_memory=device.type == "cuda")

        def rate_at(step):
            return learning_rate(epoch * each_epoch + step, chosen.epochs * each_epoch, warm_up * each_epoch, highest)

        loss = train_epoch(net, optimiser, loader, rate_at, chosen.label_smoothing, device)
        correct = count_correct(model, test, chosen, device)
        if RANK == 0:
            kept = {key: value for key, value in vars(chosen).items() if key not in ("resume", "out")}
            state = {"epoch": epoch + 1, "model": model.state_dict(), "optimiser": optimiser.state_dict(),
                     "options": kept}
            tensors.write_atomically(os.path.join(chosen.out, "checkpoint.pt"), lambda file: torch.save(state, file))
        say(f"epoch {epoch + 1}/{chosen.epochs}: loss {loss:.4f}, accuracy {correct / len(test):.4f}, "
            f"{time.monotonic() - started:.1f} s")
    correct = count_correct(model, test, chosen, device)
    say(f"accuracy {correct / len(test):.4f} ({correct} of {len(test)})")
    if RANK == 0:
        write_results(model, train, test, chosen.out)
    if WORLD > 1:
        dist.destroy_process_group()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit("stopped; go on with --resume checkpoint.pt") from None
