//! What the commands of the window are called, and what they do in one sentence.

use crate::store::settings::Column;
use crate::words::{Label, label, topics};

/// The two texts of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandText {
    /// Name in menus, on buttons and for assistive technology; sentence case.
    pub label: Label,
    /// One sentence for the tooltip and the help page.
    pub help: Label,
}

const fn command(name: (&'static str, &'static str), help: (&'static str, &'static str)) -> CommandText {
    CommandText { label: label(name.0, name.1), help: label(help.0, help.1) }
}

/// Command that gives the window to the tool that is shown, and takes it back.
pub const FILL_WINDOW: CommandText = command(
    ("Fill the window", "填满窗口"),
    (
        "Gives the whole window to the tool below the tree; the same key brings the tree back",
        "让主题树下方的工具占满整个窗口；再按一次恢复主题树",
    ),
);
/// Command that shows the connections page.
pub const CONNECTIONS: CommandText =
    command(("Connections", "连接"), ("Shows the saved connections", "显示已保存的连接"));
/// Command that connects without waiting for the next attempt.
pub const RECONNECT: CommandText =
    command(("Connect now", "立即连接"), ("Connects again without waiting", "不再等待，立即重新连接"));
/// Command that closes the connection.
pub const DISCONNECT: CommandText =
    command(("Disconnect", "断开连接"), ("Closes the connection and keeps the tree", "断开连接，保留主题树"));
