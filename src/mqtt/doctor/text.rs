//! The doctor's findings as a text to copy.

use std::fmt::Write as _;
use std::time::Duration;

use crate::mqtt::step::{Outcome, Step};

/// Where the times stand, in characters; a longer line pushes its own further.
const TIME_COLUMN_MAX: usize = 72;

/// The steps as a report: a sign, what was done and how long it took, below it what was found. No secrets, because
/// steps hold none.
pub fn as_text(steps: &[Step]) -> String {
    let width = steps.iter().map(|step| step.what.chars().count()).max().unwrap_or(0).min(TIME_COLUMN_MAX);
    let mut text = String::new();
    let mut steps = steps.iter().peekable();
    while let Some(Step { what, outcome, took, details }) = steps.next() {
        let sign = match outcome {
            Outcome::Ok => "ok",
            Outcome::Warning(_) => "warn",
            Outcome::Failed { .. } => "FAIL",
            Outcome::Skipped(_) => "-",
        };
        let took = took.map(time).unwrap_or_default();
        let line = format!("{sign:<4}  {what:<width$}  {took:>9}");
        line_to(&mut text, "", line.trim_end());
        match outcome {
            Outcome::Ok => {}
            Outcome::Warning(why) => line_to(&mut text, "      ", why),
            Outcome::Failed { why, suggestion } => {
                line_to(&mut text, "      ", why);
                if !suggestion.is_empty() {
                    line_to(&mut text, "      Try: ", suggestion);
                }
            }
            // Most have one reason for all: it stands below the last of them.
            Outcome::Skipped(_) if steps.peek().is_some_and(|next| next.outcome == *outcome) => {}
            Outcome::Skipped(why) => line_to(&mut text, "      not tried: ", why),
        }
        for detail in details {
            line_to(&mut text, "        ", detail);
        }
    }
    text
}

/// One line, whatever the broker put into it.
fn line_to(text: &mut String, indent: &str, line: &str) {
    let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    writeln!(text, "{indent}{line}").ok(); // writing to a String cannot fail
}

/// `0.3 ms`, `120 ms`, `10.0 s`
fn time(took: Duration) -> String {
    let ms = took.as_secs_f64() * 1e3;
    match ms {
        ms if ms < 10.0 => format!("{ms:.1} ms"),
        ms if ms < 1000.0 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1e3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::failure::Failure;

    fn skipped(what: &str) -> Step {
        let outcome = Outcome::Skipped("a\nb".to_owned());
        Step { what: what.to_owned(), outcome, took: None, details: Vec::new() }
    }

    #[test]
    fn the_report_is_aligned_and_says_what_to_try() {
        let failure =
            Failure::new("TCP connection to 192.0.2.1:1883", "connection refused", "Check the port.");
        let steps = [
            Step::ok("Name resolution of h", Duration::from_micros(1_250)).detail("192.0.2.1"),
            Step::failed(&failure, Duration::from_millis(10_040)),
            skipped("Ping"),
            skipped("DISCONNECT"),
        ];
        let expected = "\
ok    Name resolution of h                 1.2 ms
        192.0.2.1
FAIL  TCP connection to 192.0.2.1:1883     10.0 s
      connection refused
      Try: Check the port.
-     Ping
-     DISCONNECT
      not tried: a b
";
        assert_eq!(as_text(&steps), expected);
    }

    #[test]
    fn times_have_a_unit_that_fits() {
        let times = [(300, "0.3 ms"), (120_000, "120 ms"), (2_500_000, "2.5 s")];
        for (us, text) in times {
            assert_eq!(time(Duration::from_micros(us)), text);
        }
    }
}
