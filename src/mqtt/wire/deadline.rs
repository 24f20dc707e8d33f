//! One time limit for all steps of a connection.

use std::time::Duration;

use tokio::time::Instant;

use crate::mqtt::failure::Cause;

/// When to give up, and how long the limit was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    at: Instant,
    allowed_s: u16,
}

impl Deadline {
    /// A deadline this many seconds from now.
    pub fn after(seconds: u16) -> Self {
        Self { at: Instant::now() + Duration::from_secs(seconds.into()), allowed_s: seconds }
    }

    /// Waits for `future` until the deadline; returns `None` if it did not finish.
    pub async fn limit<T>(self, future: impl Future<Output = T>) -> Option<T> {
        tokio::time::timeout_at(self.at, future).await.ok()
    }

    /// Waits until the deadline.
    pub async fn passed(self) {
        tokio::time::sleep_until(self.at).await;
    }

    /// The cause to report when the deadline has passed.
    pub fn cause(self) -> Cause {
        Cause::NoAnswer { within_s: self.allowed_s.into() }
    }
}
