"""Makes the small NetCDF files beside it, from invented numbers: python3 make_files.py

Needs netCDF4 >= 1.6 on a NetCDF-C with zstd, szip and bzip2 filters, and h5py. The values of cell i of step t
are 280 + t + i / 8 (packed ones the same), so that a test knows them without the file.
"""
import h5py
import netCDF4
import numpy as np

ROWS, COLUMNS, STEPS = 4, 6, 3
FIELD = 280 + np.arange(STEPS)[:, None, None] + (np.arange(ROWS * COLUMNS) / 8).reshape(ROWS, COLUMNS)


def axes(group, unlimited=True, endian="native"):
    group.createDimension("time", None if unlimited else STEPS)
    group.createDimension("latitude", ROWS)
    group.createDimension("longitude", COLUMNS)
    time = group.createVariable("time", "i4", ("time",), endian=endian)
    time.units, time.calendar = "hours since 1900-01-01 00:00:00", "gregorian"
    latitude = group.createVariable("latitude", "f4", ("latitude",), endian=endian)
    latitude.units = "degrees_north"
    longitude = group.createVariable("longitude", "f4", ("longitude",), endian=endian)
    longitude.units = "degrees_east"
    time[:] = 876576 + 6 * np.arange(STEPS)
    latitude[:] = 50 - 0.25 * np.arange(ROWS)
    longitude[:] = 0.25 * np.arange(COLUMNS)


def packed(group, name="t2m", endian="native", **storage):
    variable = group.createVariable(
        name, "i2", ("time", "latitude", "longitude"), fill_value=-32767, endian=endian, **storage)
    variable.scale_factor, variable.add_offset, variable.units = 0.125, 280.0, "K"
    variable.long_name = "2 metre temperature"
    variable[:] = FIELD
    return variable


def plain(group, name="t2m", kind="f4", endian="native", **storage):
    variable = group.createVariable(
        name, kind, ("time", "latitude", "longitude"), endian=endian, **storage)
    variable.units = "K"
    variable[:] = FIELD
    return variable


def make(name, fill, form="NETCDF4"):
    with netCDF4.Dataset(name + ".nc", "w", format=form) as file:
        file.Conventions = "CF-1.7"
        fill(file)


def classic(file):
    axes(file)
    packed(file)
    plain(file, "sp")


def deflate(file):
    axes(file)
    packed(file, zlib=True, complevel=5, shuffle=True, chunksizes=(1, 3, 4))
    plain(file, "sp", zlib=True, shuffle=False, fletcher32=True, chunksizes=(2, 4, 6))
    plain(file, "u10", "f8", zlib=True, shuffle=True, fletcher32=True, chunksizes=(1, 4, 6))


def unwritten(file):
    """Chunks and whole variables that were never written: the fill value stands for them."""
    axes(file)
    half = file.createVariable(
        "t2m", "f4", ("time", "latitude", "longitude"), zlib=True, chunksizes=(1, 2, 3))
    half[1, 2:, 3:] = FIELD[1, 2:, 3:]
    file.createVariable("sp", "i2", ("time", "latitude", "longitude"), chunksizes=(1, 4, 6))
    file.createVariable("u10", "f4", ("latitude", "longitude"))


def groups(file):
    axes(file)
    packed(file)
    inner = file.createGroup("forecast")
    plain(inner, "t2m")
    own = inner.createGroup("coarse")
    axes(own, unlimited=False)
    plain(own, "sp")


def texts(file):
    """As Copernicus writes since 2024: expver as text of any length, number, valid_time."""
    file.createDimension("valid_time", STEPS)
    file.createDimension("latitude", ROWS)
    file.createDimension("longitude", COLUMNS)
    file.createVariable("number", "i8", ()).standard_name = "realization"
    time = file.createVariable("valid_time", "i8", ("valid_time",))
    time.units, time.calendar = "seconds since 1970-01-01", "proleptic_gregorian"
    time[:] = 946684800 + 21600 * np.arange(STEPS)
    for axis, units, values in (
        ("latitude", "degrees_north", 50 - 0.25 * np.arange(ROWS)),
        ("longitude", "degrees_east", 0.25 * np.arange(COLUMNS))):
        variable = file.createVariable(axis, "f8", (axis,), fill_value=np.nan)
        variable.units = units
        variable[:] = values
    expver = file.createVariable("expver", str, ("valid_time",))
    expver[:] = np.array(["0001", "0001", "0005"], dtype=object)
    data = file.createVariable(
        "t2m", "f4", ("valid_time", "latitude", "longitude"), fill_value=np.nan, zlib=True)
    data.units, data.coordinates = "K", "number valid_time latitude longitude expver"
    for i in range(12):  # more than eight: HDF5 stores them another way
        data.setncattr("GRIB_key%d" % i, i if i % 2 else "value %d" % i)
    data[:] = FIELD


