//! What the view of queries in jq says.

use crate::query::{QueryEnd, WorkerFault};
use crate::words::Language;
use crate::words::language::say;
use crate::words::{Label, label, search};

/// Tab of the view that asks a query of the payload.
pub const QUERY_TAB: Label = label("jq", "jq");
/// Name of the field of a query.
pub const QUERY: Label = label("Query", "查询");
/// Shown in the empty field of a query.
pub const QUERY_HINT: Label =
    label(".temp, or map(.temp) | add / length", ".temp，或 map(.temp) | add / length");
/// Name of the choice of what a query is asked of.
pub const QUERY_OF: Label = label("Query of", "查询范围");
/// Choice: the message that shows.
pub const QUERY_MESSAGE: Label = label("Message", "消息");
/// Choice: every message of the history by itself.
pub const QUERY_EACH: Label = label("Each", "逐条");
/// Choice: all messages of the history as one array.
pub const QUERY_ALL: Label = label("All", "全部");
/// Button that asks a query.
pub const RUN_QUERY: Label = label("Run", "运行");
/// Button that stops a query.
pub const STOP_QUERY: Label = label("Stop", "停止");
/// Shown while a query is being answered.
pub const ASKING: Label = label("Asking…", "查询中…");
/// What the view of a query is for, and tooltip of [`RUN_QUERY`].
pub const QUERY_HELP: Label = label(
    "Asks in jq: of this message, of each of the newest 10,000, or of all of them as one array",
    "使用 jq 查询：此消息、最新 10,000 条中的每一条，或由它们组成的一个数组",
);
/// Shown where a query gave nothing.
pub const NO_RESULT: Label = label("The query gave no value", "查询没有结果");
/// Name of what a query gave.
pub const QUERY_RESULT: Label = label("Query result", "查询结果");

/// How a query ended, where there is more to say than its results.
pub fn query_end(end: &QueryEnd, l: Language) -> String {
    match end {
        QueryEnd::Done => String::new(),
        QueryEnd::Cut => say!(l, "The results are cut off after 8 MiB", "结果超过 8 MiB，其余已截断"),
        QueryEnd::Fault(WorkerFault::Query(error)) => search::query(error, l),
        QueryEnd::Fault(WorkerFault::Failed(why)) => say!(l, "The query failed: {why}", "查询失败：{why}"),
        QueryEnd::Fault(WorkerFault::Input) => {
            say!(l, "A message could not be read as a value", "有消息无法读取为值")
        }
        QueryEnd::Died => say!(
            l,
            "The query was stopped: it needed more than 1 GiB of memory, or went too deep",
            "查询已终止：所需内存超过 1 GiB，或递归过深"
        ),
        QueryEnd::TimedOut => say!(l, "The query was stopped after a minute", "查询超过一分钟，已终止"),
        QueryEnd::NotStarted(why) => {
            say!(l, "The process for queries could not be started: {why}", "无法启动查询进程：{why}")
        }
    }
}
