//! Printed output, compared byte for byte with mosquitto_sub.

use super::run::{Left, Line, Whose, same, until_subscribed};
use crate::harness::{Broker, mosquitto_pub};

/// Every property that a message can carry.
const PROPERTIES: &[&str] = &[
    "-D",
    "publish",
    "payload-format-indicator",
    "1",
    "-D",
    "publish",
    "content-type",
    "application/json",
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
    "user-property",
    "k1",
    "v1",
    "-D",
    "publish",
    "user-property",
    "k2",
    "v 2",
    "-D",
    "publish",
    "message-expiry-interval",
    "10000",
];

/// Publishes four messages that differ in everything.
fn four(port: u16) {
    let json = r#"{"a":1,"b":[true,null,"x\ty"],"c":"é","d":{}}"#;
    mosquitto_pub(port, &[&["-t", "m/json", "-m", json, "-q", "2", "-V", "5"], PROPERTIES].concat());
    mosquitto_pub(port, &["-t", "m/text", "-m", "hello", "-q", "1"]);
    mosquitto_pub(port, &["-t", "m/ü/text", "-m", "a\u{1}\"\\é", "-r"]);
    mosquitto_pub(port, &["-t", "m/empty", "-n"]);
}

/// Compares each `-F` format in both programs, at QoS 2, for the four messages.
fn formats(broker: &mut Broker, version: &str, formats: &[&str], more: &[&str]) {
    for format in formats {
        let line = ["-t", "m/#", "-q", "2", "-C", "4", "-V", version, "-F", format];
        let left = same(broker, &[&line, more].concat(), four);
        assert_eq!(left.status, Some(0));
        assert!(!left.stdout.is_empty());
        // Otherwise the retained message would come first the next time.
        mosquitto_pub(broker.port, &["-t", "m/ü/text", "-r", "-n"]);
    }
}

#[test]
fn each_letter_of_a_format_is_mosquittos() {
    let mut broker = Broker::start();
    let all = "%%|%A|%C|%D|%E|%F|%l|%m|%p|%P|%q|%R|%r|%S|%t|%x|%X";
    let wide =
        "%10t|%-10t|%010t|%3.3t|%.2t|%-8.3t|%10l|%-10l|%010l|%10m|%-10m|%010m|%10q|%10r|%60p|%-60p|%060p";
    let properties = "%20C|%.4C|%-30C|%030C|%4R|%.3R|%12D|%10E|%010E|%-10E|%5F|%05F|%10P|%5S|%05S|%5A|%05A";
    formats(&mut broker, "5", &[all, wide, properties, r"%t\\\0\a\e\n\r\t\v%p"], &[]);
    formats(&mut broker, "311", &[all, wide], &[]);
}

#[test]
fn json_is_mosquittos() {
    let mut broker = Broker::start();
    // Without the time, which differs between the programs. Until 2.0.12 mosquitto_sub wrote an invalid offset.
    for more in [&[][..], &["--pretty"]] {
        let line =
            |format| [&["-t", "m/json", "-q", "2", "-C", "1", "-V", "5", "-F", format][..], more].concat();
        for format in ["%j", "%J"] {
            let start = |whose| Line::new(whose, "sub", broker.port, &line(format)).start();
            let before = broker.log().matches("Sending SUBACK to").count();
            let (theirs, ours) = (start(Whose::Theirs), start(Whose::Ours));
            until_subscribed(&broker, before + 2);
            four(broker.port);
            let without_time = |left: Left, offsets: &[&str]| {
                let text = String::from_utf8(left.stdout).unwrap();
                let (head, rest) = text.split_once("\"tst\":").unwrap();
                let (time, rest) = rest.split_once(',').unwrap();
                let time = time.trim().trim_matches('"');
                let (clock, offset) = time.split_at("2026-11-25T07:27:38.497655".len());
                assert!(clock.contains('T') && offsets.contains(&offset), "{time}");
                format!("{head}{rest}")
            };
            let theirs = without_time(theirs.left(), &["Z+0530", "+0530", "+05:30"]);
            assert_eq!(theirs, without_time(ours.left(), &["+05:30"]), "{format} {more:?}");
        }
    }
    mosquitto_pub(broker.port, &["-t", "m/ü/text", "-r", "-n"]);
    same(&mut broker, &["-t", "x", "-C", "1", "-F", "a%Jb"], |port| {
        mosquitto_pub(port, &["-t", "x", "-m", "no"]);
    });
}

