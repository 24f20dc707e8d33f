//! The devices by themselves, an hour in a moment, and once more behind a real broker with real clients.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{Packet, Publish, PublishProperties as TheirProperties};
use rumqttc::v5::{AsyncClient, Event, MqttOptions};
use serde_json::Value;
use tokio::time::timeout;

use super::*;
use crate::demo::broker::Config;
use crate::message::PublishProperties;

const START_UNIX_MS: i64 = 1_790_000_000_000;

/// The devices without a thread.
struct Bench {
    simulation: Simulation,
    elapsed: Duration,
    _broker: Broker,
}

impl Bench {
    fn new(seed: u64) -> Self {
        let broker = Broker::start(Config::default()).unwrap();
        let simulation = everything(seed, broker.publisher());
        Self { simulation, elapsed: Duration::ZERO, _broker: broker }
    }

    fn unix_ms(&self) -> i64 {
        START_UNIX_MS + self.elapsed.as_millis() as i64
    }

    /// What is published in so many seconds.
    fn run(&mut self, seconds: u64) -> Vec<Message> {
        let mut messages = Vec::new();
        self.elapsed += Duration::from_secs(seconds);
        self.simulation.advance(self.elapsed, self.unix_ms(), &mut messages);
        messages
    }

    fn command(&mut self, command: &Message) -> Vec<Message> {
        let mut answers = Vec::new();
        self.simulation.obey(command, self.elapsed, self.unix_ms(), &mut answers);
        answers
    }

    /// The answer to a command, as topic and text.
    fn answer(&mut self, topic: &'static str, payload: &'static str) -> (String, String) {
        let answers = self.command(&Message::new(topic, payload));
        let first = answers.first().unwrap_or_else(|| panic!("no answer to {topic} {payload}"));
        (text(&first.topic), text(&first.payload))
    }
}

/// The first reports and what follows in ten minutes: made once, looked at by several tests.
struct Recorded {
    first: Vec<Message>,
    later: Vec<Message>,
}

static RECORDED: LazyLock<Recorded> = LazyLock::new(|| {
    let mut bench = Bench::new(1);
    Recorded { first: bench.run(0), later: bench.run(600) }
});

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The newest payload of each topic.
fn newest(messages: &[Message]) -> BTreeMap<String, Vec<u8>> {
    messages.iter().map(|message| (text(&message.topic), message.payload.to_vec())).collect()
}

#[test]
fn about_300_topics_publish_60_to_100_messages_a_second_together() {
    let Recorded { first, later } = &*RECORDED;
    let mut topics = newest(first);
    topics.extend(newest(later));
    topics.retain(|topic, _| !topic.starts_with("$SYS"));
    assert!((280..=340).contains(&topics.len()), "{} topics", topics.len());
    let per_second = later.len() as f64 / 600.0;
    assert!((60.0..=100.0).contains(&per_second), "{per_second} messages a second");

    let of = |topic: &str| later.iter().filter(|message| message.topic == topic.as_bytes()).count();
    assert!(of("plant/hall-1/machine-01/vibration") >= 5999, "the quickest, 10 Hz");
    assert!((119..=121).contains(&of("home/kitchen/temperature")), "every 5 s");
}

#[test]
fn every_topic_begins_with_a_name_that_can_be_read() {
    let first = newest(&RECORDED.first);
    assert!(first.keys().all(|topic| !topic.starts_with('/')));
    let shown = serde_json::from_slice::<Value>(&first[crate::demo::SHOWCASE]).unwrap();
    assert!(shown["temperature"].is_number());
}

#[test]
fn every_topic_is_published_at_the_start() {
    let Recorded { first, later } = &*RECORDED;
    let at_start: BTreeSet<String> = newest(first).into_keys().collect();
    let later: BTreeSet<String> = newest(later).into_keys().collect();
    let late: Vec<_> = later.difference(&at_start).collect();
    assert!(late.is_empty(), "these are unknown at the start: {late:?}");
}

#[test]
fn the_same_seed_gives_the_same_messages_and_another_seed_others() {
    let messages = |seed| {
        let mut messages = Bench::new(seed).run(60);
        messages.retain(|message| !message.topic.starts_with(b"$SYS"));
        messages
    };
    let first = messages(7);
    assert!(first == messages(7));
    assert!(first != messages(8));
}

