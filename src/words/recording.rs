//! What is said of recordings: why one stopped, what is missing in one, and what happened in it.

use std::path::Path;

use crate::recording::failure::{OpenFailure, RecordFailure};
use crate::recording::{Damage, DamageKind, Gap, GapReason, Loss, RecordedEvent, RecordingProgress};
use crate::words::Language::{self, Chinese, English};
use crate::words::format;
use crate::words::{Label, Told, label};

/// Why nothing is being recorded: what, why, and what to do.
pub fn failure(failure: &RecordFailure, language: Language) -> Told {
    let what = match language {
        English => "Recording",
        Chinese => "录制",
    };
    let why = match (failure, language) {
        (RecordFailure::Locked { folder }, English) => {
            format!("{} is being recorded into by another program or session", folder.display())
        }
        (RecordFailure::Locked { folder }, Chinese) => {
            format!("另一个程序或会话正在录制到 {}", folder.display())
        }
        (RecordFailure::DiskFull, English) => "the disk is full".to_owned(),
        (RecordFailure::DiskFull, Chinese) => "磁盘已满".to_owned(),
        (RecordFailure::BelowFloor { free, floor }, language) => {
            let (free, floor) = (format::bytes(*free), format::bytes(*floor));
            match language {
                English => format!("only {free} of the disk are free, and {floor} are to stay free"),
                Chinese => format!("磁盘仅剩 {free}，而需要保留 {floor}"),
            }
        }
        (RecordFailure::FolderGone { folder }, English) => {
            format!("the folder {} is not there", folder.display())
        }
        (RecordFailure::FolderGone { folder }, Chinese) => format!("文件夹 {} 不存在", folder.display()),
        (RecordFailure::NotPermitted { folder }, English) => {
            format!("the folder {} may not be written", folder.display())
        }
        (RecordFailure::NotPermitted { folder }, Chinese) => {
            format!("没有写入文件夹 {} 的权限", folder.display())
        }
        (RecordFailure::System { folder, text }, English) => {
            format!("the folder {} cannot be written: {text}", folder.display())
        }
        (RecordFailure::System { folder, text }, Chinese) => {
            format!("无法写入文件夹 {}：{text}", folder.display())
        }
    };
    let hint = match (failure, language) {
        (RecordFailure::Locked { .. }, English) => "Choose another folder.",
        (RecordFailure::Locked { .. }, Chinese) => "请选择其他文件夹。",
        (RecordFailure::DiskFull | RecordFailure::BelowFloor { .. }, English) => {
            "It goes on by itself when there is room; what is missing is marked as a gap."
        }
        (RecordFailure::DiskFull | RecordFailure::BelowFloor { .. }, Chinese) => {
            "有空间后会自动继续；缺失的部分会标记为空缺。"
        }
        (_, English) => {
            "It goes on by itself when the folder can be written again; what is missing is marked as a gap."
        }
        (_, Chinese) => "文件夹恢复可写后会自动继续；缺失的部分会标记为空缺。",
    };
    Told { what: what.to_owned(), why, hint: hint.to_owned() }
}

/// What the status bar says while nothing can be recorded.
pub const NOT_RECORDING: Label = label("Not recording", "录制已中断");

/// How large a recording is and how fast it grows: `12.3 MB, 1.2 MB/s`.
pub fn size_and_rate(bytes: u64, bytes_per_second: f64) -> String {
    format!("{}, {}/s", format::bytes(bytes), format::bytes(bytes_per_second.max(0.0) as u64))
}

/// How a recording is going, for assistive technology.
pub fn state(progress: &RecordingProgress, bytes_per_second: f64, language: Language) -> String {
    let size = size_and_rate(progress.bytes, bytes_per_second);
    match (progress.failure.is_some(), language) {
        (true, _) => NOT_RECORDING.of(language).to_owned(),
        (false, English) => format!("Recording, {size}"),
        (false, Chinese) => format!("正在录制，{size}"),
    }
}

/// Where a recording is, and what is missing in it.
pub fn state_help(progress: &RecordingProgress, folder: &Path, language: Language) -> String {
    let mut lines = Vec::new();
    if let Some(why) = &progress.failure {
        let Told { why, hint, .. } = failure(why, language);
        lines.extend([format::capitalised(&why), hint]);
    }
    lines.push(so_far(progress, folder, language));
    lines.join("\n")
}