def bigendian(file):
    axes(file, endian="big")
    packed(file, endian="big", zlib=True, shuffle=True, chunksizes=(1, 4, 6))
    plain(file, "sp", endian="big")
    plain(file, "u10", "f8", endian="big", zlib=True)
    plain(file, "tp", "i4", endian="big", fletcher32=True)


def kinds(file):
    """Types that have no numbers, and those that only NetCDF-4 has."""
    axes(file)
    for kind in ("i1", "u1", "u2", "u4", "i8", "u8"):
        plain(file, kind, kind)
    enum = file.createEnumType(np.uint8, "cloud_t", {"clear": 0, "cloudy": 1})
    file.createVariable("cloud", enum, ("latitude", "longitude"))[:] = 0
    pair = file.createCompoundType(np.dtype([("a", "f4"), ("b", "i2")]), "pair_t")
    file.createVariable("pair", pair, ("latitude",))
    ragged = file.createVLType(np.int32, "ragged_t")
    file.createVariable("ragged", ragged, ("latitude",))[0] = np.arange(3, dtype=np.int32)


def deep(file):
    axes(file)
    packed(file)
    group = file
    for i in range(12):
        group = group.createGroup("g%d" % i)
    plain(group, "sp")


def claims(file):
    """A few kilobytes that stand for a thousand million values which nobody wrote."""
    axes(file)
    file.createDimension("x", 1_000_000_000)
    file.createVariable("t2m", "i2", ("x",), chunksizes=(1_000_000,), zlib=True)


def names(file):
    """Names that NetCDF-Java writes with backslashes, and one of a dimension over another."""
    axes(file)
    plain(file, "t2m.mean-v1+x")
    file.createDimension("sp", 2)
    plain(file, "sp")


def latest():
    """The layout of HDF5 1.10: another superblock, and an index of chunks for each kind of shape."""
    with h5py.File("hdf5_latest.nc", "w", libver="latest") as file:
        scales = (
            ("time", "hours since 2000-01-01", 6 * np.arange(STEPS)),
            ("latitude", "degrees_north", 50 - 0.25 * np.arange(ROWS)),
            ("longitude", "degrees_east", 0.25 * np.arange(COLUMNS)))
        for axis, units, values in scales:
            file[axis] = values
            file[axis].attrs["units"] = units
            file[axis].make_scale(axis)
        file["expver"] = np.array(["0001", "0001", "0005"], dtype=object)
        file["expver"].dims[0].attach_scale(file["time"])
        for name, storage in (
                ("contiguous", {}),
                ("single", dict(chunks=(STEPS, ROWS, COLUMNS), compression="gzip")),
                ("implicit", dict(chunks=(1, 2, 3))),
                ("fixed", dict(chunks=(1, 2, 3), compression="gzip", shuffle=True)),
                ("extensible", dict(chunks=(1, 2, 3), maxshape=(None, ROWS, COLUMNS), fletcher32=True)),
                ("tree", dict(chunks=(1, 3, 4), maxshape=(None, None, COLUMNS), compression="gzip"))):
            file.create_dataset(name, data=FIELD.astype("f4"), **storage)
            file[name].attrs["units"] = "K"
            for d, (axis, _, _) in enumerate(scales):
                file[name].dims[d].attach_scale(file[axis])


def lzf():
    with h5py.File("nc4_lzf.nc", "w") as file:
        file.create_dataset("t2m", data=np.zeros((STEPS, ROWS, COLUMNS)), compression="lzf")


def compressed(how):
    def fill(file):
        axes(file)
        packed(file, compression=how, chunksizes=(1, 4, 6), szip_pixels_per_block=8)
    return fill


make("cdf1", classic, "NETCDF3_CLASSIC")
make("cdf2", classic, "NETCDF3_64BIT_OFFSET")
make("cdf5", classic, "NETCDF3_64BIT_DATA")
make("nc4_classic", classic, "NETCDF4_CLASSIC")
make("nc4_deflate", deflate)
make("nc4_unwritten", unwritten)
make("nc4_groups", groups)
make("nc4_texts", texts)
make("nc4_bigendian", bigendian)
make("nc4_kinds", kinds)
make("nc4_deep", deep)
make("nc4_claims", claims)
make("nc4_names", names)
latest()
lzf()
for how in ("zstd", "szip", "bzip2"):
    make("nc4_" + how, compressed(how))
