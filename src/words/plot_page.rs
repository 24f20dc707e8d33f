//! The texts of the page that plots stand on: its tabs, its tiles, and how topics join them.

use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, format, label};

/// Name of the tabs of plots.
pub const TABS: Label = label("Plot tabs", "曲线图标签页");
/// Button that adds a tab.
pub const NEW_TAB: Label = label("New plot tab", "新建曲线图标签页");
/// Tooltip of [`NEW_TAB`].
pub const NEW_TAB_HELP: Label = label("Adds a tab with plots of its own", "添加一个标签页，单独排列曲线图");
/// Button that closes a tab.
pub const CLOSE_TAB: Label = label("Close plot tab", "关闭曲线图标签页");
/// Tooltip of [`CLOSE_TAB`].
pub const CLOSE_TAB_HELP: Label = label("Removes this tab and its plots", "移除此标签页及其曲线图");
/// Button that gives a tab another name.
pub const RENAME_TAB: Label = label("Rename plot tab", "重命名曲线图标签页");
/// Tooltip of [`RENAME_TAB`].
pub const RENAME_TAB_HELP: Label = label("Gives this tab another name", "为此标签页设置新名称");
/// Field for the name of a tab.
pub const TAB_NAME: Label = label("Name of the tab", "标签页名称");
/// Button that adds a plot to the tab.
pub const NEW_PLOT: Label = label("New plot", "新建曲线图");
/// Tooltip of [`NEW_PLOT`].
pub const NEW_PLOT_HELP: Label = label(
    "Splits the plot that is used; the next number goes to the new one",
    "拆分当前曲线图；之后添加的数值会显示在新图中",
);
/// Button that opens the form for a topic filter.
pub const ADD_FILTER: Label = label("Plot a topic filter", "按主题过滤器绘制");
/// Button of an empty plot that opens the same form.
pub const FIRST_FILTER: Label = label("Plot topics by filter…", "按过滤器绘制主题…");
/// Tooltip of [`ADD_FILTER`].
pub const ADD_FILTER_HELP: Label =
    label("Plots every topic that matches, now and later", "绘制所有匹配的主题，包括之后出现的主题");
/// Field for the filter of topics to be plotted.
pub const FILTER: Label = label("Filter to plot", "要绘制的过滤器");
/// Field for the place of the number in the payloads.
pub const PATH: Label = label("Path of the number", "数值路径");
/// Shown in the empty field [`PATH`].
pub const PATH_HINT: Label = label("whole payload", "整个载荷");
/// Button that adds the topics of the form.
pub const PLOT: Label = label("Plot them", "绘制");
/// Button that closes the form.
pub const CANCEL: Label = label("Cancel", "取消");
/// What is wrong with a path.
pub const NO_PATH: Label = label("This is no path", "路径格式不正确");

/// Button that opens the menu of a plot.
pub const MENU: Label = label("Plot menu", "曲线图菜单");
/// Tooltip of [`MENU`].
pub const MENU_HELP: Label = label("What can be done with this plot", "可对此曲线图执行的操作");
/// Entry in the menu of a plot.
pub const BESIDE: Label = label("New plot beside it", "在右侧新建曲线图");
/// Entry in the menu of a plot.
pub const BELOW: Label = label("New plot below it", "在下方新建曲线图");
/// Entry in the menu of a plot.
pub const RENAME: Label = label("Rename plot", "重命名曲线图");
/// Field for the title of a plot.
pub const TITLE: Label = label("Title of the plot", "曲线图标题");
/// Entry in the menu of a plot.
pub const OWN_TIME: Label = label("Time of its own", "使用独立时间范围");
/// Entry in the menu of a plot.
pub const TO_NEW_TAB: Label = label("Move to a new tab", "移到新标签页");
/// Entry in the menu of a plot.
pub const LARGER: Label = label("Larger", "放大");
/// Entry in the menu of a plot.
pub const SMALLER: Label = label("Smaller", "缩小");
/// Entry in the menu of a plot.
pub const EARLIER: Label = label("Move before", "前移");
/// Entry in the menu of a plot.
pub const LATER: Label = label("Move after", "后移");
/// Entry in the menu of a plot, and its button.
pub const CLOSE: Label = label("Close plot", "关闭曲线图");
/// Why a plot cannot be closed or moved.
pub const ONLY_PLOT: Label = label("It is the only plot of this tab", "这是此标签页中唯一的曲线图");
/// Title of a plot without series.
pub const EMPTY_PLOT: Label = label("Empty plot", "空曲线图");
/// Button that forgets series whose topics have not come.
pub const FORGET_WAITING: Label = label("Forget them", "不再等待");
/// Tooltip of [`FORGET_WAITING`].
pub const FORGET_WAITING_HELP: Label = label("Removes these series from the plot", "从曲线图中移除这些曲线");
/// Shown beside what is dragged, over what takes it.
pub const DROP_HERE: Label = label("Plot here", "在此绘制");
/// Shown beside what is dragged, over the edge of a plot.
pub const DROP_BESIDE: Label = label("Plot in a new plot here", "在此新建曲线图并绘制");

