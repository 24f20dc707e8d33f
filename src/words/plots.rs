//! The texts of the plots.

use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, format, label};

/// Entry in the menu of a series.
pub const EDIT_SERIES: Label = label("Change series…", "修改曲线…");
/// Entry in the menu of a series.
pub const SELECT_TOPIC: Label = label("Select topic", "选择主题");
/// Entry in the menu of a series.
pub const SHOW_LINE: Label = label("Show line", "显示曲线");
/// Entry in the menu of a series.
pub const HIDE_LINE: Label = label("Hide line", "隐藏曲线");
/// Entry in the menu of a series.
pub const CLEAR_VALUES: Label = label("Clear values", "清空数值");
/// Entry in the menu of a series.
pub const REMOVE_SERIES: Label = label("Remove from plot", "从图中移除");
/// Name of the chart.
pub const CHART: Label = label("Plot", "曲线图");
/// Name of the list of series.
pub const SERIES: Label = label("Series", "曲线");
/// Shown while nothing is plotted.
pub const EMPTY: Label = label("Nothing plotted yet", "暂无曲线");
/// Explanation below [`EMPTY`].
pub const EMPTY_HELP: Label = label(
    "Select a number in a payload and press its plot button",
    "在载荷中选择一个数值，然后点击其“绘制曲线”按钮",
);

/// Name of the choice how much of the past is shown.
pub const TIME_WINDOW: Label = label("Time window", "时间范围");
/// Choice of a time window.
pub const TEN_SECONDS: Label = label("10 s", "10 秒");
/// Choice of a time window.
pub const ONE_MINUTE: Label = label("1 m", "1 分钟");
/// Choice of a time window.
pub const FIVE_MINUTES: Label = label("5 m", "5 分钟");
/// Choice of a time window.
pub const FIFTEEN_MINUTES: Label = label("15 m", "15 分钟");
/// Choice of a time window.
pub const ONE_HOUR: Label = label("1 h", "1 小时");
/// Choice of a time window.
pub const SIX_HOURS: Label = label("6 h", "6 小时");
/// Choice of a time window.
pub const ONE_DAY: Label = label("1 d", "1 天");
/// Choice of a time window.
pub const SEVEN_DAYS: Label = label("7 d", "7 天");
/// Choice of a time window that includes everything.
pub const ALL: Label = label("All", "全部");
/// Button that shows the present again.
pub const FOLLOW: Label = label("Follow", "跟随");
/// Tooltip of [`FOLLOW`].
pub const FOLLOW_HELP: Label =
    label("Shows the present again; so does a double click", "回到当前时刻；双击曲线图效果相同");
/// Button that ends a zoom of the values.
pub const FIT_VALUES: Label = label("Fit values", "适应数值");
/// Tooltip of [`FIT_VALUES`].
pub const FIT_VALUES_HELP: Label =
    label("Shows all values of this time again", "重新显示该时间范围内的所有数值");
