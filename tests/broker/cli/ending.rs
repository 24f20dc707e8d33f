//! How the programs end: exit statuses, Ctrl-C, closed and slow pipes, brokers that refuse or go away.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};

use super::run::{Line, Whose, same, until_subscribed};
use crate::harness::{Broker, FakeServer, Publisher, Setup, free_port, mosquitto_pub, until};

fn sub(port: u16, arguments: &[&str]) -> Line {
    Line::new(Whose::Ours, "sub", port, arguments)
}

#[test]
fn the_time_is_over_with_mosquittos_status() {
    let mut broker = Broker::start();
    let left =
        same(&mut broker, &["-t", "x", "-W", "1"], |port| mosquitto_pub(port, &["-t", "x", "-m", "1"]));
    assert_eq!((left.status, left.stdout.as_slice()), (Some(27), &b"1\n"[..]));
    assert_eq!(left.stderr, "mqttree: the 1 s of -W are over\n");
    let left = sub(broker.port, &["-t", "x", "-W", "1", "--quiet"]).run();
    assert_eq!((left.status, left.stderr.as_str()), (Some(27), ""));
}

#[test]
fn subscribing_alone_is_done_when_the_broker_has_answered() {
    let mut broker = Broker::start();
    assert_eq!(same(&mut broker, &["-t", "x", "-t", "y", "-E"], |_| ()).status, Some(0));
}

#[test]
fn a_port_where_nothing_listens_is_told_in_three_lines() {
    let port = free_port();
    for (what, arguments) in [("sub", &["-t", "x"][..]), ("pub", &["-t", "x", "-m", "1"])] {
        let theirs = Line::new(Whose::Theirs, what, port, arguments).run();
        let ours = Line::new(Whose::Ours, what, port, arguments).run();
        assert_eq!((theirs.status, ours.status), (Some(1), Some(1)), "{what}");
        let lines: Vec<&str> = ours.stderr.lines().collect();
        assert_eq!(lines.len(), 3, "{}", ours.stderr);
        assert_eq!(lines[0], format!("mqttree: TCP connection to 127.0.0.1:{port}"));
        assert_eq!(lines[1], "  connection refused");
        let quiet = [arguments, &["--quiet"]].concat();
        assert_eq!(Line::new(Whose::Ours, what, port, &quiet).run().stderr, "", "{what}");
    }
}

#[test]
fn a_system_without_authorities_is_told_as_what_could_not_be_read() {
    let left = sub(1, &["-t", "a", "--tls-use-os-certs"])
        .env("SSL_CERT_FILE", "/dev/null")
        .env("SSL_CERT_DIR", "/dev/null")
        .run();
    assert_eq!(left.status, Some(1));
    // The doctor identifies the step in its plan by the first word; handshake steps begin with TLS.
    assert!(left.stderr.starts_with("mqttree: Reading the system's CA certificates\n"), "{}", left.stderr);
}

#[test]
fn a_wrong_password_ends_at_once_and_the_right_one_may_come_from_the_environment() {
    let broker = Broker::with(&Setup { users: vec![("ada", "secret")], ..Setup::default() });
    for (what, arguments) in [("sub", &["-t", "x", "-E"][..]), ("pub", &["-t", "x", "-m", "1", "-q", "1"])] {
        let line = |more: &[&str]| Line::new(Whose::Ours, what, broker.port, &[arguments, more].concat());
        let left = line(&["-u", "ada", "-P", "hunter2"]).run();
        assert_eq!(left.status, Some(1), "{}", left.stderr);
        assert_eq!(left.stderr.lines().count(), 3, "{}", left.stderr);
        assert!(left.stderr.contains(&format!("CONNECT to 127.0.0.1:{}", broker.port)), "{}", left.stderr);
        assert!(!left.stderr.contains("hunter2"), "{}", left.stderr);
        let left = line(&["-u", "ada"]).env("MQTTREE_PASSWORD", "secret").run();
        assert_eq!(left.status, Some(0), "{}", left.stderr);
        assert_eq!(line(&["-u", "ada", "-P", "secret"]).run().status, Some(0));
    }
}

