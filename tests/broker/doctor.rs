//! The connection doctor with real brokers: what it finds, and that it does no harm.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crossbeam_channel::bounded;
use mqttree::message::{Flags, QoS};
use mqttree::mqtt::doctor::examine;
use mqttree::mqtt::failure::Cause;
use mqttree::mqtt::options::{ConnectOptions, MqttVersion, Protocol, Secret, Secrets, Subscription, Will};
use mqttree::mqtt::step::{SkipReason, StepOutcome, TakenStep};
use mqttree::words::{self, Language};

use crate::harness::packets::{connack, connack_with_session, message, refusal};
use crate::harness::{Authority, Broker, FakeServer, Pair, Setup, Watched, free_port, options, run, what_of};

fn examined(options: &ConnectOptions, secrets: &Secrets) -> Vec<TakenStep> {
    let client_id = if options.client_id.is_empty() { "mqttree-00000000" } else { &options.client_id };
    let mut steps = Vec::new();
    run(examine(options, client_id, secrets, &mut |step| steps.push(step)));
    steps
}

/// The report that a person copies.
fn as_text(steps: &[TakenStep]) -> String {
    words::doctor::report(steps, Language::English)
}

fn details(taken: &TakenStep) -> Vec<String> {
    words::doctor::details(taken, Language::English)
}

fn subscribing(port: u16, version: MqttVersion, filters: &[&str]) -> ConnectOptions {
    let subscriptions = filters.iter().map(|filter| Subscription::new(*filter, QoS::AtLeastOnce)).collect();
    ConnectOptions { subscriptions, ..options(port, version) }
}

#[track_caller]
fn step<'a>(steps: &'a [TakenStep], what: &str) -> &'a TakenStep {
    let found = steps.iter().find(|step| what_of(step).starts_with(what));
    found.unwrap_or_else(|| panic!("no step {what}:\n{}", as_text(steps)))
}

/// The first words of the steps with this outcome.
fn named(steps: &[TakenStep], matches: impl Fn(&StepOutcome) -> bool) -> Vec<String> {
    let found = steps.iter().filter(|step| matches(&step.outcome));
    found.map(|step| what_of(step).split(' ').next().unwrap().to_owned()).collect()
}

fn skipped(steps: &[TakenStep]) -> Vec<String> {
    named(steps, |outcome| matches!(outcome, StepOutcome::Skipped(_)))
}

fn with_certificate(pair: &Pair) -> Broker {
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let tls = Some((read(&pair.certificate), read(&pair.key)));
    Broker::with(&Setup { tls, ..Setup::default() })
}

#[test]
fn a_broker_that_works_passes_every_step() {
    let broker = Broker::start();
    for version in [MqttVersion::V3_1, MqttVersion::V3_1_1, MqttVersion::V5] {
        let steps = examined(&subscribing(broker.port, version, &["a/#", "b"]), &Secrets::default());
        assert_eq!(
            named(&steps, |outcome| *outcome == StepOutcome::Ok),
            ["TCP", "CONNECT", "SUBSCRIBE", "SUBSCRIBE", "Ping", "DISCONNECT"],
            "{}",
            as_text(&steps)
        );
        let connect = details(step(&steps, "CONNECT")).join("\n");
        assert!(connect.contains(&format!("MQTT {}", version.name())), "{connect}");
        assert_eq!(details(step(&steps, "SUBSCRIBE to a/#")), ["granted up to QoS 1"]);
        assert!(steps.iter().all(|step| step.took.is_some()), "{steps:?}");
    }
    let connect = examined(&subscribing(broker.port, MqttVersion::V5, &[]), &Secrets::default());
    let connect = details(step(&connect, "CONNECT")).join("\n");
    for line in ["client ID mqttree-00000000", "topic alias maximum 10", "receive maximum"] {
        assert!(connect.contains(line), "{connect}");
    }
    assert!(broker.log().contains("Received DISCONNECT from mqttree-00000000-"), "{}", broker.log());
}

