//! The clock of a session. The model has none: it is told when a message arrived.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::message::Timestamp;

/// Now, in microseconds since the Unix epoch; 0 on a computer whose clock stands before 1970.
pub fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
}
