//! The texts of the log panel. What its lines say is in `words::log`.

use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, format, label};

/// Title of the panel, and name of the list.
pub const TITLE: Label = label("Log", "日志");
/// Name of the choice of levels.
pub const LEVEL: Label = label("Log level", "日志级别");
/// Choice to show all levels.
pub const ALL_LINES: Label = label("All lines", "所有日志");
/// Choice to show only warnings and errors.
pub const PROBLEMS: Label = label("Warnings and errors", "警告和错误");
/// Choice to show only errors.
pub const ERRORS: Label = label("Errors", "错误");
/// Name of the filter field.
pub const FILTER: Label = label("Filter log", "筛选日志");
/// Button that copies the log.
pub const COPY: Label = label("Copy log", "复制日志");
/// Tooltip of [`COPY`] while nothing is filtered.
pub const COPY_ALL_HELP: Label = label("Copies all lines", "复制所有日志");
/// Tooltip of [`COPY`] while a filter hides lines.
pub const COPY_SHOWN_HELP: Label = label("Copies the lines shown", "复制当前显示的日志");
/// Tooltip of the button that follows the end again.
pub const GO_TO_END_HELP: Label = label("Shows new lines as they come", "有新日志时立即显示");

/// Shown while there are no lines.
pub const EMPTY: Label = label("No lines yet", "暂无日志");
/// Explanation below [`EMPTY`].
pub const EMPTY_HELP: Label = label(
    "Every step of the connection appears here: what was tried, and what came of it",
    "连接的每一步都会显示在这里：尝试了什么，结果如何",
);
/// Shown when the filter matches no line.
pub const NOTHING_FOUND: Label = label("No line matches", "没有匹配的日志");
/// Advice below [`NOTHING_FOUND`].
pub const NOTHING_FOUND_HELP: Label =
    label("Other words or another level may show some", "可以尝试其他关键字或级别");
/// Added to a tooltip that had to be cut.
pub const COPY_FOR_ALL: Label = label("Copy the line to see all of it", "复制该行即可查看全部内容");

/// How many lines there are.
pub fn lines(lines: u64, language: Language) -> String {
    match language {
        English => format::plural(lines, "line", "lines"),
        Chinese => format!("{} 行", format::count(lines)),
    }
}
