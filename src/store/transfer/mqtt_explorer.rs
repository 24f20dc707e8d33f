//! MQTT Explorer's `settings.json`: an object with the connections by their ids, and with its own settings.
//!
//! It speaks MQTT 3.1.1 over `mqtt` and `ws`, each with or without encryption, and keeps certificates as base64.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};

use crate::message::QoS;
use crate::mqtt::options::{ConnectOptions, Protocol, Secret, Subscription};
use crate::store::transfer::object::Object;
use crate::store::transfer::{File, FilePurpose, FoundConnection, Import, Note, Source, TransferLoss};
use crate::store::url;

/// The key of the connections.
const CONNECTIONS: &str = "ConnectionManager_connections";

/// A connection has these, and no other program's has them all.
const MARKS: [&str; 3] = ["host", "encryption", "certValidation"];

/// What it calls the ids that it makes up itself, before eight hexadecimal digits.
const CLIENT_ID_PREFIX: &str = "mqtt-explorer-";

/// How many subscriptions of one connection are taken.
const SUBSCRIPTIONS_MAX: usize = 1_000;

/// How long the base64 text of a certificate may be, in bytes. MQTT Explorer itself takes files of up to 16 KiB.
const CERTIFICATE_TEXT_BYTES_MAX: usize = 4 << 20;

/// Reads the file, or the object of the connections alone; `None` if it is neither.
pub(super) fn read(value: &Value) -> Option<Import> {
    let root = value.as_object()?;
    let whole = root.get(CONNECTIONS);
    let connections = match whole {
        Some(connections) => connections.as_object()?,
        None if !root.is_empty() && root.values().all(is_connection) => root,
        None => return None,
    };
    let mut import = Import { source: Source::MqttExplorer, found: Vec::new(), notes: Vec::new() };
    let mut list: Vec<(&String, &Value)> = connections.iter().collect();
    // Older files have no order of their own; their objects are in that of the file, or by id here.
    list.sort_by_key(|(_, connection)| {
        connection.get("order").and_then(Value::as_f64).map_or(0, |at| at as i64)
    });
    for (id, connection) in list {
        match connection.as_object() {
            Some(connection) if connection.get("type").is_none_or(|kind| kind == "mqtt") => {
                import.found.push(read_connection(connection));
            }
            _ => import.notes.push(Note::NotABroker { id: id.clone() }),
        }
    }
    if whole.is_some() && root.len() > 1 && !import.found.is_empty() {
        import.notes.push(Note::Loss(TransferLoss::SettingsAndCharts));
    }
    Some(import)
}

fn is_connection(value: &Value) -> bool {
    MARKS.iter().all(|mark| value.get(mark).is_some())
}

fn read_connection(map: &Map<String, Value>) -> FoundConnection {
    let mut notes = Vec::new();
    let mut object = Object::new(map, &mut notes);
    let mut options =
        ConnectOptions { host: object.text("host").unwrap_or_default(), ..ConnectOptions::default() };
    let mut secrets = crate::mqtt::options::Secrets::default();
    protocol(&mut object, &mut options);
    if let Some(port) = object.number("port") {
        options.port = port;
    }
    options.subscriptions = subscriptions(&mut object);
    // Some people have a whole URL in the host, perhaps with a topic.
    if options.host.contains("://")
        && let Ok(password) = url::spread_host(&mut options)
    {
        secrets.password = password.unwrap_or_default();
    }
    if let Some(username) = object.text("username") {
        options.username = username;
    }
    if let Some(password) = object.text("password") {
        secrets.password = Secret::new(password);
    }
    options.tls.verify = object.flag("certValidation").unwrap_or(true);
    if let Some(id) = object.text("clientId") {
        if is_made_up(&id) {
            object.note(Note::Loss(TransferLoss::MadeUpClientId));
        } else {
            options.client_id = id;
        }
    }
    let files = [
        ("selfSignedCertificate", FilePurpose::CaCertificate),
        ("clientCertificate", FilePurpose::ClientCertificate),
        ("clientKey", FilePurpose::ClientKey),
    ];
    let files = files.into_iter().filter_map(|(key, purpose)| file(&mut object, key, purpose)).collect();
    let name = object.text("name").unwrap_or_else(|| options.host.clone());
    FoundConnection { secrets, files, notes, ..FoundConnection::new(name, options) }
}

fn protocol(object: &mut Object<'_>, options: &mut ConnectOptions) {
    let websocket = match object.text("protocol").as_deref() {
        Some("ws" | "wss") => true,
        None | Some("mqtt" | "mqtts" | "tcp" | "ssl" | "tls") => false,
        Some(_) => {
            object.note(Note::UnknownProtocol { taken: Protocol::Mqtt });
            false
        }
    };
    options.protocol = match (websocket, object.flag("encryption").unwrap_or(false)) {
        (false, false) => Protocol::Mqtt,
        (false, true) => Protocol::Mqtts,
        (true, false) => Protocol::Ws,
        (true, true) => Protocol::Wss,
    };
    options.port = options.protocol.default_port();
    if websocket {
        let path = object.text("basePath").unwrap_or_default();
        options.websocket.path = format!("/{}", path.trim_start_matches('/'));
    }
}

fn is_made_up(id: &str) -> bool {
    id.strip_prefix(CLIENT_ID_PREFIX)
        .is_some_and(|digits| digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// `{topic, qos}`, or, in old files, the topic alone.
fn subscriptions(object: &mut Object<'_>) -> Vec<Subscription> {
    let list = object.list("subscriptions").unwrap_or_default();
    if list.len() > SUBSCRIPTIONS_MAX {
        object.note(Note::SubscriptionsLimit { taken: SUBSCRIPTIONS_MAX, found: list.len() });
    }
    let mut subscriptions: Vec<Subscription> = Vec::new();
    for entry in list.iter().take(SUBSCRIPTIONS_MAX) {
        let subscription = match entry {
            Value::String(topic) => Some(Subscription::new(topic.as_str(), QoS::default())),
            Value::Object(map) => {
                let mut within = object.within(map);
                let qos = within.number::<u8>("qos").and_then(|level| QoS::try_from(level).ok());
                within.text("topic").map(|topic| Subscription::new(topic, qos.unwrap_or_default()))
            }
            _ => None,
        };
        match subscription {
            Some(new) if subscriptions.iter().any(|old| old.filter == new.filter) => {}
            Some(new) => subscriptions.push(new),
            None => object.note(Note::Loss(TransferLoss::SubscriptionWithoutTopic)),
        }
    }
    subscriptions
}

/// `{name, data}`, the data as base64.
fn file(object: &mut Object<'_>, key: &'static str, purpose: FilePurpose) -> Option<File> {
    let map = object.object(key)?;
    let name = object.within(map).text("name").unwrap_or_default();
    let content = match map.get("data") {
        Some(Value::String(data)) if data.len() <= CERTIFICATE_TEXT_BYTES_MAX => {
            BASE64_STANDARD.decode(data.trim()).ok()
        }
        _ => None,
    };
    let content = content.filter(|content| !content.is_empty());
    if content.is_none() {
        object.note(Note::FileDamaged(purpose));
    }
    content.map(|content| File { purpose, name, content })
}
