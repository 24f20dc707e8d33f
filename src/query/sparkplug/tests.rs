use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::message::{Flags, MessageRef, Payload, Timestamp};
use crate::model::Witness as _;
use crate::payload::decode::{Choice, Format};
use crate::payload::encode::encode;

/// A plant, and the time of the next message.
#[derive(Default)]
struct Watched {
    plant: Plant,
    at: i64,
}

impl Watched {
    fn hear_flagged(&mut self, topic: &str, payload: &[u8], retain: bool) {
        self.at += 1;
        let flags = Flags { retain, ..Flags::default() };
        let (payload, arrived) = (Payload::Small(payload), Timestamp(self.at));
        self.plant.hear(&MessageRef { topic: topic.as_bytes(), payload, flags, properties: None, arrived });
    }

    fn hear(&mut self, topic: &str, payload: &[u8]) {
        self.hear_flagged(topic, payload, false);
    }

    /// Hears a message below `spBv1.0/G/`.
    fn says(&mut self, topic: &str, payload: &Value) {
        let bytes = encode(&Choice::plain(Format::Sparkplug), &payload.to_string()).unwrap();
        self.hear(&format!("spBv1.0/G/{topic}"), &bytes);
    }

    fn node(&self) -> &EdgeNode {
        self.plant.node(&NodeKey { group: "G".into(), node: "N".into() }).unwrap()
    }

    fn device(&self) -> &PlantDevice {
        &self.node().devices["D"]
    }

    fn value(&self, name: &str) -> &str {
        &self.device().life.metrics.of_name(name).unwrap().said.value
    }

    /// An edge node with a device, both born.
    fn born() -> Self {
        let mut watched = Self::default();
        watched.says("NBIRTH/N", &json!({ "seq": 0, "metrics": { "bdSeq": 7 } }));
        let details = json!({
            "Temp": { "alias": 1, "type": "Float" },
            "Total": { "alias": 2, "type": "UInt64" },
            "Model": { "alias": 3, "type": "String" },
        });
        let metrics = json!({ "Temp": 20.5, "Total": 18_446_744_073_709_551_615_u64, "Model": "X1" });
        watched.says("DBIRTH/N/D", &json!({ "seq": 1, "metrics": metrics, "details": details }));
        watched
    }

    fn data(&mut self, seq: u64, temperature: f64) {
        let details = json!({ "t": { "alias": 1, "type": "Float", "not_in_birth": true } });
        self.says("DDATA/N/D", &json!({ "seq": seq, "metrics": { "t": temperature }, "details": details }));
    }
}

#[test]
fn a_metric_that_only_the_birth_has_is_current() {
    let mut watched = Watched::born();
    watched.data(2, 21.5);
    assert_eq!(watched.value("Temp"), "21.5", "the alias is named by the birth");
    assert_eq!(watched.value("Model"), "\"X1\"");
    assert_eq!(watched.value("Total"), "18446744073709551615", "all digits of 64 bits");
    let metrics = &watched.device().life.metrics;
    assert_eq!((metrics.of_name("Temp").unwrap().updates, metrics.of_name("Model").unwrap().updates), (1, 0));
    assert_eq!(metrics.of_name("Temp").unwrap().said.data_type, "Float");
    assert_eq!(watched.plant.online(), (2, 2));
    assert!(watched.device().life.faults.is_empty() && watched.node().life.faults.is_empty());
}

#[test]
fn a_gap_of_sequence_numbers_is_counted_and_the_turn_after_255_is_none() {
    let mut watched = Watched::born();
    watched.data(2, 1.0);
    watched.data(5, 2.0);
    let gap = SeqGap { expected: 3, got: 5, missing: 2 };
    assert_eq!((watched.node().gap, watched.node().missing), (Some(gap), 2));
    assert_eq!(watched.node().life.count_of(PlantFault::SeqGap), 1);
    for seq in (6..=255).chain(0..3) {
        watched.data(seq, 3.0);
    }
    assert_eq!(watched.node().life.count_of(PlantFault::SeqGap), 1);
    assert_eq!(watched.node().seq, Some(2));
}

