#!/usr/bin/env python3
"""A decoder for mqttree: reads the three bytes of a sensor. Choose it with a decoder rule:

    command:python3 /path/to/decode-command.py

mqttree starts it with the first message and keeps it. Each payload comes on standard input behind its length, four
bytes with the highest first; the answer is one line of JSON, within 200 ms and 1 MiB. An empty line says that the
payload is not for this decoder. When the input ends, so does the program.
"""

import json
import struct
import sys


def decode(payload):
    if len(payload) != 3:
        return None
    temperature, rssi = struct.unpack("<Hb", payload)
    return {"temp": temperature / 100, "rssi": rssi}


def main():
    source = sys.stdin.buffer
    while head := source.read(4):
        payload = source.read(struct.unpack(">I", head)[0])
        value = decode(payload)
        print("" if value is None else json.dumps(value), flush=True)


if __name__ == "__main__":
    main()
