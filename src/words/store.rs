//! What happened to the program's files.

use std::io::ErrorKind;
use std::path::Path;

use crate::store::notice::{
    Fault, FileDamage, FileStep, NoHome, Obstacle, Remark, Salvaged, StoreError, StoreNotice, Subject,
    SystemError, Unwritable,
};
use crate::store::paths::HOME_VARIABLE;
use crate::words::Language::{self, Chinese, English};
use crate::words::connections::file_purpose;
use crate::words::format::{bytes as byte_size, plural};
use crate::words::{Label, label};

/// How many faults of a file are listed. A file of the wrong kind has one on each line.
const FAULTS_SHOWN_MAX: usize = 10;

/// The name of a new connection until the person gives it one.
pub const NEW_CONNECTION: Label = label("New connection", "新连接");

/// The name of the copy of a connection.
pub fn copy_of(name: &str, language: Language) -> String {
    match language {
        English => format!("{name} copy"),
        Chinese => format!("{name} 副本"),
    }
}

/// A notice in a few lines: what happened, why, and what to do about it.
pub fn notice(notice: &StoreNotice, language: Language) -> String {
    match notice {
        StoreNotice::Failed(error) => failed(error, language),
        StoreNotice::Damaged { file, damage } => {
            let (file, salvaged) = (file.display(), salvaged(damage.salvaged, language));
            let faults = faults(&damage.faults, language);
            match language {
                English => format!("{file} could not be read completely\n{faults}\n{salvaged}"),
                Chinese => format!("{file} 未能完整读取\n{faults}\n{salvaged}"),
            }
        }
        StoreNotice::CopyKept { file, copy } => {
            let (name, file, copy) = (name(file), file.display(), copy.display());
            match language {
                English => format!(
                    "The damaged {name} is kept\nAs it was, it is now {copy}.\nTo get back what is missing, copy it \
                     from there into {file} and start mqttree again."
                ),
                Chinese => format!(
                    "已保留损坏的 {name}\n原文件现为 {copy}。\n如需找回缺失的内容，可将其从该文件复制到 {file}，然后重新启动 \
                     mqttree。"
                ),
            }
        }
        StoreNotice::Remark { subject, file, remark: about } => {
            let (name, subject, about) =
                (name(file), self::subject(*subject, language), remark(about, language));
            match language {
                English => format!("About the {subject} in {name}\n{about}"),
                Chinese => format!("关于 {name} 中的{subject}\n{about}"),
            }
        }
    }
}

/// Why a file could not be read or written, in one line.
pub fn error(error: &StoreError, language: Language) -> String {
    let (what, why) = (what(error, language), why(error, language));
    match language {
        English => format!("{what}: {why}"),
        Chinese => format!("{what}：{why}"),
    }
}

fn failed(error: &StoreError, language: Language) -> String {
    let (what, why, hint) = (what(error, language), why(error, language), hint(error, language));
    let line_feed = if hint.is_empty() { "" } else { "\n" };
    match language {
        English => format!("{what}\n{}.{line_feed}{hint}", capitalised(&why)),
        Chinese => format!("{what}\n{why}。{line_feed}{hint}"),
    }
}

fn what(error: &StoreError, language: Language) -> String {
    match error {
        StoreError::Io { path, writing: false, .. }
        | StoreError::NotAFile { path, writing: false, .. }
        | StoreError::TooLarge { path, writing: false, .. } => match language {
            English => format!("{} could not be read", path.display()),
            Chinese => format!("无法读取 {}", path.display()),
        },
        StoreError::Io { path, writing: true, .. }
        | StoreError::NotAFile { path, writing: true, .. }
        | StoreError::TooLarge { path, writing: true, .. }
        | StoreError::Busy { path, .. }
        | StoreError::Unwritable { path, .. } => match language {
            English => format!("{} could not be saved", path.display()),
            Chinese => format!("无法保存 {}", path.display()),
        },
        StoreError::NoHome(_) => {
            language.pick("There is no folder for the settings", "没有可用于保存设置的文件夹").to_owned()
        }
    }
}

