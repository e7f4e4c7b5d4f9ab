"""What the mutation test takes from elsewhere: graphs with their states, mutants that are none."""
import json
import pathlib
import re

from governance_graphs import KINDS, make_case
from governance_model import Model

GRAPHS = 100  # of each kind
EQUIVALENT = pathlib.Path(__file__).resolve().parent / "mutants_equivalent.txt"


def generate_graphs(folder):
    """Cases of each kind, with what the model makes of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        file = folder / f"generated-{kind}.json"
        if kind == "large" or file.exists():
            continue
        cases = [make_case(9, number, kind) for number in range(GRAPHS)]
        for case in cases:
            case["expect"] = Model(case["entries"]).result()
        file.write_text(json.dumps(cases))


def equivalents():
    """Lines "FILE: WHAT: CODE", each with its reason; a line that begins with two spaces is one."""
    known, row = {}, None
    for line in EQUIVALENT.read_text().splitlines():
        if line.startswith("  ") and row:
            known[row] = (known[row] + " " + line.strip()).strip()
        elif line and not line.startswith("#"):
            row = line
            known[row] = ""
    return known


def without_line(row):
    """A mutant stays the same one when it moves."""
    return re.sub(r"^([^:]+):\d+:", r"\1:", row)
