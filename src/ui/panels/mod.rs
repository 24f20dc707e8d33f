//! The panels of the window, one module each. None knows another: what concerns more than one goes through an action.

pub mod connections;
pub mod doctor;
pub mod inspector;
pub mod log;
pub mod notices;
pub mod performance;
pub mod plots;
pub mod protocol;
pub mod publish;
pub mod status_bar;
pub mod subscriptions;
pub mod top_bar;
pub mod topics;
