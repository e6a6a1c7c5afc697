#!/usr/bin/python3
"""The published FNO and TFNO in two dimensions, traced by PyTorch, to be timed beside ours.

Written after the description of NeuralOperator 2.0 (Kossaifi and others, arXiv 2412.10354): fast
transforms, complex products by einsum, pointwise layers as convolutions of width 1. Parameters have the
published names; complex ones an axis of two at the end, as safetensors have no complex numbers.
TFNO contracts its factors one by one with the modes, in the order that costs least for a batch of one,
as a path optimiser finds it.

Needs torch (Debian: python3-torch). Writes into a folder what `./etesian bench fno` compares with:

    python3 ops/bench/python/fno.py traced
    ./etesian bench fno $(for f in traced/*.pt; do echo --peer $f; done)
"""

import math
import sys
from pathlib import Path

try:
    import torch
    import torch.nn.functional as F
except ImportError as missing:
    print(f"{sys.executable} lacks a module: {missing}")
    sys.exit(3)

LAYERS = 4

# kind, grid, hidden, modes, batch: `./etesian bench fno` reads them from the file name
SIZES = [
    ("fno", grid, hidden, modes, batch)
    for grid in (64, 128, 256)
    for hidden in (32, 64)
    for modes in (16, 32)
    for batch in (1, 4)
] + [("tfno", grid, 32, 16, 1) for grid in (64, 256)]
RANK = 0.1


class Dense(torch.nn.Module):
    """A complex weight (in, out, modes...)."""

    def __init__(self, sizes, sigma):
        super().__init__()
        self.tensor = torch.nn.Parameter(sigma / math.sqrt(2) * torch.randn(*sizes, 2))

    def forward(self, x):
        return torch.einsum("bixy,ioxy->boxy", x, torch.view_as_complex(self.tensor))


class Tucker(torch.nn.Module):
    """The same as a core with a factor for each axis."""

    def __init__(self, sizes, sigma):
        super().__init__()
        ranks = tucker_ranks(sizes, RANK)
        terms = math.prod(ranks)
        deviation = (sigma / math.sqrt(terms)) ** (1 / (len(sizes) + 1)) / math.sqrt(2)
        self.core = torch.nn.Parameter(deviation * torch.randn(*ranks, 2))
        self.factors = torch.nn.Module()
        for i, (size, rank) in enumerate(zip(sizes, ranks)):
            factor = torch.nn.Parameter(deviation * torch.randn(size, rank, 2))
            self.factors.register_parameter(f"factor_{i}", factor)

    def forward(self, x):
        core = torch.view_as_complex(self.core)
        u, v, p, q = (
            torch.view_as_complex(factor)
            for factor in (
                self.factors.factor_0,
                self.factors.factor_1,
                self.factors.factor_2,
                self.factors.factor_3,
            )
        )
        core = torch.einsum("ioab,yb->ioay", core, q)
        core = torch.einsum("ioay,xa->ioxy", core, p)
        inside = torch.einsum("bixy,ij->bjxy", x, u)
        inside = torch.einsum("bjxy,joxy->boxy", inside, core)
        return torch.einsum("boxy,po->bpxy", inside, v)


def tucker_ranks(sizes, share):
    product = math.prod(sizes)
    squares = sum(size * size for size in sizes)
    low, high = 0.0, max(share, 1.0)
    for _ in range(200):
        middle = (low + high) / 2
        if middle ** len(sizes) * product + middle * squares < share * product:
            low = middle
        else:
            high = middle
    return [max(1, round(low * size)) for size in sizes]