#[test]
fn a_session_with_the_same_client_id_goes_on_and_no_will_is_published() {
    let broker = Broker::start();
    let profile = ConnectOptions {
        client_id: "boiler".to_owned(),
        will: Some(Will { topic: "gone".to_owned(), ..Will::default() }),
        ..options(broker.port, MqttVersion::V5)
    };
    let session = Watched::connected(profile.clone());
    let steps = examined(&profile, &Secrets::default());
    assert!(steps.iter().all(|step| step.outcome == StepOutcome::Ok), "{}", as_text(&steps));
    let connect = details(step(&steps, "CONNECT")).join("\n");
    assert!(
        connect.contains("client ID boiler-") && connect.contains("so that a session with boiler goes on")
    );
    session.assert_held();
    assert_eq!(session.newest("gone"), None);
}

#[test]
fn a_refused_subscription_is_named_and_the_rest_is_still_tried() {
    let broker = Broker::with(&Setup { may_subscribe: Some(vec!["open/#"]), ..Setup::default() });
    for version in [MqttVersion::V3_1_1, MqttVersion::V5] {
        let steps =
            examined(&subscribing(broker.port, version, &["secret/#", "open/#"]), &Secrets::default());
        let refused = step(&steps, "SUBSCRIBE to secret/#");
        let text = as_text(std::slice::from_ref(refused));
        assert!(
            refused.is_failed() && (text.contains("not authorized") || text.contains("refused")),
            "{text}"
        );
        for what in ["SUBSCRIBE to open/#", "Ping", "DISCONNECT"] {
            assert_eq!(step(&steps, what).outcome, StepOutcome::Ok, "{}", as_text(&steps));
        }
    }
}

#[test]
fn a_shared_subscription_is_left_to_those_who_share_it() {
    let broker = Broker::start();
    let steps =
        examined(&subscribing(broker.port, MqttVersion::V5, &["$share/g/a", "a"]), &Secrets::default());
    assert_eq!(skipped(&steps), ["SUBSCRIBE"]);
    assert!(!broker.log().contains("$share"), "{}", broker.log());
}

#[test]
fn what_comes_after_a_failure_is_not_tried_and_says_why() {
    let port = free_port();
    let steps = examined(&subscribing(port, MqttVersion::V5, &["a"]), &Secrets::default());
    let tcp = format!("TCP connection to 127.0.0.1:{port}");
    assert!(steps[0].is_failed() && what_of(&steps[0]) == tcp, "{steps:?}");
    assert_eq!(skipped(&steps), ["CONNECT", "SUBSCRIBE", "Ping", "DISCONNECT"]);
    let after = SkipReason::After(Box::new(steps[0].step.clone()));
    assert_eq!(steps[1].outcome, StepOutcome::Skipped(after));
}

#[test]
fn a_certificate_that_fails_the_check_is_shown_whole() {
    let broker = with_certificate(&Authority::new("a stranger").issue("server", &["elsewhere.test"]));
    let trusted = Authority::new("the authority of the tests");
    let options = ConnectOptions {
        protocol: Protocol::Mqtts,
        ca_certificate: Some(trusted.ca()),
        ..subscribing(broker.port, MqttVersion::V5, &["a"])
    };
    let steps = examined(&options, &Secrets::default());
    let handshake = step(&steps, "TLS handshake");
    assert!(handshake.is_failed());
    for line in [
        "certificate 1: subject CN=server",
        "certificate 1: for elsewhere.test",
        "certificate 1: issued by CN=a stranger",
    ] {
        assert!(details(handshake).iter().any(|detail| detail == line), "{handshake:#?}");
    }
    assert_eq!(skipped(&steps), ["CONNECT", "SUBSCRIBE", "Ping", "DISCONNECT"]);
    assert!(!broker.log().contains("CONNECT"), "nothing of MQTT was sent: {}", broker.log());
}