#[test]
fn dates_are_mosquittos() {
    let mut broker = Broker::start();
    // Conversions that differ between two runs only around midnight.
    let dates = "@a @A @b @B @C @d @D @e @F @g @G @h @j @m @p @P @u @U @V @w @W @x @y @Y @z @Z @n @t @@ @% @E @O @q @+ @1";
    same(&mut broker, &["-t", "x", "-C", "1", "-F", dates], |port| {
        mosquitto_pub(port, &["-t", "x", "-m", "1"]);
    });
    let left = |whose: Whose, port| {
        let before = broker.log().matches("Sending SUBACK to").count();
        let line = Line::new(
            whose,
            "sub",
            port,
            &["-t", "x", "-C", "1", "-F", "%I|%30I|%.10I|%U|@N|@c|@r|@R|@s|@S|@T|@X|@H|@I|@k|@l|@M"],
        );
        let running = line.start();
        until_subscribed(&broker, before + 1);
        mosquitto_pub(port, &["-t", "x", "-m", "1"]);
        let text = String::from_utf8(running.left().stdout).unwrap();
        text.chars().map(|char| if char.is_ascii_digit() { '0' } else { char }).collect::<String>()
    };
    assert_eq!(
        left(Whose::Theirs, broker.port),
        left(Whose::Ours, broker.port),
        "the shape of what is each one's own"
    );
}

#[test]
fn topics_line_feeds_and_empty_payloads_are_mosquittos() {
    let mut broker = Broker::start();
    for more in [&[][..], &["-v"], &["-N"], &["-v", "-N"], &["-F", "%p", "-N"], &["-N", "-q", "1"]] {
        let line = [&["-t", "m/#", "-C", "4", "-V", "5"][..], more].concat();
        same(&mut broker, &line, four);
        mosquitto_pub(broker.port, &["-t", "m/ü/text", "-r", "-n"]);
    }
}

#[test]
fn binary_payloads_are_written_as_they_are() {
    let mut broker = Broker::start();
    let every_byte: Vec<u8> = (0..=255).collect();
    let publish = |port| {
        let left = Line::new(Whose::Theirs, "pub", port, &["-t", "b", "-s"]).stdin(&every_byte).run();
        assert_eq!(left.status, Some(0), "{}", left.stderr);
    };
    for line in [
        &["-t", "b", "-C", "1", "-N"][..],
        &["-t", "b", "-C", "1", "-v"],
        &["-t", "b", "-C", "1", "-F", "%x %X %p"],
    ] {
        assert!(same(&mut broker, line, publish).stdout.len() >= 256);
    }
}

#[test]
fn what_is_filtered_out_is_what_mosquitto_filters_out() {
    let mut broker = Broker::start();
    for (topic, payload) in [("r/a", "1"), ("r/b", "2"), ("r/c/d", "3")] {
        mosquitto_pub(broker.port, &["-t", topic, "-m", payload, "-r"]);
    }
    let fresh = |port| {
        for (topic, payload) in [("r/a", "4"), ("r/b", "5"), ("s", "6"), ("end", "")] {
            mosquitto_pub(port, &["-t", topic, "-m", payload]);
        }
    };
    for line in [
        &["-t", "r/#", "-t", "s", "-T", "r/b", "-v", "-C", "4"][..],
        &["-t", "r/#", "-t", "s", "-T", "r/+", "-T", "s", "-v", "-C", "1"],
        &["-t", "r/#", "-t", "s", "-R", "-v", "-C", "3"],
        &["-t", "r/#", "-t", "s", "-v", "-C", "5", "-q", "1"],
        &["-t", "r/#", "-t", "end", "--retained-only", "-v"],
        &["-t", "r/#", "-T", "#", "--retained-only", "-v"],
        &["-t", "r/#", "-t", "end", "--retained-only", "-F", "%t %r"],
        &["-t", "r/#", "--retain-as-published", "-V", "5", "-v", "-C", "4", "-F", "%t %r %p"],
    ] {
        let left = same(&mut broker, line, fresh);
        assert_eq!(left.status, Some(0), "{line:?}");
    }
}

