//! `--profile`: saved options, and options given beside it.

use std::fs;

use super::run::{Line, Whose, until_subscribed};
use crate::harness::{Broker, Setup, mosquitto_pub};

/// Saves one connection in the program's home.
fn save(line: &Line, port: u16) {
    let text = format!(
        "version = 1\n\n[[profile]]\nid = \"0123456789abcdef\"\nname = \"Factory\"\nprotocol = \"mqtt\"\nhost = \
         \"127.0.0.1\"\nport = {port}\nversion = \"3.1.1\"\nusername = \"ada\"\nclient_id = \"saved\"\npassword = \
         \"file\"\npassword_text = \"secret\"\n[[profile.subscriptions]]\nfilter = \"plant/#\"\nqos = 1\n"
    );
    let folder = line.home().join("config");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("profiles.toml"), text).unwrap();
}

#[test]
fn a_saved_connection_is_used_with_its_filters_and_password() {
    let broker = Broker::with(&Setup { users: vec![("ada", "secret"), ("bob", "word")], ..Setup::default() });
    let publish = |topic: &str| {
        mosquitto_pub(broker.port, &["-u", "bob", "-P", "word", "-t", topic, "-m", "1", "-q", "1"]);
    };
    let line = Line::without_broker(Whose::Ours, "sub", &["--profile", "factory", "-C", "1", "-F", "%t %q"]);
    save(&line, broker.port);
    let running = line.start();
    until_subscribed(&broker, 1);
    publish("plant/a");
    let left = running.left();
    assert_eq!((left.status, left.stdout.as_slice()), (Some(0), &b"plant/a 1\n"[..]), "{}", left.stderr);
    assert!(broker.log().contains("as saved (p2, c1, k60, u'ada')"), "{}", broker.log());

    let more = [
        "--profile",
        "Factory",
        "-C",
        "1",
        "-F",
        "%t %q",
        "-t",
        "other",
        "-i",
        "else",
        "-V",
        "5",
        "-u",
        "bob",
    ];
    let line = Line::without_broker(Whose::Ours, "sub", &more).env("MQTTREE_PASSWORD", "word");
    save(&line, broker.port);
    let running = line.start();
    until_subscribed(&broker, 2);
    publish("other");
    let left = running.left();
    assert_eq!((left.status, left.stdout.as_slice()), (Some(0), &b"other 0\n"[..]), "{}", left.stderr);
    assert!(broker.log().contains("as else (p5, c1, k60, u'bob')"), "{}", broker.log());

    let line =
        Line::without_broker(Whose::Ours, "pub", &["--profile", "Factory", "-t", "a", "-m", "1", "-q", "1"]);
    save(&line, broker.port);
    let left = line.run();
    assert_eq!((left.status, left.stderr.as_str()), (Some(0), ""));
}

/// A saved filter keeps what its connection says of the retain flag; a filter of the line follows mosquitto_sub.
#[test]
fn a_saved_filter_asks_for_the_retain_flag_as_its_connection_says() {
    let broker = Broker::start();
    let flag = |more: &[&str], saved: &str| {
        let arguments = [&["--profile", "plant", "-V", "5", "-C", "1", "-F", "%r"], more].concat();
        let line = Line::without_broker(Whose::Ours, "sub", &arguments);
        let text = format!(
            "version = 1\n[[profile]]\nid = \"0123456789abcdef\"\nname = \"plant\"\nhost = \"127.0.0.1\"\nport = {}\n\
             [[profile.subscriptions]]\nfilter = \"plant/#\"\n{saved}",
            broker.port
        );
        fs::create_dir_all(line.home().join("config")).unwrap();
        fs::write(line.home().join("config/profiles.toml"), text).unwrap();
        let before = broker.log().matches("Sending SUBACK to").count();
        let running = line.start();
        until_subscribed(&broker, before + 1);
        mosquitto_pub(broker.port, &["-t", "plant/a", "-m", "1", "-r"]);
        mosquitto_pub(broker.port, &["-t", "plant/a", "-n", "-r"]);
        let left = running.left();
        assert_eq!(left.status, Some(0), "{}", left.stderr);
        String::from_utf8(left.stdout).unwrap()
    };
    assert_eq!(flag(&[], ""), "1\n");
    assert_eq!(flag(&[], "retain_as_published = false\n"), "0\n");
    assert_eq!(flag(&["--retain-as-published"], "retain_as_published = false\n"), "1\n");
    assert_eq!(flag(&["-t", "plant/#"], ""), "0\n");
    assert_eq!(flag(&["-R"], ""), "0\n", "the flag decides what is printed");
}

/// Limits the address space, so a run that filled the memory would fail.
#[cfg(target_os = "linux")]
#[test]
fn what_stands_in_place_of_the_connections_is_named_and_takes_no_memory() {
    let line = |home: &std::path::Path| {
        let program = env!("CARGO_BIN_EXE_mqttree");
        let script = format!("ulimit -v 300000; exec {program} sub --profile factory -t a");
        let output = std::process::Command::new("sh")
            .args(["-c", &script])
            .env("MQTTREE_HOME", home)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for (large, expected) in [
        ("x".repeat(50_000_000), "its size is 50.0 MB"),
        ("[[profile]]\nname = \n".repeat(100_000), "is damaged. Line 2:"),
        ("[".repeat(20_000_000), "is damaged. Line 1: the part that begins here is longer"),
    ] {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("config")).unwrap();
        fs::write(home.path().join("config/profiles.toml"), large).unwrap();
        let (status, stderr) = line(home.path());
        assert_eq!(status, Some(2), "{stderr}");
        assert!(stderr.contains(expected) && stderr.len() < 3_000, "{stderr}");
    }
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("config")).unwrap();
    let file = home.path().join("config/profiles.toml");
    assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
    let (status, stderr) = line(home.path());
    assert_eq!(status, Some(2), "{stderr}");
    assert!(stderr.contains("a pipe is in its place"), "{stderr}");
}
