//! The orders in which siblings can be shown.

use serde::{Deserialize, Serialize};

/// How siblings are sorted. Orders that count show the largest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// By name, numbers by value, letters without regard to case; `$SYS` and the like last.
    #[default]
    Name,
    /// In the order in which they appeared.
    Arrival,
    /// By the messages of the node and all below it.
    Messages,
    /// By messages per second.
    Rate,
    /// By the time of the last message.
    LastSeen,
}

impl Order {
    /// All of them, in the order in which a person is offered them.
    pub const ALL: [Self; 5] = [Self::Name, Self::Arrival, Self::Messages, Self::Rate, Self::LastSeen];

    /// Whether messages change it, so that it has to be sorted again and again.
    pub fn moves(self) -> bool {
        matches!(self, Self::Messages | Self::Rate | Self::LastSeen)
    }
}