/// Name of the choice how values are connected.
pub const LINE_STYLE: Label = label("Line style", "线型");
/// Choice of straight lines from value to value.
pub const LINE: Label = label("Line", "折线");
/// Choice of lines that hold a value until the next one.
pub const STEP: Label = label("Step", "阶梯");
/// Choice of lines that take a value since the one before it.
pub const STEP_BEFORE: Label = label("Step before", "前阶梯");
/// Choice of points alone.
pub const POINTS: Label = label("Points", "散点");
/// Choice of bars from zero.
pub const BARS: Label = label("Bars", "柱形");
/// Choice of a line with the area between it and zero.
pub const AREA: Label = label("Area", "面积");
/// Choice of what dragging does.
pub const DRAG_MOVES: Label = label("Drag to move", "拖动平移");
/// Choice of what dragging does.
pub const DRAG_ZOOMS: Label = label("Drag to zoom to a box", "拖动框选缩放");
/// Choice of what dragging does.
pub const DRAG_MEASURES: Label = label("Drag to measure", "拖动测量");
/// Choice of an axis with powers of ten at equal distances.
pub const LOGARITHMIC_LEFT: Label = label("Logarithmic left axis", "左轴对数刻度");
/// Choice of an axis with powers of ten at equal distances.
pub const LOGARITHMIC_RIGHT: Label = label("Logarithmic right axis", "右轴对数刻度");
/// Choice of drawing the other series over the first instead of over time.
pub const OVER_FIRST: Label = label("Over the first series (XY)", "以首条曲线为横轴（XY）");
/// Choice of times in UTC instead of the zone of this computer.
pub const TIMES_IN_UTC: Label = label("Times in UTC", "使用 UTC 时间");
/// Said at the pointer where the connection was lost.
pub const CONNECTION_LOST: Label = label("Connection lost", "连接中断");
/// Said at the pointer where the values of a series begin, because earlier messages are not held.
pub const EARLIER_NOT_KEPT: Label = label("Earlier messages were not kept", "更早的消息未保留");
/// Entry in the menu of the chart that opens more: what dragging does.
pub const DRAGGING: Label = label("Dragging", "拖动操作");
/// Entry in the menu of the chart that opens more: what is copied and saved.
pub const EXPORT: Label = label("Export", "导出");
/// Entry that copies a picture.
pub const COPY_IMAGE: Label = label("Copy as image", "复制为图片");
/// Entry that saves the values, one a line.
pub const SAVE_CSV: Label = label("Save as CSV…", "另存为 CSV…");
/// Entry that saves the values, one column a series.
pub const SAVE_ALIGNED: Label = label("Save as CSV, one column a series…", "另存为 CSV（每条曲线一列）…");
/// Entry that saves a picture.
pub const SAVE_PNG: Label = label("Save as PNG…", "另存为 PNG…");
/// Entry that saves a drawing.
pub const SAVE_SVG: Label = label("Save as SVG…", "另存为 SVG…");
/// Button that gives up an export.
pub const CANCEL_EXPORT: Label = label("Cancel export", "取消导出");
/// Button that copies the values.
pub const COPY: Label = label("Copy as CSV", "复制为 CSV");
/// Tooltip of [`COPY`].
pub const COPY_HELP: Label =
    label("Copies the values shown, each with its time", "复制当前显示的数值及其时间");

/// Shown in place of a series' newest value when it has none.
pub const NO_VALUE: Label = label("no value", "无数值");
/// Shown in place of the range of a hidden series.
pub const HIDDEN: Label = label("hidden", "已隐藏");
/// Shown in place of the range of a series without values in view.
pub const NO_VALUES_IN_VIEW: Label = label("no values in view", "范围内无数值");
/// Tooltip of the button that hides a series.
pub const HIDE_HELP: Label = label("Hides the line; values are still taken", "隐藏曲线；仍继续记录数值");
/// Tooltip of the button that shows a series again.
pub const SHOW_HELP: Label = label("Shows the line again", "重新显示曲线");
/// Tooltip of the button that forgets a series' values.
pub const CLEAR_HELP: Label = label("Begins again from now", "从现在起重新开始");
/// Tooltip of the button that removes a series.
pub const REMOVE_HELP: Label = label("Removes the series and its values", "移除曲线及其数值");

/// Entry in the menu of a series: hides all others.
pub const SOLO: Label = label("Show only this line", "仅显示此曲线");
/// Entry in the menu of a series, while others are hidden.
pub const SHOW_ALL: Label = label("Show all lines", "显示所有曲线");
/// Entry in the menu of a series, and part of the name of what it adds.
pub const DERIVATIVE: Label = label("Change per second", "每秒变化量");
/// Entry in the menu of a series, and part of the name of what it adds.
pub const INTEGRAL: Label = label("Area since the start", "累计积分");
/// Entry in the menu of a series, and part of the name of what it adds.
pub const INTERVAL: Label = label("Seconds between values", "数值间隔秒数");

/// Entry in the menu of a series that opens more: what is computed from it.
pub const COMPUTED: Label = label("Plot what is computed from it", "绘制计算值");
/// Entry in the menu of a series that opens more: the order of all series.
pub const SORT_SERIES: Label = label("Sort series", "曲线排序");
/// Order of the series.
pub const SORT_AS_ADDED: Label = label("As added", "按添加顺序");
/// Order of the series.
pub const SORT_BY_NAME: Label = label("By name", "按名称");
/// Order of the series.
pub const SORT_BY_VALUE: Label = label("By newest value", "按最新数值");

/// Entry in the menu of the chart that takes back the last change of the view.
pub const EARLIER_VIEW: Label = label("Back to the view before", "返回上一视图");
/// Why [`EARLIER_VIEW`] cannot be chosen.
pub const NO_EARLIER_VIEW: Label = label("The view was not changed", "视图未曾更改");
/// Why [`FOLLOW`] cannot be chosen.
pub const FOLLOWS: Label = label("The plot follows the present", "图形正在跟随当前时刻");
/// Why [`FIT_VALUES`] cannot be chosen.
pub const VALUES_FIT: Label = label("All values show", "已显示所有数值");
/// Entry in the menu of the chart: statistics of the visible time.
pub const STATISTICS: Label = label("Statistics of what shows", "统计当前显示的数值");

