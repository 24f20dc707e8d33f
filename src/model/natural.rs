//! The order in which people expect names: numbers by value, letters without regard to case.
//!
//! `device-2` comes before `device-10`, and `Kitchen` next to `kitchen`. A name is a sequence of tokens, each a number
//! or a character in lower case; a number sorts where the character `0` would. Names with equal tokens are ordered by
//! their bytes, so the order is total. Bytes that are not UTF-8 sort as the replacement character.

use std::borrow::Cow;
use std::cmp::Ordering;

/// Compares two names in natural order.
pub(super) fn compare(a: &[u8], b: &[u8]) -> Ordering {
    let same_reading = if a.is_ascii() && b.is_ascii() {
        compare_folded(a, b)
    } else {
        compare_folded(folded(a).as_bytes(), folded(b).as_bytes())
    };
    same_reading.then_with(|| a.cmp(b))
}

/// A number whose order agrees with [`compare`]: if two differ, the names are ordered the same way; if they are equal,
/// only `compare` can tell. Sorting compares these first and rarely has to look at a name.
pub(super) fn prefix(name: &[u8]) -> u128 {
    let folded = if name.is_ascii() { Cow::Borrowed(name) } else { Cow::Owned(folded(name).into_bytes()) };
    let mut out = [0u8; 16];
    let mut filled = 0;
    let mut put = |bytes: &[u8]| {
        let n = bytes.len().min(out.len() - filled);
        out[filled..filled + n].copy_from_slice(&bytes[..n]);
        filled += n;
        filled < out.len()
    };
    let mut rest = &*folded;
    while let Some(&first) = rest.first() {
        let more = if first.is_ascii_digit() {
            let (digits, after) = number(rest);
            rest = after;
            // Beyond 254 digits only the whole comparison can tell.
            let len = u8::try_from(digits.len()).unwrap_or(u8::MAX);
            put(&[b'0', len]) && len < u8::MAX && put(digits)
        } else {
            rest = &rest[1..];
            put(&[first.to_ascii_lowercase()])
        };
        if !more {
            break;
        }
    }
    u128::from_be_bytes(out)
}

/// Compares ASCII names ignoring case, or other names after [`folded`].
fn compare_folded(mut a: &[u8], mut b: &[u8]) -> Ordering {
    loop {
        let (Some(&x), Some(&y)) = (a.first(), b.first()) else {
            return a.len().cmp(&b.len());
        };
        let order = if x.is_ascii_digit() && y.is_ascii_digit() {
            let (digits_a, after_a) = number(a);
            let (digits_b, after_b) = number(b);
            (a, b) = (after_a, after_b);
            digits_a.len().cmp(&digits_b.len()).then_with(|| digits_a.cmp(digits_b))
        } else {
            (a, b) = (&a[1..], &b[1..]);
            place(x).cmp(&place(y))
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Where a token that begins with this byte sorts; all numbers sort where `0` does.
fn place(byte: u8) -> u8 {
    if byte.is_ascii_digit() { b'0' } else { byte.to_ascii_lowercase() }
}

/// The digits at the start, without leading zeros, and what follows them.
fn number(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|b| !b.is_ascii_digit()).unwrap_or(bytes.len());
    let (digits, rest) = bytes.split_at(end);
    let zeros = digits.iter().position(|&b| b != b'0').unwrap_or(digits.len());
    (&digits[zeros..], rest)
}

/// The name in lower case by Unicode's rules; UTF-8 preserves the order of characters.
fn folded(name: &[u8]) -> String {
    String::from_utf8_lossy(name).chars().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sorted(names: &[&str]) -> Vec<String> {
        let mut names: Vec<String> = names.iter().map(ToString::to_string).collect();
        names.sort_by(|a, b| compare(a.as_bytes(), b.as_bytes()));
        names
    }

    #[test]
    fn numbers_sort_by_value_and_letters_without_case() {
        assert_eq!(sorted(&["device-10", "device-2", "Device-1"]), ["Device-1", "device-2", "device-10"]);
        assert_eq!(sorted(&["b", "A", "a", "B"]), ["A", "a", "B", "b"]);
        assert_eq!(sorted(&["x1y10", "x1y9", "x01y9", "x"]), ["x", "x01y9", "x1y9", "x1y10"]);
        assert_eq!(sorted(&["ähre", "Äpfel", "zeta", "Ähre"]), ["zeta", "Ähre", "ähre", "Äpfel"]);
        let big = ["v99999999999999999999999", "v100000000000000000000000"];
        assert_eq!(sorted(&big), big);
    }

    fn name() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            "[aAbB019/:ÄäßİZ-]{0,12}".prop_map(String::into_bytes),
            proptest::collection::vec(any::<u8>(), 0..20),
            "[a-c]{0,3}0{0,20}[0-9]{0,30}[a-c]{0,2}".prop_map(String::into_bytes),
        ]
    }

    proptest! {
        #[test]
        fn the_order_is_total(a in name(), b in name(), c in name()) {
            prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
            prop_assert_eq!(compare(&a, &b).is_eq(), a == b);
            if compare(&a, &b).is_le() && compare(&b, &c).is_le() {
                prop_assert!(compare(&a, &c).is_le());
            }
        }

        #[test]
        fn a_prefix_never_contradicts_the_order(a in name(), b in name()) {
            let by_prefix = prefix(&a).cmp(&prefix(&b));
            prop_assert!(by_prefix.is_eq() || by_prefix == compare(&a, &b));
        }
    }
}