/// Command that opens a recording or a file.
pub const OPEN_RECORDING: CommandText = command(
    ("Open…", "打开…"),
    (
        "Shows a recording, a snapshot, MCAP or JSON Lines in a tab of its own, without a connection",
        "在单独的标签页中显示录制内容、快照、MCAP 或 JSON Lines，不建立连接",
    ),
);
/// Command that exports messages.
pub const EXPORT_MESSAGES: CommandText = command(
    ("Export messages…", "导出消息…"),
    (
        "Writes messages of this session as JSON Lines, CSV or MCAP",
        "将此会话的消息写成 JSON Lines、CSV 或 MCAP",
    ),
);
/// Command that saves a snapshot.
pub const SAVE_SNAPSHOT: CommandText = command(
    ("Save snapshot…", "保存快照…"),
    (
        "Keeps the newest messages of every topic in one file that opens anywhere",
        "将每个主题的最新消息保存到一个可在任何地方打开的文件",
    ),
);
/// Command that replays messages.
pub const REPLAY_MESSAGES: CommandText = command(
    ("Replay messages…", "重放消息…"),
    (
        "Publishes messages of this session again, at their own pace or another",
        "以原速或其他速度重新发布此会话的消息",
    ),
);
/// Command that records every message to disk.
pub const RECORD: CommandText = command(
    ("Record", "录制"),
    (
        "Writes every message of this session to disk, with all its properties, until it is stopped",
        "将此会话的每条消息及其全部属性写入磁盘，直到停止",
    ),
);
/// Command that ends the recording.
pub const STOP_RECORDING: CommandText = command(
    ("Stop recording", "停止录制"),
    ("Ends the recording; the session goes on", "结束录制，会话继续"),
);
/// Command that shows or hides the time bar.
pub const TOGGLE_TIME_BAR: CommandText = command(
    ("Time bar", "时间条"),
    (
        "Shows when messages arrived, and lets the whole tree go back to any moment",
        "显示消息何时到达，并可让整个主题树回到任意时刻",
    ),
);
/// Command that ends a view of an earlier moment.
pub const BACK_TO_LIVE: CommandText = command(
    ("Back to live", "回到实时"),
    ("Shows what is there now, and what comes", "显示当前内容和新到的消息"),
);
/// Command that lets the moments follow each other, or holds them.
pub const PLAY_FORWARD: CommandText = command(
    ("Play", "播放"),
    (
        "Lets the moments follow each other at the chosen speed, or holds them",
        "按所选速度依次显示各时刻，或暂停",
    ),
);
/// Command that goes back by one message.
pub const STEP_BACK: CommandText = command(
    ("Previous message", "上一条消息"),
    ("Shows the tree before the last message", "显示上一条消息之前的主题树"),
);
/// Command that goes forward by one message.
pub const STEP_FORWARD: CommandText = command(
    ("Next message", "下一条消息"),
    ("Shows the tree after the next message", "显示下一条消息之后的主题树"),
);
/// Command that goes back to a change of the selected topic.
pub const CHANGE_BEFORE: CommandText = command(
    ("Previous change", "上一次变化"),
    ("Goes back to before the selected topic last changed", "回到选中主题上一次变化之前"),
);
/// Command that goes forward to a change of the selected topic.
pub const CHANGE_AFTER: CommandText = command(
    ("Next change", "下一次变化"),
    ("Goes to when the selected topic changes next", "前往选中主题下一次变化的时刻"),
);
/// Why something cannot be done with an earlier moment.
pub const IS_LIVE: Label = label("The view is live", "当前为实时显示");
/// Why the view cannot be paused.
pub const IS_REWOUND: Label = label("An earlier moment is shown", "正在显示之前的时刻");
/// Title of the commands of the moment that is shown.
pub const TIME_GROUP: Label = label("Time", "时间");
/// Command that tests the session's connection.
pub const EXAMINE: CommandText = command(
    ("Find out why", "查找原因"),
    ("Goes through the connection step by step and says what fails", "逐步检查连接，并指出失败的步骤"),
);
/// Command that shows the form of the session's connection.
pub const EDIT_CONNECTION: CommandText = command(
    ("Edit connection", "编辑连接"),
    ("Saves this connection if necessary and shows its form", "显示此连接的表单，必要时先保存"),
);
/// Command that saves the connection that the command line opened.
pub const SAVE_AS_PROFILE: CommandText = command(
    ("Save as profile", "保存为连接配置"),
    ("Keeps this connection for the next time", "保存此连接，供下次使用"),
);
/// Command that closes the session.
pub const CLOSE_TAB: CommandText = command(
    ("Close tab", "关闭标签页"),
    (
        "Disconnects and closes the session; it can be reopened for a while",
        "断开连接并关闭会话，短时间内可重新打开",
    ),
);
/// Command that reopens a closed session.
pub const REOPEN_CLOSED: CommandText = command(
    ("Reopen closed session", "重新打开已关闭的会话"),
    (
        "Shows the session that was closed last, with its topics and messages, without connecting",
        "显示最近关闭的会话及其主题和消息，不会自动连接",
    ),
);
/// Command that opens another window.
pub const NEW_WINDOW: CommandText = command(
    ("Open in a new window", "在新窗口中打开"),
    (
        "Shows this session in another window too, with a selection and tools of its own",
        "在另一个窗口中同时显示此会话，选中项和工具各自独立",
    ),
);
/// Command that shows the session to the right.
pub const NEXT_TAB: CommandText =
    command(("Next tab", "下一个标签页"), ("Shows the session to the right", "显示右侧的会话"));
/// Command that shows the session to the left.
pub const PREVIOUS_TAB: CommandText =
    command(("Previous tab", "上一个标签页"), ("Shows the session to the left", "显示左侧的会话"));
/// Command that goes to the search field.
pub const SEARCH: CommandText =
    command(("Search topics", "搜索主题"), ("Searches topics and newest payloads", "搜索主题和最新载荷"));
/// Command that goes to the next match.
pub const NEXT_MATCH: CommandText = command(
    ("Next match", "下一个匹配"),
    ("Selects the next topic that the search found", "选择搜索到的下一个主题"),
);
/// Command that goes to the previous match.
pub const PREVIOUS_MATCH: CommandText = command(
    ("Previous match", "上一个匹配"),
    ("Selects the topic that the search found before this one", "选择搜索到的上一个主题"),
);
/// Command that shows only a part of the tree.
pub const SHOW_ONLY: CommandText = command(
    ("Show only this", "只显示此项"),
    ("Shows only the selected topic and its subtopics", "只显示选中的主题及其下级"),
);
/// Command that shows the whole tree again.
pub const SHOW_ALL: CommandText =
    command(("Show the whole tree", "显示整个主题树"), ("Shows all topics again", "重新显示所有主题"));
