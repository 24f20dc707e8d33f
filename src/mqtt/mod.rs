//! What speaks MQTT. Knows nothing of the window and, of the model, only what a message is.

pub mod filter;
pub mod options;
