//! CONNECT properties that only MQTT 5 has (MQTT 5.0, 3.1.2.11).

use serde::{Deserialize, Serialize};

/// Properties of CONNECT; not sent with an older version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mqtt5Options {
    /// How long the broker keeps the session after the connection ends, in seconds; `u32::MAX`: forever.
    pub session_expiry_s: Option<u32>,
    /// How many QoS 1 and 2 messages the broker may send before it waits for our acknowledgements; at least 1.
    pub receive_max: Option<u16>,
    /// The largest packet that the broker may send, in bytes.
    pub packet_bytes_max: Option<u32>,
    /// How many topics the broker may replace with an alias.
    pub topic_alias_max: u16,
    /// Ask for response information in CONNACK.
    pub request_response_information: bool,
    /// Let the broker explain errors in words.
    pub request_problem_information: bool,
    /// Name and value pairs, in order; names may repeat.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub user_properties: Vec<(String, String)>,
}

impl Default for Mqtt5Options {
    fn default() -> Self {
        Self {
            session_expiry_s: None,
            receive_max: None,
            packet_bytes_max: None,
            topic_alias_max: 0,
            request_response_information: false,
            request_problem_information: true,
            user_properties: Vec::new(),
        }
    }
}
