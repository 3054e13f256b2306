# SPDX-License-Identifier: MIT
"""Images to train and to test with: scikit-learn's digits, MNIST's files, or folders of images.

A data set gives a batch for a list of indices: data[[3, 1]] is (images, labels), images normalised, n x c x h x w."""
import gzip
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

IMAGE_ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".ppm")
CALIBRATION_IMAGES = 200


def fit(images, height, width):
    """Float images n x c x h x w: the shorter side resized to fit, the middle cut out."""
    scale = max(height / images.shape[2], width / images.shape[3])
    size = [max(height, round(images.shape[2] * scale)), max(width, round(images.shape[3] * scale))]
    if size != list(images.shape[2:]):
        images = F.interpolate(images, size, mode="bilinear", align_corners=False, antialias=scale < 1)
    top, left = (size[0] - height) // 2, (size[1] - width) // 2
    return images[:, :, top:top + height, left:left + width]


def with_channels(images, channels):
    if images.shape[1] == channels:
        return images
    gray = images.mean(1, keepdim=True)
    return gray if channels == 1 else gray.expand(-1, channels, -1, -1)


class Images:
    """What both kinds of data share. `shape`: channels, height, width of the network's input."""

    def __init__(self, shape, labels, names, augmented, seed):
        self.shape, self.labels, self.names = shape, torch.as_tensor(labels, dtype=torch.int64), names
        self.augmented, self.seed, self.epoch = augmented, seed, 0
        imagenet = shape[0] == 3
        self.mean = [0.485, 0.456, 0.406] if imagenet else [0.5] * shape[0]
        self.std = [0.229, 0.224, 0.225] if imagenet else [0.5] * shape[0]

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, indices):
        random = torch.Generator().manual_seed((self.seed * 1_000_003 + self.epoch) * 1_000_003 + indices[0])
        pixels = self.pixels(indices, random if self.augmented else None)
        mean, std = (torch.tensor(v).view(1, -1, 1, 1) for v in (self.mean, self.std))
        return (pixels / 255 - mean) / std, self.labels[indices]

    def metadata(self):
        """As the designer reads it beside weights."""
        texts = {"mean": ",".join(map(repr, self.mean)), "std": ",".join(map(repr, self.std))}
        if self.names:
            texts["labels"] = json.dumps(self.names)
        return texts


