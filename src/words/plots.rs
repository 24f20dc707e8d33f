//! The texts of the plots.

use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, format, label};

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