/// The title of a tab that has no name.
pub fn numbered(number: usize, language: Language) -> String {
    match language {
        English => format!("Plots {number}"),
        Chinese => format!("曲线图 {number}"),
    }
}

/// The header of a plot, for screen readers.
pub fn header(title: &str, active: bool, language: Language) -> String {
    match (language, active) {
        (English, true) => format!("Plot {title}, takes new series"),
        (English, false) => format!("Plot {title}"),
        (Chinese, true) => format!("曲线图 {title}，接收新曲线"),
        (Chinese, false) => format!("曲线图 {title}"),
    }
}

/// The title of a plot with more series than are named.
pub fn and_more(first: &str, more: usize, language: Language) -> String {
    match language {
        English => format!("{first} and {more} more"),
        Chinese => format!("{first} 等 {} 条", more + 1),
    }
}

/// A topic filter and a path, as they are shown together.
pub fn filter_and_path(filter: &str, path: &str) -> String {
    if path.is_empty() { filter.to_owned() } else { format!("{filter} · {path}") }
}

/// Button that plots what has the same shape in other topics.
pub fn also(topics: usize, language: Language) -> String {
    let count = format::count(topics as u64);
    match (language, topics) {
        (English, 1) => "Also in 1 other topic".to_owned(),
        (English, _) => format!("Also in {count} other topics"),
        (Chinese, _) => format!("同时绘制另外 {count} 个主题"),
    }
}

/// Tooltip of the button [`also`].
pub fn also_help(filter: &str, language: Language) -> String {
    match language {
        English => format!("Plots everything that matches {filter}, now and later"),
        Chinese => format!("绘制所有匹配 {filter} 的主题，包括之后出现的主题"),
    }
}

/// How many topics have joined by a filter.
pub fn joined(filter: &str, topics: usize, language: Language) -> String {
    let count = format::count(topics as u64);
    match (language, topics) {
        (English, 1) => format!("{filter}: 1 topic"),
        (English, _) => format!("{filter}: {count} topics"),
        (Chinese, _) => format!("{filter}：{count} 个主题"),
    }
}

/// How many more topics match than can join.
pub fn left_out(topics: usize, most: usize, language: Language) -> String {
    let (count, most) = (format::count(topics as u64), format::count(most as u64));
    match language {
        English => format!("{count} more match; a plot takes {most} by filter"),
        Chinese => format!("另有 {count} 个匹配；一个曲线图最多按过滤器加入 {most} 个"),
    }
}

/// Button that lets no more topics join by a filter, and removes those that did.
pub fn stop_joining(filter: &str, language: Language) -> String {
    match language {
        English => format!("Remove {filter} from plot"),
        Chinese => format!("从图中移除 {filter}"),
    }
}

/// How many series wait for their topics.
pub fn waiting(series: usize, language: Language) -> String {
    let count = format::count(series as u64);
    match (language, series) {
        (English, 1) => "1 series waits for its topic".to_owned(),
        (English, _) => format!("{count} series wait for their topics"),
        (Chinese, _) => format!("{count} 条曲线正在等待主题"),
    }
}

/// Button that refuses the offer [`also`].
pub fn no_thanks(filter: &str, language: Language) -> String {
    match language {
        English => format!("Do not add {filter}"),
        Chinese => format!("不添加 {filter}"),
    }
}
