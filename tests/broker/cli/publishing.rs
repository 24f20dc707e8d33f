//! What `mqttree pub` sends compared with mosquitto_pub, as seen by mosquitto_sub.

use std::io::Write as _;

use super::run::{Left, Line, Whose, until_subscribed};
use crate::harness::{Broker, Setup, until};

/// What mosquitto_sub prints after a `pub` by either program, and how that program ended.
fn seen(broker: &Broker, whose: Whose, arguments: &[&str], input: &[u8], count: usize) -> (Left, Vec<u8>) {
    let before = broker.log().matches("Sending SUBACK to").count();
    let format = "%t %q %r %l %x %C %D %F %P %R";
    let count = count.to_string();
    let listener = Line::new(
        Whose::Theirs,
        "sub",
        broker.port,
        &["-t", "#", "-q", "2", "-V", "5", "-C", &count, "-F", format],
    );
    let listener = listener.start();
    until_subscribed(broker, before + 1);
    let left = Line::new(whose, "pub", broker.port, arguments).stdin(input).run();
    let seen = listener.left();
    assert_eq!(seen.status, Some(0), "{arguments:?}");
    (left, seen.stdout)
}

#[test]
fn everything_that_mosquitto_pub_can_say_is_said_alike() {
    let broker = Broker::start();
    let every_byte: Vec<u8> = (0..=255).cycle().take(1_000).collect();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &every_byte).unwrap();
    let file = file.path().to_str().unwrap();
    let properties = [
        "-t",
        "p",
        "-m",
        "x",
        "-q",
        "2",
        "-V",
        "5",
        "-D",
        "PUBLISH",
        "content-type",
        "text/plain",
        "-D",
        "publish",
        "response-topic",
        "re/ply",
        "-D",
        "publish",
        "correlation-data",
        "abc",
        "-D",
        "publish",
        "payload-format-indicator",
        "1",
        "-D",
        "publish",
        "user-property",
        "-5",
        "v 1",
        "-D",
        "publish",
        "user-property",
        "-5",
        "",
    ];
    for (arguments, input, count) in [
        (&["-t", "a/ü", "-m", "hello"][..], &b""[..], 1),
        (&["-t", "a", "-m", "-5", "-q", "1"], b"", 1),
        (&["-t", "a", "-m", "", "-q", "2"], b"", 1),
        (&["-t", "a", "-n", "-r"], b"", 1),
        (&["-t", "a", "-m", "x", "--repeat", "3", "--repeat-delay", "0.01"], b"", 3),
        (&["-t", "a", "-f", file, "-q", "1"], b"", 1),
        (&["-t", "a", "-s"], &every_byte, 1),
        (&["-t", "a", "-l", "-q", "1"], b"one\n\ntwo\r\nlast", 4),
        (&properties, b"", 1),
    ] {
        let theirs = seen(&broker, Whose::Theirs, arguments, input, count);
        let ours = seen(&broker, Whose::Ours, arguments, input, count);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(&theirs.1), text(&ours.1), "{arguments:?}");
        assert_eq!((ours.0.status, ours.0.stderr.as_str()), (Some(0), ""), "{arguments:?}");
        assert_eq!(theirs.0.status, Some(0), "{arguments:?}");
    }
    let url = format!("mqtt://127.0.0.1:{}/from/url", broker.port);
    let listener = Line::new(Whose::Theirs, "sub", broker.port, &["-t", "from/#", "-C", "1", "-v"]).start();
    until(|| broker.log(), || broker.log().contains("\tfrom/# (QoS 0)"));
    assert_eq!(Line::without_broker(Whose::Ours, "pub", &["-L", &url, "-m", "1"]).run().status, Some(0));
    assert_eq!(listener.left().stdout, b"from/url 1\n");
}

/// The connection is lost between two lines; unacknowledged ones are sent again.
#[test]
fn lines_survive_a_restart_of_the_broker() {
    let mut broker = Broker::start();
    let (lines, mut input) = std::io::pipe().unwrap();
    let line = Line::new(Whose::Ours, "pub", broker.port, &["-t", "l", "-l", "-q", "1"]).input(lines);
    let running = line.start();
    let mut say = |range: std::ops::Range<u32>| {
        for number in range {
            writeln!(input, "line {number}").unwrap();
        }
    };
    let taken = |broker: &Broker| broker.log().matches("Received PUBLISH from").count();
    say(0..10);
    until(|| running.stderr(), || taken(&broker) == 10);
    broker.kill();
    until(|| running.stderr(), || running.stderr().contains("standard input is not read"));
    say(10..20);
    broker.restart();
    until(|| running.stderr(), || running.stderr().contains("connected again"));
    say(20..30);
    drop(input);
    let left = running.left();
    assert_eq!(left.status, Some(0), "{}", left.stderr);
    assert!(taken(&broker) >= 20, "{}", broker.log());
}

