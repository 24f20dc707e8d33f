//! The bytes of a segment, as `docs/recording-format.md` describes them. Pure functions; nothing here opens a file.
//!
//! All numbers are little-endian; a varint is LEB128. What is read is checked before it is believed: every head and
//! every body has a CRC-32, no length is reserved before its bytes have been seen, and a wrong byte is an error and never a
//! panic.

pub(super) mod catalog;
pub(super) mod event;
pub(super) mod footer;
pub(super) mod frame;
pub(super) mod input;
pub(super) mod keyframe;
pub(super) mod properties;
pub(super) mod rows;
pub(super) mod segment_head;
pub(super) mod varint;

/// The ending of a segment's file name.
pub(super) const SUFFIX: &str = ".mqrec";

/// The file name of the segment with this number, from 1.
pub(super) fn file_name(number: u32) -> String {
    format!("{number:06}{SUFFIX}")
}

/// The number in a segment's file name; `None` for other files.
pub(super) fn number_of(file_name: &str) -> Option<u32> {
    let digits = file_name.strip_suffix(SUFFIX)?;
    let is_number = digits.len() >= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|number| is_number && *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_known_by_its_name() {
        assert_eq!(file_name(7), "000007.mqrec");
        for number in [1, 999_999, 1_000_000, u32::MAX] {
            assert_eq!(number_of(&file_name(number)), Some(number));
        }
        for other in
            ["lock", "7.mqrec", "000000.mqrec", "+00001.mqrec", "000001.mqrec.bak", "99999999999.mqrec"]
        {
            assert_eq!(number_of(other), None, "{other}");
        }
    }
}
