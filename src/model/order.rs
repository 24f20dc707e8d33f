//! The orders in which siblings can be shown.

use serde::{Deserialize, Serialize};

/// What siblings are sorted by. Orders that count show the largest first; what has nothing to be sorted by comes last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// By name, numbers by value, letters without regard to case; `$SYS` and the like last.
    #[default]
    Name,
    /// In the order in which they appeared.
    Arrival,
    /// By the newest payload: numbers first, then everything else by its bytes.
    Value,
    /// By the messages of the node and all below it.
    Messages,
    /// By messages per second.
    Rate,
    /// By the time of the last message.
    LastSeen,
    /// By the size of the newest payload.
    Size,
    /// By the QoS of the newest message.
    #[serde(rename = "qos")]
    QoS,
    /// Those whose newest message came as a retained one first.
    Retained,
    /// By the number of topics below.
    TopicsBelow,
}

impl Order {
    /// All of them, in the order in which a person is offered them.
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::Arrival,
        Self::Value,
        Self::Messages,
        Self::Rate,
        Self::LastSeen,
        Self::Size,
        Self::QoS,
        Self::Retained,
        Self::TopicsBelow,
    ];

    /// Whether messages change it, so that it has to be sorted again and again.
    pub fn moves(self) -> bool {
        !matches!(self, Self::Name | Self::Arrival)
    }
}

/// An order, and whether it runs backwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sorting {
    /// What is compared.
    pub by: Order,
    /// Whether what [`Order`] puts first comes last. What has nothing to be sorted by, and `$SYS`, stay last.
    pub reversed: bool,
}

impl Sorting {
    /// Whether what is compared grows from row to row.
    pub fn is_ascending(self) -> bool {
        // The newest message has the smallest age.
        let grows = matches!(self.by, Order::Name | Order::Arrival | Order::LastSeen);
        grows != self.reversed
    }
}

impl From<Order> for Sorting {
    fn from(by: Order) -> Self {
        Self { by, reversed: false }
    }
}

/// Where a node without messages goes among its siblings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NewNode {
    Front,
    Back,
    /// Where its name belongs.
    ByName,
}

impl Sorting {
    pub(super) fn new_node(self) -> NewNode {
        match (self.by, self.reversed) {
            (Order::Name, _) => NewNode::ByName,
            (Order::LastSeen, false)
            | (Order::Arrival | Order::Messages | Order::Rate | Order::TopicsBelow, true) => NewNode::Front,
            _ => NewNode::Back,
        }
    }
}
