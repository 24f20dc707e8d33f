//! The limits that MQTT's format sets, and those that this program adds.

/// The largest number that a variable byte integer can hold (MQTT 5.0, 1.5.5).
pub const VARIABLE_MAX: u32 = 268_435_455;

/// The largest packet, in bytes: a five-byte fixed header and the most that its length can announce (MQTT 5.0, 2.1.4).
pub const PACKET_BYTES_MAX: u32 = VARIABLE_MAX + 5;

/// The smallest useful packet limit, in bytes: a CONNACK with the usual properties has to fit.
pub const PACKET_BYTES_MIN: u32 = 64;

pub use crate::message::FIELD_BYTES_MAX;

/// The largest subscription identifier; the smallest is 1 (MQTT 5.0, 3.8.2.1.2).
pub const SUBSCRIPTION_IDENTIFIER_MAX: u32 = VARIABLE_MAX;

/// The most that the properties of one packet may take, in bytes. The specification allows 256 MB; no broker worth
/// using sends a hundredth of this.
pub const PROPERTIES_BYTES_MAX: usize = 1024 * 1024;