/// What a recording holds by now.
fn so_far(progress: &RecordingProgress, folder: &Path, language: Language) -> String {
    let (size, folder) = (format::bytes(progress.bytes), folder.display());
    let missing = progress.missing;
    match language {
        English => {
            let messages = format::plural(progress.messages, "message", "messages");
            let missing = match missing {
                0 => String::new(),
                missing => format!("; {} missing", format::plural(missing, "message is", "messages are")),
            };
            format!("{messages} recorded, {size}{missing}\n{folder}")
        }
        Chinese => {
            let missing = match missing {
                0 => String::new(),
                missing => format!("；缺失 {} 条", format::count(missing)),
            };
            format!("已录制 {} 条消息，{size}{missing}\n{folder}", format::count(progress.messages))
        }
    }
}

/// A recording began.
pub fn began(folder: &Path, language: Language) -> String {
    match language {
        English => format!("Recording into {}", folder.display()),
        Chinese => format!("正在录制到 {}", folder.display()),
    }
}

/// A recording could not begin.
pub fn not_begun(why: &RecordFailure, language: Language) -> String {
    let Told { why, .. } = failure(why, language);
    match language {
        English => format!("Not recording: {why}"),
        Chinese => format!("无法录制：{why}"),
    }
}

/// A recording ended.
pub fn ended(progress: &RecordingProgress, folder: &Path, language: Language) -> String {
    so_far(progress, folder, language)
}

/// Why a folder cannot be opened as a recording.
pub fn open_failure(failure: &OpenFailure, language: Language) -> Told {
    let (folder, why) = match (failure, language) {
        (OpenFailure::NoFolder { folder }, English) => (folder, "there is no such folder".to_owned()),
        (OpenFailure::NoFolder { folder }, Chinese) => (folder, "没有此文件夹".to_owned()),
        (OpenFailure::NoRecording { folder }, English) => {
            (folder, "the folder holds no recording".to_owned())
        }
        (OpenFailure::NoRecording { folder }, Chinese) => (folder, "此文件夹中没有录制内容".to_owned()),
        (OpenFailure::System { folder, text }, English) => (folder, format!("it cannot be read: {text}")),
        (OpenFailure::System { folder, text }, Chinese) => (folder, format!("无法读取：{text}")),
    };
    let what = match language {
        English => format!("Recording {}", folder.display()),
        Chinese => format!("录制 {}", folder.display()),
    };
    let hint = match (failure, language) {
        (OpenFailure::NoRecording { .. }, English) => {
            "A recording is the folder itself, with files that end in .mqrec."
        }
        (OpenFailure::NoRecording { .. }, Chinese) => "录制内容就是文件夹本身，其中有以 .mqrec 结尾的文件。",
        _ => "",
    };
    Told { what, why, hint: hint.to_owned() }
}

/// Why messages are missing, as a noun.
pub const fn gap_reason(reason: GapReason) -> Label {
    match reason {
        GapReason::Paused => label("not recording", "未录制"),
        GapReason::Overload => label("disk too slow", "磁盘过慢"),
        GapReason::DiskFull => label("disk full", "磁盘已满"),
        GapReason::Disk => label("folder not writable", "文件夹无法写入"),
        GapReason::Disconnected => label("no connection", "无连接"),
        GapReason::Other => label("unknown reason", "原因未知"),
    }
}

/// Messages are missing in a recording: why, until when, and how many.
pub fn gap(gap: &Gap, language: Language) -> String {
    let (why, to) = (gap_reason(gap.reason).of(language), format::date_time(gap.to));
    match (gap.messages, language) {
        (Some(messages), English) => {
            let messages = format::plural(messages, "message is missing", "messages are missing");
            format!("{messages} until {to}: {why}")
        }
        (Some(messages), Chinese) => format!("至 {to} 缺失 {} 条消息：{why}", format::count(messages)),
        (None, English) => format!("Nothing was recorded until {to}: {why}"),
        (None, Chinese) => format!("至 {to} 没有录制内容：{why}"),
    }
}

