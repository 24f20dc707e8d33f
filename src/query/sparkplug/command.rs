//! Commands to edge nodes and devices: metrics with their types, as a payload of NCMD or DCMD.

use serde_json::{Map, Value, json};

use crate::payload::decode::{Choice, Format};
use crate::payload::encode::{self, EncodeError};
use crate::query::sparkplug::LiveMetric;
use crate::query::sparkplug::node::REBIRTH;

/// The types of metrics that a command can carry, as the specification writes them.
pub fn writable_types() -> impl Iterator<Item = &'static str> {
    encode::sparkplug_types()
        .filter(|name| !matches!(*name, "DataSet" | "Template" | "PropertySet" | "PropertySetList"))
}

/// A metric of a command, as a person wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandMetric {
    /// Its name.
    pub name: String,
    /// Its type.
    pub data_type: String,
    /// Its value: digits, `true` or `false`, a time, a text without quotes, an array as JSON; empty for null unless it is
    /// a text.
    pub value: String,
}

impl CommandMetric {
    /// A metric without a name and a value.
    pub fn unnamed() -> Self {
        Self { data_type: "Double".to_owned(), ..Self::default() }
    }

    /// A metric with the type and the value that it has now.
    pub fn of(metric: &LiveMetric) -> Self {
        let said = &metric.said;
        let text: Option<String> = serde_json::from_str(&said.value).ok();
        let data_type = if Self::can_be(&said.data_type) { &said.data_type } else { "String" };
        let value = text.unwrap_or_else(|| if said.is_null { String::new() } else { said.value.clone() });
        Self { name: metric.name.to_string(), data_type: data_type.to_owned(), value }
    }

    /// Whether a command can carry a type.
    pub fn can_be(data_type: &str) -> bool {
        writable_types().any(|name| name == data_type)
    }

    fn json(&self) -> Value {
        let text = || Value::String(self.value.clone());
        let typed = self.value.trim();
        match self.data_type.as_str() {
            "String" | "Text" | "UUID" => text(),
            _ if typed.is_empty() || typed == "null" => Value::Null,
            "DateTime" => typed.parse::<u64>().map_or_else(|_| Value::String(typed.to_owned()), Value::from),
            // Numbers keep their digits.
            _ => serde_json::from_str(typed).unwrap_or_else(|_| Value::String(typed.to_owned())),
        }
    }
}

/// The payload of a command.
///
/// # Errors
///
/// If a value does not fit its type, with its path.
pub fn command_payload(metrics: &[CommandMetric], time_ms: i64) -> Result<Vec<u8>, EncodeError> {
    let (mut values, mut details) = (Map::new(), Map::new());
    for metric in metrics {
        values.insert(metric.name.clone(), metric.json());
        details.insert(metric.name.clone(), json!({ "type": metric.data_type, "timestamp": time_ms }));
    }
    let payload = json!({ "timestamp": time_ms, "metrics": values, "details": details });
    encode::encode(&Choice::plain(Format::Sparkplug), &payload.to_string())
}

/// The payload of the command that asks an edge node to be born again (specification 3.0, 6.4.23).
pub fn rebirth_payload(time_ms: i64) -> Vec<u8> {
    let metric =
        CommandMetric { name: REBIRTH.to_owned(), data_type: "Boolean".to_owned(), value: "true".to_owned() };
    command_payload(&[metric], time_ms).unwrap_or_default()
}
