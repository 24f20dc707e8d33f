//! A load source for measuring MQTT clients: a repeatable stream, with no broker in between.
//!
//! It accepts MQTT 3.1, 3.1.1 and 5 clients on a loopback port. Each client that subscribes, to any filter, receives
//! the same bounded stream of QoS 0 messages, as fast as it reads or at a given rate. Pings, further subscriptions and
//! publishes are answered meanwhile. So it measures only the client.
//!
//!     cargo run --release --example flood -- --port 18830 --messages 5000000 --topics 1000 --payload json
//!
//! For each finished stream it prints one line of JSON to standard output:
//!
//!     {"client":"ID","version":4,"messages":N,"bytes":B,"seconds":S,"messages_per_second":R}
//!
//! `seconds` ends when the kernel has accepted the last byte. The few MB still in the socket's buffers are noise
//! compared to a long stream. `--help` lists the flags. The program uses only the standard library.

use std::fmt::Display;
use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

const HELP: &str = "\
flood: sends a repeatable stream of MQTT messages to every client that subscribes

    --port P        port of 127.0.0.1 to listen on (18830)
    --messages N    messages of one stream (1000000)
    --topics T      topics that the messages go round (1000)
    --payload KIND  number, json, 1k or binary (number)
    --rate R        messages per second; 0: as fast as the client reads (0)
    --retain        sets the retain flag
    --shape SHAPE   flat: site/line/device/metric, deep: 12 levels, wide: all under one parent (flat)
    --delay MS      time between SUBSCRIBE and the first message (200, at least 50)
    --hold S        seconds that a client stays connected after its stream (3600)
    --clients C     exit after this many streams; 0: never (0)";

/// How many bytes are prepared before they are written.
const WRITE_BYTES: usize = 64 * 1024;

/// The shortest wait before a stream, so that SUBACK arrives and a client can note the time.
const DELAY_MS_MIN: u64 = 50;

/// A larger packet from a client ends its connection; nothing legitimate here is that long.
const PACKET_BYTES_MAX: usize = 1 << 20;

/// How many answers and events may wait for the writing thread.
const EVENTS_MAX: usize = 1000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--help") {
        println!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let options = match Options::parse(&arguments) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("flood: {error}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("flood: cannot serve 127.0.0.1:{}: {error}", options.port);
            ExitCode::FAILURE
        }
    }
}

/// Serves clients until enough streams have ended.
fn run(options: &Options) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
    let (ended, streams) = sync_channel(1);
    let plan = options.plan;
    thread::Builder::new().name("accept".to_owned()).spawn(move || accept(&listener, plan, &ended))?;
    // Without a number of clients this waits for the accepting thread, which never ends.
    let enough = if options.clients == 0 { usize::MAX } else { options.clients };
    match streams.iter().take(enough).count() {
        count if count == enough => Ok(()),
        _ => Err(io::Error::other("no further connections can be accepted")),
    }
}

fn accept(listener: &TcpListener, plan: Plan, ended: &SyncSender<()>) {
    for socket in listener.incoming() {
        let ended = ended.clone();
        let serve = move || {
            if let Err(error) = socket.and_then(|socket| serve(socket, &plan)) {
                eprintln!("flood: a stream ended early: {error}");
            }
            // The receiver is gone only when the program is ending anyway.
            ended.send(()).unwrap_or_default();
        };
        if let Err(error) = thread::Builder::new().name("stream".to_owned()).spawn(serve) {
            eprintln!("flood: cannot start a thread for a client: {error}");
            return;
        }
    }
}

/// The command-line options.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Options {
    port: u16,
    clients: usize,
    plan: Plan,
}

