//! The last will (MQTT 5.0, 3.1.2.5).

use serde::{Deserialize, Serialize};

use crate::message::QoS;

/// What the broker publishes in our name if the connection ends without DISCONNECT.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Will {
    /// Topic name without wildcards.
    pub topic: String,
    /// Payload as text; at most 65,535 bytes.
    pub payload: String,
    /// Quality of service.
    pub qos: QoS,
    /// Whether the broker keeps the message.
    pub retain: bool,
    /// Properties, sent with MQTT 5 only.
    #[serde(skip_serializing_if = "crate::mqtt::options::is_default")]
    pub properties: WillProperties,
}

/// The will's properties (MQTT 5.0, 3.1.3.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WillProperties {
    /// How long the broker waits for us to return before it publishes, in seconds.
    pub delay_interval_s: Option<u32>,
    /// Whether to declare the payload as UTF-8 text.
    pub payload_is_text: bool,
    /// Seconds until the broker stops delivering the message.
    pub message_expiry_interval_s: Option<u32>,
    /// MIME type, or any other name that the receivers know.
    pub content_type: Option<String>,
    /// The topic where an answer is expected.
    pub response_topic: Option<String>,
    /// Data that ties an answer to its request.
    pub correlation_data: Option<String>,
    /// Name and value pairs, in order; names may repeat.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub user_properties: Vec<(String, String)>,
}
