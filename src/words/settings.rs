//! The words of the Settings page.

use crate::words::{Label, label};

/// Title of the page.
pub const TITLE: Label = label("Settings", "设置");
/// Ends the page.
pub const CLOSE: Label = label("Close", "关闭");
/// Unit of the memory limits.
pub const MIB: &str = " MiB";

// The sections.
/// How the window looks.
pub const APPEARANCE: Label = label("Appearance", "界面");
/// What sessions may take.
pub const MEMORY: Label = label("Memory", "内存");
/// What happens when the program starts.
pub const START: Label = label("Start", "启动");

// The settings, each with what it does.
/// Light or dark.
pub const THEME: Label = label("Theme", "外观");
/// Says what the theme does.
pub const THEME_HELP: Label = label("Light, dark or high contrast", "浅色、深色或高对比度");
/// How high rows are.
pub const DENSITY: Label = label("Density", "行距");
/// Says what the density does.
pub const DENSITY_HELP: Label = label("How high the rows of trees and lists are", "主题树和列表的行高");
/// Which language the window speaks. In Chinese the English word stands beside it, for those who cannot read Chinese.
pub const LANGUAGE: Label = label("Language", "语言 · Language");
/// Says what the language does.
pub const LANGUAGE_HELP: Label = label("The language of the window", "窗口的语言");
/// How finely times are written.
pub const TIMES: Label = label("Times", "时间");
/// Says what the format does.
pub const TIMES_HELP: Label = label("How finely times of day are written", "时刻显示的精度");
/// Single levels.
pub const FOLD: Label = label("Fold single levels", "合并单一层级");
/// Says what folding does.
pub const FOLD_HELP: Label = label(
    "A level without messages and with a single level below shares its row: m0/u0/p0",
    "没有消息且只有一个下级的层级与其下级合并为一行：m0/u0/p0",
);
/// The update flash.
pub const FLASH: Label = label("Flash changed values", "数值变化时闪烁");
/// Says what the flash does.
pub const FLASH_HELP: Label = label("Marks a value for a moment when it changes", "数值变化时短暂高亮");
/// Memory for messages.
pub const HISTORY: Label = label("History", "历史消息");
/// Says what the budget does.
pub const HISTORY_HELP: Label = label(
    "For the messages of a session; beyond it the oldest are forgotten. For sessions opened from now on",
    "每个会话的消息内存；超出后丢弃最旧的消息。对之后打开的会话生效",
);
/// Memory for the newest values.
pub const NEWEST: Label = label("Newest values", "最新值");
/// Says what the budget does.
pub const NEWEST_HELP: Label = label(
    "For the newest values that the history has no room for; beyond it payloads above 64 kB keep their beginning. For \
     sessions opened from now on",
    "在历史消息内存之外，用于保留最新值；超出后，大于 64 kB 的载荷只保留开头。对之后打开的会话生效",
);
/// Memory for topics.
pub const TREE: Label = label("Topic tree", "主题树");
/// Says what the limit does.
pub const TREE_HELP: Label = label(
    "For the topics of a session; beyond it new ones are only counted. For sessions opened from now on",
    "每个会话的主题内存；超出后新主题只计数。对之后打开的会话生效",
);
/// Whether the last connections are opened again.
pub const REOPEN: Label = label("Reopen connections", "重新打开连接");
/// Says what reopening does.
pub const REOPEN_HELP: Label =
    label("Opens the last connections again when the program starts", "程序启动时打开上次的连接");
/// What draws the window.
pub const RENDERER: Label = label("Renderer", "渲染器");
/// Says what the renderer does.
pub const RENDERER_HELP: Label =
    label("What draws the window, from the next start on", "绘制窗口的方式，下次启动时生效");

// What can be chosen.
/// Follows the system.
pub const SYSTEM: Label = label("Follow the system", "跟随系统");
/// The light theme.
pub const LIGHT: Label = label("Light", "浅色");
/// The dark theme.
pub const DARK: Label = label("Dark", "深色");
/// The theme of the strongest contrast.
pub const HIGH_CONTRAST: Label = label("High contrast", "高对比度");
/// Low rows.
pub const COMPACT: Label = label("Compact", "紧凑");
/// Usual rows.
pub const NORMAL: Label = label("Normal", "标准");
/// High rows.
pub const COMFORTABLE: Label = label("Comfortable", "宽松");
/// The name of a language is the same in every language.
pub const ENGLISH: Label = label("English", "English");
/// The name of a language is the same in every language.
pub const CHINESE: Label = label("简体中文", "简体中文");
/// Times down to the millisecond.
pub const MILLISECONDS: Label = label("14:03:59.123", "14:03:59.123");
/// Times down to the second.
pub const SECONDS: Label = label("14:03:59", "14:03:59");
/// Times down to the minute.
pub const MINUTES: Label = label("14:03", "14:03");
/// The renderer that suits the system.
pub const AUTOMATIC: Label = label("Automatic", "自动");
/// The OpenGL renderer.
pub const GLOW: Label = label("glow (OpenGL)", "glow（OpenGL）");
/// The other renderer.
pub const WGPU: Label = label("wgpu (Vulkan, Metal, Direct3D)", "wgpu（Vulkan、Metal、Direct3D）");
