"""All executed notebooks on one HTML page that needs nothing from the network."""

import base64
import html
import json
import pathlib
import re

import latex2mathml.converter
import nbformat
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments.formatters import HtmlFormatter

STYLE = pathlib.Path(__file__).with_name("page.css")
SCRIPT = STYLE.with_name("page.js")
NETWORKS = ("Smallest network", "Plain truncation")  # of drawing.json, in this order


class OfflineRenderer(IPythonRenderer):
    """Formulas as MathML, which browsers show without a script; what the converter cannot read stays TeX."""

    def block_math(self, body):
        return mathml(body, "block") or super().block_math(body)

    def inline_math(self, body):
        return mathml(body, "inline") or super().inline_math(body)


def mathml(tex, display):
    try:
        return latex2mathml.converter.convert(tex, display=display)
    except Exception:  # it raises what it likes on TeX it does not know
        return None


class OfflineExporter(HTMLExporter):
    template_name = "basic"

    def markdown2html(self, context, source):
        path = context.get("resources", {}).get("metadata", {}).get("path", "")
        attachments = context.get("cell", {}).get("attachments", {})
        renderer = OfflineRenderer(
            escape=False, attachments=attachments, embed_images=True, path=path, exclude_anchor_links=True
        )
        return MarkdownWithMath(renderer=renderer).render(source)

    markdown2html.jinja_pass_arg = HTMLExporter.markdown2html.jinja_pass_arg


def page(notebooks, run, provenance, folder, drawing=None):
    """The page as text. `notebooks` are executed .ipynb files, `run`, `provenance` and `drawing` what the files of
    these names hold, `folder` where pictures linked from Markdown are found."""
    bodies, contents = [], []
    for path in notebooks:
        body = section(path, folder)
        if drawing and int(drawing["part"]) == int(path.name[:2]):
            body += square(path.stem, drawing)
        bodies.append(f'<section id="{path.stem}">\n{body}\n</section>')
        contents += entries(path.stem, body)
    facts = [f"{run.get('profile', 'unknown')} run", run.get("data"), run.get("started"), run.get("commit")]
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<title>Low-rank Notebooks: report</title>",
            f"<style>\n{HtmlFormatter(style='default').get_style_defs('.highlight')}\n{STYLE.read_text('utf-8')}</style>",
            "</head>\n<body>\n<h1>Low-rank Notebooks: report</h1>",
            f"<p>{html.escape(', '.join(fact for fact in facts if fact))}</p>",
            "<details><summary>Provenance</summary>",
            f"<pre>{html.escape(json.dumps(provenance, indent=1))}</pre></details>",
            "<nav>\n<ul>\n" + "\n".join(contents) + "\n</ul>\n</nav>",
            *bodies,
            "</body>\n</html>\n",
        ]
    )


def section(path, folder):
    notebook = nbformat.read(path, as_version=4)
    body, _ = OfflineExporter().from_notebook_node(notebook, {"metadata": {"path": str(folder)}})
    soup = BeautifulSoup(body, "html.parser")
    for element in soup.select("[id]"):
        element["id"] = f"{path.stem}-{element['id']}"
    for link in soup.select("a[href]"):
        other = re.fullmatch(r"(\d\d-[\w-]+)\.ipynb", link["href"])
        if other:
            link["href"] = f"#{other[1]}"
        elif link["href"].startswith("#"):
            link["href"] = f"#{path.stem}-{link['href'][1:]}"
        elif link["href"].startswith("../"):
            link["href"] = f"../{link['href']}"  # notebooks/ is one folder below the project, target/report/ two
    return str(soup)


def square(stem, drawing):
    """A square to draw in, with the two networks of drawing.json; it stays hidden where scripts are not run."""
    networks = zip(NETWORKS, drawing["networks"], strict=True)
    heads = [
        f'<th scope="col"><b>{name}</b><br>{network["parameters"]:,} numbers<br>{network["bytes"] / 1000:.0f} kB</th>'
        for name, network in networks
    ]
    digits = [f'<option value="{i}">{label}</option>' for i, label in enumerate(base64.b64decode(drawing["labels"]))]
    rows = [f'<tr><th scope="row">{digit}</th><td></td><td></td></tr>' for digit in range(10)]
    data = html.escape(drawing["data"])
    numbers = json.dumps(drawing, separators=(",", ":")).replace("<", "\\u003c")
    return f"""
<div class="square" hidden>
<h2 id="{stem}-square">Draw a digit yourself</h2>
<p>Two networks classify it while you draw, and nothing leaves this page: the smallest network of this report, and what
plain truncation to about the same size leaves of the dense network. Each column shows how a network divides 100 % among
the ten digits.</p>
<p>Both were trained on {data}, and strokes drawn here are not {data}: they are scaled and centred in the same way, but
drawn with a mouse or a finger and not with a pen on paper. The accuracies in this report do not hold for them.</p>
<div>
<canvas width="560" height="560" role="img" aria-label="Square to draw in, with mouse, pen or finger"></canvas>
<div>
<table><thead><tr><th scope="col">Digit</th>{"".join(heads)}</tr></thead>
<tbody>{"".join(rows)}</tbody></table>
<p role="status"></p>
</div>
</div>
<p><button type="button">Clear</button>
<label>Or choose a test digit: <select><option value="">none</option>{"".join(digits)}</select></label></p>
<p><canvas width="28" height="28" role="img" aria-label="What is in the square, as the networks see it"></canvas>
In 28 &times; 28 pixels</p>
<script type="application/json">{numbers}</script>
<script>
{SCRIPT.read_text("utf-8")}</script>
</div>
"""


def entries(stem, body):
    """One line of the contents for the notebook's title, one for each of its larger headings."""
    lines = []
    for heading in BeautifulSoup(body, "html.parser").select("h1, h2"):
        target = stem if heading.name == "h1" else heading.get("id", stem)
        lines.append(f'<li class="{heading.name}"><a href="#{target}">{html.escape(heading.get_text())}</a></li>')
    return lines or [f'<li class="h1"><a href="#{stem}">{html.escape(stem)}</a></li>']
