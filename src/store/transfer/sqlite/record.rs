//! Records: the values of a row, one after the other, with their types before them.

use serde_json::Value;

/// How texts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16Little,
    Utf16Big,
}

impl Encoding {
    pub fn from_header(number: u32) -> Option<Self> {
        match number {
            // 0 is that of a file in which nothing was ever written.
            0 | 1 => Some(Self::Utf8),
            2 => Some(Self::Utf16Little),
            3 => Some(Self::Utf16Big),
            _ => None,
        }
    }

    fn text(self, bytes: &[u8]) -> String {
        let unit: fn([u8; 2]) -> u16 = match self {
            Self::Utf8 => return String::from_utf8_lossy(bytes).into_owned(),
            Self::Utf16Little => u16::from_le_bytes,
            Self::Utf16Big => u16::from_be_bytes,
        };
        let units = bytes.as_chunks().0.iter().map(|pair| unit(*pair));
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    }
}

/// A number of one to nine bytes, seven bits each and eight in the ninth, and what follows it.
pub(super) fn varint(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let mut number = 0_u64;
    for (index, byte) in bytes.iter().enumerate().take(9) {
        let rest = bytes.get(index.saturating_add(1)..)?;
        if index == 8 {
            return Some(((number << 8 | u64::from(*byte)).cast_signed(), rest));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number.cast_signed(), rest));
        }
    }
    None
}

/// The values of a record in the order of the columns; `None` where it is damaged, and then no more. Bytes that are no
/// text are null: no table that is read has any.
pub(super) fn values(record: &[u8], encoding: Encoding) -> impl Iterator<Item = Option<Value>> {
    let header = varint(record).and_then(|(bytes, rest)| {
        let bytes = usize::try_from(bytes).ok()?;
        let types = rest.get(..bytes.checked_sub(record.len().checked_sub(rest.len())?)?)?;
        Some((types, record.get(bytes..)?))
    });
    let mut state = header;
    let mut failed = header.is_none();
    std::iter::from_fn(move || {
        if std::mem::take(&mut failed) {
            return Some(None);
        }
        let (types, content) = state?;
        if types.is_empty() {
            return None;
        }
        let read = varint(types).and_then(|(kind, types)| {
            let (value, content) = value(kind, content, encoding)?;
            Some((value, (types, content)))
        });
        let (value, next) = read.unzip();
        state = next;
        Some(value)
    })
}

fn value(kind: i64, content: &[u8], encoding: Encoding) -> Option<(Value, &[u8])> {
    let bytes = match kind {
        0 | 8 | 9 => 0,
        1..=4 => usize::try_from(kind).ok()?,
        5 => 6,
        6 | 7 => 8,
        12.. => usize::try_from(kind.checked_sub(12)? / 2).ok()?,
        _ => return None,
    };
    let (own, rest) = content.split_at_checked(bytes)?;
    let value = match kind {
        1..=6 => integer(own).into(),
        7 => own.first_chunk().map(|bytes| f64::from_be_bytes(*bytes)).into(),
        8 => 0.into(),
        9 => 1.into(),
        13.. if kind % 2 == 1 => encoding.text(own).into(),
        _ => Value::Null,
    };
    Some((value, rest))
}

/// Big end first, with its sign.
fn integer(bytes: &[u8]) -> i64 {
    let negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
    let start = if negative { -1 } else { 0 };
    bytes.iter().fold(start, |number: i64, byte| number << 8 | i64::from(*byte))
}
