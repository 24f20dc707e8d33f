//! The dialog for a path.

use std::io;
use std::path::Path;

use crate::words::language::say;
use crate::words::{Label, Language, label};

/// Label of the field for the path.
pub const PATH: Label = label("File", "文件");
/// Button that takes a file to read.
pub const OPEN: Label = label("Open", "打开");
/// Button that takes a file to write.
pub const SAVE: Label = label("Save", "保存");
/// Button that overwrites a file.
pub const REPLACE: Label = label("Replace", "替换");
/// Shown while the entries of a folder are read.
pub const READING: Label = label("Reading the folder…", "正在读取文件夹…");
/// Title when any file is asked for.
pub const OPEN_FILE: Label = label("Open file", "打开文件");
/// Title when a payload is saved.
pub const SAVE_FILE: Label = label("Save file", "保存文件");
/// Error when there is a folder where a file is to be written.
pub const IS_FOLDER: Label =
    label("This is a folder. A name for the file is missing", "这是文件夹，缺少文件名");
/// Error when the file to read does not exist.
pub const NOT_THERE: Label = label("There is no such file", "没有此文件");

/// Asks before a file is overwritten.
pub fn replace(path: &Path, l: Language) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    say!(l, "{name:?} exists. Replace it?", "“{name}”已存在。是否替换？")
}

/// Error when the folder of a path does not exist.
pub fn no_folder(folder: &Path, l: Language) -> String {
    let folder = folder.display();
    say!(l, "There is no folder {folder}", "没有文件夹 {folder}")
}

/// Error when a folder could not be read; `None` if the system gave no reason.
pub fn folder_not_read(error: Option<&io::Error>, l: Language) -> String {
    match error {
        Some(error) => say!(l, "The folder cannot be read: {error}", "无法读取文件夹：{error}"),
        None => l.pick("The folder cannot be read", "无法读取文件夹").to_owned(),
    }
}

/// Error when a path cannot be examined; `None` if the system gave no reason.
pub fn not_looked_at(error: Option<&io::Error>, l: Language) -> String {
    match error {
        Some(error) => say!(l, "The path cannot be used: {error}", "无法使用此路径：{error}"),
        None => l.pick("The path cannot be used", "无法使用此路径").to_owned(),
    }
}
