//! The clock of a session. The model has none: it is told when a message arrived.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::message::Timestamp;

/// The current time in microseconds since the Unix epoch; 0 if the computer's clock is set before 1970.
pub fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
}