#[test]
fn births_are_told_apart_by_the_number_of_their_session() {
    let mut watched = Watched::born();
    watched.says("NBIRTH/N", &json!({ "seq": 9, "metrics": { "bdSeq": 7 } }));
    let life = &watched.node().life;
    assert_eq!((life.births, life.rebirths), (2, 1), "the same session: it was asked to");
    assert_eq!(life.count_of(PlantFault::SeqGap), 0, "a birth begins a new row");
    watched.says("NBIRTH/N", &json!({ "seq": 0, "metrics": { "bdSeq": 8 } }));
    let life = &watched.node().life;
    assert_eq!((life.births, life.rebirths, life.count_of(PlantFault::NoDeath)), (3, 1, 1));
    assert_eq!(watched.node().bd_seq, Some(8));
    watched.says("NDEATH/N", &json!({ "metrics": { "bdSeq": 7 } }));
    let life = &watched.node().life;
    assert_eq!((life.presence, life.count_of(PlantFault::StaleDeath)), (Presence::Online, 1));
    watched.says("NDEATH/N", &json!({ "metrics": { "bdSeq": 8 } }));
    assert_eq!(watched.node().life.presence, Presence::Offline);
    assert_eq!(watched.device().life.presence, Presence::Offline, "out of reach with its edge node");
    assert_eq!(watched.plant.online(), (0, 2));
}