/// Command that pins or unpins a topic.
pub const PIN_TOPIC: CommandText = command(
    ("Pin or unpin topic", "固定或取消固定主题"),
    ("Pins the selected topic above the tree, or unpins it", "在主题树上方固定选中的主题，或取消固定"),
);
/// Command that forgets a topic.
pub const FORGET_TOPIC: CommandText = command(
    ("Forget topic", "移除主题"),
    (
        "Forgets the selected topic and its messages here until it receives another one; the broker keeps what it has",
        "在此处移除选中的主题及其消息，收到新消息时会再次显示；服务器上的内容不受影响",
    ),
);
/// Command that pauses the view.
pub const PAUSE: CommandText = command(
    ("Pause", "暂停"),
    (
        "Pauses or resumes the view; messages are still received and counted",
        "暂停或继续更新视图；仍会接收并统计消息",
    ),
);
/// Command that resumes the view.
pub const RESUME: CommandText = command(
    ("Resume", "继续"),
    ("Shows what arrived meanwhile and continues", "显示暂停期间收到的消息并继续"),
);
/// Command that expands the whole tree.
pub const EXPAND_ALL: CommandText =
    command(("Expand all", "全部展开"), ("Opens every topic", "展开所有主题"));
/// Command that collapses the whole tree.
pub const COLLAPSE_ALL: CommandText =
    command(("Collapse all", "全部折叠"), ("Closes every topic", "折叠所有主题"));
/// Command that clears the selection and shows the overview.
pub const OVERVIEW: CommandText = command(
    ("Show overview", "显示概览"),
    ("Selects no topic and shows what stands out in the session", "取消选中主题，显示会话中值得关注的内容"),
);
/// Command that copies the selected topic.
pub const COPY_TOPIC: CommandText =
    command(("Copy topic", "复制主题"), ("Copies the selected topic", "复制选中的主题"));
/// Command that copies the payload.
pub const COPY_PAYLOAD: CommandText =
    command(("Copy payload", "复制载荷"), ("Copies the payload shown", "复制当前显示的载荷"));
/// Command that saves the payload to a file.
pub const SAVE_PAYLOAD: CommandText = command(
    ("Save payload…", "保存载荷…"),
    ("Saves the exact bytes of the payload shown", "将当前显示的载荷原样保存到文件"),
);
/// Command that writes the newest values to a file.
pub const EXPORT_VALUES: CommandText = command(
    ("Export values…", "导出值…"),
    (
        "Writes the newest values at and below the selected level, or of all topics, decoded to a file: JSON Lines, or CSV if its name ends in .csv",
        "将选中层级及其下级（未选中时为所有主题）的最新值解码后写入文件：JSON Lines；文件名以 .csv 结尾时为 CSV",
    ),
);
/// Command that publishes the message in the publish panel.
pub const PUBLISH: CommandText =
    command(("Publish", "发布"), ("Sends what the publish panel holds", "发送发布面板中的消息"));
/// Stops what is sent one after the other.
pub const STOP_SENDING: CommandText = command(
    ("Stop sending", "停止发送"),
    ("Stops all repeated messages and files, in every session", "停止所有会话中重复发送的消息和文件"),
);
/// Command that shows or hides the tools.
pub const TOGGLE_TOOLS: CommandText = command(
    ("Show or hide tools", "显示或隐藏工具"),
    ("Shows or hides plots, publish, subscriptions and logs", "显示或隐藏曲线图、发布、订阅和日志"),
);
/// Command that moves the keyboard to the next pane.
pub const NEXT_PANE: CommandText = command(
    ("Next pane", "下一个窗格"),
    (
        "Moves the keyboard focus to the next pane: search, tree, inspector, tools, status bar",
        "将键盘焦点移到下一个窗格：搜索、主题树、检查器、工具、状态栏",
    ),
);
/// Command that moves the keyboard to the previous pane.
pub const PREVIOUS_PANE: CommandText = command(
    ("Previous pane", "上一个窗格"),
    ("Moves the keyboard focus to the previous pane", "将键盘焦点移到上一个窗格"),
);
/// Command that shows the plots.
pub const SHOW_PLOTS: CommandText = command(("Plots", "曲线图"), ("Shows the plots", "显示曲线图"));
/// Command that shows the publish panel.
pub const SHOW_PUBLISH: CommandText =
    command(("Publish panel", "发布面板"), ("Shows the publish panel", "显示发布面板"));
