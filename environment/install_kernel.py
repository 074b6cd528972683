"""Points the kernel `java` of the Python that runs this at environment/kernel: install_kernel.py JAVA_HOME.

Also answers JupyterLab's first question, whether it may fetch news, with no.
"""

import json
import pathlib
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
            "{resource_dir}/jjava.jar",
            "{connection_file}",
        ],
        "display_name": "Java",
        "language": "java",
        "interrupt_mode": "message",
        "env": {"JAVA_HOME": java_home},
    }
    write(folder / "kernel.json", spec)
    write(
        SHARE / "lab" / "settings" / "overrides.json",
        {NOTICES: {"fetchNews": "false", "checkForUpdates": False}},
    )


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
