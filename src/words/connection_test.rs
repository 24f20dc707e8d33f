//! The panel of the connection doctor: what stands around its steps.

use crate::words::Language::{self, Chinese, English};
use crate::words::format::{count, plural};
use crate::words::{Label, label};

/// Title of the panel.
pub const TITLE: Label = label("Connection test", "连接测试");
/// Name of the button that closes it.
pub const CLOSE: Label = label("Close", "关闭");
/// Tooltip of [`CLOSE`].
pub const CLOSE_HELP: Label = label("Ends the test and closes it", "结束测试并关闭");
/// Starts the test again.
pub const RUN_AGAIN: Label = label("Run again", "重新测试");
/// Copies the report.
pub const COPY: Label = label("Copy as text", "复制为文本");
/// Tooltip of [`COPY`].
pub const COPY_HELP: Label = label("Copies the steps, without passwords", "复制所有步骤，不含密码");
/// A step is under way.
pub const GOING_ON: Label = label("Going on", "正在进行");
/// Every step succeeded.
pub const EVERYTHING_WORKS: Label = label("Everything works", "一切正常");

/// A step succeeded.
pub const STEP_OK: Label = label("ok", "成功");
/// A step succeeded, with something to know.
pub const STEP_WARNING: Label = label("warning", "警告");
/// A step failed.
pub const STEP_FAILED: Label = label("failed", "失败");
/// A step was left out, because one before it failed.
pub const STEP_NOT_TRIED: Label = label("not tried", "未执行");

/// How a step ended, for a screen reader: `ok: TCP connection to …`.
pub fn step(ended: Label, what: &str, language: Language) -> String {
    let ended = ended.of(language);
    match language {
        English => format!("{ended}: {what}"),
        Chinese => format!("{ended}：{what}"),
    }
}

/// The verdict where a step failed.
pub fn failed(what: &str, language: Language) -> String {
    match language {
        English => format!("Failed: {what}"),
        Chinese => format!("失败：{what}"),
    }
}

/// The verdict where nothing failed but not all is well.
pub fn works_with_warnings(warnings: u64, language: Language) -> String {
    match language {
        English => format!("It works, with {}", plural(warnings, "warning", "warnings")),
        Chinese => format!("可以连接，有 {} 个警告", count(warnings)),
    }
}