/// The content of a stream.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Plan {
    messages: u64,
    topics: u64,
    payload: Payload,
    rate: u64,
    retain: bool,
    shape: Shape,
    delay: Duration,
    hold: Duration,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut options = Self {
            port: 18_830,
            clients: 0,
            plan: Plan {
                messages: 1_000_000,
                topics: 1000,
                payload: Payload::Number,
                rate: 0,
                retain: false,
                shape: Shape::Flat,
                delay: Duration::from_millis(200),
                hold: Duration::from_hours(1),
            },
        };
        let Options { port, clients, plan } = &mut options;
        let mut rest = arguments.iter();
        while let Some(flag) = rest.next() {
            if flag == "--retain" {
                plan.retain = true;
                continue;
            }
            let Some(value) = rest.next() else { return Err(format!("{flag} needs a value")) };
            match flag.as_str() {
                "--port" => *port = parse(flag, value)?,
                "--clients" => *clients = parse(flag, value)?,
                "--messages" => plan.messages = parse(flag, value)?,
                "--topics" => plan.topics = parse::<u64>(flag, value)?.max(1),
                "--payload" => plan.payload = parse(flag, value)?,
                "--rate" => plan.rate = parse(flag, value)?,
                "--shape" => plan.shape = parse(flag, value)?,
                "--delay" => plan.delay = Duration::from_millis(parse::<u64>(flag, value)?.max(DELAY_MS_MIN)),
                "--hold" => plan.hold = Duration::from_secs(parse(flag, value)?),
                _ => return Err(format!("{flag} is unknown")),
            }
        }
        Ok(options)
    }
}

fn parse<T: FromStr<Err: Display>>(flag: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|error| format!("{flag} {value}: {error}"))
}

/// The arrangement of the topics.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    Flat,
    Deep,
    Wide,
}

impl FromStr for Shape {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "flat" => Ok(Self::Flat),
            "deep" => Ok(Self::Deep),
            "wide" => Ok(Self::Wide),
            _ => Err("a shape is flat, deep or wide"),
        }
    }
}

impl Shape {
    /// The topic with number `i`; every number has its own.
    fn topic(self, i: u64) -> String {
        const METRICS: [&str; 10] = [
            "temperature",
            "humidity",
            "pressure",
            "power",
            "voltage",
            "current",
            "state",
            "rssi",
            "uptime",
            "error",
        ];
        const LEVELS: [(char, u64); 10] = [
            ('r', 2),
            ('c', 3),
            ('s', 5),
            ('b', 7),
            ('f', 11),
            ('z', 13),
            ('l', 17),
            ('m', 19),
            ('u', 23),
            ('p', 29),
        ];
        match self {
            Self::Wide => format!("wide/device-{i:07}"),
            Self::Deep => {
                let levels = LEVELS.map(|(letter, count)| format!("{letter}{}/", i % count));
                format!("{}sensor-{i}/value", levels.concat())
            }
            Self::Flat => {
                let device = i / METRICS.len() as u64;
                let metric = METRICS[(i % METRICS.len() as u64) as usize];
                format!("site-{:02}/line-{:02}/device-{device:06}/{metric}", device % 20, (device / 20) % 50)
            }
        }
    }
}

/// The payload of the messages.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Payload {
    Number,
    Json,
    OneKilobyte,
    Binary,
}

impl FromStr for Payload {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "number" => Ok(Self::Number),
            "json" => Ok(Self::Json),
            "1k" => Ok(Self::OneKilobyte),
            "binary" => Ok(Self::Binary),
            _ => Err("a payload is number, json, 1k or binary"),
        }
    }
}

impl Payload {
    /// Appends the payload of message `n`.
    fn append(self, n: u64, out: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::Number => {
                let (whole, hundredths) = (n % 10_000 / 100, n % 100);
                write!(out, "{whole}.{hundredths:02}")
            }
            Self::Json => {
                let (ts, whole, hundredths) = (1_700_000_000_000 + n, n % 4000 / 100, n % 100);
                write!(out, r#"{{"ts":{ts},"value":{whole}.{hundredths:02},"unit":"C","ok":true,"seq":{n}}}"#)
            }
            Self::OneKilobyte => {
                write!(out, "{n:020}")?;
                out.resize(out.len() + 1004, b'x');
                Ok(())
            }
            Self::Binary => {
                out.extend(n.to_be_bytes());
                out.extend([0x00, 0xFF, 0x80, 0xC3, 0x28, 0x00, 0x01, 0x02]);
                Ok(())
            }
        }
    }
}

/// What a connection's reading thread passes to its writing thread.
enum Event {
    /// Bytes to send.
    Answer(Vec<u8>),
    /// A SUBSCRIBE was answered, so the stream may begin.
    Subscribed,
}

