#!/usr/bin/python3
"""What the forecast job does, as one would write it in Python: a plain loop.

Granules come from a Kafka topic and are read by netCDF4; the fields of each variable wait in a dict
until a window is complete; an M2NO in PyTorch steps ahead, one rollout after the other; each step goes
into another topic as a NetCDF file. No checkpoints, no transactions, no revisions, no scores.

Needs numpy, torch, netCDF4 and confluent_kafka (Debian: python3-torch, python3-netcdf4,
python3-confluent-kafka). `./etesian bench stream --peer ops/bench/python/stream.py` starts it.
"""

import argparse
import json
import struct
import sys
from datetime import datetime, timedelta, timezone

try:
    import confluent_kafka
    import netCDF4
    import numpy as np
    import torch
    import torch.nn.functional as F
except ImportError as missing:
    print(f"{sys.executable} lacks a module: {missing}")
    sys.exit(3)

HISTORY = 2
STEP = timedelta(hours=1)


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[begin:end], dtype="<f4").reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return metadata, tensors


class M2NO(torch.nn.Module):
    """Two multigrid blocks on a globe whose first and last rows are the poles."""

    LEVELS = 3

    def __init__(self, weights):
        super().__init__()
        self.p = weights
        self.low = self.kernel(weights["filter.low"])
        self.high = self.kernel(weights["filter.high"])

    def kernel(self, matrix):
        """The filter of one group of modes, for every group, as a convolution of stride 2."""
        channels = self.p["hidden_proj.weight"].shape[0]
        rows, columns = matrix.shape
        modes = columns // 4
        groups = channels // modes
        kernel = torch.zeros(groups * rows, channels, 4)
        for g in range(groups):
            part = matrix.reshape(rows, 4, modes).transpose(1, 2)
            kernel[g * rows:(g + 1) * rows, g * modes:(g + 1) * modes] = part
        return kernel.reshape(groups * rows, channels, 2, 2)

    def conv(self, name, x):
        half = x.shape[3] // 2
        north = torch.roll(x[:, :, :1], half, 3)
        south = torch.roll(x[:, :, -1:], half, 3)
        x = F.pad(torch.cat([north, x, south], 2), (1, 1, 0, 0), mode="circular")
        return F.conv2d(x, self.p[name + ".weight"], self.p[name + ".bias"])

    def block(self, f, name):
        u = [self.conv(name + "pre_S.smoothers.0", f)]
        right = f
        details = []
        for i in range(self.LEVELS):
            residual = right - self.conv(name + "A", u[-1])
            details.append(F.conv2d(residual, self.high, stride=2))
            right = F.conv2d(residual, self.low, stride=2)
            u.append(self.conv(f"{name}grid_list.{i}.smoothers.0", right))
        fine = u.pop()
        for i in reversed(range(self.LEVELS)):
            detail = F.conv2d(details[i], self.p[f"{name}detail_list.{i}.weight"])
            fine = u.pop() + F.conv_transpose2d(fine, self.low, stride=2)
            fine = fine + F.conv_transpose2d(detail, self.high, stride=2)
        return fine + self.conv(name + "post_S.smoothers.0", f - self.conv(name + "A", fine))

    def linear(self, name, x):
        weight = self.p[name + ".weight"]
        return F.conv2d(x, weight[:, :, None, None], self.p[name + ".bias"])

    def forward(self, x):
        u = self.linear("input_proj", x)
        u = F.gelu(self.block(u, "blocks.0."))
        u = self.block(u, "blocks.1.")
        return self.linear("output_proj", F.gelu(self.linear("hidden_proj", u)))