fn why(error: &StoreError, language: Language) -> String {
    match error {
        StoreError::Io { step, source: SystemError { text, .. }, .. } => {
            let step = self::step(step, language);
            match language {
                English => format!("{step} failed: {text}"),
                Chinese => format!("{step}失败：{text}"),
            }
        }
        StoreError::NotAFile { found, .. } => obstacle(found, language),
        StoreError::TooLarge { bytes, bytes_max, .. } => {
            let (size, max) = (byte_size(*bytes), byte_size(*bytes_max));
            match language {
                English => format!("its size is {size}, and this file may have {max} at most"),
                Chinese => format!("其大小为 {size}，而此文件最多为 {max}"),
            }
        }
        StoreError::Busy { waited_ms, .. } => match language {
            English => format!("another mqttree has been writing for {waited_ms} ms"),
            Chinese => format!("另一个 mqttree 已持续写入 {waited_ms} 毫秒"),
        },
        StoreError::Unwritable { reason, .. } => unwritable(reason, language),
        StoreError::NoHome(NoHome::BadVariable(SystemError { text, .. })) => match language {
            English => format!("{HOME_VARIABLE} is not a usable path: {text}"),
            Chinese => format!("{HOME_VARIABLE} 不是可用的路径：{text}"),
        },
        StoreError::NoHome(NoHome::Unknown) => language
            .pick("the system names no home folder for this user", "系统未给出该用户的主目录")
            .to_owned(),
    }
}

fn obstacle(found: &Obstacle, language: Language) -> String {
    match found {
        Obstacle::DanglingLink { target } => match language {
            English => format!("it is a link to {}, which is not there", target.display()),
            Chinese => format!("它是指向 {} 的链接，而该目标不存在", target.display()),
        },
        Obstacle::Folder => language.pick("a folder is in its place", "该位置是一个文件夹").to_owned(),
        Obstacle::Pipe => language.pick("a pipe is in its place", "该位置是一个管道").to_owned(),
        Obstacle::Socket => language.pick("a socket is in its place", "该位置是一个套接字").to_owned(),
        Obstacle::Device => language.pick("a device is in its place", "该位置是一个设备").to_owned(),
        Obstacle::Other => {
            language.pick("something that is no file is in its place", "该位置不是文件").to_owned()
        }
    }
}

fn step(step: &FileStep, language: Language) -> String {
    match (step, language) {
        (FileStep::Open, English) => "opening it".to_owned(),
        (FileStep::Open, Chinese) => "打开文件".to_owned(),
        (FileStep::CreateFolder(folder), English) => format!("creating the folder {}", folder.display()),
        (FileStep::CreateFolder(folder), Chinese) => format!("创建文件夹 {} ", folder.display()),
        (FileStep::OpenLock(file), English) => format!("opening {}", file.display()),
        (FileStep::OpenLock(file), Chinese) => format!("打开 {} ", file.display()),
        (FileStep::Lock(file), English) => format!("locking {}", file.display()),
        (FileStep::Lock(file), Chinese) => format!("锁定 {} ", file.display()),
        (FileStep::CreateTemporary(folder), English) => {
            format!("creating a temporary file in {}", folder.display())
        }
        (FileStep::CreateTemporary(folder), Chinese) => format!("在 {} 中创建临时文件", folder.display()),
        (FileStep::WriteTemporary, English) => "writing the temporary file".to_owned(),
        (FileStep::WriteTemporary, Chinese) => "写入临时文件".to_owned(),
        (FileStep::FlushTemporary, English) => "flushing the temporary file to the disk".to_owned(),
        (FileStep::FlushTemporary, Chinese) => "将临时文件刷写到磁盘".to_owned(),
        (FileStep::Rename, English) => "renaming the temporary file over the old one".to_owned(),
        (FileStep::Rename, Chinese) => "用临时文件替换旧文件".to_owned(),
    }
}

/// Why a value cannot be written, as a part of a sentence.
pub fn unwritable(reason: &Unwritable, language: Language) -> String {
    match reason {
        Unwritable::PathOf { name, file } => {
            let file = file_purpose(*file).of(language);
            match language {
                English => {
                    format!("the path of the {file} of \"{name}\" is not UTF-8, and TOML holds nothing else")
                }
                Chinese => format!("“{name}”：{file}的路径不是 UTF-8，而 TOML 只能保存 UTF-8"),
            }
        }
        Unwritable::Folder => language
            .pick(
                "the folder's path is not UTF-8, and a saved connection holds nothing else",
                "文件夹路径不是 UTF-8，而已保存的连接只能保存 UTF-8",
            )
            .to_owned(),
        Unwritable::Format(text) => text.clone(),
    }
}

