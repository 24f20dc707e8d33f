//! Times as strftime of the C library writes them in the C locale.

use std::io::Write as _;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::message::Timestamp as Arrived;

/// The conversions that depend on the locale, and what they are without one.
const COMPOUND: &[(char, &str)] =
    &[('c', "%a %b %e %H:%M:%S %Y"), ('r', "%I:%M:%S %p"), ('x', "%m/%d/%y"), ('X', "%H:%M:%S")];

/// The other conversions that there are; any other letter stays as it is, behind a `%`.
const SIMPLE: &str = "aAbBCdDeFgGhHIjklmMnpPRsStTuUVwWyYzZ";

/// The moment on the clock of this place.
pub(super) fn zoned(at: Arrived, zone: &TimeZone) -> Zoned {
    Timestamp::from_microsecond(at.0).unwrap_or_default().to_zoned(zone.clone())
}

/// One conversion.
pub(super) fn conversion(letter: char, at: &Zoned, out: &mut Vec<u8>) {
    // Into a vector nothing can fail.
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

/// A pattern of known conversions.
pub(super) fn strftime(pattern: &str, at: &Zoned) -> Vec<u8> {
    at.strftime(pattern).to_string().into_bytes()
}

/// The offset from UTC as ISO 8601 writes it: `Z`, `+05:30`.
pub(super) fn offset(at: &Zoned) -> Vec<u8> {
    if at.offset().is_zero() { b"Z".to_vec() } else { strftime("%:z", at) }
}

/// Seconds since 1970 with nine decimals.
pub(super) fn unix(at: Arrived, out: &mut Vec<u8>) {
    let (seconds, micros) = (at.0.div_euclid(1_000_000), at.0.rem_euclid(1_000_000));
    write!(out, "{seconds}.{:09}", micros * 1_000).ok();
}
