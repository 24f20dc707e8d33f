//! What the window says of what it did or could not do.

use std::io;
use std::path::Path;

use crate::logging::Panicked;
use crate::store::settings::Renderer;
use crate::words::language::say;
use crate::words::{Label, Language, format, label};

/// The program's name.
pub const NAME: &str = "mqttree";

/// The title of a window that shows a session; `topic` is empty where none is selected.
pub fn title(topic: &str, connection: &str) -> String {
    if topic.is_empty() {
        format!("{connection} – {NAME}")
    } else {
        format!("{topic} – {connection} – {NAME}")
    }
}

/// Notice when a background task failed because of a defect of the program.
pub const TASK_FAILED: Label = label("A background task failed", "后台任务失败");
/// Button that undoes what a notice reports.
pub const UNDO: Label = label("Undo", "撤销");
/// Button that removes a notice.
pub const DISMISS: Label = label("Dismiss", "关闭");
/// Button that closes a dialog or a page.
pub const CLOSE: Label = label("Close", "关闭");
/// Button that opens the list of commands.
pub const MENU: Label = label("Menu", "菜单");
/// Name of the top bar for screen readers.
pub const TOP_BAR: Label = label("Sessions and search", "会话与搜索");
/// A pane, as a screen reader calls it.
pub const START_PAGE: Label = label("Start page", "起始页");
/// A pane, as a screen reader calls it.
pub const CONNECTION_LIST: Label = label("List of connections", "连接列表");
/// A pane, as a screen reader calls it.
pub const CONNECTION_FORM: Label = label("Connection settings", "连接设置");
/// A pane, as a screen reader calls it.
pub const CONNECTION_TEST: Label = label("Connection test", "连接测试");
/// A pane, as a screen reader calls it.
pub const TREE_PANE: Label = label("Tree", "主题树");
/// Name of the inspector's pane for screen readers.
pub const INSPECTOR: Label = label("Inspector", "检查器");
/// Name of the tools' pane for screen readers.
pub const TOOLS_PANE: Label = label("Tool area", "工具区");
/// Name of the status bar for screen readers.
pub const STATUS_BAR: Label = label("Status bar", "状态栏");
/// Field that searches the list of shortcuts.
pub const SEARCH_SHORTCUTS: Label = label("Search shortcuts", "搜索快捷键");
/// Shown when no shortcut matches the search.
pub const NO_SHORTCUT: Label = label("No shortcut matches", "没有匹配的快捷键");
/// There is no font for a script. It is in English in both languages: without the font Chinese cannot be read.
pub const NO_EAST_ASIAN_FONT: Label = label(NO_FONT, NO_FONT);
const NO_FONT: &str = "Chinese, Japanese or Korean characters show as boxes: no font here has them\nInstall one and start \
                       again: fonts-noto-cjk (Debian, Ubuntu), google-noto-sans-cjk-fonts (Fedora), noto-fonts-cjk (Arch)";
/// The keys of the tree, and what they do.
pub const TREE_KEYS: &[(Label, Label)] = &[
    (label("Up, Down", "↑、↓"), label("Selects the row above or below", "选择上一行或下一行")),
    (
        label("Right", "→"),
        label("Opens the selected topic, or goes into it", "展开选中的主题，或进入其下一层级"),
    ),
    (label("Left", "←"), label("Closes it, or goes to its parent", "折叠选中的主题，或转到其上一层级")),
    (label("Enter", "Enter"), label("Opens or closes it", "展开或折叠选中的主题")),
    (label("Home, End", "Home、End"), label("First and last row", "第一行和最后一行")),
    (label("Page up, down", "Page Up、Page Down"), label("A page of rows", "向上或向下翻一页")),
    (
        label("Escape", "Esc"),
        label("Ends the search, then shows the whole tree", "结束搜索；再按一次显示整个主题树"),
    ),
    (label("Backspace", "Backspace"), label("Shows the whole tree again", "重新显示整个主题树")),
    (label("Menu, Shift+F10", "Menu、Shift+F10"), label("What can be done with it", "可执行的操作")),
    (label("Letters", "字母"), label("The next name that begins with them", "下一个以这些字母开头的名称")),
];
/// Name of the tabs of open sessions.
pub const SESSIONS: Label = label("Sessions", "会话");
/// Entry in the menu of a session's tab.
pub const SHOW_SESSION: Label = label("Show session", "显示会话");
/// Button that switches the search to regular expressions.
pub const REGEX: Label = label("Regular expression", "正则表达式");
/// Tooltip of [`REGEX`] while a regular expression is searched for.
pub const REGEX_ON: Label = label("Regular expression; press for plain text", "正则表达式；点击改为普通文本");
/// Tooltip of [`REGEX`] while plain text is searched for.
pub const REGEX_OFF: Label = label("Search for a regular expression", "按正则表达式搜索");
/// Button in the search field that clears it.
pub const CLEAR_SEARCH: Label = label("Clear search", "清除搜索");
/// Tooltip of the search field.
pub const SEARCH_HELP: Label = label(
    "Text is found in topics and newest payloads. A topic filter such as a/+/c or a/# finds the topics it matches, \
     a condition such as temp > 30 those whose newest payload meets it",
    "在主题和最新载荷中查找文本。输入 a/+/c 或 a/# 这样的主题过滤器，可查找匹配的主题；输入 temp > 30 这样的条件，可查找最新载荷符合条件的主题",
);
/// Button that lists the tools whose tabs do not fit.
pub const MORE_TOOLS: Label = label("More", "更多");
/// Name of the tabs of the tools.
pub const TOOLS: Label = label("Tools", "工具");

