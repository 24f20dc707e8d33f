#!/usr/bin/python3
"""Measures the real window under load and prints each figure beside what is wanted of it. Called by scripts/bench.

    scripts/in-window --no-screen-reader tests/window/measure.py MQTTREE FLOOD [--quick] [ROW...]

The load comes from examples/flood.rs at full speed and shares the machine with the program and the software renderer.
What the program says of itself (--perf-log) is read line by line; CPU time and memory are the kernel's. The window is
operated by keys and wheel alone: a screen reader would be measured too. Exit status: 0 if every figure reaches what is
wanted and every count is exact, else 1.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

MILLION = 1_000_000
MIB = 1 << 20
PATIENCE_S = 60
# So many seconds of frames are looked at.
FRAME_SECONDS = 6
# More messages than any machine takes in while they are.
ENDLESS = 1_000_000 * MILLION
# What --quick leaves of the longest stream.
QUICK_SHARE = 0.2


class Failed(Exception):
    """What was waited for did not come."""


class Flood:
    """The load source, with one stream for every client that subscribes."""

    def __init__(self, binary, messages, topics, *, payload="json", shape="flat", delay_ms=200, extra=()):
        self.messages = messages
        self.port = free_port()
        arguments = ["--port", self.port, "--messages", messages, "--topics", topics, "--payload", payload]
        arguments += ["--shape", shape, "--delay", delay_ms, *extra]
        self.process = subprocess.Popen([binary, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
        self.ended = []
        threading.Thread(target=self.read, daemon=True).start()
        until(lambda: listens(self.port), "the load source listens")

    def read(self):
        for line in self.process.stdout:
            self.ended.append((time.time(), json.loads(line)))

    def stream(self):
        """When the stream ended, and what was said of it."""
        until(lambda: self.ended, "the load source says how long its stream took")
        return self.ended[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end(self.process)


class Giant(threading.Thread):
    """A broker for one client, which sends one message as large as MQTT allows, and small ones when told to."""

    LARGEST = 268_435_455
    TOPIC = b"giant"

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.go = threading.Event()
        self.payload_bytes = self.LARGEST - 2 - len(self.TOPIC)
        self.client = None
        self.start()

    def run(self):
        self.client, _ = self.listener.accept()
        stream = self.client.makefile("rb")
        self.packet(stream)
        self.client.sendall(b"\x20\x02\x00\x00")
        first, body = self.packet(stream)
        if first & 0xF0 != 0x80:
            raise Failed(f"a packet {first:#x} instead of SUBSCRIBE")
        self.client.sendall(b"\x90\x03" + body[:2] + b"\x00")
        self.go.wait()
        self.deliver()

    def deliver(self):
        # Numbers, so that the beginning and the end can be told from each other.
        block = b"".join(b"%07d " % number for number in range(1 << 17))
        self.client.sendall(b"\x30\xff\xff\xff\x7f" + len(self.TOPIC).to_bytes(2) + self.TOPIC)
        left = self.payload_bytes
        while left:
            part = block[: min(left, len(block))]
            self.client.sendall(part)
            left -= len(part)

    def send_small(self, count):
        body = len(self.TOPIC).to_bytes(2) + self.TOPIC + b"small"
        self.client.sendall((b"\x30" + bytes([len(body)]) + body) * count)

    @staticmethod
    def packet(stream):
        first, length, shift = stream.read(1)[0], 0, 0
        while True:
            byte = stream.read(1)[0]
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return first, stream.read(length)


class OnePayload(Giant):
    """Sends one payload when it is told to, on a topic of its own."""

    TOPIC = b"payload"

    def __init__(self, payload):
        self.payload = payload
        super().__init__()

    def deliver(self):
        left, length = 2 + len(self.TOPIC) + len(self.payload), b""
        while True:
            left, byte = left >> 7, left & 0x7F
            length += bytes([byte | (0x80 if left else 0)])
            if not left:
                break
        self.client.sendall(b"\x30" + length + len(self.TOPIC).to_bytes(2) + self.TOPIC)
        self.client.sendall(self.payload)


def payload_of(kind, size):
    """A payload of many small readings, about as large as it should be."""
    if kind == "JSON":
        item = b'{"ts":1763865434123,"device":"machine-17","data":{"temperature":42.5,"rpm":1480,"ok":true},"unit":"C"}'
        return b"[" + b",".join([item] * max(1, size // (len(item) + 1))) + b"]"
    if kind == "CBOR":
        # {"temp": 21.5, "id": 1234567}, in an array of any length.
        item = b"\xa2\x64temp\xf9\x4d\x60\x62id\x1a\x00\x12\xd6\x87"
        return b"\x9f" + item * max(1, size // len(item)) + b"\xff"
    # A repeated field of messages: a number, a text and a float.
    item = b"\x0a\x14\x08\x96\x01\x12\x0amachine-17\x1d\x00\x00\x2a\x42"
    return item * max(1, size // len(item))


class Mosquitto:
    """A real broker that takes everybody."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="mqttree-bench.")
        self.port = free_port()
        config = os.path.join(self.home, "mosquitto.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(f"listener {self.port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n")
        self.process = subprocess.Popen([self.binary(), "-c", config], stderr=subprocess.DEVNULL)
        until(lambda: listens(self.port), "mosquitto listens")

    @staticmethod
    def binary():
        """Debian has it where an ordinary user's path does not lead."""
        return shutil.which("mosquitto", path=os.environ["PATH"] + ":/usr/sbin")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end(self.process)
        shutil.rmtree(self.home, ignore_errors=True)

    def connect(self):
        client = socket.create_connection(("127.0.0.1", self.port))
        client.sendall(b"\x10\x10\x00\x04MQTT\x04\x02\x00\x00\x00\x04load")
        if client.recv(4) != b"\x20\x02\x00\x00":
            raise Failed("mosquitto refused the publisher")
        return client


class Program:
    """The running window and what it says of itself."""

    def __init__(self, binary, port, version, settings, profiles):
        self.home = tempfile.mkdtemp(prefix="mqttree-bench.")
        os.makedirs(os.path.join(self.home, "config"))
        if settings:
            with open(os.path.join(self.home, "config", "settings.toml"), "w", encoding="utf-8") as file:
                file.write(settings)
        if profiles:
            with open(os.path.join(self.home, "config", "profiles.toml"), "w", encoding="utf-8") as file:
                file.write(profiles)
        log = os.path.join(self.home, "perf.jsonl")
        command = [binary, "--perf-log", log]
        if profiles:
            command += ["--profile", "bench"]
        elif port:
            command += ["-V", version, f"mqtt://127.0.0.1:{port}"]
        self.lines = []
        self.started = time.time()
        self.process = subprocess.Popen(command, env=os.environ | {"MQTTREE_HOME": self.home})
        self.log = log
        self.hands = None
        self.stopped = False
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        while not os.path.exists(self.log) and not self.stopped:
            time.sleep(0.01)
        with open(self.log, encoding="utf-8") as log:
            rest = ""
            while not self.stopped:
                rest += log.readline()
                if rest.endswith("\n"):
                    self.lines.append(json.loads(rest))
                    rest = ""
                else:
                    time.sleep(0.02)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.rest_hands()
        self.stopped = True
        end(self.process)
        shutil.rmtree(self.home, ignore_errors=True)

    def until(self, test, seconds, what):
        """The first line of the log for which `test` holds, from the next one on."""
        deadline, at = time.time() + seconds, len(self.lines)
        while time.time() < deadline:
            while at < len(self.lines):
                if test(self.lines[at]):
                    return self.lines[at]
                at += 1
            if self.process.poll() is not None:
                raise Failed(f"mqttree ended with status {self.process.returncode}")
            time.sleep(0.01)
        last = self.lines[-1] if self.lines else "no line"
        raise Failed(f"{what}: not within {seconds} s; the last line was {last}")

    def next_lines(self, count):
        """The next lines, from one that begins now."""
        at = len(self.lines) + 1
        self.until(lambda _: len(self.lines) >= at + count, count + PATIENCE_S, f"{count} lines")
        return self.lines[at : at + count]

    def cpu_seconds(self):
        return cpu_seconds(self.process.pid)

    def window(self):
        deadline = time.time() + PATIENCE_S
        while time.time() < deadline:
            found = xdotool("search", "--onlyvisible", "--pid", self.process.pid, check=False).split()
            if found:
                return found[-1]
            time.sleep(0.02)
        raise Failed("the program shows no window")

    def key(self, *keys):
        xdotool("windowfocus", "--sync", self.window())
        xdotool("key", "--delay", "30", *keys)

    def type(self, text):
        xdotool("type", "--delay", "10", "--", text)

    def point_at_tree(self):
        xdotool("mousemove", "--window", self.window(), "200", "300")

    def click_first_row(self):
        xdotool("mousemove", "--window", self.window(), "100", "106")
        xdotool("click", "1")

    def scroll_all_the_time(self):
        """Somebody turns the wheel, down and up again, until `rest_hands`."""
        self.point_at_tree()
        script = "while :; do xdotool click --repeat 60 --delay 25 5; xdotool click --repeat 40 --delay 25 4; done"
        self.hands = subprocess.Popen(["sh", "-c", script], start_new_session=True)

    def rest_hands(self):
        if self.hands:
            os.killpg(self.hands.pid, 15)
            self.hands.wait()
            self.hands = None


def frames(lines):
    """The slowest frames of some seconds: percentiles over all would hide a bad second among good ones."""
    names = ("frame_cpu_ms_p99", "frame_cpu_ms_max", "frame_ms_p99", "frame_ms_max", "frame_lock_ms_max")
    worst = {name: max((line[name] for line in lines), default=0.0) for name in names}
    # Of the whole time: the 99th percentile of each second weighs as many frames as that second had.
    p99s = sorted((line["frame_cpu_ms_p99"], line["frames"]) for line in lines)
    total, seen = sum(count for _, count in p99s), 0
    worst["typical_p99"] = 0.0
    for value, count in p99s:
        seen += count
        if seen >= total / 2:
            worst["typical_p99"] = value
            break
    worst["fps"] = total / max(len(lines), 1)
    return worst


class Table:
    """What was measured, and what is wanted."""

    def __init__(self):
        self.failed = False
        self.rows = []

    def add(self, what, measured, reach="", beyond="", *, ok=None, better=None):
        """`ok`: whether it reaches what is wanted; `better`: whether it goes beyond."""
        verdict = "" if ok is None else "beyond" if better else "ok" if ok else "MISSED"
        self.failed |= ok is False
        self.rows.append((what, measured, reach, beyond, verdict))
        print(f"   {what}: {measured}   {verdict}", file=sys.stderr, flush=True)

    def rate(self, what, rate, reach, beyond):
        self.add(what, f"{rate:,.0f}/s", f"{reach:,}/s", f"{beyond:,}/s", ok=rate >= reach, better=rate >= beyond)

    def most(self, what, value, reach, beyond, unit, digits=1):
        better = beyond is not None and value <= beyond
        texts = [f"{number:,.{digits}f} {unit}" if number is not None else "" for number in (value, reach, beyond)]
        self.add(what, *texts, ok=value <= reach, better=better)

    def exact(self, what, line, messages):
        good = line["messages"] == messages and line["lost"] == 0
        self.add(f"{what}: counted", f"{line['messages']:,}, {line['lost']} lost", f"{messages:,}, 0 lost", ok=good)

    def frames(self, what, lines):
        found = frames(lines)
        if len(lines) < FRAME_SECONDS / 2 or found["fps"] == 0:
            self.add(f"{what}: frame CPU", f"not measured: {len(lines)} seconds, {found['fps']:.0f} frames/s", ok=False)
            return
        self.most(f"{what}: frame CPU, p99 of the worst second", found["frame_cpu_ms_p99"], 8, 4, "ms")
        note = (
            f"slowest {found['frame_cpu_ms_max']:.1f} ms CPU; on the clock p99 {found['frame_ms_p99']:.1f} ms, slowest "
            f"{found['frame_ms_max']:.1f} ms, of it waiting for the model at most {found['frame_lock_ms_max']:.1f} ms; "
            f"{found['fps']:.0f} frames/s; median second's p99 {found['typical_p99']:.1f} ms"
        )
        self.add(f"{what}: frames", note)

    def print(self):
        head = ("what", "measured", "reach", "beyond", "")
        rows = [head, *self.rows]
        # Notes may be as long as they like: they come last in the width of their column.
        widths = [max(len(row[column]) for row in rows if len(row[column]) <= 60) for column in range(4)]
        for index, row in enumerate(rows):
            print("  ".join(f"{cell:<{width}}" for cell, width in zip(row, (*widths, 0))).rstrip())
            if index == 0:
                print("  ".join("-" * width for width in widths))


class Bench:
    def __init__(self, binary, flood, quick):
        self.binary, self.flood_binary, self.quick = binary, flood, quick
        self.table = Table()
        self.ingested = {}

    def scaled(self, messages):
        return int(messages * QUICK_SHARE) if self.quick else messages

    def flood(self, *arguments, **options):
        return Flood(self.flood_binary, *arguments, **options)

    def open(self, port=None, version="311", settings="", profiles=""):
        return Program(self.binary, port, version, settings, profiles)

    # The rows. Each is called by its name on the command line, with "_" as "-".

    def ingest_1k(self):
        """1,000 topics, JSON payloads, 10 million messages, tree expanded and scrolled, MQTT 3.1.1 and 5."""
        self.both_versions("1,000 topics", 10 * MILLION, 1_000, 500_000, 1_000_000)

    def ingest_1m(self):
        """1,000,000 topics, 5 million messages, the same."""
        self.both_versions("1,000,000 topics", 5 * MILLION, MILLION, 250_000, 500_000)

    def both_versions(self, what, messages, topics, reach, beyond):
        rates = [self.ingest(what, messages, topics, version, reach, beyond) for version in ("311", "5")]
        share = (1 - rates[1] / rates[0]) * 100
        text = f"{share:+.0f} % slower" if share > 0 else f"{-share:.0f} % faster"
        self.table.add(f"{what}: MQTT 5 against 3.1.1", text, "20 % slower", "equal", ok=share <= 20, better=share <= 2)

    def ingest(self, what, messages, topics, version, reach, beyond):
        name = f"{what}, MQTT {'3.1.1' if version == '311' else '5'}"
        with self.flood(messages, topics, delay_ms=3_000) as flood, self.open(flood.port, version) as program:
            program.until(lambda line: line["first_frame_unix_seconds"] > 0, PATIENCE_S, "the first frame")
            cpu, threads = program.cpu_seconds(), cpu_by_thread(program.process.pid)
            program.until(lambda line: line["messages"] > 0, PATIENCE_S, "the first message")
            program.key("ctrl+shift+e")
            program.scroll_all_the_time()
            last = program.until(lambda line: line["messages"] >= messages, 600, f"{messages:,} messages")
            cpu = program.cpu_seconds() - cpu
            parts = shares(threads, cpu_by_thread(program.process.pid), messages)
            program.rest_hands()
            seconds = self.ingest_seconds(program, flood, messages)
            rate = messages / seconds
            self.table.rate(name, rate, reach, beyond)
            self.table.exact(name, last, messages)
            self.ingested[(topics, version)] = (cpu / messages, rate)
            backlog = max(line["backlog_bytes"] for line in program.lines)
            note = f"{cpu * 1e6 / messages:.2f} µs per message: {parts}; backlog up to {backlog / MIB:.0f} MiB"
            self.table.add(f"{name}: CPU", note)
        self.drawn(name, topics, version=version)
        self.mosquitto_sub(name, messages, topics, version)
        return rate

    def drawn(self, name, topics, version="311", settings="", **stream):
        """The frames at full load, from a stream without end, so that it lasts however fast the window takes it in."""
        with self.flood(ENDLESS, topics, delay_ms=3_000, **stream) as flood, self.open(flood.port, version, settings) as program:
            program.until(lambda line: line["topics"] >= topics, PATIENCE_S, f"{topics:,} topics")
            program.key("ctrl+shift+e")
            program.scroll_all_the_time()
            # The second in which everything is expanded, wherever the key fell, is no part of it; what expanding costs
            # is measured by `million`.
            program.next_lines(2)
            lines = program.next_lines(FRAME_SECONDS)
            program.rest_hands()
            flows = all(line["messages_per_second"] > 0 and line["lost"] == 0 for line in lines)
            count = lines[-1]["messages"] - lines[0]["messages"]
            self.table.add(f"{name}, for {FRAME_SECONDS} s", f"{count:,} messages", "each second, 0 lost", ok=flows)
            self.table.frames(name, lines)

    @staticmethod
    def ingest_seconds(program, flood, messages):
        """From the first byte until the last message was in the model."""
        ended, stream = flood.stream()
        last = next(line for line in program.lines if line["messages"] + line["lost"] >= messages)
        return last["taken_unix_seconds"] - (ended - stream["seconds"])

    def mosquitto_sub(self, name, messages, topics, version):
        """The same stream into mosquitto_sub, which writes to nothing."""
        if not shutil.which("mosquitto_sub"):
            self.table.add(f"{name}: mosquitto_sub", "not installed")
            return
        messages = min(messages, MILLION)
        with self.flood(messages, topics) as flood:
            began = time.time()
            command = ["mosquitto_sub", "-p", str(flood.port), "-V", {"311": "mqttv311", "5": "mqttv5"}[version]]
            command += ["-t", "#", "-v", "-C", str(messages)]
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0
            seconds = time.time() - began - 0.2
        cpu = (usage.ru_utime + usage.ru_stime) / messages
        own_cpu, own_rate = self.ingested[(topics, version)]
        note = (
            f"{messages / seconds:,.0f}/s, {cpu * 1e6:.2f} µs CPU per message: mqttree takes {own_cpu / cpu:.2f} of its CPU "
            f"and {messages / seconds / own_rate:.2f} of its time"
        )
        self.table.add(f"{name}: mosquitto_sub", note)

    def million(self):
        """A burst of 1,000,000 new topics with one small message each: slowest frame, memory; then a search."""
        with self.flood(MILLION, MILLION, payload="number", delay_ms=6_000) as flood, self.open(flood.port) as program:
            program.until(lambda line: line["first_frame_unix_seconds"] > 0, PATIENCE_S, "the first frame")
            empty = program.next_lines(2)[-1]["resident_bytes"]
            first = program.until(lambda line: line["messages"] > 0, PATIENCE_S, "the first message")
            first = program.lines.index(first)
            last = program.until(lambda line: line["topics"] >= MILLION, 120, "a million topics")
            burst = program.lines[first : program.lines.index(last) + 2]
            self.table.exact("1 M new topics", last, MILLION)
            found = frames(burst)
            self.table.most("1 M new topics: slowest frame, CPU", found["frame_cpu_ms_max"], 33, 16, "ms")
            self.table.most("1 M new topics: slowest frame, clock", found["frame_ms_max"], 33, 16, "ms")
            self.table.add("1 M new topics: waiting for the model", f"at most {found['frame_lock_ms_max']:.1f} ms in a frame")
            settled = program.next_lines(3)[-1]["resident_bytes"]
            self.table.most("memory of 1 M topics beyond the empty window", (settled - empty) / MIB, 350, 200, "MiB", 0)
            self.expand("1 M topics", program)
            self.search(program)

    def expand(self, what, program):
        at = len(program.lines)
        program.key("ctrl+shift+e")
        program.scroll_all_the_time()
        lines = program.next_lines(4)
        program.rest_hands()
        found = frames(program.lines[at:])
        self.table.most(f"{what}, expanding all: slowest frame, CPU", found["frame_cpu_ms_max"], 33, 16, "ms")
        found = frames(lines)
        self.table.most(f"{what}, expanded, scrolled: frame CPU, p99", found["frame_cpu_ms_p99"], 8, 4, "ms")

    def search(self, program):
        program.next_lines(1)
        for text, what in (("temperature", "100,000 match"), ("device-04242", "100 match")):
            program.key("ctrl+f")
            at = len(program.lines)
            # Each letter begins anew, faster than a person types: what is timed is the search after the last one.
            program.type(text)
            program.until(lambda line: line["search_done_ms"] is not None, PATIENCE_S, "the search's end")
            lines = program.next_lines(2)
            found = frames(program.lines[at:])
            what = f"search of 1 M topics, {what}"
            # The few are found where they are: the first of a hundred lies at 42 % of all.
            if text == "temperature":
                self.table.most(f"{what}: first match", lines[-1]["search_first_ms"], 16, None, "ms")
            self.table.most(f"{what}: complete", lines[-1]["search_done_ms"], 250, 100, "ms")
            self.table.most(f"{what}: slowest frame, CPU", found["frame_cpu_ms_max"], 16, None, "ms")

    def wide(self):
        """One parent with 1,000,000 children, expanded, sorted by name, scrolled to any place."""
        with self.flood(MILLION, MILLION, payload="number", shape="wide", delay_ms=4_000) as flood, self.open(flood.port) as program:
            program.until(lambda line: line["first_frame_unix_seconds"] > 0, PATIENCE_S, "the first frame")
            empty = program.next_lines(2)[-1]["resident_bytes"]
            program.until(lambda line: line["messages"] > 0, PATIENCE_S, "the first message")
            program.key("ctrl+shift+e")
            at = len(program.lines)
            last = program.until(lambda line: line["topics"] >= MILLION, 120, "a million topics")
            self.table.exact("1 M children", last, MILLION)
            found = frames(program.lines[at:])
            self.table.most("1 M children arrive, expanded: slowest frame, CPU", found["frame_cpu_ms_max"], 33, 16, "ms")
            self.table.most("1 M children arrive, expanded: slowest frame, clock", found["frame_ms_max"], 33, 16, "ms")
            settled = program.next_lines(3)[-1]["resident_bytes"]
            self.table.most("memory of 1 M children beyond the empty window", (settled - empty) / MIB, 350, 200, "MiB", 0)
            window = program.window()
            program.point_at_tree()
            xdotool("click", "1")
            at = len(program.lines)
            for key in ("End", "Home", "Next", "Next", "End", "Prior"):
                program.key(key)
                time.sleep(0.3)
            # The bar, dragged from the top to the bottom in steps.
            x, top, bottom = self.bar(window)
            xdotool("mousemove", "--window", window, x, top, "mousedown", "1")
            for step in range(40):
                xdotool("mousemove", "--window", window, x, top + (bottom - top) * step // 40)
                time.sleep(0.05)
            xdotool("mouseup", "1")
            program.next_lines(1)
            found = frames(program.lines[at:])
            self.table.most("1 M children, scrolled anywhere: frame CPU, p99", found["frame_cpu_ms_p99"], 8, 4, "ms")
            self.table.most("1 M children, scrolled anywhere: slowest frame, CPU", found["frame_cpu_ms_max"], 33, 16, "ms")

    @staticmethod
    def bar(window):
        """Where the tree's scroll bar is: the tree has 55 % of the window, less its bars above and below."""
        size = dict(line.split("=") for line in xdotool("getwindowgeometry", "--shell", window).split() if "=" in line)
        return int(int(size["WIDTH"]) * 0.55) - 6, 90, int(int(size["HEIGHT"]) - 330)

    def columns(self):
        """1,000,000 topics with all columns that fit, trends and bytes per second among them, while numbers keep coming."""
        names = ("trend", "size", "qos", "retained", "topics_below", "last_change", "messages", "rate", "byte_rate", "age")
        settings = "".join(f"[columns.{name}]\nshown = true\n" for name in names)
        self.drawn("1,000,000 topics, all columns", MILLION, settings=settings, payload="number")

    def long(self):
        """100 million messages on 1,000 topics: memory stays within the history's budget."""
        messages = self.scaled(100 * MILLION)
        with self.flood(messages, 1_000, delay_ms=3_000) as flood, self.open(flood.port) as program:
            program.until(lambda line: line["first_frame_unix_seconds"] > 0, PATIENCE_S, "the first frame")
            empty = program.next_lines(1)[-1]["resident_bytes"]
            last = program.until(lambda line: line["messages"] >= messages, 1_800, f"{messages:,} messages")
            settled = program.next_lines(2)[-1]["resident_bytes"]
            peak = max(line["resident_bytes"] for line in program.lines)
            self.table.exact(f"{messages:,} messages", last, messages)
            self.table.most("memory after them beyond the empty window", (settled - empty) / MIB, 256 + 100, None, "MiB", 0)
            third = [line["resident_bytes"] for line in program.lines if line["messages"] > messages / 3]
            growth = (third[-1] - third[0]) / MIB
            note = f"{growth:+.0f} MiB over the last two thirds, at most {(peak - empty) / MIB:.0f} MiB"
            self.table.add("memory: growth", note, "flat", ok=growth < 20)

    def storm(self):
        """Every message a new topic, beyond the tree's limit: known topics go on, the refused cost little."""
        topics = 3 * MILLION
        settings = "tree_limit_mib = 256\n"
        with self.flood(2 * topics, topics, payload="number", delay_ms=3_000) as flood, self.open(flood.port, settings=settings) as program:
            last = program.until(lambda line: line["messages"] + line["lost"] >= 2 * topics, 300, "the storm's end")
            total = last["messages"] + last["lost"]
            good = total == 2 * topics and last["lost"] == last["refused_messages"] > 0
            note = f"{last['topics']:,} topics, {last['refused_messages']:,} messages of new ones counted and not added"
            self.table.add("topic storm at a tree of 256 MiB", note, "all counted", ok=good)
            seconds = self.ingest_seconds(program, flood, 2 * topics)
            self.table.rate("topic storm: all messages", 2 * topics / seconds, 250_000, 500_000)
            full = [line for line in program.lines if line["refused_messages"] > 0]
            self.table.frames("topic storm, tree full", full[1:])
            self.picture(program, "storm")

    def broker(self):
        """A real mosquitto with 20,000 messages a second: a broker writes one by one, and each could wake the reader."""
        if not shutil.which("mosquitto_sub") or not Mosquitto.binary():
            self.table.add("mosquitto", "not installed")
            return
        per_second, seconds = 20_000, 10
        messages = per_second * seconds
        with Mosquitto() as broker, contextlib.closing(broker.connect()) as load, self.open(broker.port) as program:
            program.until(lambda line: line["first_frame_unix_seconds"] > 0, PATIENCE_S, "the first frame")
            command = ["mosquitto_sub", "-p", str(broker.port), "-t", "#", "-v", "-C", str(messages)]
            other = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            program.next_lines(2)
            cpu, threads = program.cpu_seconds(), cpu_by_thread(program.process.pid)
            began = time.time()
            for step in range(seconds * 100):
                body = [b"\x00\x0aload/%05d%d" % (number % 1_000, step) for number in range(per_second // 100)]
                load.sendall(b"".join(b"\x30" + bytes([len(part)]) + part for part in body))
                time.sleep(max(0.0, began + (step + 1) / 100 - time.time()))
            _, _, usage = os.wait4(other.pid, 0)
            other.returncode = 0
            last = program.until(lambda line: line["messages"] >= messages, PATIENCE_S, f"{messages:,} messages")
            cpu = (program.cpu_seconds() - cpu) / messages
            other_cpu = (usage.ru_utime + usage.ru_stime) / messages
            self.table.exact("mosquitto, 20,000/s", last, messages)
            parts = shares(threads, cpu_by_thread(program.process.pid), messages)
            note = f"{cpu * 1e6:.1f} µs CPU per message: {parts}; mosquitto_sub beside it {other_cpu * 1e6:.1f} µs"
            self.table.add("mosquitto, 20,000/s", note)
            self.table.frames("mosquitto, 20,000/s", program.lines[-seconds:])

    def giant(self):
        """A message as large as MQTT allows, looked at; then small ones on its topic, until its memory is back."""
        giant = Giant()
        with self.open(giant.port) as program:
            program.until(lambda line: line["first_frame_unix_seconds"] > 0, PATIENCE_S, "the first frame")
            before = program.next_lines(3)[-1]["resident_bytes"]
            giant.go.set()
            program.until(lambda line: line["messages"] >= 1, PATIENCE_S, "the giant message")
            at = len(program.lines)
            program.click_first_row()
            lines = program.next_lines(3)
            held = (lines[-1]["resident_bytes"] - before) / MIB
            peak = (max(line["resident_bytes"] for line in program.lines) - before) / MIB
            self.table.add("256 MiB payload, held and shown", f"{held:.0f} MiB more, at most {peak:.0f} MiB")
            found = frames(program.lines[at:])
            self.table.most("256 MiB payload: slowest frame, CPU", found["frame_cpu_ms_max"], 33, 16, "ms")
            self.picture(program, "giant")
            giant.send_small(10)
            program.until(lambda line: line["messages"] >= 11, PATIENCE_S, "the small ones")
            after = program.next_lines(4)[-1]["resident_bytes"]
            self.table.most("256 MiB payload: memory afterwards, beyond before", (after - before) / MIB, 30, 10, "MiB", 0)

    def views(self):
        """A payload is clicked and shown as values: the slowest frame meanwhile. How long decoding takes is measured without the window."""
        for kind, decoder in [("JSON", "json"), ("CBOR", "cbor"), ("Protobuf", "protobuf")]:
            for size, name in [(1_000, "1 kB"), (MILLION, "1 MB"), (100 * MILLION, "100 MB")]:
                if self.quick and size > MILLION:
                    continue
                sender = OnePayload(payload_of(kind, size))
                # Protobuf is never guessed. The largest two become more than the 64 MiB of JSON that are allowed at first.
                profile = f'[[profile]]\nid = "1"\nname = "bench"\nhost = "127.0.0.1"\nport = {sender.port}\nversion = "3.1.1"\n'
                profile += f'[[profile.decoders]]\nfilter = "#"\ndecoder = "{decoder}"\n'
                with self.open(sender.port, settings="decoded_limit_mib = 1024\n", profiles=profile) as program:
                    program.until(lambda line: line["first_frame_unix_seconds"] > 0, PATIENCE_S, "the first frame")
                    sender.go.set()
                    program.until(lambda line: line["messages"] >= 1, PATIENCE_S, "the payload")
                    at = len(program.lines)
                    program.click_first_row()
                    program.next_lines(10 if size > MILLION else 4)
                    slowest = frames(program.lines[at:])["frame_cpu_ms_max"]
                    self.table.most(f"{kind}, {name}, until it is shown: slowest frame, CPU", slowest, 33, 16, "ms")
                    self.picture(program, f"view-{kind}-{size}")

    @staticmethod
    def picture(program, name):
        folder = os.environ.get("BENCH_PICTURES")
        if folder:
            subprocess.run(["import", "-window", program.window(), os.path.join(folder, f"{name}.png")], check=True)

    def deep(self):
        """Twelve levels, 200,000 topics, expanded and scrolled: every message changes the counts of a dozen levels."""
        messages, topics, stream = 2 * MILLION, 200_000, {"payload": "number", "shape": "deep"}
        with self.flood(messages, topics, delay_ms=3_000, **stream) as flood, self.open(flood.port) as program:
            last = program.until(lambda line: line["messages"] >= messages, 120, f"{messages:,} messages")
            rate = messages / self.ingest_seconds(program, flood, messages)
            self.table.rate("12 levels deep", rate, 250_000, 500_000)
            self.table.exact("12 levels deep", last, messages)
        self.drawn("12 levels deep", topics, **stream)

    def idle(self):
        """Connected, nothing arrives, nothing moves: no frame. Then with 1,000 topics, whose ages grow."""
        with self.flood(0, 1, delay_ms=50) as flood, self.open(flood.port) as program:
            program.until(lambda line: line["first_frame_unix_seconds"] > 0, PATIENCE_S, "the first frame")
            program.next_lines(4)
            lines = program.next_lines(8)
            drawn = sum(line["frames"] for line in lines)
            self.table.most("idle, connected: frames/s", drawn / len(lines), 0, None, "", 2)
        with self.flood(1_000, 1_000, delay_ms=50) as flood, self.open(flood.port) as program:
            program.until(lambda line: line["messages"] >= 1_000, PATIENCE_S, "1,000 messages")
            program.next_lines(4)
            lines = program.next_lines(8)
            drawn = sum(line["frames"] for line in lines)
            self.table.most("1,000 topics, ages below a minute show: frames/s", drawn / len(lines), 1.2, None, "", 2)
            if not self.quick:
                program.next_lines(55)
                lines = program.next_lines(20)
                drawn = sum(line["frames"] for line in lines)
                self.table.most("1,000 topics, a minute later: frames/s", drawn / len(lines), 0.1, None, "", 2)

    def start(self):
        """From the process's start until its first frame is on the screen; the first start warms the caches."""
        times = []
        for _ in range(6):
            with self.open() as program:
                line = program.until(lambda line: line["first_frame_unix_seconds"] > 0, PATIENCE_S, "the first frame")
                times.append((line["first_frame_unix_seconds"] - program.started) * 1e3)
        warm = sorted(times[1:])
        self.table.most("start to first frame, warm, median of 5", warm[len(warm) // 2], 300, 150, "ms", 0)
        self.table.add("start to first frame: all", ", ".join(f"{ms:.0f}" for ms in times) + " ms")

    def size(self):
        """The stripped binary."""
        self.table.most("binary", os.path.getsize(self.binary) / 1e6, 30, 20, "MB")


ROWS = [Bench.size, Bench.start, Bench.idle, Bench.million, Bench.wide, Bench.columns, Bench.ingest_1k, Bench.ingest_1m, Bench.deep, Bench.storm, Bench.giant, Bench.views, Bench.broker, Bench.long]


def until(test, what):
    deadline = time.time() + PATIENCE_S
    while not test():
        if time.time() > deadline:
            raise Failed(f"{what}: not within {PATIENCE_S} s")
        time.sleep(0.01)


def listens(port):
    """Whether somebody listens on a port of the loopback interface; asking it would be a client of its own."""
    with open("/proc/net/tcp", encoding="utf-8") as sockets:
        return any(f"0100007F:{port:04X} 00000000:0000 0A" in line for line in sockets)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_by_thread(pid):
    """CPU seconds of the threads that matter, by what they do."""
    names = {"mqtt-worker": "socket", "mqtt-ingest": "model", "mqttree": "window"}
    seconds = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        with contextlib.suppress(FileNotFoundError), open(f"/proc/{pid}/task/{task}/stat", encoding="utf-8") as stat:
            name, _, rest = stat.read().partition("(")[2].rpartition(")")
            kind = names.get(name, "renderer" if name.startswith("llvmpipe") else "other")
            user, system = rest.split()[11:13]
            seconds[kind] = seconds.get(kind, 0) + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return seconds


def shares(before, after, messages):
    """What each kind of thread took per message, the largest first."""
    per_message = {kind: (after[kind] - before.get(kind, 0)) * 1e6 / messages for kind in after}
    return ", ".join(f"{kind} {part:.2f}" for kind, part in sorted(per_message.items(), key=lambda item: -item[1]))


def xdotool(*words, check=True):
    words = [str(word) for word in words]
    return subprocess.run(["xdotool", *words], check=check, capture_output=True, text=True).stdout


def end(process):
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        if process.poll() is None:
            process.kill()
            process.wait()


def main(arguments):
    names = {row.__name__.replace("_", "-"): row for row in ROWS}
    quick = "--quick" in arguments
    binary, flood, *wanted = [argument for argument in arguments if argument != "--quick"]
    unknown = [name for name in wanted if name not in names]
    if unknown:
        sys.exit(f"{', '.join(unknown)}: there are only {', '.join(names)}")
    bench = Bench(binary, flood, quick)
    for name, row in names.items():
        if wanted and name not in wanted:
            continue
        print(f"{name}: {row.__doc__}", file=sys.stderr, flush=True)
        try:
            row(bench)
        except Failed as error:
            bench.table.add(name, str(error), ok=False)
    if quick:
        print(f"--quick: {QUICK_SHARE:.0%} of the messages of `long`, and no minute of waiting in `idle`.")
    bench.table.print()
    sys.exit(1 if bench.table.failed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
