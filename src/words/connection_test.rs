//! The panel of the connection doctor: what stands around its steps.

use crate::words::Language::{self, Chinese, English};
use crate::words::format::{count, plural};
use crate::words::{Label, label};

/// Title of the panel.
pub const TITLE: Label = label("Connection test", "连接测试");
/// Button that closes the panel.
pub const CLOSE: Label = label("Close", "关闭");
/// Tooltip of [`CLOSE`].
pub const CLOSE_HELP: Label = label("Ends the test and closes it", "结束测试并关闭");
/// Button that runs the test again.
pub const RUN_AGAIN: Label = label("Run again", "重新测试");
/// Button that copies the report.
pub const COPY: Label = label("Copy as text", "复制为文本");
/// Tooltip of [`COPY`].
pub const COPY_HELP: Label = label("Copies the steps, without passwords", "复制所有步骤，不含密码");
/// Shown while a step is in progress.
pub const GOING_ON: Label = label("In progress", "正在进行");
/// Verdict when every step succeeded.
pub const EVERYTHING_WORKS: Label = label("Everything works", "一切正常");

/// Mark of a step that succeeded.
pub const STEP_OK: Label = label("ok", "成功");
/// Mark of a step that succeeded with a warning.
pub const STEP_WARNING: Label = label("warning", "警告");
/// Mark of a step that failed.
pub const STEP_FAILED: Label = label("failed", "失败");
/// Mark of a step that was skipped because an earlier one failed.
pub const STEP_NOT_TRIED: Label = label("not tried", "未执行");

/// How a step ended, for a screen reader: `ok: TCP connection to …`.
pub fn step(ended: Label, what: &str, language: Language) -> String {
    let ended = ended.of(language);
    match language {
        English => format!("{ended}: {what}"),
        Chinese => format!("{ended}：{what}"),
    }
}

/// Verdict when a step failed.
pub fn failed(what: &str, language: Language) -> String {
    match language {
        English => format!("Failed: {what}"),
        Chinese => format!("失败：{what}"),
    }
}

/// Verdict when nothing failed but there are warnings.
pub fn works_with_warnings(warnings: u64, language: Language) -> String {
    match language {
        English => format!("It works, with {}", plural(warnings, "warning", "warnings")),
        Chinese => format!("可以连接，有 {} 个警告", count(warnings)),
    }
}
