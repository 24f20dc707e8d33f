//! The dialog for a path.

use std::io;
use std::path::Path;

use crate::words::language::say;
use crate::words::{Label, Language, label};

/// The field.
pub const PATH: Label = label("File", "文件");
/// Takes a file to be read.
pub const OPEN: Label = label("Open", "打开");
/// Takes a file to be written.
pub const SAVE: Label = label("Save", "保存");
/// Writes over a file.
pub const REPLACE: Label = label("Replace", "替换");
/// In place of the entries of a folder.
pub const READING: Label = label("Reading the folder…", "正在读取文件夹…");
/// The title where a file of any kind is asked for.
pub const OPEN_FILE: Label = label("Open file", "打开文件");
/// The title where a payload is saved.
pub const SAVE_FILE: Label = label("Save file", "保存文件");
/// A file is to be written where a folder is.
pub const IS_FOLDER: Label =
    label("This is a folder. A name for the file is missing", "这是文件夹，缺少文件名");
/// A file is to be read and is not there.
pub const NOT_THERE: Label = label("There is no such file", "没有此文件");

/// Asks before a file is written over.
pub fn replace(path: &Path, l: Language) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    say!(l, "{name:?} exists. Replace it?", "“{name}”已存在。是否替换？")
}

/// The folder of a path is not there.
pub fn no_folder(folder: &Path, l: Language) -> String {
    let folder = folder.display();
    say!(l, "There is no folder {folder}", "没有文件夹 {folder}")
}

/// A folder could not be read; `None`: the system gave no reason.
pub fn folder_not_read(error: Option<&io::Error>, l: Language) -> String {
    match error {
        Some(error) => say!(l, "The folder cannot be read: {error}", "无法读取文件夹：{error}"),
        None => l.pick("The folder cannot be read", "无法读取文件夹").to_owned(),
    }
}

/// It cannot be told what is at a path; `None`: the system gave no reason.
pub fn not_looked_at(error: Option<&io::Error>, l: Language) -> String {
    match error {
        Some(error) => say!(l, "The path cannot be used: {error}", "无法使用此路径：{error}"),
        None => l.pick("The path cannot be used", "无法使用此路径").to_owned(),
    }
}
