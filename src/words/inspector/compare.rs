//! What the comparison of two messages says.

use crate::payload::diff::{Changes, Diff, NoChanges};
use crate::words::Language::{self, Chinese, English};
use crate::words::inspector::{PayloadRemark, lines};
use crate::words::language::say;
use crate::words::{Label, format, label};

/// Button that ends the comparison with another topic or message.
pub const END_COMPARISON: Label = label("End comparison", "结束比较");

/// Tells which topic the payload is compared with.
pub fn compared_with(topic: &str, l: Language) -> String {
    say!(l, "Compared with the newest message of {topic}", "与 {topic} 的最新消息比较")
}

/// Tells which message the payload is compared with.
pub fn compared_with_message(time: &str, l: Language) -> String {
    say!(l, "Compared with the message of {time}", "与 {time} 的消息比较")
}

/// Entry in the menu of a message in the history.
pub const COMPARE_WITH_SHOWN: Label = label("Compare with the shown message", "与显示的消息比较");
/// Entry in the menu of the message in the history that shows.
pub const COMPARE_OTHERS: Label = label("Compare others with this message", "将其他消息与此消息比较");
/// Said of the message in the history that the shown one is compared with.
pub const IS_COMPARED: Label = label("the shown message is compared with it", "显示的消息正与其比较");
/// Shown when the message to compare with is gone.
pub const OTHER_GONE: Label =
    label("The message to compare with has left the history", "要比较的消息已移出历史");
/// Name of the choice of how a comparison is told.
pub const COMPARE_BY: Label = label("Compare by", "比较方式");
/// Choice: value by value.
pub const BY_VALUES: Label = label("Values", "值");
/// Choice: line by line.
pub const BY_LINES: Label = label("Lines", "行");

/// Shown when no value is another one.
pub const fn no_changes(is_identical: bool) -> Label {
    if is_identical {
        label("Both messages are the same, byte by byte", "两条消息逐字节相同")
    } else {
        label("All values are the same; only how they are written differs", "所有值均相同，仅书写方式不同")
    }
}

/// Why lines are compared instead of values.
pub fn by_lines_because(why: NoChanges, l: Language) -> PayloadRemark {
    let why = match why {
        NoChanges::NoValues => {
            label("These are no values, so lines are compared", "内容不是值，因此按行比较")
        }
        NoChanges::TooLarge => label(
            "Too many values to compare one by one, so lines are compared",
            "值过多，无法逐个比较，因此按行比较",
        ),
        NoChanges::TookTooLong => label(
            "Comparing the values took too long, so lines are compared",
            "逐值比较耗时过长，因此按行比较",
        ),
    };
    PayloadRemark::warning(why.of(l).to_owned())
}

/// How many values changed.
pub fn changes(changes: &Changes, is_before: bool, l: Language) -> String {
    let kinds = [
        (changes.changed, label("changed", "处更改")),
        (changes.added, label("added", "处新增")),
        (changes.removed, label("removed", "处删除")),
        (changes.moved, label("moved", "处移动")),
    ];
    let told = kinds.into_iter().filter(|(count, _)| *count > 0).map(|(count, kind)| {
        let (count, kind) = (format::count(count as u64), kind.of(l));
        say!(l, "{count} {kind}", "{count} {kind}")
    });
    let told = told.collect::<Vec<_>>().join(l.pick(", ", "，"));
    let told = match (is_before, l) {
        (false, _) => told,
        (true, English) => format!("{told} since the message before"),
        (true, Chinese) => format!("与上一条消息相比：{told}"),
    };
    match (changes.unlisted(), l) {
        (0, _) => told,
        (_, English) => format!("{told}; the first {} are listed", format::count(changes.list.len() as u64)),
        (_, Chinese) => format!("{told}；仅列出前 {} 处", format::count(changes.list.len() as u64)),
    }
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

/// Summary of a comparison by lines, with the message before or another one.
pub fn comparison(diff: &Diff, is_before: bool, language: Language) -> String {
    if diff.identical {
        let same = label("The same as the message before, byte by byte", "与上一条消息逐字节相同");
        return if is_before { same } else { no_changes(true) }.of(language).to_owned();
    }
    let lines = |count: usize| lines(count as u64, language);
    let changed = match (diff.added, diff.removed, language) {
        (0, 0, _) if !is_before => {
            language.pick("Only spacing or line ends differ", "仅有空白或换行不同").to_owned()
        }
        (added, 0, English) if !is_before => format!("{} added", lines(added)),
        (added, 0, Chinese) if !is_before => format!("增加 {}", lines(added)),
        (0, removed, English) if !is_before => format!("{} removed", lines(removed)),
        (0, removed, Chinese) if !is_before => format!("删除 {}", lines(removed)),
        (added, removed, English) if !is_before => {
            format!("{} added, {} removed", lines(added), lines(removed))
        }
        (added, removed, Chinese) if !is_before => format!("增加 {}，删除 {}", lines(added), lines(removed)),
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
    use crate::payload::diff::{DiffOptions, changes as values_changed, diff};
    use crate::payload::never;

    fn compare(old: &[u8], new: &[u8], language: Language) -> String {
        comparison(&diff(old, new, &DiffOptions::default(), &never).unwrap(), true, language)
    }

    #[test]
    fn changes_of_values_are_counted_by_what_happened() {
        let found = |old: &[u8], new: &[u8]| {
            values_changed(old, new, &DiffOptions::default(), &never, &never).unwrap().unwrap()
        };
        let found = found(br#"{"a":1,"b":2,"l":[1,2,3]}"#, br#"{"a":2,"c":1,"l":[3,1,2]}"#);
        let english = "1 changed, 1 added, 1 removed, 1 moved";
        assert_eq!(changes(&found, true, English), format!("{english} since the message before"));
        assert_eq!(changes(&found, false, English), english);
        assert_eq!(changes(&found, false, Chinese), "1 处更改，1 处新增，1 处删除，1 处移动");
    }

    #[test]
    fn a_comparison_counts_what_changed() {
        assert_eq!(compare(b"a", b"a", English), "The same as the message before, byte by byte");
        assert_eq!(
            compare(b"a\nb", b"a\nc\nd", English),
            "2 lines added, 1 line removed since the message before"
        );
        assert_eq!(compare(b"a\nb", b"a\nc\nd", Chinese), "与上一条消息相比增加 2 行，删除 1 行");
        let found = diff(b"a\nb", b"a\nc\nd", &DiffOptions::default(), &never).unwrap();
        assert_eq!(comparison(&found, false, English), "2 lines added, 1 line removed");
        let spaced = "Only spacing or line ends differ from the message before";
        assert_eq!(compare(b"[1]", b"[ 1 ]", English), spaced);
    }
}
