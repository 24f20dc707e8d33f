//! The panes of the window with their names, and how high the header is that is marked while the keyboard is in them.

use eframe::egui::Ui;

use crate::ui::focus::{self, Pane};
use crate::ui::language;
use crate::ui::tokens::size;
use crate::words::app as words;

/// Height of the tabs of the tools.
pub const TOOL_TABS: f32 = 30.0;
/// The form begins with its fields: its upper edge is marked.
const EDGE: f32 = 2.0;

/// Draws a pane, or one of the bars.
pub fn pane<R>(ui: &mut Ui, pane: Pane, body: impl FnOnce(&mut Ui) -> R) -> R {
    let (name, header) = match pane {
        Pane::Search => (words::TOP_BAR, None),
        Pane::Start => (words::START_PAGE, None),
        Pane::Connections => (words::CONNECTION_LIST, Some(size::TOP_BAR)),
        Pane::ConnectionForm => (words::CONNECTION_FORM, Some(EDGE)),
        Pane::ConnectionTest => (words::CONNECTION_TEST, Some(size::PANEL_HEADER)),
        Pane::Tree => (words::TREE_PANE, Some(size::PANEL_HEADER)),
        Pane::Inspector => (words::INSPECTOR, Some(size::PANEL_HEADER)),
        Pane::Tools => (words::TOOLS_PANE, Some(TOOL_TABS)),
        Pane::Status => (words::STATUS_BAR, None),
    };
    focus::pane(ui, pane, name.of(language(ui)), header, body)
}
