//! Actions on the moment that the view shows.

use crate::message::Timestamp;

/// How fast moments can follow each other, as a multiple of real time.
pub const PLAY_SPEEDS: [f64; 12] = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 300.0, 1_000.0];

/// An action on the moment that the view shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MomentAction {
    /// Show this moment.
    Show(Timestamp),
    /// Play at this multiple of real time.
    Speed(f64),
}
