//! Payloads that are just a number, as most sensors send them.

/// A longer payload is not a number.
const NUMBER_BYTES_MAX: usize = 64;

/// The most characters of a unit.
const UNIT_CHARS_MAX: usize = 12;

/// The number that a whole payload is.
///
/// | payload | number |
/// | --- | --- |
/// | `42`, `-7`, `+3`, `20.50`, `.5`, `5.`, `1e3`, `007` | as read; spaces, line ends and NULs around it are ignored |
/// | `true`, `on`, `ON` / `false`, `Off` | 1 / 0, in any case |
/// | `20,5`, `-0,25 V` | the same with a decimal comma, unless three digits follow it |
/// | `20.5 °C`, `45%`, `230V`, `3.2 kWh`, `9.81 m/s2`, `25度` | the number; the unit is one word of up to 12 characters |
/// | `0x1F`, `0XfF` | up to 16 hexadecimal digits, unsigned |
/// | `"21.5"` | what is inside the quotes, by this table |
/// | `takeoff`, `online`, `NaN`, `inf`, `` | none |
/// | `2024-01-02`, `12:30`, `192.168.0.1`, `1.2.3`, `1,234`, `1,5,2`, `3/4`, `1st`, `5pm` | none: not one number, or not surely |
/// | `1e400`, anything longer than 64 bytes | none: a plot cannot show it |
pub fn number_of(payload: &[u8]) -> Option<f64> {
    if payload.len() > NUMBER_BYTES_MAX {
        return None;
    }
    let mut text = trim(payload);
    if let [b'"', inside @ .., b'"'] = text {
        text = trim(inside);
    }
    match text.first()? {
        b'0'..=b'9' | b'-' | b'+' | b'.' => {}
        _ => return switch(text),
    }
    if let [b'0', b'x' | b'X', digits @ ..] = text {
        return hexadecimal(digits);
    }
    let with_point = with_decimal_point(text);
    let text = with_point.as_deref().unwrap_or(text);
    let length = number_length(text)?;
    let (number, unit) = text.split_at(length);
    if !unit.is_empty() && !is_unit(str::from_utf8(unit).ok()?) {
        return None;
    }
    let number: f64 = str::from_utf8(number).ok()?.parse().ok()?;
    number.is_finite().then_some(number)
}

/// A number with a decimal comma, with a point instead. A comma before exactly three digits may divide thousands.
fn with_decimal_point(text: &[u8]) -> Option<Vec<u8>> {
    let comma = memchr::memchr(b',', text)?;
    let (whole, fraction) = (&text[..comma], &text[comma + 1..]);
    let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_whole =
        whole.iter().skip(1).all(u8::is_ascii_digit) && whole.last().is_some_and(u8::is_ascii_digit);
    (is_whole
        && digits > 0
        && digits != 3
        && !fraction.contains(&b',')
        && fraction.get(digits) != Some(&b'.'))
    .then(|| [whole, b".", fraction].concat())
}

