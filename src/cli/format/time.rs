//! Times as the C library's strftime writes them in the C locale.

use std::io::Write as _;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::message::Timestamp as Arrived;

/// The locale-dependent conversions and their patterns in the C locale.
const COMPOUND: &[(char, &str)] =
    &[('c', "%a %b %e %H:%M:%S %Y"), ('r', "%I:%M:%S %p"), ('x', "%m/%d/%y"), ('X', "%H:%M:%S")];

/// All other conversions; an unknown letter is written as it is, after a `%`.
const SIMPLE: &str = "aAbBCdDeFgGhHIjklmMnpPRsStTuUVwWyYzZ";

/// The time of arrival in this time zone.
pub(super) fn zoned(at: Arrived, zone: &TimeZone) -> Zoned {
    Timestamp::from_microsecond(at.0).unwrap_or_default().to_zoned(zone.clone())
}

/// Writes one conversion.
pub(super) fn conversion(letter: char, at: &Zoned, out: &mut Vec<u8>) {
    // Writing to a vector cannot fail.
    if letter == 'N' {
        write!(out, "{:09}", at.subsec_nanosecond()).ok();
    } else if let Some((_, pattern)) = COMPOUND.iter().find(|(known, _)| *known == letter) {
        out.extend(strftime(pattern, at));
    } else if SIMPLE.contains(letter) {
        out.extend(strftime(&format!("%{letter}"), at));
    } else if letter == '%' {
        out.push(b'%');
    } else {
        write!(out, "%{letter}").ok();
    }
}

/// Formats a pattern of known conversions.
pub(super) fn strftime(pattern: &str, at: &Zoned) -> Vec<u8> {
    at.strftime(pattern).to_string().into_bytes()
}

/// The offset from UTC as in ISO 8601: `Z`, `+05:30`.
pub(super) fn offset(at: &Zoned) -> Vec<u8> {
    if at.offset().is_zero() { b"Z".to_vec() } else { strftime("%:z", at) }
}

/// Writes seconds since 1970 with nine decimals.
pub(super) fn unix(at: Arrived, out: &mut Vec<u8>) {
    let (seconds, micros) = (at.0.div_euclid(1_000_000), at.0.rem_euclid(1_000_000));
    write!(out, "{seconds}.{:09}", micros * 1_000).ok();
}