/// Notice that a file was written.
pub fn saved(bytes: u64, path: &Path, language: Language) -> String {
    let (size, path) = (format::bytes(bytes), path.display());
    match language {
        Language::English => format!("Saved {size} to {path}"),
        Language::Chinese => format!("已将 {size} 保存到 {path}"),
    }
}

/// Notice that the list of retained messages could not be begun, for the system's reason.
pub fn not_started(error: &io::Error, language: Language) -> String {
    match language {
        Language::English => format!("Cannot list retained messages\n{error}"),
        Language::Chinese => format!("无法列出保留消息\n{error}"),
    }
}

/// Notice that a file could not be written.
pub fn not_written(path: &Path, error: &io::Error, language: Language) -> String {
    let path = path.display();
    match language {
        Language::English => format!("Cannot write {path}\n{error}"),
        Language::Chinese => format!("无法写入 {path}\n{error}"),
    }
}

/// Notice that a file could not be read.
pub fn not_read(name: &str, error: &io::Error, language: Language) -> String {
    match language {
        Language::English => format!("Cannot read {name:?}\n{error}"),
        Language::Chinese => format!("无法读取“{name}”\n{error}"),
    }
}

/// Notice that a message was not published, and why.
pub fn not_published(topic: &str, why: &str, language: Language) -> String {
    let topic = format::topic(topic);
    match language {
        Language::English => format!("Not published to {topic:?}\n{why}"),
        Language::Chinese => format!("未发布到“{topic}”\n{why}"),
    }
}

/// Notice that a session was closed and can be reopened for a while.
pub fn closed(name: &str, l: Language) -> String {
    say!(l, "Closed {name:?}", "已关闭“{name}”")
}

/// The broker was asked to forget what it retains for a topic. Where it is not certain what that was, says what would be
/// published back.
pub fn retained_cleared(topic: &str, is_certain: bool, l: Language) -> String {
    let topic = format::topic(topic);
    if is_certain {
        say!(l, "Cleared the retained message of {topic:?}", "已清除“{topic}”的保留消息")
    } else {
        say!(
            l,
            "Cleared the retained message of {topic:?}\nNewer messages came: Undo publishes the last one known to be \
             retained",
            "已清除“{topic}”的保留消息\n之后还收到过新消息：撤销将发布最后一条已知的保留消息",
        )
    }
}

/// Notice that a subscription was not changed, and why.
pub fn subscription_not_changed(filter: &str, why: &str, language: Language) -> String {
    let filter = format::topic(filter);
    match language {
        Language::English => format!("The subscription to {filter:?} was not changed\n{why}"),
        Language::Chinese => format!("未能修改对“{filter}”的订阅\n{why}"),
    }
}

/// Notice that the broker cannot be asked because there is no connection.
pub const NOT_CONNECTED: Label = label(
    "Not connected, so the broker cannot be asked\nConnect first",
    "未连接，无法向服务器获取\n需先连接",
);

/// Notice that a topic's retained message was asked for again.
pub fn asked_again(topic: &str, language: Language) -> String {
    let topic = format::topic(topic);
    match language {
        Language::English => format!(
            "Asked the broker for the retained message of {topic:?}\nWithout a retained message nothing comes until the \
             next one is published"
        ),
        Language::Chinese => {
            format!("已向服务器获取“{topic}”的保留消息\n如果没有保留消息，则要等到下一条消息发布")
        }
    }
}

/// Notice that a subscription was removed.
pub fn subscription_removed(filter: &str, language: Language) -> String {
    let filter = format::topic(filter);
    match language {
        Language::English => format!("Removed the subscription to {filter:?}"),
        Language::Chinese => format!("已移除对“{filter}”的订阅"),
    }
}

/// Notice that a session's subscriptions were saved in its profile.
pub fn subscriptions_kept(profile: &str, language: Language) -> String {
    match language {
        Language::English => format!("The profile {profile:?} has these subscriptions now"),
        Language::Chinese => format!("连接配置“{profile}”现在包含这些订阅"),
    }
}

