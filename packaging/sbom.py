#!/usr/bin/python3
"""Turns `cargo metadata` into a bill of materials in CycloneDX 1.5: cargo metadata … | packaging/sbom.py SECONDS

Lists what is linked into the program, tests and build tools left out. SECONDS is the time that it bears.
"""

import datetime
import json
import sys

metadata = json.load(sys.stdin)
packages = {package["id"]: package for package in metadata["packages"]}
nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
root = metadata["resolve"]["root"]


def linked(start):
    found, todo = {start}, [start]
    while todo:
        for dependency in nodes[todo.pop()]["deps"]:
            is_linked = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            if is_linked and dependency["pkg"] not in found:
                found.add(dependency["pkg"])
                todo.append(dependency["pkg"])
    return sorted(found, key=lambda key: (packages[key]["name"], packages[key]["version"]))


def component(key):
    package = packages[key]
    purl = f"pkg:cargo/{package['name']}@{package['version']}"
    entry = {"type": "application" if key == root else "library", "bom-ref": purl, "name": package["name"],
             "version": package["version"], "purl": purl}
    if package.get("license"):
        entry["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    return entry


keys = linked(root)
reference = {key: component(key)["bom-ref"] for key in keys}
time = datetime.datetime.fromtimestamp(int(sys.argv[1]), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
bill = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "version": 1,
    "metadata": {"timestamp": time, "component": component(root)},
    "components": [component(key) for key in keys if key != root],
    "dependencies": [
        {"ref": reference[key],
         "dependsOn": sorted({reference[dep["pkg"]] for dep in nodes[key]["deps"] if dep["pkg"] in reference})}
        for key in keys
    ],
}
json.dump(bill, sys.stdout, indent=1)
