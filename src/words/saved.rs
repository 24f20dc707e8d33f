//! The texts about saved messages.

use std::io;
use std::path::Path;

use crate::store::saved::{SavedFault, SavedProblem};
use crate::words::Language;
use crate::words::language::say;
use crate::words::{Label, filter, label};

/// Tab of the saved messages.
pub const TAB: Label = label("Saved", "已保存");
/// Name of the list of saved messages.
pub const LIST: Label = label("Saved messages", "已保存的消息");
/// Shown while there are none.
pub const NONE: Label = label("No saved messages yet", "尚无已保存的消息");
/// Explanation below [`NONE`].
pub const NONE_HELP: Label = label(
    "Save… keeps a draft as a small text file, in a folder that can be shared and put under version control",
    "“保存…”会将草稿存为小型文本文件，所在文件夹可共享，也可纳入版本控制",
);
/// Button that opens the form for saving.
pub const SAVE: Label = label("Save…", "保存…");
/// Tooltip of [`SAVE`].
pub const SAVE_HELP: Label = label(
    "Keeps this draft as a text file, to be sent by a click, from the command palette or by keys",
    "将此草稿存为文本文件，可通过点击、命令面板或按键发送",
);
/// Field for the name of a message.
pub const NAME: Label = label("Message name", "消息名称");
/// Placeholder of [`NAME`].
pub const NAME_HINT: Label = label("Name, with slashes for folders", "名称，可用斜杠表示文件夹");
/// Field for the collection.
pub const COLLECTION: Label = label("Collection", "集合");
/// What the collection is called unless a person says otherwise.
pub const COLLECTION_NAME: Label = label("Messages", "消息");
/// Choice to keep a message for one connection.
pub const OF_PROFILE: Label = label("Only for this connection", "仅用于此连接");
/// Why that choice cannot be made.
pub const NO_PROFILE: Label = label("The connection is not saved", "此连接尚未保存");
/// Field for the keys that send a message.
pub const KEYS: Label = label("Keys", "按键");
/// Placeholder of [`KEYS`].
pub const KEYS_HINT: Label = label("such as Ctrl+Shift+1", "例如 Ctrl+Shift+1");
/// Why keys cannot be used.
pub const BAD_KEYS: Label =
    label("These are no keys; write them as Ctrl+Shift+1", "不是有效的按键，例如 Ctrl+Shift+1");
/// Why keys cannot be used: the program has them.
pub const TAKEN_KEYS: Label = label("These keys run a command of mqttree", "这些按键用于 mqttree 的命令");
/// Why nothing can be saved without a name.
pub const NEEDS_NAME: Label = label("The message needs a name", "消息需要名称");
/// Remark that a file of this name will be written over.
pub const REPLACES: Label = label("Replaces the message of this name", "将替换同名消息");
/// Button that saves.
pub const SAVE_NOW: Label = label("Save message", "保存消息");
/// Button and menu entry that send a saved message.
pub const SEND: Label = label("Send", "发送");
/// Menu entry that puts a saved message into a draft.
pub const EDIT: Label = label("Edit in a draft", "在草稿中编辑");
/// Menu entry that copies the path of the file.
pub const COPY_PATH: Label = label("Copy path of the file", "复制文件路径");
/// What the notice calls that path.
pub const PATH: Label = label("Path", "路径");
/// Menu entry that deletes a saved message.
pub const DELETE: Label = label("Delete", "删除");
/// Mark of a collection of one connection.
pub const OF_THIS_CONNECTION: Label = label("this connection", "此连接");

/// A row of the list, for assistive technology.
pub fn row(name: &str, about: &str, l: Language) -> String {
    say!(l, "{name}, {about}", "{name}，{about}")
}

/// Name of the button that sends a row's message.
pub fn send(name: &str, l: Language) -> String {
    say!(l, "Send {name}", "发送 {name}")
}

/// Entry of the command palette that sends a message.
pub fn palette(collection: &str, folder: &str, name: &str, l: Language) -> String {
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    say!(l, "Send: {folder}{name} ({collection})", "发送：{folder}{name}（{collection}）")
}

/// Notice that a message was saved.
pub fn was_saved(path: &Path, l: Language) -> String {
    let path = path.display();
    say!(l, "Saved as {path}", "已保存为 {path}")
}

/// Notice that a message was deleted.
pub fn was_deleted(name: &str, l: Language) -> String {
    say!(l, "Deleted {name}", "已删除 {name}")
}

/// Notice that a message was not deleted, for the system's reason.
pub fn not_deleted(path: &Path, error: &io::Error, l: Language) -> String {
    let path = path.display();
    say!(l, "Cannot delete {path}\n{error}", "无法删除 {path}\n{error}")
}

/// Notice that a broken file is left to the person.
pub fn not_deleted_broken(path: &Path, l: Language) -> String {
    let path = path.display();
    say!(
        l,
        "{path} is not deleted\nIt cannot be read, so deleting it could not be undone",
        "未删除 {path}\n该文件无法读取，删除后无法撤销"
    )
}

/// Notice that a saved message was not sent.
pub fn not_sent(why: &str, l: Language) -> String {
    say!(l, "Not published\n{why}", "未发布\n{why}")
}

/// Notice that a file is no message.
pub fn broken(name: &str, fault: &SavedFault, l: Language) -> String {
    let why = self::fault(fault, l);
    say!(l, "{name} is no message\n{why}", "{name} 不是消息\n{why}")
}

/// What is wrong with a file, and where.
pub fn fault(fault: &SavedFault, l: Language) -> String {
    let SavedFault { line, column, problem } = fault;
    let why = self::problem(problem, l);
    if *line == 0 {
        return why;
    }
    say!(l, "Line {line}, column {column}: {why}", "第 {line} 行第 {column} 列：{why}")
}

fn problem(problem: &SavedProblem, l: Language) -> String {
    match problem {
        SavedProblem::NoHead => l.pick("the file has to begin with +++", "文件必须以 +++ 开头").to_owned(),
        SavedProblem::Unclosed => l.pick("the head has no +++ at its end", "文件头缺少结尾的 +++").to_owned(),
        SavedProblem::Head(why) => why.trim().to_owned(),
        SavedProblem::Topic(why) => filter::invalid(*why, l),
        SavedProblem::Format => l.pick("there is no such payload format", "没有这种载荷格式").to_owned(),
        SavedProblem::TwoPayloads => l.pick("the payload stands below as well", "下方也有载荷").to_owned(),
        SavedProblem::Outside => l
            .pick("the payload file is not in the folder of the collection", "载荷文件不在集合的文件夹中")
            .to_owned(),
        SavedProblem::Payload(why) => {
            say!(l, "the payload file cannot be read: {why}", "无法读取载荷文件：{why}")
        }
        SavedProblem::TooLarge => l.pick("the file is too large", "文件过大").to_owned(),
        SavedProblem::NotUtf8 => l.pick("the file is not UTF-8", "文件不是 UTF-8 编码").to_owned(),
        SavedProblem::Unreadable(why) => say!(l, "the file cannot be read: {why}", "无法读取文件：{why}"),
    }
}