#[test]
fn wrong_usage_has_a_status_of_its_own() {
    for (line, expected) in [
        ("sub", "there is no topic to subscribe to"),
        ("sub -t a#", "-t a# cannot be used"),
        ("sub -t a -T b#", "-T b#"),
        ("sub -t a -C 0", "-C 0: not a number from 1 on"),
        ("sub -t a -W x", "-W x"),
        ("sub -t a -R --retained-only", "nothing is left"),
        ("sub -t a -F %z", "%z is nothing that a format knows"),
        ("sub --profile none -t a", "no saved connection is called \"none\""),
        ("sub -t a --nonsense", "unexpected argument"),
        ("sub -U a", "a new session has nothing to unsubscribe from"),
        ("sub -t a --retain-handling x", "Use always, new or never"),
        ("sub -t a --random-filter 101", "not a percentage"),
        ("sub -t a -o /no/such/file", "-o /no/such/file: it cannot be read"),
        ("sub -t a -k -1", "-k -1: a keep alive is a number of seconds from 0 to 65535"),
        (
            "sub -t a -D publish content-type x",
            "properties of connect, will, subscribe, unsubscribe and disconnect can be given here",
        ),
        ("sub -t a -D disconnect session-expiry-interval 5", "this session ends with the connection"),
        ("sub -t a -D disconnect user-property a b -V 311", "-D disconnect: properties need MQTT 5"),
        ("sub -t a -D disconnect reason x", "there is no such property"),
        ("sub -t a -D connect content-type x", "connect has no such property; it is one of will and publish"),
        ("sub -t a -D connect authentication-data x", "data means nothing without a method"),
        ("sub -t a -D subscribe topic-alias 1", "subscribe has no such property; it is one of publish"),
        (
            "sub -t a -D unsubscribe receive-maximum 1",
            "unsubscribe has no such property; it is one of connect",
        ),
        (
            "pub -t a -m x -D subscribe user-property a b",
            "properties of connect, will, publish and disconnect can be given here",
        ),
        ("pub -t a -m x -D publish topic-alias 0", "not a number from 1 on"),
        ("pub -m x", "there is no topic to publish to"),
        ("pub -t a", "a message comes from one place"),
        ("pub -t a -m x -n", "a message comes from one place"),
        ("pub -t a/# -m x", "wildcard"),
        ("pub -t a -m x --repeat 0", "--repeat 0"),
        ("pub -t a -l --repeat 2", "the lines of -l come once"),
        ("pub -t a -m x -D publish bogus 1", "there is no such property"),
        ("pub -t a -m x -D publish content-type x -V 311", "properties need MQTT 5"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let left = Line::without_broker(Whose::Ours, words[0], &words[1..]).run();
        assert_eq!(left.status, Some(2), "{line}: {}", left.stderr);
        assert!(left.stderr.contains(expected), "{line}: {}", left.stderr);
    }
}

/// Brokers that take the connection and then say nothing more, with the shortest patience that a profile can have.
#[test]
fn a_broker_that_stops_answering_is_left_by_both_commands() {
    let run = |what: &str, arguments: &[&str], answers: &[Vec<u8>]| {
        let server = FakeServer::answering(answers);
        let line = Line::without_broker(Whose::Ours, what, &[&["--profile", "mute"], arguments].concat());
        let text = format!(
            "version = 1\n[[profile]]\nid = \"0123456789abcdef\"\nname = \"mute\"\nhost = \"127.0.0.1\"\nport = {}\n\
             version = \"3.1.1\"\nkeep_alive_s = 1\n[profile.network]\nconnect_timeout_s = 1\nanswer_timeout_s = 1\n",
            server.port
        );
        std::fs::create_dir_all(line.home().join("config")).unwrap();
        std::fs::write(line.home().join("config/profiles.toml"), text).unwrap();
        let running = line.start();
        if what == "sub" && !answers.is_empty() {
            // It goes on for ever: it says that the connection was lost, and is ended.
            until(|| running.stderr(), || running.stderr().contains("next attempt in"));
            running.signal("INT");
        }
        running.left()
    };
    let connack = b"\x20\x02\0\0".to_vec();
    let suback = b"\x90\x03\0\x01\0".to_vec();
    for (what, arguments) in [("sub", &["-t", "x"][..]), ("pub", &["-t", "x", "-m", "1", "-q", "1"])] {
        let left = run(what, arguments, &[]);
        assert_eq!((left.status, left.stderr.lines().count()), (Some(1), 3), "{what}: {}", left.stderr);
        assert!(left.stderr.starts_with("mqttree: CONNECT to"), "{what}: {}", left.stderr);
    }
    let left = run("pub", &["-t", "x", "-m", "1", "-q", "1"], std::slice::from_ref(&connack));
    assert_eq!(left.status, Some(1), "{}", left.stderr);
    for answers in [vec![connack.clone()], vec![connack, suback]] {
        let left = run("sub", &["-t", "x"], &answers);
        assert_eq!(left.status, Some(0), "{}", left.stderr);
    }
}

#[test]
fn a_reason_of_any_length_is_cut_and_says_how_much_is_left_out() {
    let server = FakeServer::start(|stream| {
        let reason = "no ".repeat(20_000);
        let mut properties = vec![0x1f];
        properties.extend((reason.len() as u16).to_be_bytes());
        properties.extend(reason.bytes());
        let variable = |length: usize| {
            [(length & 0x7f) as u8 | 0x80, (length >> 7 & 0x7f) as u8 | 0x80, (length >> 14) as u8]
        };
        let mut packet = vec![0x20];
        packet.extend(variable(2 + 3 + properties.len()));
        packet.extend([0, 0x87]);
        packet.extend(variable(properties.len()));
        packet.extend(properties);
        let mut bytes = [0; 1024];
        if stream.read(&mut bytes).is_ok_and(|count| count > 0) {
            stream.write_all(&packet).ok();
            std::io::copy(stream, &mut std::io::sink()).ok();
        }
    });
    let left = sub(server.port, &["-t", "x", "-V", "5"]).run();
    assert_eq!(left.status, Some(1));
    assert!(left.stderr.len() < 1_500, "{} bytes", left.stderr.len());
    assert!(left.stderr.contains("no no no") && left.stderr.contains(" more characters)"), "{}", left.stderr);
}

#[test]
fn help_shows_examples_and_is_no_error() {
    for what in ["sub", "pub"] {
        let left = Line::without_broker(Whose::Ours, what, &["--help"]).run();
        let help = String::from_utf8(left.stdout).unwrap();
        assert_eq!((left.status, left.stderr.as_str()), (Some(0), ""));
        assert!(help.contains("Examples:") && help.contains("Exit status:"), "{help}");
    }
}

#[test]
fn a_pipe_that_closes_ends_it_without_a_word() {
    let broker = Broker::start();
    let mut running = sub(broker.port, &["-t", "x", "-v"]).start_piped();
    until_subscribed(&broker, 1);
    let mut output = BufReader::new(running.stdout());
    mosquitto_pub(broker.port, &["-t", "x", "-m", "first"]);
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    assert_eq!(line, "x first\n");
    drop(output);
    mosquitto_pub(broker.port, &["-t", "x", "-m", "second"]);
    let left = running.left();
    assert_eq!((left.status, left.stderr.as_str()), (Some(0), ""));
}

#[test]
fn ctrl_c_and_a_termination_unsubscribe_and_disconnect() {
    let broker = Broker::start();
    for (round, signal) in ["INT", "TERM"].into_iter().enumerate() {
        let (theirs, ours) = (
            Line::new(Whose::Theirs, "sub", broker.port, &["-t", "x"]).start(),
            sub(broker.port, &["-t", "x", "-i", &format!("ours-{signal}")]).start(),
        );
        until_subscribed(&broker, 2 * (round + 1));
        theirs.signal(signal);
        ours.signal(signal);
        let (theirs, ours) = (theirs.left(), ours.left());
        assert_eq!((theirs.status, ours.status), (Some(0), Some(0)), "{signal}: {}", ours.stderr);
        assert_eq!(ours.stderr, "");
        let log = broker.log();
        assert!(log.contains(&format!("Received UNSUBSCRIBE from ours-{signal}")), "{log}");
        assert!(log.contains(&format!("Received DISCONNECT from ours-{signal}")), "{log}");
    }
}

/// The wills that a program ended in this way leaves behind, `end` being last.
fn wills(whose: Whose, what: &str, version: &str, end: &str) -> Vec<u8> {
    let broker = Broker::start();
    let listener =
        Line::new(Whose::Theirs, "sub", broker.port, &["-t", "will", "-C", "1", "-W", "30"]).start();
    until_subscribed(&broker, 1);
    let line = ["-t", "x", "-V", version, "-i", "leaves", "--will-topic", "will", "--will-payload", "gone"];
    let (mut line, signal) = (line.to_vec(), end.strip_prefix("SIG"));
    match (what, signal) {
        ("pub", _) => line.push("-l"),
        (_, Some(_)) => {}
        (_, None) => line.extend(end.split(' ')),
    }
    let (input, producer) = std::io::pipe().unwrap();
    let running = Line::new(whose, what, broker.port, &line).input(input).start();
    let connected = || broker.log().contains("Sending CONNACK to leaves");
    until(
        || broker.log(),
        || connected() && (what == "pub" || broker.log().contains("Sending SUBACK to leaves")),
    );
    if let Some(signal) = signal {
        if what == "sub" {
            // mosquitto_sub disconnects inside its signal handler, which hangs while it handles a packet. Once it has
            // printed something it waits for more.
            mosquitto_pub(broker.port, &["-t", "x", "-m", "ready"]);
            until(|| running.stderr(), || running.written() == b"ready\n");
        }
        running.signal(signal);
    }
    running.left();
    drop(producer);
    mosquitto_pub(broker.port, &["-t", "will", "-m", "none"]);
    listener.left().stdout
}

#[test]
fn the_will_is_published_when_mosquittos_clients_have_it_published() {
    for (what, version, end, will) in [
        ("sub", "5", "SIGINT", "gone\n"),
        ("sub", "5", "SIGTERM", "gone\n"),
        ("sub", "5", "SIGHUP", "gone\n"),
        ("sub", "5", "-W 1", "gone\n"),
        ("sub", "5", "-E", "none\n"),
        ("sub", "311", "SIGINT", "none\n"),
        ("sub", "311", "SIGTERM", "none\n"),
        ("sub", "311", "SIGHUP", "gone\n"),
        ("sub", "311", "-W 1", "none\n"),
        ("pub", "5", "SIGINT", "gone\n"),
        ("pub", "5", "SIGTERM", "gone\n"),
        ("pub", "311", "SIGTERM", "gone\n"),
        ("pub", "311", "SIGHUP", "gone\n"),
    ] {
        for whose in [Whose::Theirs, Whose::Ours] {
            let seen = String::from_utf8(wills(whose, what, version, end)).unwrap();
            assert_eq!(seen, will, "{whose:?} {what} of MQTT {version} after {end}");
        }
    }
}

#[test]
fn a_session_that_is_to_be_kept_keeps_its_subscriptions() {
    let broker = Broker::start();
    let kept = ["-t", "k", "-q", "1", "-c", "-i", "kept", "-V", "311"];
    let running = sub(broker.port, &kept).start();
    until_subscribed(&broker, 1);
    running.signal("INT");
    assert_eq!(running.left().status, Some(0));
    mosquitto_pub(broker.port, &["-t", "k", "-m", "meanwhile", "-q", "1"]);
    let left = sub(broker.port, &[&kept[..], &["-C", "1"]].concat()).run();
    assert_eq!((left.status, left.stdout.as_slice()), (Some(0), &b"meanwhile\n"[..]), "{}", left.stderr);
}

#[test]
fn no_more_is_acknowledged_than_is_printed() {
    for (version, qos) in [("311", "1"), ("5", "1"), ("5", "2")] {
        let broker = Broker::start();
        let kept = ["-t", "k", "-t", "out", "-T", "out", "-q", qos, "-c", "-i", "kept", "-V", version];
        assert_eq!(sub(broker.port, &[&kept[..], &["-E"]].concat()).run().status, Some(0));
        mosquitto_pub(broker.port, &["-t", "out", "-m", "not printed", "-q", qos]);
        for message in ["1", "2", "3", "4", "5"] {
            mosquitto_pub(broker.port, &["-t", "k", "-m", message, "-q", qos]);
        }
        for message in ["1", "2", "3", "4", "5"] {
            let left = sub(broker.port, &[&kept[..], &["-C", "1", "-W", "10"]].concat()).run();
            let printed = String::from_utf8(left.stdout).unwrap();
            assert_eq!(
                (left.status, printed),
                (Some(0), format!("{message}\n")),
                "MQTT {version}, QoS {qos}"
            );
        }
    }
}

#[test]
fn a_connection_that_is_lost_comes_back_and_says_so() {
    let mut broker = Broker::start();
    let running = sub(broker.port, &["-t", "x"]).start();
    let quiet = sub(broker.port, &["-t", "x", "--quiet"]).start();
    until_subscribed(&broker, 2);
    broker.kill();
    until(|| running.stderr(), || running.stderr().contains("next attempt in"));
    broker.restart();
    until(|| running.stderr(), || running.stderr().contains("connected again to mqtt://127.0.0.1"));
    until_subscribed(&broker, 2);
    mosquitto_pub(broker.port, &["-t", "x", "-m", "back"]);
    for running in [running, quiet] {
        until(|| running.stderr(), || running.written() == b"back\n");
        running.signal("INT");
        assert_eq!(running.left().status, Some(0));
    }
}

#[test]
fn refused_subscriptions_are_told_and_none_at_all_is_a_failure() {
    let broker = Broker::with(&Setup { may_subscribe: Some(vec!["open/#"]), ..Setup::default() });
    let left = sub(broker.port, &["-t", "secret/#"]).run();
    assert_eq!(left.status, Some(1));
    assert!(left.stderr.starts_with("mqttree: SUBSCRIBE to secret/#\n  not authorized"), "{}", left.stderr);
    let running = sub(broker.port, &["-t", "secret/#", "-t", "open/#", "-C", "1"]).start();
    until(|| running.stderr(), || running.stderr().contains("SUBSCRIBE to secret/#"));
    mosquitto_pub(broker.port, &["-t", "open/a", "-m", "1"]);
    assert_eq!(running.left().status, Some(0));
}

#[test]
fn retained_messages_are_removed_but_those_that_are_filtered_out() {
    let broker = Broker::start();
    let mut publisher = Publisher::connect(broker.port);
    for index in 0..1_000 {
        publisher.publish(format!("r/{index}").as_bytes(), b"x", true);
    }
    publisher.publish(b"r/keep", b"x", true);
    publisher.finish();
    let arguments = ["-t", "r/#", "-T", "r/keep", "--remove-retained", "-C", "1000", "-F", "%t"];
    let left = sub(broker.port, &arguments).run();
    assert_eq!((left.status, left.stderr.as_str()), (Some(0), ""));
    assert_eq!(left.stdout.split(|byte| *byte == b'\n').count(), 1_001);
    let left = sub(broker.port, &["-t", "r/#", "-v", "-W", "1"]).run();
    assert_eq!(
        String::from_utf8(left.stdout).unwrap(),
        "r/keep x\n",
        "the broker has answered each deletion"
    );
}

#[test]
fn unsubscribing_ends_a_kept_subscription() {
    let broker = Broker::start();
    let kept = ["-c", "-i", "kept", "-q", "1", "-V", "311"];
    assert_eq!(sub(broker.port, &[&["-t", "a", "-t", "b", "-E"], &kept[..]].concat()).run().status, Some(0));
    let running = sub(broker.port, &[&["-U", "a"], &kept[..], &["-C", "1", "-v"]].concat()).start();
    until(|| broker.log(), || broker.log().contains("Received UNSUBSCRIBE from kept"));
    mosquitto_pub(broker.port, &["-t", "a", "-m", "1", "-q", "1"]);
    mosquitto_pub(broker.port, &["-t", "b", "-m", "2", "-q", "1"]);
    let left = running.left();
    assert_eq!((left.status, left.stdout.as_slice()), (Some(0), &b"b 2\n"[..]), "{}", left.stderr);
}

/// A reader that stops holds the broker back within limits and loses nothing.
#[test]
fn a_slow_pipe_costs_neither_messages_nor_memory() {
    const MESSAGES: usize = 20_000;
    let broker = Broker::with(&Setup { extra: "max_inflight_messages 100", ..Setup::default() });
    let mut running = sub(broker.port, &["-t", "x", "-q", "1", "-C", &MESSAGES.to_string()]).start_piped();
    until_subscribed(&broker, 1);
    let line = "x".repeat(4_000) + "\n";
    let input = line.repeat(MESSAGES);
    let left = Line::new(Whose::Ours, "pub", broker.port, &["-t", "x", "-q", "1", "-l"])
        .stdin(input.as_bytes())
        .run();
    assert_eq!(left.status, Some(0), "{}", left.stderr);
    #[cfg(target_os = "linux")]
    {
        let status = std::fs::read_to_string(format!("/proc/{}/status", running.id())).unwrap();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let kilobytes: u64 = resident.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(kilobytes < 60_000, "80 MB wait at the broker, not here: {kilobytes} kB");
    }
    let mut output = Vec::new();
    running.stdout().read_to_end(&mut output).unwrap();
    assert!(output == input.as_bytes(), "{} bytes instead of {}", output.len(), input.len());
    assert_eq!(running.left().status, Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_window_that_cannot_open_names_no_folder_of_the_machine_that_built_it() {
    let home = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_mqttree"))
        .env("MQTTREE_HOME", home.path())
        .env("DISPLAY", ":9977")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("os error at winit-"), "{stderr}");
    assert!(!stderr.contains("registry"), "{stderr}");
}

#[test]
fn a_broker_without_mqtt_5_is_asked_once_and_remembered_for_the_next_run() {
    let (sender, levels) = crossbeam_channel::bounded(64);
    let server = FakeServer::start(move |stream| {
        let mut request = [0; 1024];
        let Ok(10..) = stream.read(&mut request) else { return };
        sender.send(request[8]).ok();
        let refused = request[8] == 5;
        stream.write_all(&[0x20, 2, 0, u8::from(refused)]).ok();
        while !refused && stream.read(&mut request).is_ok_and(|count| count > 0) {}
    });
    let home = tempfile::tempdir().unwrap();
    let run = || {
        let line =
            sub(server.port, &["-t", "x", "-W", "1"]).env("MQTTREE_HOME", home.path().to_str().unwrap());
        let left = line.run();
        assert_eq!(left.status, Some(27), "{}", left.stderr);
        levels.try_iter().collect::<Vec<u8>>()
    };
    assert_eq!(run(), [5, 4]);
    assert_eq!(run(), [4]);
    std::fs::write(home.path().join("state/spoken.json"), "{").unwrap();
    assert_eq!(run(), [5, 4], "a damaged file is no reason not to start");
}