/// Button that shows just the range that was marked.
pub const ZOOM_TO_RANGE: Label = label("Zoom to range", "缩放到此范围");
/// Button that copies the statistics of a range.
pub const COPY_TABLE: Label = label("Copy statistics", "复制统计表");
/// Tooltip of [`COPY_TABLE`].
pub const COPY_TABLE_HELP: Label = label("Copies the table for a spreadsheet", "复制表格，可粘贴到电子表格");
/// Button that closes the statistics of a range.
pub const CLOSE_RANGE: Label = label("Close statistics", "关闭统计表");
/// Tooltip of [`CLOSE_RANGE`].
pub const CLOSE_RANGE_HELP: Label = label("Closes the table; so does Escape", "关闭表格；按 Esc 键效果相同");
/// Shown while statistics are computed.
pub const COMPUTING: Label = label("computing…", "正在计算…");
/// Column of the statistics: how many values there are.
pub const COUNT: Label = label("Count", "数量");
/// Column of the statistics.
pub const LOWEST: Label = label("Min", "最小");
/// Column of the statistics.
pub const HIGHEST: Label = label("Max", "最大");
/// Column of the statistics.
pub const MEAN: Label = label("Mean", "均值");
/// Column of the statistics: the standard deviation.
pub const DEVIATION: Label = label("σ", "σ");
/// Column of the statistics.
pub const P5: Label = label("p5", "p5");
/// Column of the statistics.
pub const P50: Label = label("p50", "p50");
/// Column of the statistics.
pub const P95: Label = label("p95", "p95");
/// Column of the statistics: the last value.
pub const LAST: Label = label("Last", "最新");
/// Column of the statistics: values per second.
pub const PER_SECOND: Label = label("Per second", "每秒");
/// Column of the statistics: the area below the line, in value seconds.
pub const INTEGRAL_SUM: Label = label("Integral", "积分");
/// Column of the statistics: the mean time between values, in seconds.
pub const MEAN_INTERVAL: Label = label("Interval s", "间隔 s");
/// Column of the statistics: the standard deviation of that time, in seconds.
pub const JITTER: Label = label("Jitter s", "抖动 s");
/// Column of the statistics: the longest time between two values, in seconds.
pub const LONGEST_GAP: Label = label("Longest s", "最长 s");

/// Column of the statistics: the value at the beginning of the range.
pub const AT_A: Label = label("At A", "A 处");
/// Column of the statistics: the value at the end of the range.
pub const AT_B: Label = label("At B", "B 处");
/// Column of the statistics: the difference of the two.
pub const B_LESS_A: Label = label("B − A", "B − A");
/// Column of the statistics: how long each state lasted.
pub const IN_STATES: Label = label("In each state", "各状态时长");

/// Title of the statistics of a range that is so long.
pub fn range_of(seconds: &str, language: Language) -> String {
    match language {
        English => format!("Statistics of {seconds} s"),
        Chinese => format!("{seconds} 秒内的统计"),
    }
}

/// The statistics of a series for a screen reader: each figure after its name.
pub fn figures(name: &str, figures: &[(&str, String)], language: Language) -> String {
    let pairs: Vec<_> = figures.iter().map(|(label, value)| format!("{label} {value}")).collect();
    match language {
        English => format!("{name}: {}", pairs.join(", ")),
        Chinese => format!("{name}：{}", pairs.join("，")),
    }
}

/// Entry in the menu of a series, and part of the name of what it adds: a moving average.
pub fn average(seconds: f64, language: Language) -> String {
    match language {
        English => format!("Mean of {seconds} s"),
        Chinese => format!("{seconds} 秒均值"),
    }
}

/// Entry in the menu of a series, and part of the name of what it adds: its difference to another.
pub fn less(other: &str, language: Language) -> String {
    match language {
        English => format!("Less {other}"),
        Chinese => format!("减去 {other}"),
    }
}

/// Notice that the values could not be copied.
pub const COPYING_FAILED: Label =
    label("Nothing was copied\nThe job failed; the log says why", "未复制任何内容\n任务失败，原因见日志");

/// Notice that nothing was exported because the values take more than `bytes_max`.
pub fn too_much_to_save(bytes_max: u64, language: Language) -> String {
    let limit = format::bytes(bytes_max);
    match language {
        English => format!(
            "Nothing was saved\nMore than {limit} of values show\nZoom in or hide a series, and save again"
        ),
        Chinese => format!("未保存任何内容\n当前显示的数值超过 {limit}\n可放大或隐藏部分曲线后重新保存"),
    }
}