fn hint(error: &StoreError, language: Language) -> String {
    match error {
        StoreError::Io { source: SystemError { kind, .. }, writing, .. } => {
            io_hint(*kind, *writing, language).to_owned()
        }
        StoreError::NotAFile { found: Obstacle::DanglingLink { .. }, .. } => language
            .pick(
                "Create what it points to, or remove the link. It stays as it is; nothing is saved until then.",
                "创建链接所指的文件，或删除该链接。链接保持原样；在此之前不会保存任何内容。",
            )
            .to_owned(),
        StoreError::NotAFile { .. } => language
            .pick(
                "Move it away. It stays as it is; nothing is saved until then.",
                "将其移走。它保持原样；在此之前不会保存任何内容。",
            )
            .to_owned(),
        StoreError::TooLarge { writing: false, .. } => language
            .pick(
                "Move it away or make it smaller. It stays as it is; nothing is saved until then.",
                "将其移走或缩小。它保持原样；在此之前不会保存任何内容。",
            )
            .to_owned(),
        StoreError::TooLarge { writing: true, .. } => language
            .pick("The file on disk is as it was before.", "磁盘上的文件保持不变。")
            .to_owned(),
        StoreError::Busy { .. } => language
            .pick(
                "Close the other mqttree or wait until it answers again; the change is saved with the next one.",
                "关闭另一个 mqttree，或等待它恢复响应；此更改将随下一次更改一起保存。",
            )
            .to_owned(),
        StoreError::Unwritable { .. } => {
            language.pick("Change the value and save again.", "修改该值后重新保存。").to_owned()
        }
        StoreError::NoHome(_) => match language {
            English => format!("Set {HOME_VARIABLE} to a folder that may be written."),
            Chinese => format!("将 {HOME_VARIABLE} 设置为可写的文件夹。"),
        },
    }
}

fn io_hint(kind: ErrorKind, writing: bool, language: Language) -> &'static str {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => language.pick(
            "Free some space; the file on disk is as it was before.",
            "释放一些空间；磁盘上的文件保持不变。",
        ),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => language.pick(
            "Give yourself the right to read and write the folder, or set MQTTREE_HOME to another one.",
            "授予自己读写该文件夹的权限，或将 MQTTREE_HOME 设置为其他文件夹。",
        ),
        _ if writing => language.pick(
            "The file on disk is as it was before; the change is tried again with the next one.",
            "磁盘上的文件保持不变；下一次更改时将重新尝试保存。",
        ),
        _ => "",
    }
}

/// What could not be read in a file, and what still could.
pub fn damage(damage: &FileDamage, language: Language) -> String {
    let (faults, salvaged) = (faults(&damage.faults, language), salvaged(damage.salvaged, language));
    match language {
        English => format!("{faults} {salvaged}"),
        Chinese => format!("{faults}{salvaged}"),
    }
}

/// Everything that could not be read in a file, one sentence each.
pub fn faults(faults: &[Fault], language: Language) -> String {
    let mut sentences: Vec<String> =
        faults.iter().take(FAULTS_SHOWN_MAX).map(|one| fault(one, language)).collect();
    if faults.len() > FAULTS_SHOWN_MAX {
        sentences.push(language.pick("And more.", "还有更多。").to_owned());
    }
    sentences.join(language.pick(" ", ""))
}

fn fault(fault: &Fault, language: Language) -> String {
    match fault {
        Fault::NotUtf8 { line } => match language {
            English => format!("Line {line}: not UTF-8 text."),
            Chinese => format!("第 {line} 行：不是 UTF-8 文本。"),
        },
        Fault::Syntax { line, reason } => match language {
            English => format!("Line {line}: {reason}."),
            Chinese => format!("第 {line} 行：{reason}。"),
        },
        Fault::TooLong { line, bytes_max } => {
            let max = byte_size(*bytes_max as u64);
            match language {
                English => format!("Line {line}: the part that begins here is longer than {max}."),
                Chinese => format!("第 {line} 行：从此处开始的部分超过 {max}。"),
            }
        }
        Fault::WrongValue { key, reason } => match language {
            English => format!("{key}: {reason}."),
            Chinese => format!("{key}：{reason}。"),
        },
        Fault::NotMessages { lines } => {
            let rest = if lines.len() > FAULTS_SHOWN_MAX { "…" } else { "" };
            let lines: Vec<String> = lines.iter().take(FAULTS_SHOWN_MAX).map(usize::to_string).collect();
            match language {
                English => format!("Not a published message: line {}{rest}.", lines.join(", ")),
                Chinese => format!("第 {}{rest} 行不是已发布的消息。", lines.join("、")),
            }
        }
    }
}

/// What could be read of a damaged file.
pub fn salvaged(salvaged: Salvaged, language: Language) -> String {
    match salvaged {
        Salvaged::OtherSettings => {
            language.pick("All other settings were read.", "其他设置均已读取。").to_owned()
        }
        Salvaged::Connections { read, lost } => match language {
            English => format!(
                "{} read, {} not.",
                plural(read as u64, "connection was", "connections were"),
                plural(lost as u64, "part could", "parts could")
            ),
            Chinese => format!("已读取 {read} 个连接，{lost} 处无法读取。"),
        },
        Salvaged::Messages { read } => match language {
            English => format!("The other {read} were read."),
            Chinese => format!("其余 {read} 条消息已读取。"),
        },
    }
}

