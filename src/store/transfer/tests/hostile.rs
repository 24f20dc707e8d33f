//! Files that are damaged, enormous, or meant badly.

use serde_json::{Map, Value, json};

use super::*;

#[test]
fn what_is_no_file_of_connections_is_refused() {
    for (bytes, expected) in [
        (&b""[..], ImportError::Unknown),
        (b"\xff\xfe\0", ImportError::NotText),
        (b"hello", ImportError::Unknown),
        (b"{\"a\": 1}", ImportError::Unknown),
        (b"[]", ImportError::Unknown),
        (b"[1, 2]", ImportError::Unknown),
        (b"{\n \"a\": }", ImportError::Json { line: 2, column: 7 }),
        (b"{} {}", ImportError::Json { line: 1, column: 4 }),
        (b"{\"ConnectionManager_connections\": {}}", ImportError::Empty(Source::MqttExplorer)),
        (
            b"{\"ConnectionManager_connections\": {}, \"Settings\": {}}",
            ImportError::Empty(Source::MqttExplorer),
        ),
        (b"{\"ConnectionManager_connections\": 1}", ImportError::Unknown),
        (b"version = 1\n", ImportError::Unknown),
    ] {
        let error = read(bytes).unwrap_err();
        assert_eq!(error, expected, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_byte_order_mark_does_not_matter() {
    let marked = [b"\xef\xbb\xbf  \n".as_slice(), MQTT_EXPLORER].concat();
    assert_eq!(read(&marked).unwrap().found.len(), 3);
}

#[test]
fn the_messages_of_an_export_are_passed_over() {
    let messages: Vec<Value> = (0..10_000).map(|n| json!({ "payload": "x".repeat(100), "id": n })).collect();
    let file = json!([{ "clientId": "a", "host": "h", "mqttVersion": "5.0", "messages": messages }]);
    let value = json::parse(&file.to_string()).unwrap();
    assert_eq!(value[0]["messages"], Value::Bool(true));
    assert_eq!(read(file.to_string().as_bytes()).unwrap().found.len(), 1);
}

#[test]
fn a_file_of_very_many_values_is_refused() {
    let many = format!("[{}0]", "0,".repeat(2_000_001));
    assert_eq!(read(many.as_bytes()).unwrap_err(), ImportError::TooLarge);
    let deep = "[".repeat(100_000);
    assert!(matches!(read(deep.as_bytes()), Err(ImportError::Json { .. } | ImportError::Unknown)));
}

#[test]
fn no_list_of_a_connection_is_without_bound() {
    let subscriptions: Vec<Value> =
        (0..1_500).map(|n| json!({ "topic": format!("t/{n}"), "qos": 9 })).collect();
    let file = json!({ "clientId": "a", "host": "h", "mqttVersion": "5.0", "subscriptions": subscriptions });
    let import = read(file.to_string().as_bytes()).unwrap();
    assert_eq!(import.found[0].profile.connect.subscriptions.len(), 1_000);
    assert_eq!(import.found[0].notes, [Note::SubscriptionsLimit { taken: 1_000, found: 1_500 }]);
    let small = json!({ "clientId": "a", "host": "h", "mqttVersion": "5.0", "subscriptions": [] });
    let many = vec![small; CONNECTIONS_MAX + 1];
    let import = read(Value::Array(many).to_string().as_bytes()).unwrap();
    assert_eq!(import.found.len(), CONNECTIONS_MAX);
    assert_eq!(import.notes, [Note::ConnectionsLimit { taken: CONNECTIONS_MAX, found: CONNECTIONS_MAX + 1 }]);
}

#[test]
fn odd_values_are_told_by_their_key_and_never_quoted() {
    let file = json!({
        "clientId": ["hunter2"], "host": "h", "mqttVersion": "hunter2", "port": 70_000, "username": { "hunter2": 1 },
        "password": ["hunter2"], "keepalive": "hunter2", "clean": "hunter2", "ssl": 2, "protocol": "hunter2",
        "will": "hunter2", "subscriptions": [{ "topic": ["hunter2"] }, "hunter2"], "properties": ["hunter2"],
    });
    let import = read(file.to_string().as_bytes()).unwrap();
    let notes = &import.found[0].notes;
    for odd in ["clientId", "port", "username", "password", "keepalive", "clean", "ssl", "will", "properties"]
    {
        let is_told = |note: &Note| matches!(note, Note::WrongType { key, .. } if *key == odd);
        assert!(notes.iter().any(is_told), "{odd}\n{notes:?}");
    }
    assert!(!format!("{notes:?}").contains("hunter2"), "{notes:?}");
}

#[test]
fn no_debug_shows_what_is_in_a_file() {
    let import = read(MQTT_EXPLORER).unwrap();
    let text = format!("{import:?}");
    assert!(!text.contains("s3cret") && !text.contains("PRIVATE KEY"), "{text}");
}

/// Any JSON, of which many keys are those that are looked at.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0..3_u8).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[a-z/:#+@.$]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            proptest::collection::vec((key(), inner), 0..10)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn key() -> impl Strategy<Value = String> {
    const KEYS: [&str; 44] = [
        "ConnectionManager_connections",
        "host",
        "encryption",
        "certValidation",
        "type",
        "order",
        "port",
        "protocol",
        "basePath",
        "username",
        "password",
        "clientId",
        "subscriptions",
        "topic",
        "qos",
        "selfSignedCertificate",
        "clientCertificate",
        "clientKey",
        "data",
        "name",
        "mqttVersion",
        "isCollection",
        "path",
        "keepalive",
        "clean",
        "connectTimeout",
        "ssl",
        "certType",
        "ALPNProtocols",
        "ca",
        "cert",
        "key",
        "will",
        "lastWillTopic",
        "lastWillPayload",
        "properties",
        "userProperties",
        "correlationData",
        "authenticationMethod",
        "authenticationData",
        "sessionExpiryInterval",
        "rh",
        "messages",
        "subscriptionIdentifier",
    ];
    prop_oneof![9 => proptest::sample::select(KEYS.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}

/// An object that is taken for a connection, whatever the rest of it is.
fn connection(marks: [&'static str; 3]) -> impl Strategy<Value = Value> {
    let marked = marks.map(|mark| value().prop_map(move |value| (mark.to_owned(), value)));
    (marked, proptest::collection::vec((key(), value()), 0..12))
        .prop_map(|(marked, rest)| Value::Object(rest.into_iter().chain(marked).collect::<Map<_, _>>()))
}

proptest! {
    #[test]
    fn no_json_makes_reading_fail(
        value in value(),
        explorer in proptest::collection::vec(connection(["host", "encryption", "certValidation"]), 0..4),
        mqttx in proptest::collection::vec(connection(["clientId", "host", "mqttVersion"]), 0..4),
    ) {
        let connections: Map<_, _> = explorer.into_iter().enumerate().map(|(id, c)| (id.to_string(), c)).collect();
        let explorer = json!({ "ConnectionManager_connections": connections });
        for value in [value, explorer, Value::Array(mqttx)] {
            if let Ok(import) = read(value.to_string().as_bytes()) {
                // What was read can be kept, written and read again.
                for found in &import.found {
                    let text = write(&[(&found.profile, Some(&found.secrets))]).unwrap();
                    let again = read(text.as_bytes()).unwrap();
                    prop_assert_eq!(&again.found[0].profile.connect, &found.profile.connect);
                    prop_assert_eq!(&again.found[0].secrets, &found.secrets);
                }
            }
        }
    }

    #[test]
    fn no_bytes_make_reading_fail(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _outcome: Result<Import, ImportError> = read(&bytes);
    }

    #[test]
    fn no_cut_or_changed_file_makes_reading_fail(at in 0..5_000_usize, byte in any::<u8>(), cut in any::<bool>()) {
        for sample in [MQTT_EXPLORER, MQTTX] {
            let mut bytes = sample.to_vec();
            let at = at % bytes.len();
            if cut { bytes.truncate(at) } else { bytes[at] = byte }
            let _outcome: Result<Import, ImportError> = read(&bytes);
        }
    }
}
