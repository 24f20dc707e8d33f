//! What the comparison of two messages says.

use crate::payload::diff::Diff;
use crate::words::Language::{self, Chinese, English};
use crate::words::inspector::lines;
use crate::words::language::say;
use crate::words::{Label, format, label};

/// Button that ends the comparison with another topic.
pub const END_COMPARISON: Label = label("End comparison", "结束比较");

/// Tells which topic the payload is compared with.
pub fn compared_with(topic: &str, l: Language) -> String {
    say!(l, "Compared with the newest message of {topic}", "与 {topic} 的最新消息比较")
}

/// Tab of the view that shows changes.
pub const DIFF: Label = label("Diff", "差异");
/// Shown when there is no earlier message to compare with.
pub const NOTHING_BEFORE: Label =
    label("There is no message before this one in the history", "历史中没有更早的消息");
/// Shown when comparing failed.
pub const NOT_COMPARABLE: Label = label("The messages cannot be compared", "无法比较这些消息");
/// Shown when two empty payloads are compared.
pub const BOTH_EMPTY: Label = label("Both messages are empty", "两条消息均为空");

/// A row that stands for lines that did not change.
pub fn unchanged(count: u64, language: Language) -> String {
    match language {
        English => format!("… {} unchanged", lines(count, English)),
        Chinese => format!("… {} 行未变化", format::count(count)),
    }
}

/// Summary of a comparison with the previous message.
pub fn comparison(diff: &Diff, language: Language) -> String {
    if diff.identical {
        let same = label("The same as the message before, byte by byte", "与上一条消息逐字节相同");
        return same.of(language).to_owned();
    }
    let lines = |count: usize| lines(count as u64, language);
    let changed = match (diff.added, diff.removed, language) {
        (0, 0, English) => "Only spacing or line ends differ from the message before".to_owned(),
        (0, 0, Chinese) => "与上一条消息仅有空白或换行不同".to_owned(),
        (added, 0, English) => format!("{} added since the message before", lines(added)),
        (added, 0, Chinese) => format!("与上一条消息相比增加 {}", lines(added)),
        (0, removed, English) => format!("{} removed since the message before", lines(removed)),
        (0, removed, Chinese) => format!("与上一条消息相比删除 {}", lines(removed)),
        (added, removed, English) => {
            format!("{} added, {} removed since the message before", lines(added), lines(removed))
        }
        (added, removed, Chinese) => {
            format!("与上一条消息相比增加 {}，删除 {}", lines(added), lines(removed))
        }
    };
    match (diff.not_compared, language) {
        (None, _) => changed,
        (Some((old, new)), English) => {
            format!("{changed}; then {} against {} that were too many to compare", lines(old), lines(new))
        }
        (Some((old, new)), Chinese) => {
            format!("{changed}；其后 {} 与 {} 过多，未作比较", lines(old), lines(new))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::diff::{DiffOptions, diff};
    use crate::payload::never;

    fn compare(old: &[u8], new: &[u8], language: Language) -> String {
        comparison(&diff(old, new, &DiffOptions::default(), &never).unwrap(), language)
    }

    #[test]
    fn a_comparison_counts_what_changed() {
        assert_eq!(compare(b"a", b"a", English), "The same as the message before, byte by byte");
        assert_eq!(
            compare(b"a\nb", b"a\nc\nd", English),
            "2 lines added, 1 line removed since the message before"
        );
        assert_eq!(compare(b"a\nb", b"a\nc\nd", Chinese), "与上一条消息相比增加 2 行，删除 1 行");
        let spaced = "Only spacing or line ends differ from the message before";
        assert_eq!(compare(b"[1]", b"[ 1 ]", English), spaced);
    }
}
