use proptest::prelude::*;

use super::*;

fn history(entries: &[(&str, &[u8])]) -> PublishHistory {
    let mut history = PublishHistory::default();
    for (at, (topic, payload)) in entries.iter().enumerate() {
        add(&mut history, at as i64, topic, payload);
    }
    history
}

fn add(history: &mut PublishHistory, at: i64, topic: &str, payload: &[u8]) {
    let none = PublishProperties::default();
    drop(history.add(Timestamp(at), topic, payload, QoS::AtMostOnce, false, none));
}

fn topics(history: &PublishHistory) -> Vec<&str> {
    history.iter().map(|entry| entry.topic.as_str()).collect()
}

fn again(history: &PublishHistory) -> PublishHistory {
    let Parsed { document, damage, .. } = PublishHistory::parse(history.print().unwrap().as_bytes());
    assert_eq!(damage, None);
    document
}

#[test]
fn the_newest_is_first_and_the_same_again_moves_there() {
    let mut history = history(&[("a", b"1"), ("b", b"1"), ("a", b"2"), ("a", b"1")]);
    assert_eq!(topics(&history), ["a", "a", "b"]);
    assert_eq!(history.get(0).unwrap().payload, KeptPayload::Whole(b"1".to_vec()));
    assert_eq!(history.get(0).unwrap().at, Timestamp(3));
    let none = PublishProperties::default();
    assert_eq!(history.add(Timestamp(4), "a", b"1", QoS::AtLeastOnce, false, none), None);
    assert_eq!(history.len(), 4, "another QoS is another message");
}

#[test]
fn the_oldest_go_beyond_the_bounds() {
    let mut history = PublishHistory::default();
    for n in 0..ENTRIES_MAX + 10 {
        add(&mut history, n as i64, &n.to_string(), b"");
    }
    assert_eq!(history.len(), ENTRIES_MAX);
    assert_eq!(history.get(0).unwrap().topic, (ENTRIES_MAX + 9).to_string());

    for n in 0..ENTRIES_MAX {
        add(&mut history, n as i64, &format!("large {n}"), &vec![b'x'; PAYLOAD_BYTES_MAX]);
    }
    assert_eq!(history.len(), ENTRIES_MAX, "a thousand, however large");
    let whole = history.iter().filter(|entry| matches!(entry.payload, KeptPayload::Whole(_)));
    assert_eq!(whole.count(), TOTAL_BYTES_MAX / PAYLOAD_BYTES_MAX, "the others have files of their own");
}

#[test]
fn a_large_payload_has_a_file_of_its_own() {
    let (largest, larger) = (vec![0; PAYLOAD_BYTES_MAX], vec![0; PAYLOAD_BYTES_MAX + 1]);
    let history = history(&[("a", &largest), ("b", &larger)]);
    let name = payload_files::name_of(&larger);
    assert_eq!(history.get(0).unwrap().payload, KeptPayload::InFile(65_537, name));
    assert_eq!(history.get(1).unwrap().payload, KeptPayload::Whole(largest));
    assert_eq!(again(&history), history);
}

#[test]
fn text_stays_readable_in_the_file() {
    let text = history(&[("温度", "{\"t\": 21.5}\n".as_bytes()), ("raw", b"\xff\x00")]).print().unwrap();
    assert!(text.contains(r#""topic":"温度","text":"{\"t\": 21.5}\n""#), "{text}");
    assert!(text.contains(r#""hex":"ff00""#), "{text}");
    assert_eq!(text.lines().count(), 2);
}

#[test]
fn a_damaged_line_costs_only_itself() {
    let mut bytes = history(&[("a", b"1"), ("b", b"2")]).print().unwrap().into_bytes();
    bytes.extend_from_slice(
        b"{\"at_us\":1,\"topic\":\"c\"\n\xff\n{\"at_us\":1,\"topic\":\"c\",\"hex\":\"f\"}\n",
    );
    let Parsed { document, damage, .. } = PublishHistory::parse(&bytes);
    assert_eq!(topics(&document), ["b", "a"]);
    assert_eq!(damage.unwrap().faults, [Fault::NotMessages { lines: vec![3, 4, 5] }]);
}

#[test]
fn keys_of_a_later_version_do_not_make_a_line_unreadable() {
    let line = br#"{"at_us":1,"topic":"a","text":"x","qos":1,"retain":true,"alias":7}"#;
    let Parsed { document, damage, .. } = PublishHistory::parse(line);
    assert_eq!((document.len(), damage), (1, None));
    assert_eq!(document.get(0).unwrap().qos, QoS::AtLeastOnce);
}

#[test]
fn two_windows_keep_what_both_published_and_what_one_cleared() {
    let base = history(&[("old", b"1")]);
    let (mut ours, mut theirs) = (base.clone(), base.clone());
    add(&mut ours, 10, "ours", b"");
    add(&mut ours, 12, "both", b"");
    add(&mut theirs, 11, "theirs", b"");
    add(&mut theirs, 13, "both", b"");
    let merged = PublishHistory::merge(&base, &ours, &theirs, true).document;
    assert_eq!(topics(&merged), ["both", "theirs", "ours", "old"]);
    assert_eq!(merged.get(0).unwrap().at, Timestamp(13));

    ours.clear();
    assert_eq!(topics(&PublishHistory::merge(&base, &ours, &theirs, true).document), ["both", "theirs"]);
    assert_eq!(
        topics(&PublishHistory::merge(&base, &base, &ours, false).document),
        ["old"],
        "lost is not deleted"
    );
}

proptest! {
    #[test]
    fn any_message_is_read_as_it_was_written(
        messages in proptest::collection::vec((any::<String>(), any::<Vec<u8>>(), 0_u8..3, any::<bool>(), any::<i64>()), 0..8),
        text in proptest::option::of(any::<String>()),
        bytes in proptest::option::of(any::<Vec<u8>>()),
        number in proptest::option::of(any::<u32>()),
        pairs in proptest::collection::vec((any::<String>(), any::<String>()), 0..3),
    ) {
        let properties = PublishProperties {
            payload_format_indicator: number.map(|n| (n % 2) as u8),
            message_expiry_interval_s: number,
            content_type: text.clone(),
            response_topic: text,
            correlation_data: bytes,
            subscription_identifiers: Vec::new(),
            user_properties: pairs,
        };
        let mut history = PublishHistory::default();
        for (topic, payload, qos, retain, at) in messages {
            let qos = QoS::try_from(qos).unwrap();
            drop(history.add(Timestamp(at), &topic, &payload, qos, retain, properties.clone()));
        }
        prop_assert_eq!(again(&history), history);
    }
}
