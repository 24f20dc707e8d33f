//! Cells of comma-separated values (RFC 4180).

use std::borrow::Cow;

/// Characters that make a spreadsheet treat a text as a formula. A tab or line end before them is skipped.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Writes a text as a cell. Topics and payloads come from strangers, so a text that a spreadsheet would treat as a
/// formula gets a leading apostrophe, which marks it as text. For the program's own numbers use [`quoted`].
pub fn text_cell(text: &str) -> Cow<'_, str> {
    if text.starts_with(FORMULA) {
        return Cow::Owned(quoted(&format!("'{text}")).into_owned());
    }
    quoted(text)
}

/// Writes a cell, quoted if necessary.
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