class ArrayImages(Images):
    """8-bit images in memory: n x h x w or n x h x w x c."""

    def __init__(self, images, shape, *rest):
        super().__init__(shape, *rest)
        pixels = torch.from_numpy(np.ascontiguousarray(images)).float()
        pixels = pixels.unsqueeze(1) if pixels.dim() == 3 else pixels.permute(0, 3, 1, 2)
        fitted = [with_channels(fit(part, *shape[1:]), shape[0]) for part in pixels.split(1000)]
        self.stored = torch.cat(fitted).round().clamp(0, 255).to(torch.uint8)

    def pixels(self, indices, random):
        pixels = self.stored[indices].float()
        if random is None:
            return pixels
        reach = max(1, self.shape[1] // 8)  # moved by so many pixels at most
        padded = F.pad(pixels, [reach] * 4)
        moves = torch.randint(0, 2 * reach + 1, (len(indices), 2), generator=random).tolist()
        return torch.stack([image[:, y:y + self.shape[1], x:x + self.shape[2]]
                            for image, (y, x) in zip(padded, moves)])

    def save(self, path, count=None):
        """count: so many, spread evenly; None: all."""
        chosen = np.linspace(0, len(self) - 1, min(count or len(self), len(self))).astype(int)
        np.savez_compressed(path, images=self.stored[chosen].permute(0, 2, 3, 1).numpy(),
                            labels=self.labels[chosen].numpy())


class FolderImages(Images):
    """One subfolder a class, in the order of their names."""

    def __init__(self, root, shape, names, augmented, seed):
        self.files, labels = [], []
        for label, name in enumerate(names):
            for folder, _, files in sorted(os.walk(os.path.join(root, name))):
                for file in sorted(files):
                    if file.lower().endswith(IMAGE_ENDINGS):
                        self.files.append(os.path.join(folder, file))
                        labels.append(label)
        if not self.files:
            raise SystemExit(f"{root}: no images in its subfolders")
        super().__init__(shape, labels, names, augmented, seed)

    def pixels(self, indices, random):
        return torch.cat([self.image(self.files[i], random) for i in indices])

    def image(self, path, random):
        try:
            from PIL import Image
        except ImportError:
            raise SystemExit("Reading images needs Pillow: pip install pillow (Debian: python3-pil)") from None
        try:
            with Image.open(path) as image:
                pixels = np.array(image.convert("L" if self.shape[0] == 1 else "RGB"))
        except OSError as error:
            raise SystemExit(f"{path}: {error}") from None
        pixels = torch.from_numpy(pixels).float()
        pixels = pixels[None, None] if pixels.dim() == 2 else pixels.permute(2, 0, 1)[None]
        pixels = with_channels(pixels, self.shape[0])
        if random is None:
            return fit(pixels, *self.shape[1:])
        # A random part of at least a third of the area, mirrored half of the time.
        share = (0.35 + 0.65 * torch.rand(1, generator=random).item()) ** 0.5
        height, width = (max(1, round(side * share)) for side in pixels.shape[2:])
        top = torch.randint(0, pixels.shape[2] - height + 1, (1,), generator=random).item()
        left = torch.randint(0, pixels.shape[3] - width + 1, (1,), generator=random).item()
        pixels = fit(pixels[:, :, top:top + height, left:left + width], *self.shape[1:])
        return pixels.flip(3) if torch.rand(1, generator=random) < 0.5 else pixels


def digits():
    """scikit-learn's 1797 digits of 8 x 8 pixels; every third is for testing."""
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise SystemExit("The digits come with scikit-learn: pip install scikit-learn "
                         "(Debian: python3-sklearn)") from None
    data = load_digits()
    images = np.rint(data.images * (255 / 16)).astype(np.uint8)
    test = np.random.RandomState(0).permutation(len(images)) % 3 == 0
    return images[~test], data.target[~test], images[test], data.target[test]


def mnist_archive(path):
    try:
        with np.load(path) as data:
            return tuple(data[name] for name in ("x_train", "y_train", "x_test", "y_test"))
    except (KeyError, TypeError, ValueError):
        raise SystemExit(f"{path}: no .npz with x_train, y_train, x_test and y_test") from None


def idx(folder, name):
    """One of MNIST's own files, packed or not: big-endian sizes, then bytes."""
    path = os.path.join(folder, name)
    with gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path, "rb") as file:
        content = file.read()
    sizes = np.frombuffer(content, ">i4", content[3], 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(sizes)).reshape(sizes)


def load(source, shape, classes, augmented, seed):
    """(to train with, to test with). source: "digits", a .npz of MNIST, a folder with MNIST's idx files, or one with
    train/ and val/ that hold a folder of images for each class."""
    if source == "digits" or os.path.isfile(source):
        arrays = digits() if source == "digits" else mnist_archive(source)
    elif any(name.startswith("train-images-idx3-ubyte") for name in listed(source)):
        arrays = tuple(idx(source, name) for name in ("train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                                      "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"))
    else:
        roots = [os.path.join(source, part) for part in ("train", "val")]
        names = sorted(name for name in listed(roots[0]) if os.path.isdir(os.path.join(roots[0], name)))
        check_classes(len(names), classes)
        known = names if len(names) == classes else []
        sets = [FolderImages(root, shape, names, augmented and root is roots[0], seed) for root in roots]
        for data in sets:
            data.names = known
        return sets
    found = int(max(arrays[1].max(), arrays[3].max())) + 1
    check_classes(found, classes)
    names = [str(i) for i in range(found)] if found == classes else []
    return [ArrayImages(arrays[i], shape, arrays[i + 1], names, augmented and i == 0, seed) for i in (0, 2)]


def listed(folder):
    try:
        return os.listdir(folder)
    except OSError as error:
        raise SystemExit(f"{folder}: {error.strerror}; --data is digits, a .npz, a folder with MNIST's files, or a "
                         "folder with train/ and val/") from None


def check_classes(found, classes):
    if found > classes:
        raise SystemExit(f"the data has {found} classes, the design {classes}: change the design's head")