#[test]
fn a_file_of_options_is_read_as_mosquittos() {
    let broker = Broker::start();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(
        file.path(),
        format!("# mine\n-h 127.0.0.1\n-p {}\n-q 1\n-m from the file\n", broker.port),
    )
    .unwrap();
    let listener = Line::new(Whose::Theirs, "sub", broker.port, &["-t", "o", "-C", "1"]).start();
    until_subscribed(&broker, 1);
    let line = ["-o", file.path().to_str().unwrap(), "-t", "o", "-d"];
    let left = Line::without_broker(Whose::Ours, "pub", &line).run();
    assert_eq!(left.status, Some(0), "{}", left.stderr);
    assert!(left.stderr.starts_with("mqttree: connected to mqtt://127.0.0.1"), "{}", left.stderr);
    assert_eq!(listener.left().stdout, b"from the file\n");
    for what in ["sub", "pub"] {
        let left = Line::without_broker(Whose::Ours, what, &["--version"]).run();
        let version = format!("mqttree {what} {}\n", env!("CARGO_PKG_VERSION"));
        assert_eq!((left.status, String::from_utf8(left.stdout).unwrap()), (Some(0), version));
    }
}

#[test]
fn ten_thousand_lines_arrive_in_order_and_are_acknowledged() {
    let broker = Broker::start();
    let input: String =
        (0..10_000).flat_map(|index| ["line ".to_owned(), index.to_string(), "\n".to_owned()]).collect();
    for (qos, version) in [("1", "5"), ("1", "311"), ("0", "5")] {
        let before = broker.log().matches("Sending SUBACK to").count();
        let listener =
            Line::new(Whose::Theirs, "sub", broker.port, &["-t", "l", "-q", "1", "-C", "10000"]).start();
        until_subscribed(&broker, before + 1);
        let line = Line::new(Whose::Ours, "pub", broker.port, &["-t", "l", "-l", "-q", qos, "-V", version]);
        let left = line.stdin(input.as_bytes()).run();
        assert_eq!((left.status, left.stderr.as_str()), (Some(0), ""));
        assert!(listener.left().stdout == input.as_bytes(), "QoS {qos}, version {version}");
    }
}

#[test]
fn a_file_of_20_megabytes_arrives_whole() {
    let broker = Broker::start();
    let bytes: Vec<u8> =
        (0..20_000_000_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &bytes).unwrap();
    let file = file.path().to_str().unwrap();
    for qos in ["0", "1", "2"] {
        let before = broker.log().matches("Sending SUBACK to").count();
        let listen =
            |whose| Line::new(whose, "sub", broker.port, &["-t", "f", "-N", "-C", "1", "-q", "2"]).start();
        let (theirs, ours) = (listen(Whose::Theirs), listen(Whose::Ours));
        until_subscribed(&broker, before + 2);
        let left = Line::new(Whose::Ours, "pub", broker.port, &["-t", "f", "-f", file, "-q", qos]).run();
        assert_eq!((left.status, left.stderr.as_str()), (Some(0), ""));
        assert!(theirs.left().stdout == bytes && ours.left().stdout == bytes, "QoS {qos}");
    }
}

#[test]
fn what_the_broker_refuses_is_a_failure() {
    let broker = Broker::with(&Setup { acl: Some("topic read #\ntopic write open/#"), ..Setup::default() });
    let publish = |topic: &str| {
        Line::new(Whose::Ours, "pub", broker.port, &["-t", topic, "-m", "1", "-q", "1", "-V", "5"]).run()
    };
    let left = publish("secret");
    assert_eq!(left.status, Some(1), "{}", left.stderr);
    assert!(left.stderr.starts_with("mqttree: Publishing to secret\n  not authorized"), "{}", left.stderr);
    assert_eq!(publish("open/a").status, Some(0));
}

#[test]
fn a_missing_file_and_an_empty_pipe_are_failures() {
    let broker = Broker::start();
    let left = Line::new(Whose::Ours, "pub", broker.port, &["-t", "a", "-f", "/no/such"]).run();
    assert_eq!(left.status, Some(1));
    assert!(left.stderr.starts_with("mqttree: File /no/such\n  it cannot be read"), "{}", left.stderr);
    let left = Line::new(Whose::Ours, "pub", broker.port, &["-t", "a", "-s"]).stdin(b"").run();
    assert_eq!((left.status, left.stderr.lines().count()), (Some(1), 3), "{}", left.stderr);
    assert!(!broker.log().contains("Received PUBLISH"), "{}", broker.log());
}