#[test]
fn pretty_lays_out_payloads_that_are_json() {
    let broker = Broker::start();
    let payload = |payload: &str| {
        mosquitto_pub(broker.port, &["-t", "j", "-m", payload, "-r"]);
        let left =
            Line::new(Whose::Ours, "sub", broker.port, &["-t", "j", "-C", "1", "--pretty", "-v"]).run();
        String::from_utf8(left.stdout).unwrap()
    };
    assert_eq!(
        payload(r#"{"a":1.0,"b":[9007199254740993]}"#),
        "j {\n  \"a\": 1.0,\n  \"b\": [\n    9007199254740993\n  ]\n}\n"
    );
    assert_eq!(payload("{no json"), "j {no json\n");
}

#[test]
fn decoded_payloads_are_one_json_value_a_line_and_formats_follow() {
    let broker = Broker::start();
    let folder = tempfile::tempdir().unwrap();
    let birth = [0x12, 9, 0x0A, 1, b't', 0x10, 9, 0x20, 3, 0x50, 1];
    let messages: [(&str, &[u8]); 5] = [
        ("a/cbor", b"\xA1\x61a\xF9\x3C\x00"),
        ("a/text", b"on \"air\""),
        ("b/bytes", b"\xFF\x00"),
        ("spBv1.0/g/DBIRTH/n/d", &birth),
        ("spBv1.0/g/DDATA/n/d", &[0x12, 4, 0x10, 9, 0x50, 7]),
    ];
    for (topic, payload) in messages {
        let file = folder.path().join("payload");
        std::fs::write(&file, payload).unwrap();
        mosquitto_pub(broker.port, &["-t", topic, "-r", "-f", file.to_str().unwrap()]);
    }
    let printed = |arguments: &[&str]| {
        let arguments = [&["--decode"], arguments].concat();
        let left = Line::new(Whose::Ours, "sub", broker.port, &arguments).run();
        String::from_utf8(left.stdout).unwrap()
    };
    assert_eq!(printed(&["-t", "a/#", "-C", "2"]), "{\"a\":1.0}\n\"on \\\"air\\\"\"\n");
    assert_eq!(printed(&["-t", "b/#", "-C", "1", "-F", "%l %x %p"]), "2 ff00 \"h'ff00'\"\n");
    assert!(printed(&["-t", "a/cbor", "-C", "1", "-F", "%J"]).contains("\"payload\":{\"a\":1.0}"));
    let births = printed(&["-t", "spBv1.0/g/DBIRTH/n/d", "-t", "spBv1.0/g/DDATA/n/d", "-C", "2", "-v"]);
    let data = births.lines().find(|line| line.starts_with("spBv1.0/g/DDATA/n/d ")).unwrap();
    assert!(data.contains("\"metrics\":{\"t\":7}"), "named by its birth: {data}");
}

#[test]
fn retained_messages_come_as_retain_handling_says() {
    let broker = Broker::start();
    mosquitto_pub(broker.port, &["-t", "kept", "-m", "retained", "-r"]);
    // From the second line on the session is known.
    for (when, printed) in [("new", "retained"), ("new", "live"), ("never", "live"), ("always", "retained")] {
        let before = broker.log().matches("Sending SUBACK to").count();
        let line = ["-V", "5", "-c", "-i", "held", "-t", "kept", "-C", "1", "--retain-handling", when];
        let ours = Line::new(Whose::Ours, "sub", broker.port, &line).start();
        until_subscribed(&broker, before + 1);
        if printed == "live" {
            mosquitto_pub(broker.port, &["-t", "kept", "-m", "live"]);
        }
        let left = ours.left();
        assert_eq!(String::from_utf8_lossy(&left.stdout), format!("{printed}\n"), "{when}: {}", left.stderr);
    }
}