/// How far an export is.
pub fn exporting(percent: u32, language: Language) -> String {
    match language {
        English => format!("Exporting {percent} %"),
        Chinese => format!("正在导出 {percent} %"),
    }
}

/// Notice that the values were not copied because they take more than `bytes_max`.
pub fn too_much_to_copy(bytes_max: u64, language: Language) -> String {
    let limit = format::bytes(bytes_max);
    match language {
        English => format!(
            "Nothing was copied\nMore than {limit} of values show\nZoom in or hide a series, and copy again"
        ),
        Chinese => format!("未复制任何内容\n当前显示的数值超过 {limit}\n可放大或隐藏部分曲线后重新复制"),
    }
}

/// How many series are left out of the box at the pointer.
pub fn more(series: usize, language: Language) -> String {
    match language {
        English => format!("and {series} more"),
        Chinese => format!("另有 {series} 条"),
    }
}

/// The row of a series, for screen readers.
pub fn series(name: &str, newest: &str, language: Language) -> String {
    match language {
        English => format!("{name}: {newest}"),
        Chinese => format!("{name}：{newest}"),
    }
}

/// Tooltip of the row of a series.
pub fn series_help(name: &str, language: Language) -> String {
    match language {
        English => format!("{name}\nA click selects the topic"),
        Chinese => format!("{name}\n点击可选中该主题"),
    }
}

/// Accessible name of the button that hides a series.
pub fn hide(name: &str, language: Language) -> String {
    match language {
        English => format!("Hide series {name}"),
        Chinese => format!("隐藏曲线 {name}"),
    }
}

/// Accessible name of the button that shows a series again.
pub fn show(name: &str, language: Language) -> String {
    match language {
        English => format!("Show series {name}"),
        Chinese => format!("显示曲线 {name}"),
    }
}

/// Accessible name of the button that clears the values of a series.
pub fn clear(name: &str, language: Language) -> String {
    match language {
        English => format!("Clear series {name}"),
        Chinese => format!("清空曲线 {name}"),
    }
}

/// Accessible name of the button that removes a series.
pub fn remove(name: &str, language: Language) -> String {
    match language {
        English => format!("Remove series {name}"),
        Chinese => format!("移除曲线 {name}"),
    }
}

/// A chart for screen readers: each series by its name, with the last, lowest and highest value in view.
pub fn told(series: &[(&str, [String; 3])], language: Language) -> String {
    let told = |(name, [last, min, max]): &(&str, [String; 3])| match language {
        English => format!("{name}: last {last}, lowest {min}, highest {max}"),
        Chinese => format!("{name}：最新 {last}，最低 {min}，最高 {max}"),
    };
    series.iter().map(told).collect::<Vec<_>>().join("\n")
}

/// Says that a series has had no value since a time.
pub fn none_since(time: &str, language: Language) -> String {
    match language {
        English => format!("no value since {time}"),
        Chinese => format!("自 {time} 起无数值"),
    }
}

/// Counts messages that are gaps in a line.
pub fn without_number(messages: u64, language: Language) -> String {
    let count = format::count(messages);
    match language {
        English if messages == 1 => "1 message without a value".to_owned(),
        English => format!("{count} messages without a value"),
        Chinese => format!("{count} 条消息没有数值"),
    }
}

/// Counts values that are no finite numbers.
pub fn not_finite(values: u64, language: Language) -> String {
    let count = format::count(values);
    match language {
        English if values == 1 => "1 value is infinite or not a number".to_owned(),
        English => format!("{count} values are infinite or not a number"),
        Chinese => format!("{count} 个数值为无穷大或非数字"),
    }
}

/// Counts values whose times lie before those of earlier ones.
pub fn late(values: u64, language: Language) -> String {
    let count = format::count(values);
    match language {
        English if values == 1 => "1 value came after a later one".to_owned(),
        English => format!("{count} values came after later ones"),
        Chinese => format!("{count} 个数值的时间早于之前收到的数值"),
    }
}

/// Says how much of the history a series was filled with.
pub fn filling(percent: u8, language: Language) -> String {
    match language {
        English => format!("reading the history: {percent} %"),
        Chinese => format!("正在读取历史：{percent}%"),
    }
}

/// Says from when on values are held.
pub fn held_from(time: &str, language: Language) -> String {
    match language {
        English => format!("values are held from {time} on"),
        Chinese => format!("仅保留 {time} 之后的数值"),
    }
}