#[test]
fn what_no_birth_explains_is_said() {
    let mut watched = Watched::default();
    watched.data(4, 1.0);
    assert_eq!(watched.device().life.presence, Presence::Unknown);
    assert_eq!(watched.device().life.count_of(PlantFault::Unborn), 1);
    assert_eq!(watched.device().life.faults[&PlantFault::UnknownAlias].about, "1");
    let mut watched = Watched::born();
    watched.says("DDATA/N/D", &json!({ "seq": 2, "metrics": { "Other": 1 } }));
    assert_eq!(watched.device().life.faults[&PlantFault::NotInBirth].about, "Other");
    watched.says("DDEATH/N/D", &json!({ "seq": 3 }));
    watched.says("DDATA/N/D", &json!({ "seq": 4, "metrics": { "Temp": 1.5 } }));
    assert_eq!(watched.device().life.count_of(PlantFault::AfterDeath), 1);
    watched.says("NDATA/N", &json!({ "metrics": {} }));
    assert_eq!(watched.node().life.count_of(PlantFault::NoSeq), 1);
    watched.hear("spBv1.0/G/NDATA/N", b"\x12\x7F");
    assert_eq!(watched.node().life.count_of(PlantFault::Unreadable), 1);
    let birth = encode(&Choice::plain(Format::Sparkplug), r#"{"seq":0,"metrics":{}}"#).unwrap();
    watched.hear_flagged("spBv1.0/G/NBIRTH/N", &birth, true);
    let life = &watched.node().life;
    assert_eq!((life.count_of(PlantFault::Retained), life.count_of(PlantFault::NoBdSeq)), (1, 1));
}

#[test]
fn a_historical_value_does_not_replace_the_current_one() {
    let mut watched = Watched::born();
    let details = json!({ "Temp": { "type": "Float", "historical": true } });
    watched.says("DDATA/N/D", &json!({ "seq": 2, "metrics": { "Temp": 3.5 }, "details": details }));
    assert_eq!(watched.value("Temp"), "20.5");
    assert_eq!(watched.device().life.metrics.of_name("Temp").unwrap().historical, 1);
    watched.says("DDATA/N/D", &json!({ "seq": 3, "metrics": { "Model": null } }));
    assert_eq!(watched.value("Model"), "null");
    assert!(watched.device().life.metrics.of_name("Model").unwrap().said.is_null);
}

#[test]
fn a_request_for_rebirth_is_seen_whoever_sends_it() {
    let mut watched = Watched::born();
    watched.hear("spBv1.0/G/NCMD/N", &rebirth_payload(1_700_000_000_000));
    assert_eq!((watched.node().rebirths_asked, watched.node().life.commands), (1, 1));
    assert_eq!(watched.node().asked_at, Some(Timestamp(watched.at)));
    watched.says("NCMD/N", &json!({ "metrics": { "Setpoint": 3 } }));
    assert_eq!((watched.node().rebirths_asked, watched.node().life.commands), (1, 2));
}

#[test]
fn hosts_say_whether_they_are_online_in_both_forms() {
    let mut watched = Watched::default();
    watched.hear("spBv1.0/STATE/scada", br#"{"online":true,"timestamp":1668114759262}"#);
    watched.hear("STATE/old", b"OFFLINE");
    watched.hear("STATE/lamp", b"on");
    watched.hear("spBv1.0/STATE/odd", b"?");
    let hosts: Vec<_> =
        watched.plant.hosts().map(|(name, host)| (name, host.is_online, host.is_old, host.time_ms)).collect();
    let expected = [
        ("odd", None, false, None),
        ("old", Some(false), true, None),
        ("scada", Some(true), false, Some(1_668_114_759_262)),
    ];
    assert_eq!(hosts, expected, "a lamp's state is not a host's");
}

#[test]
fn versions_that_are_not_known_are_named_and_not_guessed() {
    let mut watched = Watched::born();
    for topic in ["spBv4.0/G/NBIRTH/N", "spBv4.0/G/NDATA/N", "spAv1.0/G/NBIRTH/N", "spBv1.0/G/NMETA/N"] {
        watched.hear(topic, b"\x12\x00");
    }
    let unknown: Vec<_> = watched.plant.unknown().collect();
    assert_eq!(unknown, [("NMETA", 1), ("spAv1.0", 1), ("spBv4.0", 2)]);
    assert_eq!(watched.node().life.births, 1);
    let witness = PlantWitness(std::sync::Arc::default());
    for (topic, is_wanted) in
        [("spBv1.0/G/NDATA/N", true), ("STATE/a", true), ("sport/a", false), ("spBv/x", false)]
    {
        assert_eq!(witness.wants(topic.as_bytes()), is_wanted, "{topic}");
    }
}

#[test]
fn a_topic_leads_to_its_edge_node_and_device() {
    let watched = Watched::born();
    let key = NodeKey { group: "G".into(), node: "N".into() };
    assert_eq!(watched.plant.place_of(b"spBv1.0/G/DCMD/N/D"), Some((key.clone(), Some("D".to_owned()))));
    assert_eq!(watched.plant.place_of(b"spBv1.0/G/NDATA/N"), Some((key, None)));
    assert_eq!(watched.plant.place_of(b"spBv1.0/G/NDATA/other"), None);
}

#[test]
fn a_copy_keeps_the_state_of_its_moment() {
    let mut watched = Watched::born();
    let frozen = watched.plant.clone();
    watched.data(2, 99.5);
    let key = NodeKey { group: "G".into(), node: "N".into() };
    let device = &frozen.node(&key).unwrap().devices["D"];
    assert_eq!(device.life.metrics.of_name("Temp").unwrap().said.value, "20.5");
    assert_eq!(watched.value("Temp"), "99.5");
}

#[test]
fn memory_stays_within_its_bounds() {
    let mut watched = Watched::default();
    let payload = encode(&Choice::plain(Format::Sparkplug), r#"{"seq":0,"metrics":{"a":1}}"#).unwrap();
    for n in 0..2_100 {
        watched.hear(&format!("spBv1.0/G/NDATA/N{n}"), &payload);
    }
    assert_eq!((watched.plant.nodes().count(), watched.plant.left_out()), (2_000, 100));
    let many: serde_json::Map<String, Value> = (0..30_000).map(|n| (format!("m{n}"), json!(n))).collect();
    watched.says("NBIRTH/N1", &json!({ "seq": 0, "metrics": many }));
    let key = NodeKey { group: "G".into(), node: "N1".into() };
    let life = &watched.plant.node(&key).unwrap().life;
    assert_eq!(life.metrics.len(), 20_000);
    assert_eq!(life.faults[&PlantFault::Full].about, "10000");
    watched.hear("spBv1.0/G/NDATA/N2", &vec![0; 2 << 20]);
    let key = NodeKey { group: "G".into(), node: "N2".into() };
    assert_eq!(watched.plant.node(&key).unwrap().life.count_of(PlantFault::TooLarge), 1);
}

#[test]
fn a_command_carries_typed_metrics() {
    let metric = |name: &str, data_type: &str, value: &str| CommandMetric {
        name: name.to_owned(),
        data_type: data_type.to_owned(),
        value: value.to_owned(),
    };
    let metrics = [
        metric("Setpoint", "Float", "21.5"),
        metric("Total", "UInt64", "18446744073709551615"),
        metric("On", "Boolean", "true"),
        metric("Name", "String", "12"),
        metric("At", "DateTime", "1700000000000"),
        metric("Steps", "Int16Array", "[1,-2]"),
        metric("Nothing", "Int8", ""),
    ];
    let payload = command_payload(&metrics, 1_700_000_000_000).unwrap();
    let choice = Choice::plain(Format::Sparkplug);
    let limits = crate::payload::DecodeLimits::default();
    let json = choice.decoder().json(&payload, &limits, &crate::payload::never).unwrap().unwrap();
    let value: Value = serde_json::from_str(&json).unwrap();
    let expected = json!({
        "Setpoint": 21.5, "Total": 18_446_744_073_709_551_615_u64, "On": true, "Name": "12",
        "At": "2023-11-14T22:13:20Z", "Steps": [1, -2], "Nothing": null,
    });
    assert_eq!(value["metrics"], expected);
    assert_eq!(value["details"]["Setpoint"]["type"], "Float");
    assert!(value.get("seq").is_none(), "commands have no sequence number");
    let wrong = command_payload(&[metric("Setpoint", "Int8", "300")], 0).unwrap_err();
    assert!(
        matches!(wrong, crate::payload::encode::EncodeError::Misfit(misfit) if misfit.path == "metrics.Setpoint")
    );
    assert!(writable_types().count() > 25 && writable_types().all(|name| name != "DataSet"));
}

#[test]
fn what_an_independent_implementation_sends_is_followed() {
    let lines = include_str!("../../../tests/data/payload-samples.tsv").lines();
    let (mut watched, mut names) = (Watched::default(), 0);
    for line in lines.filter(|line| line.starts_with("sparkplug\t")) {
        let columns: Vec<&str> = line.split('\t').collect();
        let payload = crate::payload::hex::parse(columns[1]).unwrap();
        watched.hear("spBv1.0/G/NBIRTH/N", &payload);
        let value: Value = serde_json::from_str(columns[2]).unwrap();
        for (name, value) in value["metrics"].as_object().unwrap() {
            let Some(metric) = watched.node().life.metrics.of_name(name) else { continue };
            assert_eq!(serde_json::from_str::<Value>(&metric.said.value).unwrap(), *value, "{name}");
            names += 1;
        }
    }
    assert!(names >= 10, "{names}");
}

proptest! {
    #[test]
    fn any_messages_are_heard(messages in proptest::collection::vec(
        (0_usize..9, proptest::collection::vec(any::<u8>(), 0..40)), 0..40)) {
        let kinds = ["NBIRTH/N", "NDEATH/N", "NDATA/N", "NCMD/N", "DBIRTH/N/D", "DDEATH/N/D", "DDATA/N/D", "DCMD/N/D", "DDATA/N"];
        let mut watched = Watched::default();
        for (kind, payload) in messages {
            watched.hear(&format!("spBv1.0/G/{}", kinds[kind]), &payload);
        }
    }
}