/// Something that happened, in a line.
pub fn event(event: &RecordedEvent, language: Language) -> String {
    match (event, language) {
        (RecordedEvent::Connected { url, version, .. }, English) => {
            format!("connected to {url}, MQTT {version}")
        }
        (RecordedEvent::Connected { url, version, .. }, Chinese) => format!("已连接到 {url}，MQTT {version}"),
        (RecordedEvent::Lost { why, text }, language) => {
            let text = text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
            let why = loss(*why).of(language);
            match language {
                English => format!("not connected: {why}{text}"),
                Chinese => format!("未连接：{why}{text}"),
            }
        }
        (RecordedEvent::Disconnected, English) => "disconnected".to_owned(),
        (RecordedEvent::Disconnected, Chinese) => "已断开".to_owned(),
        (RecordedEvent::Subscribed { filter, qos }, English) => {
            format!("subscribed to {filter} at QoS {qos}")
        }
        (RecordedEvent::Subscribed { filter, qos }, Chinese) => format!("已订阅 {filter}，QoS {qos}"),
        (RecordedEvent::Refused { filter, .. }, English) => format!("the broker refused {filter}"),
        (RecordedEvent::Refused { filter, .. }, Chinese) => format!("服务器拒绝了 {filter}"),
        (RecordedEvent::Unsubscribed { filter }, English) => format!("unsubscribed from {filter}"),
        (RecordedEvent::Unsubscribed { filter }, Chinese) => format!("已取消订阅 {filter}"),
        (RecordedEvent::Other, English) => "something that a later version recorded".to_owned(),
        (RecordedEvent::Other, Chinese) => "由更高版本记录的内容".to_owned(),
    }
}

/// Why a connection ended.
const fn loss(why: Loss) -> Label {
    match why {
        Loss::NoAnswer => label("no answer", "无响应"),
        Loss::Closed => label("closed by the broker", "被服务器关闭"),
        Loss::System => label("the system says", "系统提示"),
        Loss::Unreachable => label("broker not reached", "无法连接服务器"),
        Loss::Security => label("TLS or a certificate", "TLS 或证书问题"),
        Loss::Refused => label("refused by the broker", "被服务器拒绝"),
        Loss::Protocol => label("a rule of MQTT was broken", "违反 MQTT 规则"),
        Loss::Program => label("an option or this program", "选项或本程序的问题"),
        Loss::Other => label("unknown reason", "原因未知"),
    }
}

/// What is wrong with a part of a recording, with its time range.
pub fn damage(damage: &Damage, language: Language) -> String {
    let Damage { segment, from, to, kind } = damage;
    let what = match (kind, language) {
        (DamageKind::Missing, English) => "the file is missing".to_owned(),
        (DamageKind::Missing, Chinese) => "文件缺失".to_owned(),
        (DamageKind::Version(version), English) => {
            format!("it has version {version} of the format, which this program does not read")
        }
        (DamageKind::Version(version), Chinese) => format!("格式版本为 {version}，本程序无法读取"),
        (DamageKind::Unreadable { text }, English) => format!("it cannot be read: {text}"),
        (DamageKind::Unreadable { text }, Chinese) => format!("无法读取：{text}"),
        (DamageKind::Bytes { bytes }, English) => {
            format!("{} in the middle are damaged", format::bytes(*bytes))
        }
        (DamageKind::Bytes { bytes }, Chinese) => format!("中间有 {} 已损坏", format::bytes(*bytes)),
        (DamageKind::Torn { bytes }, English) => {
            format!("it was not written to its end; the last {} are no use", format::bytes(*bytes))
        }
        (DamageKind::Torn { bytes }, Chinese) => format!("未写完；末尾 {} 无法使用", format::bytes(*bytes)),
        (DamageKind::Cut, English) => "its end is missing".to_owned(),
        (DamageKind::Cut, Chinese) => "末尾缺失".to_owned(),
        (DamageKind::Frame { messages }, English) => {
            format!("{} damaged", format::plural(*messages, "message is", "messages are"))
        }
        (DamageKind::Frame { messages }, Chinese) => format!("{} 条消息已损坏", format::count(*messages)),
    };
    let range = match (from, to, language) {
        (Some(from), Some(to), English) => {
            format!(", from {} to {}", format::date_time(*from), format::date_time(*to))
        }
        (Some(from), Some(to), Chinese) => {
            format!("，时间范围 {} 至 {}", format::date_time(*from), format::date_time(*to))
        }
        (Some(from), None, English) => format!(", from {} on", format::date_time(*from)),
        (Some(from), None, Chinese) => format!("，自 {} 起", format::date_time(*from)),
        (None, Some(to), English) => format!(", before {}", format::date_time(*to)),
        (None, Some(to), Chinese) => format!("，{} 之前", format::date_time(*to)),
        (None, None, _) => String::new(),
    };
    match language {
        English => format!("segment {segment}: {what}{range}"),
        Chinese => format!("分段 {segment}：{what}{range}"),
    }
}
