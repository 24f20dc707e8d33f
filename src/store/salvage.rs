//! Recovers what is still readable in a damaged TOML file. Pure; called by the documents.
//!
//! Descriptions name lines and what was expected there, never the content, which may be a password.

use toml::Table;

use crate::store::notice::Fault;

/// How many lines may be given up before the rest of the file is.
const GIVEN_UP_LINES_MAX: usize = 200;

/// The longest text that is parsed at once: the parser takes many times as much memory.
const BYTES_MAX: usize = 2 * 1024 * 1024;

/// The part of a file that begins with a `[[…]]` line, or what comes before the first one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block<'a> {
    /// Line of the file on which it begins, from 1.
    pub line: usize,
    /// Its bytes, as they are in the file.
    pub bytes: &'a [u8],
}

impl Block<'_> {
    /// The block as a table of its own, or what is wrong, with the line in the whole file.
    pub fn parse(&self) -> Result<Table, Fault> {
        if self.bytes.len() > BYTES_MAX {
            return Err(Fault::TooLong { line: self.line, bytes_max: BYTES_MAX });
        }
        let text = std::str::from_utf8(self.bytes).map_err(|error| {
            let line = self.line + count_lines(&self.bytes[..error.valid_up_to()]);
            Fault::NotUtf8 { line }
        })?;
        toml::from_str(text).map_err(|error| self.describe(text, &error))
    }

    fn describe(&self, text: &str, error: &toml::de::Error) -> Fault {
        let line = self.line
            + error.span().map_or(0, |span| count_lines(&text.as_bytes()[..span.start.min(text.len())]));
        Fault::Syntax { line, reason: safe_message(error) }
    }
}

/// Cuts a file before each `[[name]]` line. What comes before the first one is the first block, unless it is empty.
pub(super) fn blocks<'a>(bytes: &'a [u8], name: &str) -> Vec<Block<'a>> {
    let header = format!("[[{name}]]");
    let is_header = |line: &[u8]| {
        let code: Vec<u8> = line.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        code.strip_prefix(header.as_bytes()).is_some_and(|rest| rest.is_empty() || rest[0] == b'#')
    };
    let mut blocks = Vec::new();
    let mut start = Block { line: 1, bytes: &bytes[..0] };
    let mut start_at = 0;
    let mut at = 0;
    for (number, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        if is_header(line) {
            start.bytes = &bytes[start_at..at];
            blocks.push(start);
            start = Block { line: number + 1, bytes: &bytes[..0] };
            start_at = at;
        }
        at += line.len();
    }
    start.bytes = &bytes[start_at..];
    blocks.push(start);
    if blocks.first().is_some_and(|block| block.bytes.is_empty()) {
        blocks.remove(0);
    }
    blocks
}

/// Reads a file of single settings, leaving out lines that do not parse. Returns the fault of each such line, in the
/// order of the file.
pub(super) fn without_bad_lines(bytes: &[u8]) -> (Table, Vec<Fault>) {
    let mut faults = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for (number, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        lines.push(std::str::from_utf8(line).unwrap_or_else(|_not_utf8| {
            faults.push(Fault::NotUtf8 { line: number + 1 });
            "\n"
        }));
    }
    for _ in 0..GIVEN_UP_LINES_MAX {
        let text = lines.concat();
        let block = Block { line: 1, bytes: text.as_bytes() };
        let error = match toml::from_str(&text) {
            Ok(table) => {
                faults.sort_by_key(Fault::line);
                return (table, faults);
            }
            Err(error) => error,
        };
        faults.push(block.describe(&text, &error));
        let at = error.span().map_or(0, |span| count_lines(&text.as_bytes()[..span.start.min(text.len())]));
        // An error at the very end belongs to the last line that is not empty.
        let Some(bad) = lines.iter().take(at + 1).rposition(|line| !line.trim().is_empty()) else { break };
        lines[bad] = "\n";
    }
    faults.sort_by_key(Fault::line);
    (Table::new(), faults)
}

/// The reason, without anything quoted from the file.
///
/// The parser's messages never quote; serde's do, in backticks or double quotes (`invalid type: string "x"`).
pub(super) fn safe_message(error: &toml::de::Error) -> String {
    let message = error.message();
    let reason = match message.split_once(", expected") {
        Some((found, expected)) if found.contains(['`', '"']) => format!("expected{expected}"),
        _ => message.to_owned(),
    };
    reason.lines().collect::<Vec<_>>().join(", ").trim_end_matches('.').to_owned()
}

fn count_lines(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').count() - 1
}
