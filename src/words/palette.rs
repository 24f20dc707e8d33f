//! The command palette's words.

use crate::words::{Label, label};

/// Name of the dialog.
pub const TITLE: Label = label("Command palette", "命令面板");
/// Name and placeholder of the search field.
pub const FIELD: Label = label("Search commands", "搜索命令");
/// Name of the list of commands.
pub const LIST: Label = label("Commands", "命令");
/// Shown when no command matches.
pub const NOTHING: Label = label("No command matches", "没有匹配的命令");
