//! `mqttree test` against a real broker: sequences that pass, fail and time out, and their report.

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use mqttree::message::QoS;
use mqttree::mqtt::options::{ConnectOptions, MqttVersion, Subscription};
use mqttree::session::Publish;
use quick_xml::events::Event;

use super::run::{Left, Line, Whose};
use crate::harness::{Broker, Setup, Watched, free_port, mosquitto_pub, options, until};

/// Runs files of these texts.
fn run(port: u16, texts: &[&str], more: &[&str]) -> (Left, PathBuf, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<PathBuf> = (0..texts.len()).map(|n| folder.path().join(format!("{n}.toml"))).collect();
    for (file, text) in files.iter().zip(texts) {
        fs::write(file, text).unwrap();
    }
    let report = folder.path().join("report.xml");
    let mut arguments: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
    arguments.extend(["--junit", report.to_str().unwrap()]);
    arguments.extend(more);
    (Line::new(Whose::Ours, "test", port, &arguments).run(), report, folder)
}

fn said(left: &Left) -> String {
    format!("{:?}\n{}{}", left.status, String::from_utf8_lossy(&left.stdout), left.stderr)
}

/// The elements of a report with their attributes, as another program reads them.
fn read_back(report: &Path) -> Vec<(String, Vec<(String, String)>)> {
    let text = fs::read_to_string(report).unwrap();
    let mut reader = quick_xml::Reader::from_str(&text);
    let mut elements = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
                let attributes = tag.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    (
                        text(attribute.key.as_ref()),
                        attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned(),
                    )
                });
                let attributes = attributes.collect();
                elements.push((text(tag.name().as_ref()), attributes));
            }
            Event::Eof => return elements,
            _ => {}
        }
    }
}

/// The values of an attribute of all elements with this name.
fn all<'a>(elements: &'a [(String, Vec<(String, String)>)], element: &str, attribute: &str) -> Vec<&'a str> {
    let meant = elements.iter().filter(|(name, _)| name == element);
    meant
        .flat_map(|(_, all)| all)
        .filter(|(name, _)| name == attribute)
        .map(|(_, value)| value.as_str())
        .collect()
}

/// The first example of the documentation, with a device that answers.
#[test]
fn the_example_of_the_documentation_passes_with_a_device_that_answers() {
    let page = include_str!("../../../docs/sequences.md");
    let example = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let broker = Broker::start();
    let subscriptions = vec![Subscription::new("lamp/#", QoS::AtLeastOnce)];
    let device =
        Watched::connected(ConnectOptions { subscriptions, ..options(broker.port, MqttVersion::V5) });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lamp.toml");
    fs::write(&file, example).unwrap();
    let running = Line::new(Whose::Ours, "test", broker.port, &[file.to_str().unwrap()]).start();
    until(|| device.describe(), || device.newest("lamp/kitchen/set").is_some());
    let asked: serde_json::Value =
        serde_json::from_slice(&device.newest("lamp/kitchen/set").unwrap().payload).unwrap();
    for state in ["OFF", "ON"] {
        let payload = Bytes::from(format!("{{\"state\": \"{state}\", \"id\": {}}}", asked["id"]));
        let publish = Publish { topic: "lamp/kitchen/state".to_owned(), payload, ..Publish::default() };
        device.publish(publish).unwrap();
    }
    let left = running.left();
    assert_eq!(left.status, Some(0), "{}", said(&left));
    let text = String::from_utf8(left.stdout).unwrap();
    assert!(text.starts_with("The lamp answers\n  ✓ publish lamp/{{lamp}}/set"), "{text}");
    assert_eq!(text.matches('✓').count(), 5, "{text}");
    assert!(text.ends_with("1 sequence passed\n"), "{text}");
    until(|| device.describe(), || device.newest("lamp/kitchen/get").is_some());
    let id = asked["id"].to_string();
    assert_eq!(device.newest("lamp/kitchen/get").unwrap().payload, id.as_bytes());
}

