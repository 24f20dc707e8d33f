//! The words of the Settings page.

use crate::words::{Label, label};

/// Title of the Settings page.
pub const TITLE: Label = label("Settings", "设置");
/// Button that closes the page.
pub const CLOSE: Label = label("Close", "关闭");
/// Unit of the memory limits.
pub const MIB: &str = " MiB";

// The sections.
/// Section of the window's appearance.
pub const APPEARANCE: Label = label("Appearance", "界面");
/// Section of the memory limits.
pub const MEMORY: Label = label("Memory", "内存");
/// Section of what happens when the program starts.
pub const START: Label = label("Start", "启动");

// The settings, each with what it does.
/// Label of the theme.
pub const THEME: Label = label("Theme", "外观");
/// Explains [`THEME`].
pub const THEME_HELP: Label = label("Light, dark or high contrast", "浅色、深色或高对比度");
/// Label of the row height.
pub const DENSITY: Label = label("Density", "行距");
/// Explains [`DENSITY`].
pub const DENSITY_HELP: Label = label("How high the rows of trees and lists are", "主题树和列表的行高");
/// Label of the language. The Chinese text includes the English word for those who cannot read Chinese.
pub const LANGUAGE: Label = label("Language", "语言 · Language");
/// Explains [`LANGUAGE`].
pub const LANGUAGE_HELP: Label = label("The language of the window", "窗口的语言");
/// Label of the precision of times.
pub const TIMES: Label = label("Times", "时间");
/// Explains [`TIMES`].
pub const TIMES_HELP: Label = label("How finely times of day are written", "时刻显示的精度");
/// Label of the option to fold single levels.
pub const FOLD: Label = label("Fold single levels", "合并单一层级");
/// Explains [`FOLD`].
pub const FOLD_HELP: Label = label(
    "A level without messages and with a single level below shares its row: m0/u0/p0",
    "没有消息且只有一个下级的层级与其下级合并为一行：m0/u0/p0",
);
/// Label of the option to flash changed values.
pub const FLASH: Label = label("Flash changed values", "数值变化时闪烁");
/// Explains [`FLASH`].
pub const FLASH_HELP: Label = label("Marks a value for a moment when it changes", "数值变化时短暂高亮");
/// Label of the choice whether things may move.
pub const MOTION: Label = label("Motion", "动态效果");
/// Explains [`MOTION`].
pub const MOTION_HELP: Label =
    label("Reduced motion: nothing flashes, fades or slides", "减少动态效果后，界面不再闪烁、渐变或滑动");
/// Label of the choice of file dialogs.
pub const FILE_DIALOGS: Label = label("File dialogs", "文件对话框");
/// Explains [`FILE_DIALOGS`].
pub const FILE_DIALOGS_HELP: Label = label(
    "What asks for a file; without a dialog of the desktop it is mqttree's own",
    "选择文件时使用的对话框；桌面没有提供时使用 mqttree 自带的",
);
/// Label of the memory for messages.
pub const HISTORY: Label = label("History", "历史消息");
/// Explains [`HISTORY`].
pub const HISTORY_HELP: Label = label(
    "For the messages of a session; beyond it the oldest are forgotten. For sessions opened from now on",
    "每个会话的消息内存；超出后丢弃最旧的消息。对之后打开的会话生效",
);
/// Label of the memory for the newest values.
pub const NEWEST: Label = label("Newest values", "最新值");
/// Explains [`NEWEST`].
pub const NEWEST_HELP: Label = label(
    "For the newest values that the history has no room for; beyond it payloads above 64 kB keep their beginning. For \
     sessions opened from now on",
    "在历史消息内存之外，用于保留最新值；超出后，大于 64 kB 的载荷只保留开头。对之后打开的会话生效",
);
/// Label of the memory for topics.
pub const TREE: Label = label("Topic tree", "主题树");
/// Explains [`TREE`].
pub const TREE_HELP: Label = label(
    "For the topics of a session; beyond it new ones are only counted. For sessions opened from now on",
    "每个会话的主题内存；超出后新主题只计数。对之后打开的会话生效",
);
/// Label of what may come out of a payload.
pub const DECODED: Label = label("Decoded payloads", "解码后的载荷");
/// Explains [`DECODED`].
pub const DECODED_HELP: Label = label(
    "For what comes out of a packed or binary payload that is looked at; beyond it its bytes are shown",
    "查看压缩或二进制载荷时解码结果的内存；超出后显示原始字节",
);
/// Label of the most values of a plotted series.
pub const PLOT_VALUES: Label = label("Values of a plotted series", "每条曲线的数值数量");
/// Explains [`PLOT_VALUES`].
pub const PLOT_VALUES_HELP: Label = label(
    "Beyond it the oldest go, and the plot says from when on it has values. For sessions opened from now on",
    "超出后丢弃最早的数值，曲线图会注明从何时起有数值。对之后打开的会话生效",
);
/// Label of the option to reopen the last connections.
pub const REOPEN: Label = label("Reopen connections", "重新打开连接");
/// Explains [`REOPEN`].
pub const REOPEN_HELP: Label =
    label("Opens the last connections again when the program starts", "程序启动时打开上次的连接");
/// Label of the renderer.
pub const RENDERER: Label = label("Renderer", "渲染器");
/// Explains [`RENDERER`].
pub const RENDERER_HELP: Label =
    label("What draws the window; applies from the next start", "绘制窗口的方式，下次启动时生效");

// What can be chosen.
/// Choice to follow the system.
pub const SYSTEM: Label = label("Follow the system", "跟随系统");
/// Choice of the light theme.
pub const LIGHT: Label = label("Light", "浅色");
/// Choice of the dark theme.
pub const DARK: Label = label("Dark", "深色");
/// Choice of the high-contrast theme.
pub const HIGH_CONTRAST: Label = label("High contrast", "高对比度");
/// Choice of compact rows.
pub const COMPACT: Label = label("Compact", "紧凑");
/// Choice of rows of normal height.
pub const NORMAL: Label = label("Normal", "标准");
/// Choice of comfortable rows.
pub const COMFORTABLE: Label = label("Comfortable", "宽松");
/// Choice of English, whose name is the same in every language.
pub const ENGLISH: Label = label("English", "English");
/// Choice of Chinese, whose name is the same in every language.
pub const CHINESE: Label = label("简体中文", "简体中文");
/// Choice of times with milliseconds.
pub const MILLISECONDS: Label = label("14:03:59.123", "14:03:59.123");
/// Choice of times with seconds.
pub const SECONDS: Label = label("14:03:59", "14:03:59");
/// Choice of times with minutes.
pub const MINUTES: Label = label("14:03", "14:03");
/// Choice of less motion.
pub const REDUCED: Label = label("Reduced", "减少");
/// Choice of the usual motion.
pub const FULL: Label = label("Full", "完整");
/// Choice of the desktop's dialogs.
pub const DESKTOP_DIALOGS: Label = label("The desktop's", "桌面的对话框");
/// Choice of the program's own dialog.
pub const OWN_DIALOGS: Label = label("mqttree's own", "mqttree 自带");
/// Choice of the renderer that suits the system.
pub const AUTOMATIC: Label = label("Automatic", "自动");
/// Choice of the OpenGL renderer.
pub const GLOW: Label = label("glow (OpenGL)", "glow（OpenGL）");
/// Choice of the wgpu renderer.
pub const WGPU: Label = label("wgpu (Vulkan, Metal, Direct3D)", "wgpu（Vulkan、Metal、Direct3D）");