#[test]
fn every_message_can_be_published_and_what_looks_like_json_is_json() {
    let Recorded { first, later } = &*RECORDED;
    for message in first.iter().chain(later) {
        message.check().unwrap();
        if message.topic.starts_with(b"sensors/") {
            continue; // binary
        }
        if message.payload.starts_with(b"{") || message.payload.starts_with(b"[") {
            let value: Result<Value, _> = serde_json::from_slice(&message.payload);
            value.unwrap_or_else(|error| panic!("{}: {error}", text(&message.topic)));
        }
    }
}

#[test]
fn values_stay_where_such_values_are_over_many_minutes() {
    for message in &RECORDED.later {
        let topic = text(&message.topic);
        let (low, high) = match topic.rsplit('/').next().unwrap() {
            "温度传感器" => (18.0, 33.0),
            "humidity" => (20.0, 100.0),
            "temperature" if topic.starts_with("plant") => (10.0, 90.0),
            "temperature" if topic.starts_with("home") => (0.0, 30.0),
            "l1" | "l2" | "l3" if topic.contains("voltage") => (220.0, 240.0),
            _ => continue,
        };
        let value: f64 = text(&message.payload).parse().unwrap();
        assert!((low..=high).contains(&value), "{topic}: {value}");
    }
}

#[test]
fn every_kind_of_payload_is_there() {
    let Recorded { first, later } = &*RECORDED;
    let (early, mut topics) = (newest(first), newest(first));
    topics.extend(newest(later));
    let is_text = |topic: &str| std::str::from_utf8(&topics[topic]).is_ok();

    let recipe = &topics["plant/office/recipe"];
    assert!((30_000..50_000).contains(&recipe.len()), "{} bytes of JSON", recipe.len());
    assert!(text(&topics["plant/office/orders"]).starts_with("<?xml"));
    assert_eq!(text(&topics["plant/office/production"]).lines().count(), 19);
    assert!(topics["gateway/log"].len() > 15_000, "{} bytes of log", topics["gateway/log"].len());
    assert!(topics["gateway/heartbeat"].is_empty());

    let numbers = text(&topics["gateway/devices/plc-07/legacy/numbers"]);
    assert!(numbers.contains("1.0,") && numbers.contains("18446744073709551615"), "{numbers}");
    let counter: u64 = text(&topics["gateway/devices/plc-07/legacy/counter"]).parse().unwrap();
    assert!(counter > 1 << 53);

    assert!(
        topics.contains_key("gateway/devices/plc-07/legacy//temperature")
            && topics.contains_key("gateway/devices/plc-07/legacy/")
    );
    assert!(text(&topics["工厂/一号车间/环境"]).contains("空气质量"));
    assert!(topics.keys().filter(|topic| topic.starts_with("工厂/")).count() >= 20);
    assert!(!is_text("sensors/accelerometer/samples") && !is_text("sensors/radar/frame"));
    assert_eq!(topics["sensors/accelerometer/samples"].len(), 128);

    let sky = image::load_from_memory(&topics["home/camera/garden/image"]).unwrap();
    assert_eq!((sky.width(), sky.height()), (128, 72));
    let door = &topics["home/camera/front-door/image"];
    assert!(door.starts_with(&[0xFF, 0xD8, 0xFF]) && door.ends_with(&[0xFF, 0xD9]));
    assert_ne!(early["home/camera/garden/image"], topics["home/camera/garden/image"], "the sun moves");
}

#[test]
fn the_protobuf_frame_reads_back_field_by_field() {
    let frame = RECORDED.first.iter().find(|message| message.topic == "sensors/radar/frame");
    let frame = &frame.unwrap().payload;
    assert_eq!(frame[..2], [0x08, 0], "number 0");
    assert_eq!(frame[2..12], *b"\x12\x08radar-01");
    assert_eq!(frame[12..14], [0x22, 18], "a nested position of 18 bytes");
    let latitude = f64::from_le_bytes(frame[15..23].try_into().unwrap());
    assert!((52.51..52.52).contains(&latitude));
    assert_eq!((frame[32], frame.len()), (0x1D, 37));
}

