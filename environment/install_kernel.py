"""Makes environment/kernel the kernel `java` of the Python that runs this: install_kernel.py JAVA_HOME.

Compiles environment/java_kernel for it. Also answers no to JupyterLab's first question, whether it may fetch news.
"""

import json
import pathlib
import shutil
import subprocess
import sys

SHARE = pathlib.Path(sys.prefix, "share", "jupyter")
NOTICES = "@jupyterlab/apputils-extension:notification"


def main(java_home):
    folder = SHARE / "kernels" / "java"
    if not (folder / "jjava.jar").is_file():
        sys.exit(f"no jjava.jar in {folder}: install environment/requirements.txt first")
    spec = {
        "argv": [
            str(pathlib.Path(__file__).resolve().with_name("kernel")),
            "{resource_dir}/classes",
            "{resource_dir}/jjava.jar",
            "{connection_file}",
        ],
        "display_name": "Java",
        "language": "java",
        "interrupt_mode": "message",
        "env": {"JAVA_HOME": java_home},
    }
    compile_kernel(folder, java_home)
    write(folder / "kernel.json", spec)
    write(
        SHARE / "lab" / "settings" / "overrides.json",
        {NOTICES: {"fetchNews": "false", "checkForUpdates": False}},
    )


def compile_kernel(folder, java_home):
    """Whole or not at all; copies of the sources beside the classes say which ones they are of."""
    sources = sorted(pathlib.Path(__file__).with_name("java_kernel").glob("*.java"))
    classes = folder / "classes"
    if all(
        (kept := classes / source.name).is_file() and kept.read_bytes() == source.read_bytes() for source in sources
    ):
        return
    part = folder / "classes.part"
    shutil.rmtree(part, ignore_errors=True)
    command = [f"{java_home}/bin/javac", "--release", "17", "-d", part, "-cp", folder / "jjava.jar", *sources]
    subprocess.run(command, check=True)
    for source in sources:
        shutil.copyfile(source, part / source.name)
    shutil.rmtree(classes, ignore_errors=True)
    part.replace(classes)


def write(path, value):
    text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
