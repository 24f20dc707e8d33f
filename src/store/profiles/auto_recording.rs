//! Whether a connection is always recorded, and how much of the disk that may take.

use serde::{Deserialize, Serialize};

/// How a connection is recorded by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AutoRecording {
    /// Whether each session is recorded from its first message on.
    pub always: bool,
    /// Beyond this many megabytes (10⁶ bytes) the oldest segments are removed; 0 for no limit.
    pub keep_mb: u64,
    /// How many megabytes of the disk stay free.
    pub leave_free_mb: u64,
}

impl Default for AutoRecording {
    fn default() -> Self {
        Self { always: false, keep_mb: 10_000, leave_free_mb: 1_000 }
    }
}

impl AutoRecording {
    /// The form's choices of [`AutoRecording::keep_mb`].
    pub const KEEP_MB: [u64; 6] = [1_000, 5_000, 10_000, 50_000, 200_000, 0];
    /// The form's choices of [`AutoRecording::leave_free_mb`].
    pub const LEAVE_FREE_MB: [u64; 4] = [250, 1_000, 5_000, 20_000];

    /// Whether nothing was chosen, so that nothing has to be written.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