class Convolution(torch.nn.Module):
    def __init__(self, kind, hidden, modes):
        super().__init__()
        sizes = [hidden, hidden, modes, modes // 2 + 1]
        sigma = math.sqrt(1 / hidden)
        self.weight = (Tucker if kind == "tfno" else Dense)(sizes, sigma)
        self.bias = torch.nn.Parameter(sigma * torch.randn(hidden, 1, 1))
        self.modes = modes

    def forward(self, x):
        batch, channels, rows, columns = x.shape
        spectrum = torch.fft.rfftn(x, norm="forward", dim=(-2, -1))
        spectrum = torch.fft.fftshift(spectrum, dim=-2)
        first = rows // 2 - self.modes // 2
        last = self.modes // 2 + 1
        out = torch.zeros(batch, channels, rows, columns // 2 + 1, dtype=torch.cfloat)
        out[:, :, first : first + self.modes, :last] = self.weight(
            spectrum[:, :, first : first + self.modes, :last]
        )
        out = torch.fft.ifftshift(out, dim=-2)
        out = torch.fft.ifft(out, norm="forward", dim=-2)
        return torch.fft.irfft(out, n=columns, norm="forward", dim=-1) + self.bias


class Pointwise(torch.nn.Module):
    """Two layers with a GELU between."""

    def __init__(self, inputs, inside, outputs):
        super().__init__()
        self.fcs = torch.nn.ModuleList(
            [torch.nn.Conv1d(inputs, inside, 1), torch.nn.Conv1d(inside, outputs, 1)]
        )

    def forward(self, x):
        flat = x.reshape(x.shape[0], x.shape[1], -1)
        y = self.fcs[1](F.gelu(self.fcs[0](flat)))
        return y.reshape(x.shape[0], -1, x.shape[2], x.shape[3])


class Linear(torch.nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = torch.nn.Conv1d(channels, channels, 1, bias=False)

    def forward(self, x):
        return self.conv(x.reshape(x.shape[0], x.shape[1], -1)).reshape(x.shape)


class Gate(torch.nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(1, channels, 1, 1))

    def forward(self, x):
        return self.weight * x


class Blocks(torch.nn.Module):
    def __init__(self, kind, hidden, modes):
        super().__init__()

        def layers(make):
            return torch.nn.ModuleList([make() for _ in range(LAYERS)])

        self.convs = layers(lambda: Convolution(kind, hidden, modes))
        self.fno_skips = layers(lambda: Linear(hidden))
        self.channel_mlp = layers(lambda: Pointwise(hidden, hidden // 2, hidden))
        self.channel_mlp_skips = layers(lambda: Gate(hidden))

    def forward(self, x):
        for layer in range(LAYERS):
            inner = layer < LAYERS - 1
            skip = self.fno_skips[layer](x)
            gated = self.channel_mlp_skips[layer](x)
            x = self.convs[layer](x) + skip
            if inner:
                x = F.gelu(x)
            x = self.channel_mlp[layer](x) + gated
            if inner:
                x = F.gelu(x)
        return x


class Fno(torch.nn.Module):
    def __init__(self, kind, hidden, modes):
        super().__init__()
        self.lifting = Pointwise(3, 2 * hidden, hidden)
        self.fno_blocks = Blocks(kind, hidden, modes)
        self.projection = Pointwise(hidden, 2 * hidden, 1)

    def forward(self, x):
        batch, _, rows, columns = x.shape
        down = torch.linspace(0, 1, rows + 1)[:-1].reshape(1, 1, rows, 1)
        along = torch.linspace(0, 1, columns + 1)[:-1].reshape(1, 1, 1, columns)
        shape = (batch, 1, rows, columns)
        x = torch.cat([x, down.expand(shape), along.expand(shape)], 1)
        return self.projection(self.fno_blocks(self.lifting(x)))


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        sys.exit(2)
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    for kind, grid, hidden, modes, batch in SIZES:
        model = Fno(kind, hidden, modes)
        count = sum(parameter.numel() for parameter in model.parameters())
        traced = torch.jit.trace(model, torch.randn(batch, 1, grid, grid), check_trace=False)
        path = folder / f"{kind}_{grid}_h{hidden}_m{modes}_b{batch}.pt"
        torch.jit.save(traced, str(path))
        print(f"{path}: {count} parameters")


if __name__ == "__main__":
    main()