class Forecaster:
    """Standardised anomalies and the calendar in, the next field out."""

    def __init__(self, path):
        metadata, tensors = read_safetensors(path)
        self.coefficients = tensors.pop("climatology.coefficients").numpy().astype(np.float64)
        self.deviation = tensors.pop("climatology.deviation").numpy()
        self.annual = int(metadata["climatology.annual"])
        self.diurnal = int(metadata["climatology.diurnal"])
        rows, columns, north, west, row_step, column_step = map(
            float, metadata["stream.grid"].split()[:6])
        self.shape = (int(rows), int(columns))
        self.latitudes = north - row_step * np.arange(self.shape[0])
        self.longitudes = west + column_step * np.arange(self.shape[1])
        self.turning = [int(c) for c in metadata["architecture.grid.antisymmetric"].split(",") if c]
        self.model = M2NO(tensors)
        self.added = -self.shape[0] % 2**M2NO.LEVELS

    @staticmethod
    def phases(at):
        start = datetime(at.year, 1, 1, tzinfo=timezone.utc)
        length = (datetime(at.year + 1, 1, 1, tzinfo=timezone.utc) - start).days
        day = (at.hour * 3600 + at.minute * 60 + at.second) / 86400
        return (at - start).days, length, day

    def climatology(self, at):
        day_of_year, length, day = self.phases(at)
        year = (day_of_year + day) / length
        annual = [f(2 * np.pi * k * year) for k in range(1, self.annual + 1) for f in (np.cos, np.sin)]
        daily = [f(2 * np.pi * k * day) for k in range(1, self.diurnal + 1) for f in (np.cos, np.sin)]
        features = [1.0, *annual, *daily]
        features += [annual[0] * d for d in daily] + [annual[1] * d for d in daily]
        mean = np.asarray(features) @ self.coefficients.reshape(len(features), -1)
        return mean.astype(np.float32).reshape(self.shape)

    def calendar(self, at):
        day_of_year, length, day = self.phases(at)
        year = 2 * np.pi * day_of_year / length
        hour = 2 * np.pi * (day + self.longitudes / 360)
        latitude = np.sin(np.radians(self.latitudes))[:, None]
        planes = [np.sin(year), np.cos(year), np.sin(hour), np.cos(hour), latitude, 1.0]
        return [np.broadcast_to(np.float32(plane), self.shape) for plane in planes]

    def pad(self, x):
        """Rows beyond the poles: those on the opposite meridian, where a wind turns round."""
        before = self.added // 2
        after = self.added - before
        half = x.shape[2] // 2
        sign = np.ones((x.shape[0], 1, 1), np.float32)
        sign[self.turning] = -1
        north = sign * np.roll(x[:, before:0:-1], half, 2)
        south = sign * np.roll(x[:, -2:-after - 2:-1], half, 2)
        return np.concatenate([north, x, south], 1)

    def step(self, window, at):
        """window: fields, oldest first, the last of them valid at `at`."""
        deviation = self.deviation.reshape(self.shape)
        anomalies = [
            np.nan_to_num((window[-1 - back] - self.climatology(at - back * STEP)) / deviation)
            for back in range(len(window))
        ]
        x = self.pad(np.stack(anomalies + self.calendar(at)).astype(np.float32))
        with torch.no_grad():
            increment = self.model(torch.from_numpy(x)[None])[0, 0].numpy()
        before = self.added // 2
        anomaly = anomalies[0] + increment[before:before + self.shape[0]]
        field = self.climatology(at + STEP) + deviation * anomaly
        return np.where(np.isnan(window[-1]), np.nan, field).astype(np.float32)


def forecast_file(name, units, forecaster, issue, valid, lead, field):
    file = netCDF4.Dataset("forecast.nc", "w", memory=1, format="NETCDF3_CLASSIC")
    file.Conventions = "CF-1.8"
    file.createDimension("time", 1)
    file.createDimension("latitude", forecaster.shape[0])
    file.createDimension("longitude", forecaster.shape[1])
    epoch = "seconds since 1970-01-01 00:00:00"
    for axis, values, unit in [
        ("time", [valid.timestamp()], epoch),
        ("latitude", forecaster.latitudes, "degrees_north"),
        ("longitude", forecaster.longitudes, "degrees_east"),
    ]:
        variable = file.createVariable(axis, "f8", (axis,))
        variable.units = unit
        variable[:] = values
    reference = file.createVariable("forecast_reference_time", "f8")
    reference.units = epoch
    reference[...] = issue.timestamp()
    values = file.createVariable(name, "f4", ("time", "latitude", "longitude"))
    values.units = units
    values.setncattr("lead", lead)
    values[0] = field
    return bytes(file.close())


def granule(record):
    """Variables of a file, with their valid times."""
    with netCDF4.Dataset("granule.nc", memory=record) as file:
        time = file["time"]
        times = netCDF4.num2date(
            time[:], time.units, time.calendar, only_use_cftime_datetimes=False,
            only_use_python_datetimes=True)
        for name, variable in file.variables.items():
            if variable.dimensions == ("time", "latitude", "longitude"):
                fields = np.ma.filled(variable[:].astype(np.float32), np.nan)
                for at, field in zip(times, fields):
                    yield name, variable.units, at.replace(tzinfo=timezone.utc), field


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true", help="only see whether all modules are there")
    parser.add_argument("--brokers")
    parser.add_argument("--granules", help="topic to read")
    parser.add_argument("--forecasts", help="topic to write")
    parser.add_argument("--horizon", type=int)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--weights", action="append", default=[], help="variable=FILE")
    options = parser.parse_args()
    if options.check:
        return
    torch.set_num_threads(options.threads)
    forecasters = dict(weights.split("=", 1) for weights in options.weights)
    forecasters = {name: Forecaster(path) for name, path in forecasters.items()}
    consumer = confluent_kafka.Consumer({
        "bootstrap.servers": options.brokers,
        "group.id": options.forecasts,
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",
    })
    consumer.subscribe([options.granules])
    producer = confluent_kafka.Producer({
        "bootstrap.servers": options.brokers,
        "message.max.bytes": 32 << 20,
    })
    windows = {name: {} for name in forecasters}
    while True:
        message = consumer.poll(1.0)
        if message is None:
            continue
        if message.error():
            raise confluent_kafka.KafkaException(message.error())
        for name, units, issue, field in granule(message.value()):
            window = windows[name]
            window[issue] = field
            window.pop(issue - HISTORY * STEP, None)
            if len(window) < HISTORY:
                continue
            fields = [window[at] for at in sorted(window)]
            for lead in range(1, options.horizon + 1):
                valid = issue + lead * STEP
                fields = fields[1:] + [forecasters[name].step(fields, valid - STEP)]
                producer.produce(
                    options.forecasts,
                    key=f"{name}/{issue.isoformat()}/{lead}",
                    value=forecast_file(
                        name, units, forecasters[name], issue, valid, lead, fields[-1]),
                )
                producer.poll(0)


if __name__ == "__main__":
    main()