/// Command that shows the subscriptions.
pub const SHOW_SUBSCRIPTIONS: CommandText = command(
    ("Subscriptions", "订阅"),
    ("Shows the subscriptions, to add and change them", "显示订阅，可添加和修改"),
);
/// Command that shows the messages in order of arrival.
pub const SHOW_STREAM: CommandText = command(
    ("Stream", "消息流"),
    (
        "Shows all messages in the order of their arrival, filtered and marked",
        "按到达顺序显示所有消息，可筛选和标记",
    ),
);
/// Command that shows what changed since a moment.
pub const SHOW_CHANGES: CommandText = command(
    ("What changed", "变化"),
    (
        "Compares the tree with an earlier moment, another session or a recording",
        "将主题树与之前的时刻、其他会话或录制内容比较",
    ),
);
/// Command that shows what the broker retains.
pub const SHOW_RETAINED: CommandText = command(
    ("Retained", "保留消息"),
    (
        "Shows what the broker retains at this moment, to clear it and publish it back",
        "显示服务器当前保留的消息，可清除并重新发布",
    ),
);
/// Command that shows the decoder rules.
pub const SHOW_DECODERS: CommandText = command(
    ("Decoders", "解码器"),
    ("Shows the rules that say which decoder reads which topics", "显示各主题使用哪种解码器的规则"),
);
/// Command that shows the reply rules.
pub const SHOW_REPLIES: CommandText = command(
    ("Replies", "自动应答"),
    ("Shows the rules that answer messages with messages", "显示自动应答消息的规则"),
);
/// Command that shows the sequences.
pub const SHOW_SEQUENCES: CommandText = command(
    ("Sequences", "测试序列"),
    ("Runs files of steps that test a broker or a device", "运行用于测试服务器或设备的步骤文件"),
);
/// Command that shows the state of what speaks Sparkplug B.
pub const SHOW_SPARKPLUG: CommandText = command(
    ("Sparkplug", "Sparkplug"),
    (
        "Shows edge nodes and devices of Sparkplug B: whether they are online, and their metrics as they are now",
        "显示 Sparkplug B 的边缘节点和设备：是否在线，以及各指标的当前值",
    ),
);
/// Command that shows the connection log.
pub const SHOW_LOG: CommandText = command(("Log", "日志"), ("Shows the connection log", "显示连接日志"));
/// Command that shows the packet log.
pub const SHOW_PROTOCOL: CommandText =
    command(("Protocol", "报文"), ("Shows the packets from and to the broker", "显示与服务器之间收发的报文"));
/// Command that forgets all topics of the session.
pub const CLEAR: CommandText = command(
    ("Clear topics…", "清空主题…"),
    ("Forgets all topics and messages of this session", "丢弃此会话的所有主题和消息"),
);
/// Command that makes everything larger.
pub const ZOOM_IN: CommandText = command(("Zoom in", "放大"), ("Makes everything larger", "放大整个界面"));
/// Command that makes everything smaller.
pub const ZOOM_OUT: CommandText = command(("Zoom out", "缩小"), ("Makes everything smaller", "缩小整个界面"));
/// Command that resets the size of everything.
pub const ZOOM_RESET: CommandText =
    command(("Actual size", "实际大小"), ("Gives everything its usual size", "恢复界面的默认大小"));
