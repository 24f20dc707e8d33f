//! The command palette's words.

use crate::words::{Label, label};

/// Name of the dialog.
pub const TITLE: Label = label("Command palette", "命令面板");
/// Name of the field, and its text while it is empty.
pub const FIELD: Label = label("Search commands", "搜索命令");
/// Name of the list.
pub const LIST: Label = label("Commands", "命令");
/// Said in place of the list.
pub const NOTHING: Label = label("No command matches", "没有匹配的命令");