#[test]
fn a_wrong_password_is_said_and_never_shown() {
    let broker = Broker::with(&Setup { users: vec![("anna", "s3cret")], ..Setup::default() });
    let options = ConnectOptions {
        username: "anna".to_owned(),
        client_id: "boiler".to_owned(),
        ..subscribing(broker.port, MqttVersion::V5, &["a"])
    };
    let steps = examined(&options, &Secrets::from(Secret::new("hunter2")));
    let text = as_text(&steps);
    assert!(text.contains("not authorized") && text.contains("user name"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    let right = examined(&options, &Secrets::from(Secret::new("s3cret")));
    assert!(right.iter().all(|step| step.outcome == StepOutcome::Ok), "{}", as_text(&right));
}

/// Reads one packet with a one-byte remaining length.
fn read_packet(client: &mut TcpStream) -> Option<Vec<u8>> {
    let mut head = [0; 2];
    client.read_exact(&mut head).ok()?;
    let mut body = vec![0; head[1].into()];
    client.read_exact(&mut body).ok()?;
    Some([&head[..], &body].concat())
}

#[test]
fn a_broker_that_lets_only_the_profiles_client_id_in_gets_it() {
    let version = MqttVersion::V3_1_1;
    let (sender, packets) = bounded(16);
    let broker = FakeServer::start(move |client| {
        let connect = read_packet(client).unwrap();
        let is_the_profiles = connect.ends_with(b"\0\x06boiler");
        sender.send(connect).unwrap();
        if !is_the_profiles {
            client.write_all(&refusal(version, 2)).unwrap();
            return;
        }
        // There is a session, with a message kept for it.
        let at_qos_1 = Flags { qos: QoS::AtLeastOnce, ..Flags::default() };
        let message = message(version, at_qos_1, 1, "a", "x");
        client.write_all(&[connack_with_session(version), message].concat()).unwrap();
        while let Some(packet) = read_packet(client) {
            sender.send(packet).unwrap();
        }
    });
    let options = ConnectOptions {
        client_id: "boiler".to_owned(),
        clean_session: false,
        will: Some(Will { topic: "gone".to_owned(), ..Will::default() }),
        ..subscribing(broker.port, MqttVersion::V3_1_1, &["a"])
    };
    let steps = examined(&options, &Secrets::default());
    let text = as_text(&steps);
    assert!(text.contains("client identifier not valid"), "{text}");
    assert!(text.contains("client ID boiler of the profile: a connection that uses it was ended"), "{text}");
    assert_eq!(steps.last().unwrap().outcome, StepOutcome::Ok, "{text}");
    assert_eq!(skipped(&steps), ["SUBSCRIBE", "Ping"], "{text}");
    let next = || packets.recv_timeout(Duration::from_secs(10)).ok();
    let packets: Vec<_> = std::iter::from_fn(next).take(3).collect();
    let flags = |connect: &[u8]| connect[9];
    assert_eq!(
        (flags(&packets[0]), flags(&packets[1])),
        (0x02, 0),
        "clean, and then the session that is kept"
    );
    assert_eq!(packets[2..], [[0xE0, 0]], "DISCONNECT, and nothing was acknowledged");
}

#[test]
fn only_a_refusal_that_may_be_for_the_client_id_is_tried_twice() {
    for (protocol, answer) in [
        (Protocol::Mqtt, refusal(MqttVersion::V3_1_1, 4)), // bad user name or password
        (Protocol::Mqtt, refusal(MqttVersion::V3_1_1, 3)), // server unavailable
        (Protocol::Ws, Vec::new()),
        (Protocol::Ws, b"HTTP/1.1 403 not authorized\r\n\r\n".to_vec()),
    ] {
        let (sender, attempts) = bounded(16);
        let broker = FakeServer::start(move |client| {
            let mut request = [0; 2048];
            if client.read(&mut request).is_ok_and(|count| count > 0) {
                sender.send(()).unwrap();
                client.write_all(&answer).unwrap();
            }
        });
        let options = ConnectOptions {
            protocol,
            client_id: "boiler".to_owned(),
            ..subscribing(broker.port, MqttVersion::V3_1_1, &[])
        };
        let steps = examined(&options, &Secrets::default());
        assert_eq!(attempts.try_iter().count(), 1, "{protocol:?}\n{}", as_text(&steps));
    }
}

#[test]
fn a_broker_that_falls_silent_is_named_after_the_timeout() {
    let broker = FakeServer::answering(&[connack(MqttVersion::V3_1_1)]);
    let mut options = subscribing(broker.port, MqttVersion::V3_1_1, &["a", "b"]);
    options.network.connect_timeout_s = 1;
    let steps = examined(&options, &Secrets::default());
    let silent = step(&steps, "SUBSCRIBE to a");
    let cause = Cause::NoAnswer { within_s: 1 };
    assert!(matches!(&silent.outcome, StepOutcome::Failed { cause: found, .. } if *found == cause));
    assert_eq!(skipped(&steps), ["SUBSCRIBE", "Ping", "DISCONNECT"]);
}

#[test]
fn the_tests_in_the_documentation_are_what_the_doctor_says() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/connecting.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let mut expected = page.clone();
    for (title, report) in documented() {
        let start = expected.find(&format!("### {title}\n")).unwrap_or_else(|| panic!("no section {title}"));
        let open = start + expected[start..].find("```text\n").unwrap() + "```text\n".len();
        let close = open + expected[open..].find("```\n").unwrap();
        if timeless(&expected[open..close]) != timeless(&report) {
            expected.replace_range(open..close, &report);
        }
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    assert!(page == expected, "docs/connecting.md is old: run this test with UPDATE_DOCS=1\n{expected}");
}

/// Five failures of real connections, with ports and folders replaced by names.
fn documented() -> Vec<(&'static str, String)> {
    let mut reports = Vec::new();
    let mut add = |title, options: &ConnectOptions, password: &str, names: &[(String, &str)]| {
        let text = as_text(&examined(options, &Secrets::from(Secret::new(password))));
        let text = names.iter().fold(text, |text, (old, new)| text.replace(old, new));
        reports.push((title, aligned(&text)));
    };
    let port = |port: u16, public: &'static str| (format!(":{port}"), public);

    let unknown =
        ConnectOptions { host: "broker.invalid".to_owned(), ..subscribing(1883, MqttVersion::V5, &["#"]) };
    add("The host is not known", &unknown, "", &[]);

    let nothing = free_port();
    add("Nothing listens", &subscribing(nothing, MqttVersion::V5, &["#"]), "", &[port(nothing, ":1883")]);

    let authority = Authority::new("Example CA");
    let old = authority.issue_with("broker", &["127.0.0.1"], |params| {
        params.not_before = rcgen::date_time_ymd(2023, 1, 1);
        params.not_after = rcgen::date_time_ymd(2025, 1, 1);
    });
    let broker = with_certificate(&old);
    let expired = ConnectOptions {
        protocol: Protocol::Mqtts,
        ca_certificate: Some(authority.ca()),
        ..subscribing(broker.port, MqttVersion::V5, &["#"])
    };
    let folder = (authority.ca().display().to_string(), "ca.pem");
    add("The certificate has expired", &expired, "", &[port(broker.port, ":8883"), folder]);

    let web = FakeServer::start(|client| {
        let mut request = [0; 2048];
        if client.read(&mut request).is_ok_and(|count| count > 0) {
            client.write_all(b"HTTP/1.1 404 Not Found\r\nServer: nginx\r\n\r\n").ok();
        }
    });
    let websocket =
        ConnectOptions { protocol: Protocol::Ws, ..subscribing(web.port, MqttVersion::V5, &["#"]) };
    add("The websocket's path is wrong", &websocket, "", &[port(web.port, ":80")]);

    let broker = Broker::with(&Setup { users: vec![("anna", "s3cret")], ..Setup::default() });
    let wrong =
        ConnectOptions { username: "anna".to_owned(), ..subscribing(broker.port, MqttVersion::V5, &["#"]) };
    add("The password is wrong", &wrong, "hunter2", &[port(broker.port, ":1883")]);
    reports
}

/// Replaces numbers that differ between runs, and aligns the times at the line ends again.
fn aligned(report: &str) -> String {
    let random = regex::Regex::new("mqttree-00000000-[0-9a-f]{4}").unwrap();
    let from = regex::Regex::new("from 127.0.0.1:[0-9]+").unwrap();
    let report = random.replace_all(report, "mqttree-7d1b30c5-9e04");
    let report = from.replace_all(&report, "from 127.0.0.1:50000");
    let time = regex::Regex::new(r"^(.*?) {2,}([0-9.]+ m?s)$").unwrap();
    let lines: Vec<_> = report.lines().collect();
    let width =
        lines.iter().filter_map(|line| Some(time.captures(line)?[1].chars().count())).max().unwrap_or(0);
    let lines = lines.iter().map(|line| match time.captures(line) {
        Some(parts) => format!("{:<width$}  {:>9}\n", &parts[1], &parts[2]),
        None => format!("{line}\n"),
    });
    lines.collect()
}

/// Removes the times, for comparison.
fn timeless(report: &str) -> String {
    regex::Regex::new(r" +[0-9.]+ m?s\n").unwrap().replace_all(report, "\n").into_owned()
}
