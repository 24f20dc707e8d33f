//! Cells of comma-separated values (RFC 4180).

use std::borrow::Cow;

/// Characters with which a spreadsheet takes a text for a formula. A tab or a line end before them is skipped there.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text as a cell. One that a spreadsheet would take for a formula gets an apostrophe before it, which says there that
/// it is text: topics and payloads come from strangers. For numbers of our own use [`quoted`].
pub fn text_cell(text: &str) -> Cow<'_, str> {
    if text.starts_with(FORMULA) {
        return Cow::Owned(quoted(&format!("'{text}")).into_owned());
    }
    quoted(text)
}

/// A cell, in quotation marks where it needs them.
pub fn quoted(text: &str) -> Cow<'_, str> {
    if text.contains([',', '"', '\n', '\r']) {
        Cow::Owned(format!("\"{}\"", text.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_never_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"] {
            assert_eq!(text_cell(formula), format!("'{formula}"));
        }
        assert_eq!(text_cell("=HYPERLINK(\"http://a\",1)"), "\"'=HYPERLINK(\"\"http://a\"\",1)\"");
        assert_eq!(text_cell("a=b/-1"), "a=b/-1");
        assert_eq!(quoted("-1.5"), "-1.5", "numbers stay");
    }
}