#[test]
fn sequences_that_pass_fail_and_time_out_are_told_apart_and_reported() {
    let broker = Broker::start();
    mosquitto_pub(broker.port, &["-t", "status", "-m", "on<line> & \"so\"", "-r", "-q", "1"]);
    let pass = "[[step]]\nexpect = \"status\"\nretained = true\n[[step]]\npublish = \"e/1\"\npayload = \"{{x}}\"\nqos = 2\n\
                [[step]]\nexpect = \"e/+\"\nwhere = '$ == 7'\nwithin = \"5 s\"\n";
    let fail = "[[step]]\nname = \"a <b> & \\\"c\\\"\"\npublish = \"e/2\"\npayload = \"{}\"\n[[step]]\nexpect = \"e/2\"\n\
                capture = \"id\"\nfrom = \".id\"\n[[step]]\nwait = \"1 ms\"\n";
    let late = "[[step]]\nexpect = \"status\"\nwithin = \"100 ms\"\n[[step]]\nwait = \"1 ms\"\n";
    let (left, report, _folder) = run(broker.port, &[pass, fail, late], &["--var", "x=7"]);
    assert_eq!((left.status, left.stderr.as_str()), (Some(1), ""), "{}", said(&left));
    let text = String::from_utf8_lossy(&left.stdout).into_owned();
    assert!(text.contains("line 6: the message has nothing at id"), "{text}");
    assert!(
        text.contains("line 2: nothing came within 100 ms; 1 message differed in being retained"),
        "{text}"
    );
    assert_eq!(text.matches("not reached").count(), 2, "{text}");
    assert!(text.ends_with("2 of 3 sequences failed\n"), "{text}");

    let elements = read_back(&report);
    assert_eq!(all(&elements, "testsuites", "tests"), ["8"]);
    assert_eq!(all(&elements, "testsuites", "failures"), ["2"]);
    assert_eq!(all(&elements, "testsuite", "failures"), ["0", "1", "1"]);
    assert_eq!(all(&elements, "testsuite", "skipped"), ["0", "1", "1"]);
    assert_eq!(all(&elements, "testcase", "name")[3], "a <b> & \"c\"");
    assert_eq!(all(&elements, "testcase", "line"), ["2", "5", "9", "3", "6", "10", "2", "5"]);
    assert_eq!(all(&elements, "failure", "message").len(), 2);
    assert!(all(&elements, "failure", "message")[1].ends_with("the last was on<line> & \"so\""));
}

#[test]
fn a_refused_publish_and_a_lost_connection_fail_their_step() {
    let mut broker =
        Broker::with(&Setup { acl: Some("topic read #\ntopic write open/#"), ..Setup::default() });
    let refused = "[[step]]\npublish = \"closed\"\nqos = 1\n";
    let (left, _, _folder) = run(broker.port, &[refused], &["-V", "5"]);
    assert_eq!(left.status, Some(1));
    assert!(said(&left).contains("line 2: not authorized"), "{}", said(&left));

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("long.toml");
    fs::write(&file, "[[step]]\npublish = \"open/x\"\n[[step]]\nexpect = \"never\"\nwithin = \"10 min\"\n")
        .unwrap();
    let running = Line::new(Whose::Ours, "test", broker.port, &[file.to_str().unwrap()]).start();
    until(|| broker.log(), || broker.log().contains("'open/x'"));
    broker.kill();
    let left = running.left();
    assert_eq!(left.status, Some(1));
    assert!(said(&left).contains("line 4: the connection was lost"), "{}", said(&left));
}

#[test]
fn a_broker_that_is_not_there_is_an_error_of_the_report() {
    let (left, report, _folder) = run(free_port(), &["[[step]]\nwait = \"1 ms\"\n"], &[]);
    assert_eq!((left.status, left.stderr.lines().count()), (Some(1), 3), "{}", said(&left));
    let elements = read_back(&report);
    assert_eq!(
        (all(&elements, "testsuite", "errors"), all(&elements, "testsuite", "skipped")),
        (vec!["1"], vec!["1"])
    );
    assert_eq!(all(&elements, "error", "message").len(), 1);
}

#[test]
fn a_file_that_is_no_sequence_is_named_with_its_line_and_nothing_runs() {
    let broker = Broker::start();
    let good = "[[step]]\npublish = \"x\"\n";
    let (left, report, _folder) =
        run(broker.port, &[good, "[[step]]\nwait = \"1 ms\"\n\n[[step]]\nqos = 1\n"], &[]);
    assert_eq!(left.status, Some(2));
    assert!(left.stderr.contains("1.toml, line 4: a step needs one of publish, expect"), "{}", left.stderr);
    assert!(!report.exists() && !broker.log().contains("New client"), "{}", broker.log());
    for (arguments, expected) in [
        (&["/no/such.toml"][..], "/no/such.toml cannot be read"),
        (&["--var", "x", "/no/such.toml"], "--var x: not NAME=VALUE"),
        (&["x.toml", "-D", "publish", "content-type", "t"], "properties of connect, will and disconnect"),
        (&[], "required arguments were not provided"),
    ] {
        let left = Line::without_broker(Whose::Ours, "test", arguments).run();
        assert_eq!(left.status, Some(2), "{}", said(&left));
        assert!(left.stderr.contains(expected), "{}", left.stderr);
    }
}
