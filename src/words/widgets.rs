//! The texts of the widgets that several panels draw with.

use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, format, label};

/// The cautious answer of a question.
pub const CANCEL: Label = label("Cancel", "取消");
/// In the menu of a text: puts the selected part on the clipboard.
pub const COPY_SELECTION: Label = label("Copy selection", "复制所选内容");
/// In the menu of a text.
pub const SELECT_ALL: Label = label("Select all", "全选");
/// In the menu of a field: takes the selected part away, onto the clipboard.
pub const CUT: Label = label("Cut", "剪切");
/// In the menu of a field.
pub const COPY: Label = label("Copy", "复制");
/// In the menu of a field.
pub const PASTE: Label = label("Paste", "粘贴");
/// Why there is nothing to cut or copy.
pub const NOTHING_SELECTED: Label = label("Nothing is selected", "没有选中内容");
/// Placeholder of a pair's first field.
pub const PAIR_NAME: Label = label("Name", "名称");
/// Placeholder of a pair's second field.
pub const PAIR_VALUE: Label = label("Value", "值");
/// In the menu of a list of lines.
pub const COPY_LINE: Label = label("Copy line", "复制此行");
/// In the menu of a list of lines, with several selected.
pub const COPY_LINES: Label = label("Copy lines", "复制所选行");
/// In the menu of a list of lines.
pub const COPY_ALL: Label = label("Copy all", "全部复制");
/// Lets a list follow its end again.
pub const GO_TO_END: Label = label("Go to end", "跳到末尾");
/// Shows everything again that a filter hides.
pub const CLEAR_FILTER: Label = label("Clear filter", "清除筛选");
/// In a long text's place, until it is ready.
pub const READING_TEXT: Label = label("Reading the text…", "正在读取文本…");
/// In a long text's place, if it cannot be shown.
pub const TEXT_NOT_SHOWN: Label = label("Too long to be shown", "文本过长，无法显示");
/// Shows a text whole of which only the beginning shows.
pub const SHOW_ALL: Label = label("Show all", "显示全部");
/// Tooltip of [`SHOW_ALL`].
pub const SHOW_ALL_HELP: Label =
    label("Shows the whole text in a view of its own", "在单独的视图中显示完整文本");
/// The view of a text that is shown whole.
pub const WHOLE_TEXT: Label = label("Whole text", "完整文本");
/// Placeholder of a filter.
pub const FILTER: Label = label("Filter", "筛选");

/// The bar of a list.
pub fn scroll_bar(list: &str, language: Language) -> String {
    match language {
        English => format!("Scroll {list}"),
        Chinese => format!("滚动{list}"),
    }
}

/// The lines of a log.
pub fn lines_of(list: &str, language: Language) -> String {
    match language {
        English => format!("{list} lines"),
        Chinese => format!("{list}内容"),
    }
}

/// What parts two panes and can be moved.
pub const SPLITTER: Label = label("Resize panes", "调整窗格大小");

/// How many lines of all a filter lets through.
pub fn shown_of_all(shown: u64, all: u64, language: Language) -> String {
    let (shown, all) = (format::count(shown), format::count(all));
    match language {
        English => format!("{shown} of {all}"),
        Chinese => format!("{shown} / {all}"),
    }
}

/// The button that adds a pair, whose kind is called `item`.
pub fn add_pair(item: &str, language: Language) -> String {
    match language {
        English => format!("Add {}", item.to_lowercase()),
        Chinese => format!("添加{item}"),
    }
}

/// A text was too long for its field: what was taken of it.
pub fn field_cut(field: &str, taken: u64, of: u64, bytes_max: u64, language: Language) -> String {
    let (taken, of) = (format::count(taken), format::count(of));
    match language {
        English => {
            let room = format::plural(bytes_max, "byte", "bytes");
            format!(
                "{field}: only the first {taken} of {of} bytes were taken\nThis field holds at most {room}."
            )
        }
        Chinese => {
            let room = format::count(bytes_max);
            format!("{field}：{of} 字节中只填入了前 {taken} 字节\n此字段最多 {room} 字节。")
        }
    }
}

/// Control characters were left out of a field.
pub fn field_controls(field: &str, count: u64, language: Language) -> String {
    match language {
        English => {
            let left_out = format::plural(count, "control character", "control characters");
            format!("{field}: {left_out} left out")
        }
        Chinese => format!("{field}：略去了 {} 个控制字符", format::count(count)),
    }
}

/// The first field of a pair. `number` counts from 1.
pub fn name_of_pair(item: &str, number: usize, language: Language) -> String {
    match language {
        English => format!("{item} {number} name"),
        Chinese => format!("{item} {number} 名称"),
    }
}

/// The second field of a pair. `number` counts from 1.
pub fn value_of_pair(item: &str, number: usize, language: Language) -> String {
    match language {
        English => format!("{item} {number} value"),
        Chinese => format!("{item} {number} 值"),
    }
}

/// The button that removes a pair. `number` counts from 1.
pub fn remove_pair(item: &str, number: usize, language: Language) -> String {
    match language {
        English => format!("Remove {} {number}", item.to_lowercase()),
        Chinese => format!("移除{item} {number}"),
    }
}

/// The tooltip of that button.
pub fn remove_pair_help(item: &str, language: Language) -> String {
    match language {
        English => format!("Removes this {}", item.to_lowercase()),
        Chinese => format!("移除此{item}"),
    }
}
