//! MQTTX's database, `MQTTX.db`: its tables of connections, subscriptions and wills, put together as its export has them.

use std::collections::HashMap;
use std::io::{Read, Seek};

use serde_json::{Map, Value};

use crate::store::transfer::mqttx::read_connection;
use crate::store::transfer::sqlite::{Database, Row, SqliteError};
use crate::store::transfer::{CONNECTIONS_MAX, Import, ImportError, Note, Source, TransferLoss};

/// What a connection has of its own.
const CONNECTION: [&str; 22] = [
    "id",
    "client_id",
    "name",
    "clean",
    "protocol",
    "host",
    "port",
    "keepalive",
    "connectTimeout",
    "username",
    "password",
    "path",
    "certType",
    "ssl",
    "mqttVersion",
    "clientIdWithTime",
    "orderId",
    "rejectUnauthorized",
    "ca",
    "cert",
    "key",
    "ALPNProtocols",
];

/// What its export has under `properties`.
const PROPERTIES: [&str; 9] = [
    "sessionExpiryInterval",
    "receiveMaximum",
    "maximumPacketSize",
    "topicAliasMaximum",
    "requestResponseInformation",
    "requestProblemInformation",
    "userProperties",
    "authenticationMethod",
    "authenticationData",
];

const SUBSCRIPTION: [&str; 9] = [
    "connection_id",
    "topic",
    "qos",
    "nl",
    "rap",
    "rh",
    "subscriptionIdentifier",
    "disabled",
    "userProperties",
];

const WILL: [&str; 5] = ["id", "lastWillTopic", "lastWillPayload", "lastWillQos", "lastWillRetain"];

/// What its export has under the will's `properties`.
const WILL_PROPERTIES: [&str; 7] = [
    "willDelayInterval",
    "payloadFormatIndicator",
    "messageExpiryInterval",
    "contentType",
    "responseTopic",
    "correlationData",
    "userProperties",
];

/// A message; which column names its connection depends on MQTTX's version.
const MESSAGE: [&str; 8] =
    ["connection_id", "connectionId", "createAt", "out", "payload", "qos", "retain", "topic"];

/// How many messages are read, of all connections together.
const MESSAGES_MAX: usize = 200_000;

/// How many subscriptions are read, of all connections together.
const SUBSCRIPTIONS_MAX: usize = 100_000;

/// Reads the database; `log` is its write-ahead log.
pub(in crate::store::transfer) fn read_database<R: Read + Seek>(
    file: R,
    log: Option<R>,
) -> Result<Import, ImportError> {
    let mut database = Database::open(file, log)?;
    let mut import = Import { source: Source::Mqttx, found: Vec::new(), notes: Vec::new() };
    let wanted: Vec<&str> = CONNECTION.into_iter().chain(PROPERTIES).chain(["willId"]).collect();
    // One more than is taken, so that it shows that there were more.
    let connections = database.table("ConnectionEntity", &wanted, CONNECTIONS_MAX.saturating_add(1))?;
    let mut connections = connections.ok_or(ImportError::DatabaseUnknown)?;
    connections.sort_by_key(|row| row.get("orderId").and_then(Value::as_i64));
    let subscriptions = database.table("SubscriptionEntity", &SUBSCRIPTION, SUBSCRIPTIONS_MAX)?;
    let mut subscriptions = by_key(subscriptions.unwrap_or_default(), "connection_id");
    let wanted: Vec<&str> = WILL.into_iter().chain(WILL_PROPERTIES).collect();
    let wills = database.table("WillEntity", &wanted, CONNECTIONS_MAX)?;
    let mut wills = by_key(wills.unwrap_or_default(), "id");
    // There may be more than is read of a file; then none come over.
    let messages = database.table("MessageEntity", &MESSAGE, MESSAGES_MAX).ok().flatten().unwrap_or_default();
    let has_messages = !messages.is_empty();
    let (newer, older): (Vec<Row>, Vec<Row>) =
        messages.into_iter().partition(|row| row.contains_key("connection_id"));
    let mut messages = by_key(newer, "connection_id");
    messages.extend(by_key(older, "connectionId"));
    for mut row in connections {
        let sent = row.get("id").and_then(|id| messages.remove(&key(id))).unwrap_or_default();
        let subscriptions = row.get("id").and_then(|id| subscriptions.remove(&key(id))).unwrap_or_default();
        let will = row.get("willId").and_then(|id| wills.remove(&key(id))?.pop());
        let properties = part(&mut row, &PROPERTIES);
        if let Some(id) = row.remove("client_id") {
            row.insert("clientId".to_owned(), id);
        }
        row.insert("properties".to_owned(), properties.into());
        row.insert("messages".to_owned(), sent.into_iter().map(Value::Object).collect());
        row.insert("subscriptions".to_owned(), subscriptions.into_iter().map(Value::Object).collect());
        if let Some(mut will) = will {
            let properties = part(&mut will, &WILL_PROPERTIES);
            will.insert("properties".to_owned(), properties.into());
            row.insert("will".to_owned(), will.into());
        }
        import.found.push(read_connection(&row));
    }
    let has_folders = database.table("CollectionEntity", &[], 1)?.is_some_and(|rows| !rows.is_empty());
    for (has, loss) in [(has_messages, TransferLoss::Messages), (has_folders, TransferLoss::Folders)] {
        if has && !import.found.is_empty() {
            import.notes.push(Note::Loss(loss));
        }
    }
    Ok(import)
}

/// The rows by the value of a column; a number and its digits are the same.
fn by_key(rows: Vec<Row>, column: &str) -> HashMap<String, Vec<Row>> {
    let mut map: HashMap<String, Vec<Row>> = HashMap::new();
    for row in rows {
        if let Some(value) = row.get(column) {
            map.entry(key(value)).or_default().push(row);
        }
    }
    map
}

fn key(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Takes these columns out of the row.
fn part(row: &mut Row, columns: &[&str]) -> Map<String, Value> {
    columns.iter().filter_map(|column| row.remove_entry(*column)).collect()
}

impl From<SqliteError> for ImportError {
    fn from(error: SqliteError) -> Self {
        match error {
            SqliteError::Io(_) => Self::DatabaseUnreadable,
            SqliteError::Damaged => Self::DatabaseDamaged,
        }
    }
}