/// Serves one client: CONNECT, its stream, and the time afterwards.
fn serve(mut socket: TcpStream, plan: &Plan) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let mut reader = BufReader::new(socket.try_clone()?);
    let (_, connect) = read_packet(&mut reader)?;
    let Connect { client, version } =
        Connect::parse(&connect).ok_or_else(|| bad("the first packet is not CONNECT"))?;
    socket.write_all(if version == 5 { &[0x20, 3, 0, 0, 0] } else { &[0x20, 2, 0, 0] })?;

    // Reading has its own thread, so that pings are answered during the stream.
    let (sender, events) = sync_channel(EVENTS_MAX);
    let reading = thread::Builder::new().name("answers".to_owned());
    reading.spawn(move || answer_packets(reader, version, &sender))?;

    wait_for_subscription(&events, &mut socket)?;
    if !answer_until(Instant::now() + plan.delay, &events, &mut socket)? {
        return Err(bad("the client left before its stream began"));
    }
    let start = Instant::now();
    let bytes = stream(&mut socket, plan, version, &events, start)?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{{\"client\":{},\"version\":{version},\"messages\":{n},\"bytes\":{bytes},\"seconds\":{seconds:.3},\
         \"messages_per_second\":{:.0}}}",
        json_string(&client),
        plan.messages as f64 / seconds,
        n = plan.messages,
    );
    answer_until(Instant::now() + plan.hold, &events, &mut socket)?;
    Ok(())
}

fn wait_for_subscription(events: &Receiver<Event>, socket: &mut TcpStream) -> io::Result<()> {
    loop {
        match events.recv() {
            Ok(Event::Subscribed) => return Ok(()),
            Ok(Event::Answer(bytes)) => socket.write_all(&bytes)?,
            Err(_) => return Err(bad("the client left without a subscription")),
        }
    }
}

/// Answers the client until `end`; returns `false` if it leaves earlier.
fn answer_until(end: Instant, events: &Receiver<Event>, socket: &mut TcpStream) -> io::Result<bool> {
    loop {
        match events.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(Event::Answer(bytes)) => socket.write_all(&bytes)?,
            Ok(Event::Subscribed) => {}
            Err(RecvTimeoutError::Timeout) => return Ok(true),
            Err(RecvTimeoutError::Disconnected) => return Ok(false),
        }
    }
}

/// Writes all messages, with answers in between. Returns how many bytes the messages took.
fn stream(
    socket: &mut TcpStream,
    plan: &Plan,
    version: u8,
    events: &Receiver<Event>,
    start: Instant,
) -> io::Result<u64> {
    let heads: Vec<Vec<u8>> = (0..plan.topics).map(|i| head(&plan.shape.topic(i), version)).collect();
    let first_byte = 0x30 | u8::from(plan.retain);
    let mut heads = heads.iter().cycle();
    let mut buffer = Vec::with_capacity(2 * WRITE_BYTES);
    let mut payload = Vec::new();
    let (mut bytes, mut sent) = (0, 0);
    while sent < plan.messages {
        let due = if plan.rate == 0 {
            plan.messages
        } else {
            // The first message is due at once, the next after 1/rate seconds.
            (start.elapsed().as_secs_f64() * plan.rate as f64) as u64 + 1
        };
        buffer.clear();
        while buffer.len() < WRITE_BYTES && sent < due.min(plan.messages) {
            let head = heads.next().map_or(&[][..], Vec::as_slice);
            payload.clear();
            plan.payload.append(sent, &mut payload)?;
            buffer.push(first_byte);
            append_length(head.len() + payload.len(), &mut buffer);
            buffer.extend_from_slice(head);
            buffer.extend_from_slice(&payload);
            sent += 1;
        }
        bytes += buffer.len() as u64;
        socket.write_all(&buffer)?;
        if buffer.is_empty() {
            thread::sleep(Duration::from_micros(500));
        }
        for event in events.try_iter() {
            if let Event::Answer(answer) = event {
                socket.write_all(&answer)?;
            }
        }
    }
    Ok(bytes)
}

