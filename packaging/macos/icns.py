#!/usr/bin/python3
"""Packs the PNGs of assets/icon into an icns file: packaging/macos/icns.py FILE"""

import pathlib
import struct
import sys

# Kinds of entries that take a PNG, and the width of each in pixels.
KINDS = {b"icp4": 16, b"icp5": 32, b"icp6": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512,
         b"ic11": 32, b"ic12": 64, b"ic13": 256, b"ic14": 512}

icons = pathlib.Path(__file__).resolve().parents[2] / "assets" / "icon"
entries = b""
for kind, width in KINDS.items():
    png = (icons / f"{width}.png").read_bytes()
    entries += kind + struct.pack(">I", len(png) + 8) + png
pathlib.Path(sys.argv[1]).write_bytes(b"icns" + struct.pack(">I", len(entries) + 8) + entries)
