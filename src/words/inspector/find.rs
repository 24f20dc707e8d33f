//! What the search inside a payload says.

use crate::words::Language;
use crate::words::language::say;
use crate::words::{Label, format, label};

/// Button that opens the search inside a payload, and its field.
pub const FIND: Label = label("Find in payload", "在载荷中查找");
/// Tooltip of [`FIND`].
pub const FIND_HELP: Label = label(
    "Finds text in keys and values; in hex also bytes by their digits (Ctrl+F while the payload has the keyboard)",
    "在键和值中查找文本；十六进制视图中还可按数字查找字节（焦点在载荷中时按 Ctrl+F）",
);
/// Button that closes the search inside a payload.
pub const CLOSE_FIND: Label = label("Close find", "关闭查找");
/// Button that stops the search inside a payload.
pub const CANCEL_FIND: Label = label("Cancel find", "取消查找");
/// Button that steps to the next place that was found.
pub const NEXT_FOUND: Label = label("Next in payload", "下一处");
/// Tooltip of [`NEXT_FOUND`].
pub const NEXT_FOUND_HELP: Label = label("Next in payload (Enter)", "下一处（Enter）");
/// Button that steps to the place before that was found.
pub const PREVIOUS_FOUND: Label = label("Previous in payload", "上一处");
/// Tooltip of [`PREVIOUS_FOUND`].
pub const PREVIOUS_FOUND_HELP: Label = label("Previous in payload (Shift+Enter)", "上一处（Shift+Enter）");

/// How far a search inside a payload is, from 0 to 1.
pub fn finding(share: f64, l: Language) -> String {
    let percent = (share * 100.0).clamp(0.0, 100.0) as u32;
    say!(l, "{percent} % searched", "已查找 {percent}%")
}

/// Which of the places that were found is shown, and how many there are.
pub fn found(at: Option<usize>, count: usize, is_cut: bool, l: Language) -> String {
    let (all, more) = (format::count(count as u64), if is_cut { "+" } else { "" });
    match at {
        _ if count == 0 => say!(l, "Not found", "未找到"),
        Some(at) => {
            let at = format::count(at as u64 + 1);
            say!(l, "{at} of {all}{more}", "第 {at} 处，共 {all}{more} 处")
        }
        None => say!(l, "{all}{more} found", "找到 {all}{more} 处"),
    }
}