fn trim(text: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
    let start = text.iter().position(|byte| !is_space(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

fn switch(text: &[u8]) -> Option<f64> {
    let is = |word: &str| text.eq_ignore_ascii_case(word.as_bytes());
    if is("on") || is("true") {
        return Some(1.0);
    }
    (is("off") || is("false")).then_some(0.0)
}

fn hexadecimal(digits: &[u8]) -> Option<f64> {
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let add = |sum: u64, digit: &u8| Some(sum << 4 | u64::from(char::from(*digit).to_digit(16)?));
    digits.iter().try_fold(0, add).map(|sum| sum as f64)
}

/// Bytes of the decimal number at the start of `text`.
fn number_length(text: &[u8]) -> Option<usize> {
    let digits = |from: usize| text[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    let whole = digits(at);
    at += whole;
    let mut fraction = 0;
    if text.get(at) == Some(&b'.') {
        fraction = digits(at + 1);
        at += 1 + fraction;
    }
    if whole + fraction == 0 {
        return None;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits((at + 1 + sign).min(text.len()));
        if exponent > 0 {
            at += 1 + sign + exponent;
        }
    }
    Some(at)
}

/// Whether `text` after a number is its unit and not more text.
fn is_unit(text: &str) -> bool {
    let unit = text.trim_start_matches([' ', '\u{A0}', '\u{202F}']);
    if unit.is_empty() || unit.chars().count() > UNIT_CHARS_MAX {
        return false;
    }
    if ["st", "nd", "rd", "th", "am", "pm"].iter().any(|word| unit.eq_ignore_ascii_case(word)) {
        return false;
    }
    let mut before = ' ';
    let mut named = false;
    for character in unit.chars() {
        let belongs = match character {
            '°' | '%' | '‰' | '℃' | '℉' => {
                named = true;
                true
            }
            '/' | '·' | '*' | '^' | '²' | '³' | '⁻' | '¹' => true,
            // m2, m^3, s-1
            '1'..='3' => before.is_alphabetic() || before == '^' || before == '-',
            '-' => before.is_alphabetic(),
            _ => {
                named = true;
                character.is_alphabetic() && !before.is_ascii_digit()
            }
        };
        if !belongs {
            return false;
        }
        before = character;
    }
    named
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_table_of_payloads_holds() {
        let numbers = [
            ("42", 42.0),
            ("-7", -7.0),
            ("+3", 3.0),
            ("20.50", 20.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("1e3", 1000.0),
            ("-1.5E-1", -0.15),
            ("007", 7.0),
            (" 21.5\r\n", 21.5),
            ("21.5\0", 21.5),
            ("true", 1.0),
            ("ON", 1.0),
            ("False", 0.0),
            ("off\n", 0.0),
            ("20.5 °C", 20.5),
            ("20.5\u{A0}°C", 20.5),
            ("45%", 45.0),
            ("230V", 230.0),
            ("3.2 kWh", 3.2),
            ("9.81 m/s2", 9.81),
            ("1.2 kg*m^2", 1.2),
            ("12 µg/m³", 12.0),
            ("25度", 25.0),
            ("5e", 5.0),
            ("0x1F", 31.0),
            ("0XfF", 255.0),
            ("\"21.5\"", 21.5),
            ("\" on \"", 1.0),
            ("18446744073709551615", 18_446_744_073_709_551_615.0),
        ];
        for (payload, number) in numbers {
            assert_eq!(number_of(payload.as_bytes()), Some(number), "{payload:?}");
        }
        let none = [
            "",
            " ",
            "\"",
            "\"\"",
            "takeoff",
            "online",
            "one",
            "NaN",
            "inf",
            "-",
            "+",
            ".",
            "-.",
            "e5",
            "--1",
            "2024-01-02",
            "2024-01-02T03:04:05Z",
            "12:30",
            "192.168.0.1",
            "1.2.3",
            "20,500",
            "1,5,2",
            "1,5.2",
            ",5",
            "1,234",
            "3/4",
            "1st",
            "5pm",
            "1e400",
            "-1e999",
            "0x",
            "0xg",
            "0x11112222333344445",
            "-0x1F",
            "12 34",
            "5 red apples",
            "{\"a\":1}",
            "[1]",
            "123e4567-e89b-12d3-a456-426614174000",
            "12.5;13.5",
            "5!",
            "\u{FFFD}",
            "7 \u{7F}",
            "1 /",
            "3 averylongunitname",
        ];
        for payload in none {
            assert_eq!(number_of(payload.as_bytes()), None, "{payload:?}");
        }
        assert_eq!(number_of(&[b'1'; 65]), None);
        assert_eq!(number_of(b"1\xFF"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_finite_number_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(number_of(&bytes).is_none_or(f64::is_finite));
        }

        #[test]
        fn anything_like_a_number_is_taken_or_refused(text in "[+-]?[0-9.]{0,4}[eE+xX-]{0,2}[0-9]{0,3}[ °Cm/s^2-]{0,4}") {
            prop_assert!(number_of(text.as_bytes()).is_none_or(f64::is_finite));
        }

        #[test]
        fn a_number_that_rust_writes_is_read_exactly(number in any::<f64>().prop_filter("finite", |it| it.is_finite())) {
            let written = format!("{number:?}");
            prop_assert_eq!(number_of(written.as_bytes()), Some(number));
        }
    }
}
