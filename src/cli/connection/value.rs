//! Option values as numbers and words, or what is wrong with them.

use std::str::FromStr;

use crate::message::QoS;
use crate::mqtt::options::{MqttVersion, TlsVersions, VersionChoice};
use crate::words::cli::Usage;

/// Parses a number of digits only: `parse` alone accepts a plus sign.
pub fn number<T: FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Parses an option's number of at least 1.
pub fn count<T: FromStr + PartialOrd + From<u8>>(option: &'static str, text: &str) -> Result<T, Usage> {
    let count = number::<T>(text).filter(|count| *count > T::from(0));
    count.ok_or_else(|| Usage::Count { option, text: text.to_owned() })
}

/// Parses an option's QoS.
pub fn qos(option: &'static str, text: &str) -> Result<QoS, Usage> {
    let level = number::<u8>(text).and_then(|level| QoS::try_from(level).ok());
    level.ok_or_else(|| Usage::Qos { option, text: text.to_owned() })
}

/// Parses the port of `-p`.
pub(super) fn port(text: &str) -> Result<u16, Usage> {
    number(text).filter(|port| *port != 0).ok_or_else(|| Usage::Port { text: text.to_owned() })
}

/// Parses the seconds of `-k`.
pub(super) fn keep_alive(text: &str) -> Result<u16, Usage> {
    number(text).ok_or_else(|| Usage::KeepAlive { text: text.to_owned() })
}

/// Parses the MQTT version of `-V`.
pub(super) fn version(text: &str) -> Result<VersionChoice, Usage> {
    match text.to_ascii_lowercase().as_str() {
        "auto" => Ok(VersionChoice::Auto),
        "5" | "5.0" | "mqttv5" => Ok(MqttVersion::V5.into()),
        "311" | "3.1.1" | "mqttv311" => Ok(MqttVersion::V3_1_1.into()),
        "31" | "3.1" | "mqttv31" => Ok(MqttVersion::V3_1.into()),
        _ => Err(Usage::Version { text: text.to_owned() }),
    }
}

/// Parses the TLS version of `--tls-version`.
pub(super) fn tls_versions(text: &str) -> Result<TlsVersions, Usage> {
    match text.to_ascii_lowercase().as_str() {
        "tlsv1.2" | "1.2" => Ok(TlsVersions::Only1_2),
        "tlsv1.3" | "1.3" => Ok(TlsVersions::Only1_3),
        other => Err(Usage::TlsVersion { text: other.to_owned() }),
    }
}