/// Something about the content of a file that reads well.
pub fn remark(remark: &Remark, language: Language) -> String {
    match remark {
        Remark::NewerVersion => language
            .pick(
                "A newer mqttree wrote them; what this version does not know is kept.",
                "该文件由较新版本的 mqttree 写入；此版本无法识别的内容会保留。",
            )
            .to_owned(),
        Remark::OutOfRange { key, value, range, used } => {
            let (first, last) = (range.start(), range.end());
            match language {
                English => {
                    format!("{key} is {value}, which is not between {first} and {last}; {used} is used.")
                }
                Chinese => format!("{key} 的值 {value} 不在 {first} 到 {last} 之间；已改用 {used}。"),
            }
        }
        Remark::NotAList { found } => match language {
            English => format!("`profile` is not a list but of the type {found}."),
            Chinese => format!("`profile` 不是列表，而是 {found} 类型。"),
        },
        Remark::NotATable { number } => match language {
            English => format!("Entry {number} is not a table and is left out."),
            Chinese => format!("第 {number} 项不是表，已忽略。"),
        },
        Remark::NotAConnection { name, number, reason } => {
            let name = connection_name(name.as_deref(), *number, language);
            match language {
                English => format!("{name} is not shown but stays in the file: {reason}."),
                Chinese => format!("{name}不会显示，但仍保留在文件中：{reason}。"),
            }
        }
        Remark::ChangedTwice { name, kept_as } => match language {
            English => format!(
                "\"{name}\" was changed here and elsewhere at once; the other change is kept as \"{kept_as}\"."
            ),
            Chinese => format!("“{name}”在此处和别处同时被修改；另一处的修改已另存为“{kept_as}”。"),
        },
        Remark::OthersCouldRead => language
            .pick(
                "It holds passwords and others could read it; now only you can.",
                "该文件包含密码，此前其他用户可以读取；现在仅本人可以读取。",
            )
            .to_owned(),
    }
}

/// What an entry of the file without a usable connection is called.
pub(in crate::words) fn connection_name(name: Option<&str>, number: usize, language: Language) -> String {
    match (name, language) {
        (Some(name), English) => format!("\"{name}\""),
        (Some(name), Chinese) => format!("“{name}”"),
        (None, English) => format!("Connection {number}"),
        (None, Chinese) => format!("第 {number} 个连接"),
    }
}

fn subject(subject: Subject, language: Language) -> &'static str {
    match subject {
        Subject::Connections => language.pick("connections", "连接"),
        Subject::Settings => language.pick("settings", "设置"),
        Subject::Published => language.pick("published messages", "已发布的消息"),
    }
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The text as the beginning of an English sentence.
pub(in crate::words) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> StoreError {
        let source = SystemError { kind: ErrorKind::StorageFull, text: "no space left".to_owned() };
        StoreError::Io { path: "/c/a.toml".into(), step: FileStep::WriteTemporary, writing: true, source }
    }

    #[test]
    fn a_file_that_could_not_be_saved_says_why_and_what_helps() {
        assert_eq!(
            notice(&StoreNotice::Failed(full()), English),
            "/c/a.toml could not be saved\nWriting the temporary file failed: no space left.\nFree some space; the file \
             on disk is as it was before."
        );
        assert_eq!(
            notice(&StoreNotice::Failed(full()), Chinese),
            "无法保存 /c/a.toml\n写入临时文件失败：no space left。\n释放一些空间；磁盘上的文件保持不变。"
        );
        assert_eq!(
            error(&full(), English),
            "/c/a.toml could not be saved: writing the temporary file failed: no space left"
        );
    }

    #[test]
    fn a_damaged_file_says_where_and_what_was_read() {
        let damage = FileDamage {
            faults: vec![
                Fault::Syntax { line: 9, reason: "expected a value".to_owned() },
                Fault::NotUtf8 { line: 12 },
            ],
            salvaged: Salvaged::Connections { read: 2, lost: 1 },
        };
        let damaged = StoreNotice::Damaged { file: "p.toml".into(), damage };
        assert_eq!(
            notice(&damaged, English),
            "p.toml could not be read completely\nLine 9: expected a value. Line 12: not UTF-8 text.\n2 connections \
             were read, 1 part could not."
        );
        assert_eq!(
            notice(&damaged, Chinese),
            "p.toml 未能完整读取\n第 9 行：expected a value。第 12 行：不是 UTF-8 文本。\n已读取 2 个连接，1 处无法读取。"
        );
    }
}
