"""Points the kernel specification `java` of the Python that runs this at environment/kernel: install_kernel.py JAVA_HOME."""

import json
import pathlib
import sys


def main(java_home):
    folder = pathlib.Path(sys.prefix, "share", "jupyter", "kernels", "java")
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
    text = json.dumps(spec, indent=1, ensure_ascii=False) + "\n"
    target = folder / "kernel.json"
    if target.read_text(encoding="utf-8") != text:
        part = target.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        part.replace(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
