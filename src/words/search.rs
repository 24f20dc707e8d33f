//! What is said about a search.

use crate::query::SearchError;
use crate::words::Language::{self, Chinese, English};
use crate::words::format;

/// Why a text cannot be searched for. The reason from the crate `regex` is in English.
pub fn error(error: &SearchError, language: Language) -> String {
    match (error, language) {
        (SearchError::Pattern(reason), English) => reason.clone(),
        (SearchError::Pattern(reason), Chinese) => format!("正则表达式无效：{reason}"),
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
