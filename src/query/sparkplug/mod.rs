//! The state of what speaks Sparkplug B: which edge nodes and devices there are, whether they are online, what each of
//! their metrics is now, and what went wrong on the way (Eclipse Sparkplug 3.0).
//!
//! A [`Plant`] sees every message below `spBv1.0/` as it arrives, as a witness of the model; nothing here waits, draws or
//! knows a clock. Everything is bounded, and what did not fit is counted.

mod command;
mod fault;
mod life;
mod metrics;
mod node;
mod plant;
#[cfg(test)]
mod tests;
mod topic;

pub use command::{CommandMetric, command_payload, rebirth_payload, writable_types};
pub use fault::{Noted, PlantFault, SeqGap};
pub use life::{Life, Presence};
pub use metrics::{LiveMetric, Metrics};
pub use node::{EdgeNode, PlantDevice};
pub use plant::{HostState, NodeKey, Plant, PlantWitness};
pub use topic::{SparkplugKind, SparkplugTopic};

pub(super) use topic::births;
