//! MQTT itself. Knows nothing of the window and shares only the message types with the model.

pub mod check;
pub mod doctor;
pub mod endpoint;
pub mod failure;
pub mod filter;
pub mod limits;
pub mod link;
pub mod options;
pub mod packet;
pub mod publish;
pub mod reason;
pub mod shell;
pub mod step;
mod tls;
pub mod trace;
pub mod wire;