#[test]
fn a_lamp_obeys_text_numbers_and_json_and_says_what_it_does_not_understand() {
    let mut bench = Bench::new(1);
    bench.run(1);
    let set = "home/living-room/lamp/set";
    let mut lamp = |payload| {
        let (topic, state) = bench.answer(set, payload);
        assert_eq!(topic, "home/living-room/lamp", "{state}");
        let state: Value = serde_json::from_str(&state).unwrap();
        (state["state"].as_str().unwrap().to_owned(), state["brightness"].as_u64().unwrap())
    };
    let (_, before) = lamp("OFF");
    assert_eq!(lamp("on"), ("ON".to_owned(), before));
    assert_eq!(lamp("toggle"), ("OFF".to_owned(), before));
    assert_eq!(lamp(r#"{"state": "ON", "brightness": 120}"#), ("ON".to_owned(), 120));
    assert_eq!(lamp("0"), ("OFF".to_owned(), 0));
    assert_eq!(lamp("254"), ("ON".to_owned(), 254));
    for wrong in ["255", "-1", "1.5", "BLUE", r#"{"state":"OFF","brightness":300}"#, r#"{"colour":1}"#, "[]"]
    {
        let (topic, error) = bench.answer(set, wrong);
        assert_eq!(topic, "home/living-room/lamp/error", "{wrong}: {error}");
    }
    // The half of a wrong command that was right has not been done either.
    let (_, state) = bench.answer(set, r#"{"color_temp": 250}"#);
    assert!(state.contains(r#""state":"ON""#) && state.contains(r#""color_temp":250"#), "{state}");
}

#[test]
fn a_thermostat_warms_its_room_to_the_new_set_point() {
    let mut bench = Bench::new(1);
    bench.run(60);
    let (topic, state) = bench.answer("home/bedroom/thermostat/set", "24.5");
    assert_eq!(topic, "home/bedroom/thermostat");
    assert!(state.contains(r#""occupied_heating_setpoint":24.5"#), "{state}");
    let topics = newest(&bench.run(1800));
    let temperature: f64 = text(&topics["home/bedroom/temperature"]).parse().unwrap();
    assert!((23.0..26.0).contains(&temperature), "{temperature}");
    let (topic, error) = bench.answer("home/bedroom/thermostat/set", "warm");
    assert_eq!(topic, "home/bedroom/thermostat/error");
    assert!(error.contains("warm"), "{error}");
}

#[test]
fn a_machine_stops_and_starts_on_command() {
    let mut bench = Bench::new(1);
    bench.run(60);
    let set = "plant/hall-2/machine-03/set";
    let stopped = ("plant/hall-2/machine-03/state".to_owned(), "stopped".to_owned());
    assert_eq!(bench.answer(set, "stop"), stopped);
    let before = newest(&bench.run(30))["plant/hall-2/machine-03/count/good"].clone();
    let after = newest(&bench.run(600));
    assert_eq!(after["plant/hall-2/machine-03/count/good"], before, "it makes nothing while stopped");
    assert!(!after.contains_key("plant/hall-2/machine-03/state"), "it waits for its command");
    let running = ("plant/hall-2/machine-03/state".to_owned(), "running".to_owned());
    assert_eq!(bench.answer(set, r#"{"command": "start"}"#), running);
}

#[test]
fn a_ping_that_names_itself_as_its_answer_is_not_answered() {
    let mut bench = Bench::new(1);
    let properties =
        PublishProperties { response_topic: Some("ping/request".to_owned()), ..PublishProperties::default() };
    assert_eq!(bench.command(&Message::new("ping/request", "x").with(properties)), []);
    assert_eq!(bench.answer("ping/request", "x"), ("ping/response".to_owned(), "x".to_owned()));
}

/// An MQTT 5 client of a running demonstration.
struct Visitor {
    client: AsyncClient,
    event_loop: rumqttc::v5::EventLoop,
}

impl Visitor {
    async fn new(demo: &crate::demo::Demo, filter: &str) -> Self {
        let mut options = MqttOptions::new("visitor", "127.0.0.1", demo.port());
        options.set_max_packet_size(Some(1 << 20));
        let (client, event_loop) = AsyncClient::new(options, 100);
        client.subscribe(filter, QoS::AtLeastOnce).await.unwrap();
        Self { client, event_loop }
    }

    async fn next(&mut self, wanted: impl Fn(&Publish) -> bool) -> Publish {
        let wait = async {
            loop {
                if let Event::Incoming(Packet::Publish(publish)) = self.event_loop.poll().await.unwrap()
                    && wanted(&publish)
                {
                    return publish;
                }
            }
        };
        timeout(Duration::from_secs(20), wait).await.unwrap()
    }
}

#[cfg(unix)] // with mosquitto_pub
#[tokio::test]
async fn a_visitor_of_the_demonstration_sees_retained_and_live_topics_and_switches_a_lamp() {
    let demo = crate::demo::start().unwrap();
    assert_eq!(demo.url(), format!("mqtt://127.0.0.1:{}", demo.port()));
    let mut visitor = Visitor::new(&demo, "#").await;
    let retained = visitor.next(|publish| publish.topic == "home/office/lamp").await;
    assert!(retained.retain);
    visitor.next(|publish| publish.topic == "plant/hall-1/machine-01/vibration" && !publish.retain).await;

    let on = r#"{"state":"ON","brightness":77}"#;
    let port = demo.port().to_string();
    let arguments = ["-h", "127.0.0.1", "-p", &port, "-t", "home/office/lamp/set", "-m", on];
    assert!(std::process::Command::new("mosquitto_pub").args(arguments).status().unwrap().success());
    let state = visitor.next(|publish| publish.topic == "home/office/lamp" && !publish.retain).await;
    assert!(text(&state.payload).contains(r#""brightness":77"#), "{:?}", state.payload);
}

#[tokio::test]
async fn a_request_is_answered_on_its_response_topic_with_its_correlation_data() {
    let demo = crate::demo::start().unwrap();
    let mut visitor = Visitor::new(&demo, "answers/#").await;
    let properties = TheirProperties {
        response_topic: Some("answers/mine".to_owned()),
        correlation_data: Some(vec![0, 1, 255].into()),
        ..TheirProperties::default()
    };
    let request = visitor.client.publish_with_properties(
        "ping/request",
        QoS::AtLeastOnce,
        false,
        "are you there",
        properties,
    );
    request.await.unwrap();
    let answer = visitor.next(|_| true).await;
    assert_eq!((&answer.topic[..], &answer.payload[..]), (&b"answers/mine"[..], &b"are you there"[..]));
    assert_eq!(answer.properties.unwrap().correlation_data.as_deref(), Some(&[0, 1, 255][..]));
}

#[test]
fn dropping_the_demonstration_stops_it_and_frees_its_port() {
    let demo = crate::demo::start().unwrap();
    let port = demo.port();
    drop(demo);
    Broker::start(Config { port, ..Config::default() }).unwrap();
}

#[test]
fn the_edge_node_gives_birth_again_when_it_is_asked_to() {
    let mut bench = Bench::new(1);
    bench.run(20);
    let answers = bench.command(&Message::new("spBv1.0/Plant/NCMD/Edge", "..Node Control/Rebirth.."));
    let topics: Vec<String> = answers.iter().map(|answer| text(&answer.topic)).collect();
    let births = ["NBIRTH/Edge", "DBIRTH/Edge/press", "DBIRTH/Edge/oven"];
    assert_eq!(topics, births.map(|birth| format!("spBv1.0/Plant/{birth}")));
}

#[test]
fn a_device_goes_offline_now_and_then_and_offline_is_always_found() {
    let Recorded { first, later } = &*RECORDED;
    let has_offline = |payload: &[u8]| String::from_utf8_lossy(payload).contains("offline");
    assert!(newest(first).values().any(|payload| has_offline(payload)), "at once");
    let whole: Vec<Message> = first.iter().chain(later).cloned().collect();
    assert!(newest(&whole).values().any(|payload| has_offline(payload)), "ten minutes later");
    let states: Vec<String> = whole
        .iter()
        .filter(|message| message.topic == b"garden/pump/availability"[..])
        .map(|message| text(&message.payload))
        .collect();
    assert!(states.len() >= 6, "{states:?}");
    assert!(states.iter().zip(states.iter().skip(1)).all(|(one, next)| one != next), "{states:?}");
}
