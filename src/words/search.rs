//! What is said about a search.

use crate::query::{Condition, ConditionError, ConditionProblem, QueryError, QueryProblem, SearchError};
use crate::words::Language::{self, Chinese, English};
use crate::words::{format, payload};

/// Why a text cannot be searched for. The reason from the crate `regex` is in English.
pub fn error(error: &SearchError, language: Language) -> String {
    match (error, language) {
        (SearchError::Pattern(reason), English) => reason.clone(),
        (SearchError::Pattern(reason), Chinese) => format!("正则表达式无效：{reason}"),
        (SearchError::Condition(error), _) => condition(error, language),
        (SearchError::TextTooLong { bytes }, English) => {
            let bytes = format::bytes(*bytes as u64);
            format!("The text is too long to be searched for ({bytes}); a short part of it is enough")
        }
        (SearchError::TextTooLong { bytes }, Chinese) => {
            let bytes = format::bytes(*bytes as u64);
            format!("文本过长，无法搜索（{bytes}）；搜索其中一小段即可")
        }
        (SearchError::PatternTooLarge { bytes_max }, English) => {
            let bytes = format::bytes(*bytes_max as u64);
            format!("The regular expression is too large: it would take more than {bytes} of memory")
        }
        (SearchError::PatternTooLarge { bytes_max }, Chinese) => {
            let bytes = format::bytes(*bytes_max as u64);
            format!("正则表达式过大：所需内存超过 {bytes}")
        }
    }
}

/// Why a text is not a condition, and at which character.
pub fn condition(error: &ConditionError, language: Language) -> String {
    let why = match (error.problem, language) {
        (ConditionProblem::Path(problem), _) => payload::path_problem(problem, language).to_owned(),
        (ConditionProblem::NoOperator, English) => {
            "a comparison is missing: ==, !=, <, <=, >, >= or contains".to_owned()
        }
        (ConditionProblem::NoOperator, Chinese) => "缺少比较符：==、!=、<、<=、>、>= 或 contains".to_owned(),
        (ConditionProblem::SingleEquals, English) => "write == to compare".to_owned(),
        (ConditionProblem::SingleEquals, Chinese) => "比较请使用 ==".to_owned(),
        (ConditionProblem::NoLiteral, English) => "a value is missing".to_owned(),
        (ConditionProblem::NoLiteral, Chinese) => "缺少要比较的值".to_owned(),
        (ConditionProblem::NoQuotes, English) => "put a text in double quotes".to_owned(),
        (ConditionProblem::NoQuotes, Chinese) => "文本需加双引号".to_owned(),
        (ConditionProblem::UnclosedQuote, English) => "the closing quote is missing".to_owned(),
        (ConditionProblem::UnclosedQuote, Chinese) => "缺少右引号".to_owned(),
        (ConditionProblem::NoOrder, English) => {
            "true, false and null can only be compared with == or !=".to_owned()
        }
        (ConditionProblem::NoOrder, Chinese) => "true、false 和 null 只能用 == 或 != 比较".to_owned(),
        (ConditionProblem::ContainsNoText, English) => "contains needs a text in double quotes".to_owned(),
        (ConditionProblem::ContainsNoText, Chinese) => "contains 后需为加双引号的文本".to_owned(),
        (ConditionProblem::NoConjunction, English) => "write and or or between two comparisons".to_owned(),
        (ConditionProblem::NoConjunction, Chinese) => "两个比较之间需用 and 或 or 连接".to_owned(),
        (ConditionProblem::TooLong, English) => {
            format!("the condition is too long; {} comparisons are the most", Condition::COMPARISONS_MAX)
        }
        (ConditionProblem::TooLong, Chinese) => {
            format!("条件过长；最多 {} 个比较", Condition::COMPARISONS_MAX)
        }
    };
    match language {
        English => format!("Character {}: {why}", error.place),
        Chinese => format!("第 {} 个字符：{why}", error.place),
    }
}

/// Why a text is not a query in jq, and at which character. What jaq expected is in English.
pub fn query(error: &QueryError, language: Language) -> String {
    let why = match (&error.problem, language) {
        (QueryProblem::Expected(what), English) => format!("expected: {what}"),
        (QueryProblem::Expected(what), Chinese) => format!("此处应为：{what}"),
        (QueryProblem::Unknown(name), English) => format!("\"{name}\" is unknown"),
        (QueryProblem::Unknown(name), Chinese) => format!("未知名称“{name}”"),
        (QueryProblem::NotForEachMessage(part), English) => {
            format!("\"{}\" may not run for each message", part.trim())
        }
        (QueryProblem::NotForEachMessage(part), Chinese) => {
            format!("逐条消息计算时不允许使用“{}”", part.trim())
        }
        (QueryProblem::TooLong, English) => "the query is too long, or has too many brackets".to_owned(),
        (QueryProblem::TooLong, Chinese) => "查询过长，或括号嵌套过深".to_owned(),
    };
    match language {
        English => format!("Character {}: {why}", error.place),
        Chinese => format!("第 {} 个字符：{why}", error.place),
    }
}
