//! The orders in which siblings can be shown.

use serde::{Deserialize, Serialize};

/// What siblings are sorted by. Orders by quantity put the largest first; nodes without the sorted value come last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// By name, with numbers by value and letters ignoring case; `$SYS` and the like come last.
    #[default]
    Name,
    /// By when they first appeared.
    Arrival,
    /// By the newest payload: numbers by value first, then everything else by its bytes.
    Value,
    /// By the number of messages of the node and all below it.
    Messages,
    /// By messages per second.
    Rate,
    /// By bytes of payload per second.
    ByteRate,
    /// By the time of the last message.
    LastSeen,
    /// By when the topic got the value that it has.
    LastChange,
    /// By the size of the newest payload.
    Size,
    /// By the QoS of the newest message.
    #[serde(rename = "qos")]
    QoS,
    /// By whether the newest message came as a retained one; those come first.
    Retained,
    /// By the number of topics below.
    TopicsBelow,
}

impl Order {
    /// All orders, as listed to the person.
    pub const ALL: [Self; 12] = [
        Self::Name,
        Self::Arrival,
        Self::Value,
        Self::Messages,
        Self::Rate,
        Self::ByteRate,
        Self::LastSeen,
        Self::LastChange,
        Self::Size,
        Self::QoS,
        Self::Retained,
        Self::TopicsBelow,
    ];

    /// Whether messages change the order, so that siblings have to be sorted again and again.
    pub fn moves(self) -> bool {
        !matches!(self, Self::Name | Self::Arrival)
    }
}

/// An order, and whether it runs backwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sorting {
    /// What is compared.
    pub by: Order,
    /// Whether the order is reversed. Nodes without the sorted value, and `$SYS`, stay last either way.
    pub reversed: bool,
}

impl Sorting {
    /// Whether the sorted value grows from row to row.
    pub fn is_ascending(self) -> bool {
        // The newest message and the newest value have the smallest age.
        let grows = matches!(self.by, Order::Name | Order::Arrival | Order::LastSeen | Order::LastChange);
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
            | (Order::Arrival | Order::Messages | Order::Rate | Order::ByteRate | Order::TopicsBelow, true) => {
                NewNode::Front
            }
            _ => NewNode::Back,
        }
    }
}