/// Everything between the length and the payload of a PUBLISH: the topic and, for MQTT 5, empty properties.
fn head(topic: &str, version: u8) -> Vec<u8> {
    let mut head = (topic.len() as u16).to_be_bytes().to_vec();
    head.extend(topic.as_bytes());
    if version == 5 {
        head.push(0);
    }
    head
}

/// Appends a variable byte integer (MQTT 5.0, 1.5.5).
fn append_length(mut length: usize, out: &mut Vec<u8>) {
    while length >= 0x80 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
}

/// Reads packets until the client disconnects or the writing thread has ended.
fn answer_packets(mut reader: BufReader<TcpStream>, version: u8, events: &SyncSender<Event>) {
    while let Ok((first, body)) = read_packet(&mut reader) {
        if first >> 4 == 14 {
            return;
        }
        let Some(answer) = answer(first, &body, version) else { return };
        let subscribed = first >> 4 == 8;
        if !answer.is_empty() && events.send(Event::Answer(answer)).is_err() {
            return;
        }
        if subscribed && events.send(Event::Subscribed).is_err() {
            return;
        }
    }
}

/// The packet that answers another one, possibly empty; `None` if the packet makes no sense.
fn answer(first: u8, body: &[u8], version: u8) -> Option<Vec<u8>> {
    let (v5, id) = (version == 5, body.get(..2));
    Some(match first >> 4 {
        3 => {
            let (_, rest) = split_string(body)?;
            match (first >> 1 & 3, rest.get(..2)) {
                (1, Some(id)) => [&[0x40, 2], id].concat(),
                (2, Some(id)) => [&[0x50, 2], id].concat(),
                _ => Vec::new(),
            }
        }
        6 => [&[0x70, 2], id?].concat(),
        8 => {
            let mut filters = body.get(2..)?;
            if v5 {
                filters = skip_properties(filters)?;
            }
            let mut granted = Vec::new();
            while !filters.is_empty() {
                let (_, rest) = split_string(filters)?;
                let (options, rest) = rest.split_first()?;
                granted.push(options & 3);
                filters = rest;
            }
            let mut packet = vec![0x90];
            append_length(2 + usize::from(v5) + granted.len(), &mut packet);
            packet.extend(id?);
            packet.extend(v5.then_some(0));
            packet.extend(granted);
            packet
        }
        10 if v5 => [&[0xB0, 4], id?, &[0, 0]].concat(),
        10 => [&[0xB0, 2], id?].concat(),
        12 => vec![0xD0, 0],
        _ => Vec::new(),
    })
}

/// The relevant parts of a CONNECT.
#[derive(Debug, PartialEq)]
struct Connect {
    client: String,
    version: u8,
}

impl Connect {
    /// Reads a CONNECT of MQTT 3.1, 3.1.1 or 5 (MQTT 5.0, 3.1).
    fn parse(body: &[u8]) -> Option<Self> {
        let (name, rest) = split_string(body)?;
        if name != b"MQTT" && name != b"MQIsdp" {
            return None;
        }
        let (&version, rest) = rest.split_first()?;
        // Flags and keep alive.
        let mut rest = rest.get(3..)?;
        if version == 5 {
            rest = skip_properties(rest)?;
        }
        let (client, _) = split_string(rest)?;
        Some(Self { client: String::from_utf8_lossy(client).into_owned(), version })
    }
}

/// Splits off a string with a two-byte length; returns it and the rest.
fn split_string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

/// Skips MQTT 5 properties at the beginning of `bytes`.
fn skip_properties(bytes: &[u8]) -> Option<&[u8]> {
    let (mut length, mut rest) = (0, bytes);
    for shift in [0, 7, 14, 21] {
        let (&byte, after) = rest.split_first()?;
        length |= usize::from(byte & 0x7F) << shift;
        rest = after;
        if byte & 0x80 == 0 {
            return rest.get(length..);
        }
    }
    None
}

