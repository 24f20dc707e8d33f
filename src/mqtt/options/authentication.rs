//! Enhanced authentication (MQTT 5.0, 4.12).

use serde::{Deserialize, Serialize};

/// How to authenticate besides, or instead of, the password in CONNECT.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Authentication {
    /// No enhanced authentication.
    #[default]
    None,
    /// SCRAM-SHA-256 (RFC 7677) with the user name and the password, which is never sent.
    #[serde(rename = "scram-sha-256")]
    ScramSha256,
    /// A token as authentication data.
    Token {
        /// The authentication method under which the broker knows the token.
        method: String,
    },
}

impl Authentication {
    /// The authentication method in CONNECT (MQTT 5.0, 3.1.2.11.9).
    pub fn method(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::ScramSha256 => Some("SCRAM-SHA-256"),
            Self::Token { method } => Some(method),
        }
    }
}
