//! One time limit for all the steps of a connection.

use std::time::Duration;

use tokio::time::Instant;

use crate::mqtt::failure::Cause;

/// When to give up, and how long that was from the beginning.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    at: Instant,
    allowed_s: u16,
}

impl Deadline {
    /// So many seconds from now.
    pub fn after(seconds: u16) -> Self {
        Self { at: Instant::now() + Duration::from_secs(seconds.into()), allowed_s: seconds }
    }

    /// Waits for `future` and no longer than there is time; `None`: it did not end.
    pub async fn limit<T>(self, future: impl Future<Output = T>) -> Option<T> {
        tokio::time::timeout_at(self.at, future).await.ok()
    }

    /// Ends with the time.
    pub async fn passed(self) {
        tokio::time::sleep_until(self.at).await;
    }

    /// What it means that the time has passed.
    pub fn cause(self) -> Cause {
        Cause::NoAnswer { within_s: self.allowed_s.into() }
    }
}
