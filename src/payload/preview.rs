//! The value of a tree row: a payload on one line. Called for the rows that show, whenever they change.

use super::detect::{LOOK_BYTES, text_start};
use super::document::push_hex;
use super::visible::{needs_sign, push_visible};
use super::{Kind, detect, image};

/// A payload on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// At most as many characters as were asked for; `…` at the end where something was left out.
    pub text: String,
    /// What the payload seems to be.
    pub kind: Kind,
}

/// `payload` on one line of at most `chars_max` characters. Looks at the first 1,024 bytes only.
///
/// JSON without the space between its tokens, text with line ends and control characters as signs, pictures by
/// format and size, anything else as hexadecimal digits with its size, nothing as `(empty)`.
pub fn preview(payload: &[u8], chars_max: usize) -> Preview {
    let kind = detect(payload);
    let whole = payload.len() <= LOOK_BYTES;
    let start = &payload[..payload.len().min(LOOK_BYTES)];
    let mut line = OneLine { text: String::new(), left: chars_max };
    let complete = match kind {
        Kind::Empty => line.push_all("(empty)"),
        Kind::Image(_) => line.push_all(&picture(payload)),
        Kind::Binary => {
            binary(&mut line, payload);
            true
        }
        Kind::Json => json(&mut line, text_start(start, whole).unwrap_or_default()) && whole,
        Kind::Text => text(&mut line, text_start(start, whole).unwrap_or_default()) && whole,
    };
    if !complete {
        line.mark_cut();
    }
    Preview { text: line.text, kind }
}

/// A size as people read it: `14 B`, `12.3 kB`, `1.0 MB` (powers of 1,000).
pub fn byte_size(bytes: usize) -> String {
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut size = bytes as f64 / 1e3;
    let mut units = ["kB", "MB", "GB"].into_iter().peekable();
    let mut unit = units.next().unwrap_or_default();
    while size >= 999.95
        && let Some(larger) = units.next()
    {
        size /= 1e3;
        unit = larger;
    }
    format!("{size:.1} {unit}")
}

/// A line that is filled up to a number of characters.
struct OneLine {
    text: String,
    left: usize,
}

impl OneLine {
    /// False if there is no room.
    fn push(&mut self, character: char) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        self.text.push(character);
        true
    }

    fn push_all(&mut self, text: &str) -> bool {
        text.chars().all(|character| self.push(character))
    }

    fn push_visible(&mut self, character: char) -> bool {
        if !needs_sign(character) {
            return self.push(character);
        }
        let mut sign = String::new();
        push_visible(&mut sign, character);
        self.push_all(&sign)
    }

    fn mark_cut(&mut self) {
        if self.left == 0 && self.text.pop().is_none() {
            return;
        }
        self.text.push('…');
    }
}

fn json(line: &mut OneLine, text: &str) -> bool {
    let mut in_string = false;
    let mut escaped = false;
    text.chars().all(|character| {
        if in_string {
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
        } else if matches!(character, ' ' | '\n' | '\r' | '\t' | '\u{FEFF}') {
            return true;
        } else {
            in_string = character == '"';
        }
        line.push_visible(character)
    })
}

fn text(line: &mut OneLine, text: &str) -> bool {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let pushed = match character {
            '\r' if characters.peek() == Some(&'\n') => true,
            '\n' => line.push('␊'),
            '\t' => line.push(' '),
            _ => line.push_visible(character),
        };
        if !pushed {
            return false;
        }
    }
    true
}

fn picture(payload: &[u8]) -> String {
    let size = byte_size(payload.len());
    match image::probe(payload) {
        Some(image) => match image.size {
            Some((width, height)) => format!("{} {width} × {height}, {size}", image.kind.name()),
            None => format!("{}, {size}", image.kind.name()),
        },
        None => size,
    }
}

/// `0a ff 3c … 1.2 kB`: as many bytes as leave room for the size.
fn binary(line: &mut OneLine, payload: &[u8]) {
    let size = byte_size(payload.len());
    let room = line.left.saturating_sub(size.len() + 2) / 3;
    for &byte in payload.iter().take(room) {
        push_hex(&mut line.text, byte);
        line.text.push(' ');
    }
    if room < payload.len() {
        line.text.push_str("… ");
    }
    line.text.push_str(&size);
    let cut = line.text.char_indices().nth(line.left).map_or(line.text.len(), |(at, _)| at);
    line.text.truncate(cut);
}
