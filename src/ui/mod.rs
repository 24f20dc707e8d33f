//! The design system: tokens and theme, icons, widgets, background jobs. It knows nothing of MQTT.
//!
//! Panels draw with it. Nothing here waits or touches the network.

mod code_point;
pub mod focus;
pub mod icons;
pub mod job;
pub mod language;
pub mod missing_script;
pub mod motion;
pub mod reader;
pub mod theme;
pub mod tokens;
pub mod widgets;

pub use language::language;

use eframe::egui::Context;

/// Prepares a window: fonts and themes, a look for characters that no font has, the ways of the keyboard, and what is published to assistive technology.
pub fn install(ctx: &Context) {
    theme::install(ctx);
    ctx.add_glyph_rasterizer(code_point::rasterizer());
    ctx.add_plugin(focus::Panes::default());
    ctx.add_plugin(focus::HeldKeys::default());
    ctx.add_plugin(focus::Overlays::default());
    ctx.add_plugin(reader::Reader::default());
}
