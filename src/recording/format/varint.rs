//! Numbers of few bytes: LEB128, and zigzag for those that may be negative.

/// Appends a number: seven bits a byte, the lowest first, the top bit set on all bytes but the last.
#[inline]
pub(in crate::recording) fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends a signed number: 0, −1, 1, −2, … become 0, 1, 2, 3, …
#[inline]
pub(in crate::recording) fn put_signed(out: &mut Vec<u8>, number: i64) {
    put(out, ((number << 1) ^ (number >> 63)) as u64);
}

/// What [`put_signed`] made a number into, back again.
#[inline]
pub(in crate::recording) fn signed(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}
