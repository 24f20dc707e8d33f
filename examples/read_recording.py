#!/usr/bin/env python3
"""Prints the messages of a recording as JSON Lines, as `mqttree export FOLDER --jsonl` does.

    python3 examples/read_recording.py FOLDER

It shows how the format is read (docs/recording-format.md) and needs nothing but Python: LZ4 takes a few lines. Frames that are not
whole are passed over; mqttree names them.
"""
import base64, datetime, json, pathlib, struct, sys, zlib

HEAD = struct.Struct("<4sBBHIIqqIIII")
EPOCH = datetime.datetime(1970, 1, 1)


def unpack(data, codec, length):
    """A raw block of LZ4: literals and copies of what came out before."""
    if codec == 0:
        return data
    out, at = bytearray(), 0
    while True:
        token = data[at]
        at += 1
        literals = token >> 4
        if literals == 15:
            while (more := data[at]) == 255:
                literals, at = literals + 255, at + 1
            literals, at = literals + more, at + 1
        out += data[at:at + literals]
        at += literals
        if at >= len(data):
            assert len(out) == length
            return bytes(out)
        start = len(out) - int.from_bytes(data[at:at + 2], "little")
        at, copied = at + 2, (token & 15) + 4
        if token & 15 == 15:
            while (more := data[at]) == 255:
                copied, at = copied + 255, at + 1
            copied, at = copied + more, at + 1
        if start + copied <= len(out):
            out += out[start:start + copied]
        else:  # it overlaps what it makes
            piece = bytes(out[start:])
            out += (piece * (copied // len(piece) + 1))[:copied]


class Input:
    """Bytes that are read from the beginning."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        self.at += count
        return self.data[self.at - count:self.at]

    def varint(self):
        number = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            number |= (byte & 127) << shift
            if byte < 128:
                return number
            shift += 7

    def signed(self):
        number = self.varint()
        return (number >> 1) ^ -(number & 1)

    def more(self):
        return self.at < len(self.data)


def frames(data):
    """Every whole frame: kind, codec, count, unpacked length, body."""
    at = 40 + int.from_bytes(data[32:36], "little")
    while at + HEAD.size <= len(data):
        mark, kind, codec, _, _, count, _, _, stored, raw, crc, head_crc = HEAD.unpack_from(data, at)
        body = data[at + HEAD.size:at + HEAD.size + stored]
        if mark != b"\xf5MQF" or zlib.crc32(data[at:at + 44]) != head_crc or len(body) < stored:
            at = data.find(b"\xf5MQF", at + 1)
            if at < 0:
                return
            continue
        if zlib.crc32(body) == crc:
            yield kind, codec, count, raw, body
        at += HEAD.size + stored


def properties(data):
    found, rest = {}, Input(data)
    while rest.more():
        identifier, value = rest.take(1)[0], rest.take(rest.varint())
        if identifier in (1, 2):
            name = {1: "payload_format_indicator", 2: "message_expiry_interval"}[identifier]
            found[name] = int.from_bytes(value, "little")
        elif identifier in (3, 8):
            found[{3: "content_type", 8: "response_topic"}[identifier]] = value.decode()
        elif identifier == 9:
            found["correlation_data_base64"] = base64.b64encode(value).decode()
        elif identifier == 11:
            found.setdefault("subscription_identifiers", []).append(int.from_bytes(value, "little"))
        elif identifier == 38:
            pair = Input(value)
            name = pair.take(pair.varint())
            found.setdefault("user_properties", []).append([name.decode(), value[pair.at:].decode()])
    return dict(sorted(found.items()))


def messages(body, count, topics):
    """Topic, time, flags, properties and payload of each message of a frame."""
    stored, raw, index_codec, data_codec, _ = struct.unpack_from("<IIBBH", body)
    index = Input(unpack(body[12:12 + stored], index_codec, raw))
    number, listed = 0, []
    for _ in range(index.varint()):
        number += index.signed()
        index.varint()  # the frame before
        listed.append(topics[number])
    which, new = [], 0
    for _ in range(count):
        place = index.varint() - 1
        if place < 0:
            place, new = new, new + 1
        which.append(listed[place])
    times, at = [], 0
    for _ in range(count):
        at += index.signed()
        times.append(at)
    flags = index.take(count)
    lengths = []
    for flag in flags:
        payload = index.varint()
        lengths.append((payload, index.varint() if flag & 16 else 0))
    data = Input(unpack(body[12 + stored:], data_codec, sum(map(sum, lengths))))
    for topic, at, flag, (payload, props) in zip(which, times, flags, lengths):
        found = properties(data.take(props)) if flag & 16 else None
        yield topic, at, flag, found, data.take(payload)


def put(line, name, value):
    try:
        line[name] = value.decode()
    except UnicodeDecodeError:
        line[name + "_base64"] = base64.b64encode(value).decode()


def main(folder):
    for path in sorted(pathlib.Path(folder).glob("*.mqrec"), key=lambda path: int(path.stem)):
        topics = {}
        for kind, codec, count, raw, body in frames(path.read_bytes()):
            if kind == 3:
                rest = Input(unpack(body, codec, raw))
                while rest.more():
                    number = rest.varint()
                    topics[number] = rest.take(rest.varint())
            elif kind == 1:
                for topic, at, flag, found, payload in messages(body, count, topics):
                    time = EPOCH + datetime.timedelta(microseconds=at)
                    line = {"time": time.isoformat(timespec="microseconds") + "Z"}
                    put(line, "topic", topic)
                    put(line, "payload", payload)
                    line.update(qos=flag & 3, retain=bool(flag & 4), dup=bool(flag & 8))
                    if found is not None:
                        line["properties"] = found
                    text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
                    sys.stdout.buffer.write(text.encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1])