/// Reads one packet: its first byte and everything after the length.
fn read_packet(reader: &mut impl Read) -> io::Result<(u8, Vec<u8>)> {
    let mut first = [0];
    reader.read_exact(&mut first)?;
    let mut length = 0;
    for shift in [0, 7, 14, 21] {
        let mut byte = [0];
        reader.read_exact(&mut byte)?;
        length |= usize::from(byte[0] & 0x7F) << shift;
        if byte[0] & 0x80 == 0 {
            break;
        }
    }
    if length > PACKET_BYTES_MAX {
        return Err(bad("a packet of more than 1 MiB"));
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok((first[0], body))
}

fn bad(what: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}

/// Writes a text as a JSON string.
fn json_string(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    let inner: Vec<String> = text.chars().map(escape).collect();
    format!("\"{}\"", inner.concat())
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    fn options(line: &str) -> Result<Options, String> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Options::parse(&arguments)
    }

    #[test]
    fn flags_are_read_and_wrong_ones_named() {
        let Options { port, clients, plan } =
            options("--port 1 --clients 2 --retain --shape deep --delay 1").unwrap();
        assert_eq!((port, clients, plan.retain, plan.shape), (1, 2, true, Shape::Deep));
        assert_eq!(plan.delay, Duration::from_millis(50));
        assert_eq!(
            options("--payload xml").unwrap_err(),
            "--payload xml: a payload is number, json, 1k or binary"
        );
        assert_eq!(options("--speed 9").unwrap_err(), "--speed is unknown");
        assert_eq!(options("--rate").unwrap_err(), "--rate needs a value");
    }

    #[test]
    fn topics_are_what_measurements_so_far_were_made_with() {
        assert_eq!(Shape::Flat.topic(12_345), "site-14/line-11/device-001234/current");
        assert_eq!(Shape::Wide.topic(7), "wide/device-0000007");
        assert_eq!(Shape::Deep.topic(31), "r1/c1/s1/b3/f9/z5/l14/m12/u8/p2/sensor-31/value");
    }

    #[test]
    fn payloads_are_what_measurements_so_far_were_made_with() {
        let payload = |kind: Payload, n| {
            let mut out = Vec::new();
            kind.append(n, &mut out).unwrap();
            out
        };
        assert_eq!(payload(Payload::Number, 10_205), b"2.05");
        assert_eq!(
            payload(Payload::Json, 4_001),
            br#"{"ts":1700000004001,"value":0.01,"unit":"C","ok":true,"seq":4001}"#
        );
        assert_eq!(payload(Payload::Binary, 1)[..8], [0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(payload(Payload::OneKilobyte, 3).len(), 1024);
    }

    #[test]
    fn every_version_of_mosquitto_sub_receives_the_whole_stream() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port().to_string();
        let plan = options("--messages 5000 --topics 10 --retain --hold 0").unwrap().plan;
        let (ended, streams) = sync_channel(1);
        thread::Builder::new().spawn(move || accept(&listener, plan, &ended)).unwrap();
        for version in ["31", "311", "5"] {
            let mut subscriber = Command::new("mosquitto_sub");
            subscriber.args(["-h", "127.0.0.1", "-p", &port, "-V", version, "-t", "#", "-q", "1"]);
            subscriber.args(["-C", "5000", "-W", "20", "-F", "%t %r %p"]).stderr(Stdio::null());
            let output = subscriber.output().unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            assert_eq!(text.lines().count(), 5000, "{version}");
            assert_eq!(text.lines().next(), Some("site-00/line-00/device-000000/temperature 1 0.00"));
            assert_eq!(text.lines().last(), Some("site-00/line-00/device-000000/error 1 49.99"));
            streams.recv().unwrap();
        }
    }

    #[test]
    fn a_packet_cut_short_is_not_read_beyond_its_end() {
        assert_eq!(Connect::parse(&[0, 4, b'M', b'Q', b'T', b'T', 5, 2, 0]), None);
        assert_eq!(Connect::parse(&[0, 9, b'M']), None);
        assert_eq!(answer(0x82, &[0, 1, 0, 0, 9, b'a'], 5), None);
        assert_eq!(answer(0x32, &[0xFF, 0xFF], 4), None);
        assert_eq!(skip_properties(&[0x80, 0x80, 0x80, 0x80, 0x80]), None);
        assert_eq!(json_string("a\"\u{7}"), r#""a\"\u0007""#);
    }
}
