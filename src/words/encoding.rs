//! What is said when a text cannot be written as a payload.

use crate::payload::encode::{EncodeError, MisfitReason, Needed, ValueMisfit};
use crate::words::Language;
use crate::words::language::say;
use crate::words::payload::{choice_error, hex_error, json_error};
use crate::words::{Label, label};

/// Why a text cannot be written as a payload.
pub fn encode_error(error: &EncodeError, l: Language) -> String {
    match error {
        EncodeError::Json(error) => json_error(error, l),
        EncodeError::Hex(error) => hex_error(error, l),
        EncodeError::Misfit(misfit) => self::misfit(misfit, l),
        EncodeError::NoSuchCharacter(character) => {
            say!(l, "the character set has no {character}", "该字符集没有字符 {character}")
        }
        EncodeError::NotWritten => l.pick("this format can only be read", "此格式只能读取").to_owned(),
        EncodeError::Unusable(error) => choice_error(error, l),
    }
}

fn misfit(misfit: &ValueMisfit, l: Language) -> String {
    let ValueMisfit { path, reason } = misfit;
    let reason = self::reason(reason, l);
    if path.is_empty() { reason } else { say!(l, "{path}: {reason}", "{path}：{reason}") }
}

fn reason(reason: &MisfitReason, l: Language) -> String {
    match reason {
        MisfitReason::Needs(needed) => {
            let needed = self::needed(*needed).of(l);
            say!(l, "{needed} is needed here", "此处需要{needed}")
        }
        MisfitReason::OutOfRange => {
            l.pick("the number does not fit its type", "数值超出其类型的范围").to_owned()
        }
        MisfitReason::NoSuchField => l.pick("the schema has no such field", "模式中没有该字段").to_owned(),
        MisfitReason::NoSuchName => l.pick("the type has no such name", "该类型没有这个名称").to_owned(),
        MisfitReason::Missing(name) => say!(l, "{name} is missing", "缺少 {name}"),
        MisfitReason::NotWritten(name) => {
            say!(l, "values of type {name} can only be read", "类型 {name} 的值只能读取")
        }
    }
}

const fn needed(needed: Needed) -> Label {
    match needed {
        Needed::Object => label("an object", "对象"),
        Needed::Array => label("an array", "数组"),
        Needed::Text => label("a string", "字符串"),
        Needed::WholeNumber => label("a whole number", "整数"),
        Needed::Number => label("a number", "数值"),
        Needed::Boolean => label("true or false", " true 或 false"),
        Needed::Null => label("null", " null"),
        Needed::Bytes => label("bytes such as \"h'0102'\"", "字节，例如 \"h'0102'\""),
        Needed::Time => label("a time such as 2026-01-02T03:04:05Z", "时间，例如 2026-01-02T03:04:05Z"),
        Needed::OneOfTheTypes => label("a value of one of the types in the schema", "模式中某个类型的值"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misfit_is_told_with_its_place() {
        let error = EncodeError::Misfit(ValueMisfit {
            path: "metrics.t[1]".to_owned(),
            reason: MisfitReason::Needs(Needed::WholeNumber),
        });
        assert_eq!(encode_error(&error, Language::English), "metrics.t[1]: a whole number is needed here");
        assert_eq!(encode_error(&error, Language::Chinese), "metrics.t[1]：此处需要整数");
    }
}