/// Notice that a profile was deleted.
pub fn deleted(profile: &str, language: Language) -> String {
    match language {
        Language::English => format!("Deleted {profile:?}"),
        Language::Chinese => format!("已删除“{profile}”"),
    }
}

/// Notice that a connection was saved as a profile.
pub fn saved_without_password(profile: &str, language: Language) -> String {
    match language {
        Language::English => format!("Saved {profile:?} without its password"),
        Language::Chinese => format!("已保存“{profile}”，不含密码"),
    }
}

/// Notice that the command line named a profile that does not exist.
pub fn no_such_profile(name: &str, language: Language) -> String {
    match language {
        Language::English => format!("There is no profile called {name:?}"),
        Language::Chinese => format!("没有名为“{name}”的连接配置"),
    }
}

/// Name of the session on the embedded broker.
pub const DEMO: Label = label("Demo", "演示");

/// Notice that the renderer in the settings is not in this build, which draws with its other one.
pub fn renderer_not_built(renderer: Renderer, l: Language) -> String {
    match renderer {
        Renderer::Wgpu => say!(
            l,
            "The settings ask for the wgpu renderer, which this mqttree was built without\nThe window is drawn with OpenGL",
            "设置中选择了 wgpu 渲染器，但此版本的 mqttree 未包含它\n窗口改用 OpenGL 绘制"
        ),
        Renderer::Glow | Renderer::Automatic => say!(
            l,
            "The settings ask for the OpenGL renderer, which this mqttree was built without\nThe window is drawn with wgpu",
            "设置中选择了 OpenGL 渲染器，但此版本的 mqttree 未包含它\n窗口改用 wgpu 绘制"
        ),
    }
}

/// What keeps a window from opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoWindow {
    /// The desktop, or the connection to it.
    Desktop,
    /// The last renderer tried.
    Renderer,
}

/// Error when no window could be opened, with the system's reason.
pub fn no_window(cause: NoWindow, error: &impl std::fmt::Display, l: Language) -> String {
    let text = say!(l, "cannot open a window: {error}", "无法打开窗口：{error}");
    match cause {
        NoWindow::Renderer if cfg!(target_os = "linux") => format!("{text}\n{}", INSTALL_OPENGL.of(l)),
        NoWindow::Renderer | NoWindow::Desktop => text,
    }
}

/// Error when libraries that the window needs are not installed, with the packages of Debian, Fedora and Arch that bring
/// them. One line.
pub fn libraries_missing(files: &[&str], packages: [Vec<&str>; 3], l: Language) -> String {
    let files = files.join(", ");
    let [debian, fedora, arch] = packages.map(|mut packages| {
        packages.dedup();
        packages.join(" ")
    });
    say!(
        l,
        "cannot open a window without {files}. Install {debian} (Debian, Ubuntu), {fedora} (Fedora) or {arch} (Arch)",
        "缺少 {files}，无法打开窗口。请安装 {debian}（Debian、Ubuntu）、{fedora}（Fedora）或 {arch}（Arch）"
    )
}

const INSTALL_OPENGL: Label = label(
    "mqttree draws with OpenGL. Install the driver of the graphics card, or Mesa, which also draws without one: libegl1 \
     and libgl1-mesa-dri (Debian, Ubuntu), mesa-libEGL and mesa-dri-drivers (Fedora), mesa (Arch)",
    "mqttree 使用 OpenGL 绘制。请安装显卡驱动，或安装无需显卡也能绘制的 Mesa：libegl1 和 libgl1-mesa-dri（Debian、Ubuntu）、\
     mesa-libEGL 和 mesa-dri-drivers（Fedora）、mesa（Arch）",
);

/// Title of the report that an earlier run left behind.
pub const PANICKED_BEFORE: Label = label(
    "mqttree met a defect last time. This report holds no topics and no passwords; nothing was sent",
    "mqttree 上次运行时遇到程序缺陷。此报告不含主题和密码，也未发送到任何地方",
);

/// Report of a panic, for standard error.
pub fn panicked(panicked: Panicked<'_>, l: Language) -> String {
    let Panicked { thread, message, file, line } = panicked;
    let thread = thread.unwrap_or("?");
    say!(
        l,
        "mqttree: a defect ended the thread {thread} ({file}:{line}): {message}",
        "mqttree：程序缺陷导致线程 {thread} 终止（{file}:{line}）：{message}"
    )
}

/// Error when the embedded broker could not listen.
pub fn no_demo(error: &io::Error, l: Language) -> String {
    say!(l, "the demo's broker cannot listen on this machine: {error}", "演示服务器无法在本机监听：{error}")
}

/// Error when the file of `--perf-log` could not be created.
pub fn no_performance_log(path: &Path, l: Language) -> String {
    let path = path.display();
    say!(l, "cannot write the performance log {path}", "无法写入性能日志 {path}")
}