/// Command that follows the system's theme.
pub const THEME_SYSTEM: CommandText = command(
    ("System theme", "跟随系统外观"),
    ("Follows the system's light or dark theme", "跟随系统的浅色或深色外观"),
);
/// Command that chooses the light theme.
pub const THEME_LIGHT: CommandText =
    command(("Light theme", "浅色外观"), ("Dark text on a light background", "浅色背景，深色文字"));
/// Command that chooses the dark theme.
pub const THEME_DARK: CommandText =
    command(("Dark theme", "深色外观"), ("Light text on a dark background", "深色背景，浅色文字"));
/// Command that chooses the high-contrast theme.
pub const THEME_HIGH_CONTRAST: CommandText = command(
    ("High-contrast theme", "高对比度外观"),
    ("White text and bright lines on black", "黑色背景，白色文字，醒目的边线"),
);
/// Command that chooses compact rows.
pub const DENSITY_COMPACT: CommandText =
    command(("Compact rows", "紧凑行距"), ("More rows on the screen", "屏幕上显示更多行"));
/// Command that chooses rows of normal height.
pub const DENSITY_NORMAL: CommandText =
    command(("Normal rows", "标准行距"), ("The usual row height", "通常的行高"));
/// Command that chooses comfortable rows.
pub const DENSITY_COMFORTABLE: CommandText =
    command(("Comfortable rows", "宽松行距"), ("More room for each row", "每行更宽松"));
/// Command that turns the flashing of changed values on or off.
pub const TOGGLE_FLASH: CommandText = command(
    ("Flash changed values", "数值变化时闪烁"),
    ("Marks a value for a moment when it changes", "数值变化时短暂高亮"),
);
/// Command that shows or hides a column of the topic tree.
pub const fn toggle_column(column: Column) -> CommandText {
    let label = match column {
        Column::Trend => label("Trend column", "趋势列"),
        Column::Size => label("Size column", "大小列"),
        Column::QoS => label("QoS column", "QoS 列"),
        Column::Retained => label("Retained column", "保留列"),
        Column::TopicsBelow => label("Topics column", "主题数列"),
        Column::LastChange => label("Changed column", "变化列"),
        Column::Messages => label("Messages column", "消息数列"),
        Column::Rate => label("Per second column", "每秒消息数列"),
        Column::ByteRate => label("Bytes/s column", "每秒字节数列"),
        Column::Age => label("Age column", "时间列"),
    };
    CommandText { label, help: topics::column_help(column) }
}
/// Command that opens the command palette.
pub const PALETTE: CommandText = command(
    ("Command palette", "命令面板"),
    ("Finds a command by its name and runs it", "按名称查找并执行命令"),
);
/// Command that shows the Settings page.
pub const SETTINGS: CommandText = command(
    ("Settings…", "设置…"),
    ("Shows how the program looks and works, to change it", "查看和更改程序的外观与行为"),
);
/// Command that shows or hides the performance overlay.
pub const TOGGLE_PERFORMANCE: CommandText =
    command(("Performance", "性能"), ("Shows frame times and counters", "显示帧耗时和计数器"));
/// Command that shows the list of shortcuts.
pub const HELP: CommandText = command(("Shortcuts", "快捷键"), ("Shows all shortcuts", "显示所有快捷键"));
/// Command that shows version, renderer, folders and licences.
pub const ABOUT: CommandText = command(
    ("About mqttree", "关于 mqttree"),
    ("Shows version, renderer, folders and licences", "显示版本、渲染器、文件夹和许可证"),
);
/// Command that ends the program.
pub const QUIT: CommandText = command(("Quit", "退出"), ("Ends the program", "退出程序"));

