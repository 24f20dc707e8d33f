//! The texts of the plots.

use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, format, label};

/// In the menu of a series.
pub const SELECT_TOPIC: Label = label("Select topic", "选择主题");
/// In the menu of a series.
pub const SHOW_LINE: Label = label("Show line", "显示曲线");
/// In the menu of a series.
pub const HIDE_LINE: Label = label("Hide line", "隐藏曲线");
/// In the menu of a series.
pub const CLEAR_VALUES: Label = label("Clear values", "清空数值");
/// In the menu of a series.
pub const REMOVE_SERIES: Label = label("Remove from plot", "从图中移除");
/// Name of the chart.
pub const CHART: Label = label("Plot", "曲线图");
/// Name of the list of series.
pub const SERIES: Label = label("Series", "曲线");
/// In place of a chart.
pub const EMPTY: Label = label("Nothing plotted yet", "暂无曲线");
/// Below it.
pub const EMPTY_HELP: Label = label(
    "Select a number in a payload and press its plot button",
    "在载荷中选择一个数值，然后点击其“绘制曲线”按钮",
);

/// How much of the past shows.
pub const TIME_WINDOW: Label = label("Time window", "时间范围");
/// A time window.
pub const TEN_SECONDS: Label = label("10 s", "10 秒");
/// A time window.
pub const ONE_MINUTE: Label = label("1 m", "1 分钟");
/// A time window.
pub const FIVE_MINUTES: Label = label("5 m", "5 分钟");
/// A time window.
pub const FIFTEEN_MINUTES: Label = label("15 m", "15 分钟");
/// A time window.
pub const ONE_HOUR: Label = label("1 h", "1 小时");
/// The time window that holds everything.
pub const ALL: Label = label("All", "全部");
/// Shows the present again.
pub const FOLLOW: Label = label("Follow", "跟随");
/// Its tooltip.
pub const FOLLOW_HELP: Label =
    label("Shows the present again; so does a double click", "回到当前时刻；双击曲线图效果相同");
/// Ends a zoom of the values.
pub const FIT_VALUES: Label = label("Fit values", "适应数值");
/// Its tooltip.
pub const FIT_VALUES_HELP: Label =
    label("Shows all values of this time again", "重新显示该时间范围内的所有数值");
/// How values are joined.
pub const LINE_STYLE: Label = label("Line style", "线型");
/// Straight lines from value to value.
pub const LINE: Label = label("Line", "折线");
/// A value holds until the next one.
pub const STEP: Label = label("Step", "阶梯");
/// The button that copies.
pub const COPY: Label = label("Copy as CSV", "复制为 CSV");
/// Its tooltip.
pub const COPY_HELP: Label =
    label("Copies the values that show, each with its time", "复制当前显示的数值及其时间");

/// In place of a series' newest value.
pub const NO_VALUE: Label = label("no value", "无数值");
/// In place of a series' range.
pub const HIDDEN: Label = label("hidden", "已隐藏");
/// In place of a series' range.
pub const NO_VALUES_IN_VIEW: Label = label("no values in view", "范围内无数值");
/// Tooltip of the button that hides a series.
pub const HIDE_HELP: Label = label("Hides the line; values are still taken", "隐藏曲线；仍继续记录数值");
/// Tooltip of the button that shows a series again.
pub const SHOW_HELP: Label = label("Shows the line again", "重新显示曲线");
/// Tooltip of the button that forgets a series' values.
pub const CLEAR_HELP: Label = label("Begins again from now", "从现在起重新开始");
/// Tooltip of the button that removes a series.
pub const REMOVE_HELP: Label = label("Removes the series and its values", "移除曲线及其数值");

/// Why the values could not be copied.
pub const COPYING_FAILED: Label =
    label("Nothing was copied\nThe job failed; the log says why", "未复制任何内容\n任务失败，原因见日志");

/// Why the values were not copied: they would be more than `bytes_max`.
pub fn too_much_to_copy(bytes_max: u64, language: Language) -> String {
    let limit = format::bytes(bytes_max);
    match language {
        English => format!(
            "Nothing was copied\nMore than {limit} of values show\nZoom in or hide a series, and copy again"
        ),
        Chinese => format!("未复制任何内容\n当前显示的数值超过 {limit}\n可放大或隐藏部分曲线后重新复制"),
    }
}

/// In the box at the pointer: how many series are left out.
pub fn more(series: usize, language: Language) -> String {
    match language {
        English => format!("and {series} more"),
        Chinese => format!("另有 {series} 条"),
    }
}

/// The row of a series, as it is read aloud.
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

/// The button that hides a series.
pub fn hide(name: &str, language: Language) -> String {
    match language {
        English => format!("Hide series {name}"),
        Chinese => format!("隐藏曲线 {name}"),
    }
}

/// The button that shows a series again.
pub fn show(name: &str, language: Language) -> String {
    match language {
        English => format!("Show series {name}"),
        Chinese => format!("显示曲线 {name}"),
    }
}

/// The button that forgets the values of a series.
pub fn clear(name: &str, language: Language) -> String {
    match language {
        English => format!("Clear series {name}"),
        Chinese => format!("清空曲线 {name}"),
    }
}

/// The button that removes a series.
pub fn remove(name: &str, language: Language) -> String {
    match language {
        English => format!("Remove series {name}"),
        Chinese => format!("移除曲线 {name}"),
    }
}

/// A chart for whoever does not see it: of each series its name, and its last, lowest and highest value of what shows.
pub fn told(series: &[(&str, [String; 3])], language: Language) -> String {
    let told = |(name, [last, min, max]): &(&str, [String; 3])| match language {
        English => format!("{name}: last {last}, lowest {min}, highest {max}"),
        Chinese => format!("{name}：最新 {last}，最低 {min}，最高 {max}"),
    };
    series.iter().map(told).collect::<Vec<_>>().join("\n")
}
