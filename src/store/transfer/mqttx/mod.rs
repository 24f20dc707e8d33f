//! MQTTX's export as JSON: a list of connections, or one, each with everything that belongs to it. Its database is read as if it had been exported.

mod database;
mod properties;
mod sent;

use serde_json::{Map, Value};

use crate::message::QoS;
use crate::mqtt::options::{
    ConnectOptions, MqttVersion, Protocol, RetainHandling, Secret, Secrets, Subscription, VersionChoice,
};
pub(super) use crate::store::transfer::mqttx::database::read_database;
use crate::store::transfer::mqttx::properties::{authentication, connect_properties, will};
use crate::store::transfer::object::Object;
use crate::store::transfer::{File, FilePurpose, FoundConnection, Import, Note, Source, TransferLoss};

/// A connection has these, and no other program's has them all.
const MARKS: [&str; 3] = ["clientId", "host", "mqttVersion"];

/// How many subscriptions of one connection are taken.
const SUBSCRIPTIONS_MAX: usize = 1_000;

/// What a PEM text begins with.
const PEM_BEGIN: &str = "-----BEGIN ";

/// Reads the file; `None` if it is another's.
pub(super) fn read(value: &Value) -> Option<Import> {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    if !list.iter().any(is_connection) {
        return None;
    }
    let mut import = Import { source: Source::Mqttx, found: Vec::new(), notes: Vec::new() };
    let mut folders = false;
    for entry in list {
        match entry.as_object() {
            Some(map) if map.get("isCollection") == Some(&Value::Bool(true)) => folders = true,
            Some(map) if is_connection(entry) => import.found.push(read_connection(map)),
            _ => import.notes.push(Note::Loss(TransferLoss::Entry)),
        }
    }
    if list.iter().any(|entry| entry.get("messages").is_some()) {
        import.notes.push(Note::Loss(TransferLoss::Messages));
    }
    if folders {
        import.notes.push(Note::Loss(TransferLoss::Folders));
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
    options.protocol = protocol(&mut object);
    options.port = object.number("port").unwrap_or(options.protocol.default_port());
    if let Some(path) = object.text("path").filter(|_| options.protocol.is_websocket()) {
        options.websocket.path = format!("/{}", path.trim_start_matches('/'));
    }
    options.version = version(&mut object);
    options.username = object.text("username").unwrap_or_default();
    options.client_id = object.text("clientId").unwrap_or_default();
    options.keep_alive_s = object.number("keepalive").unwrap_or(options.keep_alive_s);
    options.clean_session = object.flag("clean").unwrap_or(true);
    if let Some(seconds) = object.number("connectTimeout") {
        options.network.connect_timeout_s = seconds;
    }
    let files = tls(&mut object, &mut options);
    options.mqtt5 = connect_properties(&mut object);
    if !options.clean_session && options.version.allows_5() && options.mqtt5.session_expiry_s.is_none() {
        // Which is what MQTTX sends then.
        options.mqtt5.session_expiry_s = Some(u32::MAX);
    }
    let (authentication, token) = authentication(&mut object);
    options.authentication = authentication;
    options.will = will(&mut object);
    options.subscriptions = subscriptions(&mut object);
    let messages = map.get("messages").and_then(Value::as_array).map(|list| sent::sent(list));
    let password = Secret::new(object.text("password").unwrap_or_default());
    let secrets = Secrets { password, token, ..Secrets::default() };
    if object.flag("clientIdWithTime") == Some(true) {
        object.note(Note::Loss(TransferLoss::TimedClientId));
    }
    let name = object.text("name").unwrap_or_else(|| options.host.clone());
    FoundConnection {
        secrets,
        files,
        notes,
        messages: messages.unwrap_or_default(),
        ..FoundConnection::new(name, options)
    }
}

/// Old exports have no protocol, only whether it is encrypted.
fn protocol(object: &mut Object<'_>) -> Protocol {
    let encrypted = object.flag("ssl").unwrap_or(false);
    let fallback = if encrypted { Protocol::Mqtts } else { Protocol::Mqtt };
    let Some(name) = object.text("protocol") else { return fallback };
    let name = name.trim_end_matches("://").to_ascii_lowercase();
    Protocol::ALL.into_iter().find(|protocol| protocol.scheme() == name).unwrap_or_else(|| {
        object.note(Note::UnknownProtocol { taken: fallback });
        fallback
    })
}

fn version(object: &mut Object<'_>) -> VersionChoice {
    match object.text("mqttVersion").as_deref() {
        Some("3.1") => MqttVersion::V3_1.into(),
        Some("3.1.1") => MqttVersion::V3_1_1.into(),
        Some("5.0" | "5") => MqttVersion::V5.into(),
        None => VersionChoice::Auto,
        Some(_) => {
            object.note(Note::Loss(TransferLoss::Version));
            VersionChoice::Auto
        }
    }
}

/// Fills in the options of TLS and gives the files that stand in the export as text; others are paths.
fn tls(object: &mut Object<'_>, options: &mut ConnectOptions) -> Vec<File> {
    options.tls.verify = object.flag("rejectUnauthorized").unwrap_or(true);
    let alpn = object.text("ALPNProtocols").unwrap_or_default();
    let names = alpn.split(',').map(str::trim).filter(|name| !name.is_empty());
    options.tls.alpn = names.map(str::to_owned).collect();
    // With a certificate signed by a known authority the files are kept, but not used.
    if object.text("certType").as_deref() == Some("server") || !options.protocol.has_tls() {
        return Vec::new();
    }
    let mut files = Vec::new();
    let mut paths = false;
    for (key, purpose) in [
        ("ca", FilePurpose::CaCertificate),
        ("cert", FilePurpose::ClientCertificate),
        ("key", FilePurpose::ClientKey),
    ] {
        let Some(text) = object.text(key) else { continue };
        if text.trim_start().starts_with(PEM_BEGIN) {
            files.push(File { purpose, name: String::new(), content: text.into_bytes() });
        } else if text.to_ascii_lowercase().ends_with(".jks") {
            object.note(Note::JavaKeyStore(purpose));
        } else {
            crate::store::transfer::keep::put(options, purpose, text.into());
            paths = true;
        }
    }
    if paths {
        object.note(Note::FilesElsewhere(Source::Mqttx));
    }
    files
}

fn subscriptions(object: &mut Object<'_>) -> Vec<Subscription> {
    let list = object.list("subscriptions").unwrap_or_default();
    if list.len() > SUBSCRIPTIONS_MAX {
        object.note(Note::SubscriptionsLimit { taken: SUBSCRIPTIONS_MAX, found: list.len() });
    }
    let mut found = Vec::new();
    let mut properties = false;
    for entry in list.iter().take(SUBSCRIPTIONS_MAX) {
        let Some(map) = entry.as_object() else {
            object.note(Note::Loss(TransferLoss::SubscriptionWithoutTopic));
            continue;
        };
        let mut within = object.within(map);
        let Some(filter) = within.text("topic") else {
            within.note(Note::Loss(TransferLoss::SubscriptionWithoutTopic));
            continue;
        };
        properties |= within
            .value("userProperties")
            .is_some_and(|value| value.as_object().is_none_or(|map| !map.is_empty()));
        let handling = within.number::<u8>("rh").and_then(|number| RetainHandling::try_from(number).ok());
        found.push(Subscription {
            filter,
            qos: within.number::<u8>("qos").and_then(|level| QoS::try_from(level).ok()).unwrap_or_default(),
            no_local: within.flag("nl").unwrap_or(false),
            retain_as_published: within.flag("rap").unwrap_or(false),
            retain_handling: handling.unwrap_or_default(),
            identifier: within.number("subscriptionIdentifier"),
            enabled: !within.flag("disabled").unwrap_or(false),
            user_properties: Vec::new(),
        });
    }
    if properties {
        object.note(Note::Loss(TransferLoss::SubscriptionProperties));
    }
    found
}
