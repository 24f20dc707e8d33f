//! What only MQTT 5 can say in CONNECT (MQTT 5.0, 3.1.2.11).

use serde::{Deserialize, Serialize};

/// Properties of CONNECT; with an older version they are not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mqtt5Options {
    /// How long the broker keeps the session after the connection, in seconds; `u32::MAX`: for ever.
    pub session_expiry_s: Option<u32>,
    /// How many QoS 1 and 2 messages the broker may send before it waits for our acknowledgements; 1 and more.
    pub receive_max: Option<u16>,
    /// The largest packet that the broker may send, in bytes.
    pub packet_bytes_max: Option<u32>,
    /// How many topics the broker may replace by a number.
    pub topic_alias_max: u16,
    /// Ask for response information in CONNACK.
    pub request_response_information: bool,
    /// Let the broker say in words why something failed.
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
