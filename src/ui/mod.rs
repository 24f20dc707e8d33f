//! The design system: tokens and theme, icons, widgets, background jobs. It knows nothing of MQTT.
//!
//! Panels draw with it. Nothing here waits or touches the network.

pub mod focus;
pub mod icons;
pub mod job;
pub mod language;
pub mod theme;
pub mod tokens;
pub mod widgets;

pub use language::language;
