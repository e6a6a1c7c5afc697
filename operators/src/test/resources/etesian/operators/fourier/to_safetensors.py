"""Writes the parameters of a golden file as safetensors, as save_file(model.state_dict(), ...) does.

usage: to_safetensors.py GOLDEN.npz OUT.safetensors

Standard library alone: the format is 8 bytes of length, a JSON header and the values. Complex weights
have an axis of two at the end, real and imaginary part, as the published state dictionary has them.
"""

import ast
import json
import struct
import sys
import zipfile


def arrays(path):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            raw = archive.read(name)
            length = struct.unpack("<H", raw[8:10])[0]
            header = ast.literal_eval(raw[10 : 10 + length].decode("latin1"))
            yield name[: -len(".npy")], header, raw[10 + length :]


def metadata(config):
    """The settings of the published constructor, defaults included."""
    hidden, modes = config["hidden_channels"], config["n_modes"]
    layers = config.get("n_layers", 4)
    each = lambda text: ",".join([text] * layers)
    stored = modes[:-1] + [modes[-1] // 2 + 1]
    return {
        "architecture": "fno",
        "architecture.in_channels": str(config["in_channels"]),
        "architecture.out_channels": str(config["out_channels"]),
        "architecture.hidden_channels": str(hidden),
        "architecture.lifting_channels": str(2 * hidden),
        "architecture.projection_channels": str(2 * hidden),
        "architecture.channels": each(str(hidden)),
        "architecture.modes": each("x".join(map(str, modes))),
        "architecture.stored_modes": each("x".join(map(str, stored))),
        "architecture.scales": each("x".join(["1"] * len(modes))),
        "architecture.across": "",
        "architecture.factorization": "dense",
        "architecture.rank": "1",
        "architecture.separable": "false",
        "architecture.spectral_skip": "linear",
        "architecture.skip_kernel": "1",
        "architecture.mlp_skip": "gate",
        "architecture.mlp_expansion": "0.5",
        "architecture.preactivation": "false",
        "architecture.stabiliser": "false",
        "architecture.norm": "none",
        "architecture.groups": "1",
        "architecture.coordinates": "true",
        "architecture.padding": "x".join(["0"] * len(modes)),
        "architecture.placement": "legacy",
        "architecture.sphere_grid": "equiangular",
        "architecture.residual": "false",
    }


def main(golden, out):
    tensors, values, config = {}, b"", None
    for name, header, raw in arrays(golden):
        if name == "config_json":
            config = json.loads(raw.decode("utf-32-le").rstrip("\0"))
        elif name.startswith("param/"):
            assert header["descr"] == "<f4" and not header["fortran_order"], name
            tensors[name[len("param/") :]] = {
                "dtype": "F32",
                "shape": list(header["shape"]),
                "data_offsets": [len(values), len(values) + len(raw)],
            }
            values += raw
    header = json.dumps({"__metadata__": metadata(config), **tensors}).encode()
    header += b" " * (-len(header) % 8)
    with open(out, "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + values)


main(*sys.argv[1:])