/// Submenu for connections, sessions and windows.
pub const CONNECTION_MENU: Label = label("Connection", "连接");
/// Submenu for what is shown, and how.
pub const VIEW_MENU: Label = label("View", "视图");
/// Submenu for help with the program.
pub const HELP_MENU: Label = label("Help", "帮助");
/// Heading of the commands for tabs and windows.
pub const SESSIONS_GROUP: Label = label("Tabs and windows", "标签页和窗口");
/// Heading of the commands for the tree.
pub const TREE_GROUP: Label = label("Topics", "主题");
/// Heading of the commands for the tools.
pub const TOOLS_GROUP: Label = label("Tools", "工具");
/// Heading of the commands for the size of everything.
pub const ZOOM_GROUP: Label = label("Zoom", "缩放");
/// Heading of the commands for the theme.
pub const THEME_GROUP: Label = label("Theme", "外观");
/// Heading of the commands for the look of rows.
pub const ROWS_GROUP: Label = label("Rows", "行");
/// Heading of the commands for the program itself.
pub const PROGRAM_GROUP: Label = label("Program", "程序");
/// Heading of the keys for search and messages on the help page.
pub const MESSAGE_GROUP: Label = label("Search and messages", "搜索和消息");

/// Why a command for sessions cannot run on the connections page.
pub const NEEDS_SESSION: Label = label("No session is open here", "此处没有打开的会话");
/// Why nothing can be stopped.
pub const NEEDS_SENDING: Label = label("Nothing is being sent", "没有正在发送的消息");
/// Why the command to publish cannot run.
pub const NEEDS_PUBLISH_PANEL: Label = label("The publish panel is hidden", "发布面板未显示");
/// Why there is no session to reopen.
pub const NEEDS_CLOSED: Label = label("No session was closed recently", "近期没有关闭过会话");
/// Why there is no match to go to.
pub const NEEDS_SEARCH: Label = label("There is no search", "没有进行搜索");
/// Why the command to show the whole tree cannot run.
pub const NEEDS_SCOPE: Label = label("The whole tree is shown already", "已显示整个主题树");
/// Why there is nothing to copy or save.
pub const NEEDS_TOPIC: Label = label("No topic is selected", "没有选中的主题");
/// Why there is no connection to end.
pub const NEEDS_CONNECTION: Label = label("There is no connection", "没有连接");
/// Why the command to connect cannot run.
pub const IS_CONNECTED: Label = label("The connection is open", "连接已建立");
/// Why a command of the connection cannot run.
pub const IS_A_RECORDING: Label = label("This is a recording", "这是录制内容");
/// Why a recording cannot begin.
pub const IS_RECORDING: Label = label("Already recording", "正在录制");
/// Why a recording cannot be stopped.
pub const IS_NOT_RECORDING: Label = label("Not recording", "未在录制");
/// Why the view cannot be paused.
pub const IS_PAUSED: Label = label("The view is paused", "视图已暂停");
/// Why the view cannot be resumed.
pub const IS_NOT_PAUSED: Label = label("The view is not paused", "视图未暂停");
/// Why there is nothing to save.
pub const IS_SAVED: Label = label("This connection is saved already", "此连接已保存");

/// Title of the plots' tab.
pub const PLOTS_TAB: Label = label("Plots", "曲线图");
/// Title of the publish panel's tab.
pub const PUBLISH_TAB: Label = label("Publish", "发布");
/// Title of the subscriptions' tab.
pub const SUBSCRIPTIONS_TAB: Label = label("Subscriptions", "订阅");
/// Title of the stream's tab.
pub const STREAM_TAB: Label = label("Stream", "消息流");
/// Title of the tab of what changed.
pub const CHANGES_TAB: Label = label("Changes", "变化");
/// Title of the tab of retained messages.
pub const RETAINED_TAB: Label = label("Retained", "保留消息");
/// Title of the decoder rules' tab.
pub const DECODERS_TAB: Label = label("Decoders", "解码器");
/// Title of the reply rules' tab.
pub const REPLIES_TAB: Label = label("Replies", "自动应答");
/// Title of the sequences' tab.
pub const SEQUENCES_TAB: Label = label("Sequences", "测试序列");
/// Title of the tab of Sparkplug B.
pub const SPARKPLUG_TAB: Label = label("Sparkplug", "Sparkplug");
/// Title of the connection log's tab.
pub const LOG_TAB: Label = label("Log", "日志");
/// Title of the packet log's tab.
pub const PROTOCOL_TAB: Label = label("Protocol", "报文");
