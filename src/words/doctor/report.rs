//! The doctor's findings as a text to copy.

use std::fmt::Write as _;
use std::time::Duration;

use crate::mqtt::step::{StepOutcome, TakenStep};
use crate::words::Language;
use crate::words::doctor::{cause, details, hint, skip_reason, step, warning};

/// Where the times stand, in characters; a longer line pushes its own further.
const TIME_COLUMN_MAX: usize = 72;

/// The steps as a report: a sign, what was done and how long it took, below it what was found. No secrets, because
/// steps hold none.
pub fn report(steps: &[TakenStep], l: Language) -> String {
    let names: Vec<String> = steps.iter().map(|taken| step(&taken.step, l)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).min(TIME_COLUMN_MAX);
    let mut text = String::new();
    let mut steps = steps.iter().zip(&names).peekable();
    while let Some((taken, name)) = steps.next() {
        let sign = match taken.outcome {
            StepOutcome::Ok => l.pick("ok", "成功"),
            StepOutcome::Warning(_) => l.pick("warn", "警告"),
            StepOutcome::Failed { .. } => l.pick("FAIL", "失败"),
            StepOutcome::Skipped(_) => "-",
        };
        let took = taken.took.map(time).unwrap_or_default();
        line_to(&mut text, "", format!("{sign:<4}  {name:<width$}  {took:>9}").trim_end());
        match &taken.outcome {
            StepOutcome::Ok => {}
            StepOutcome::Warning(found) => line_to(&mut text, "      ", &warning(found, taken, l)),
            StepOutcome::Failed { cause: why, hint: help } => {
                line_to(&mut text, "      ", &cause(why, &taken.step, l));
                let help = help.map(|help| hint(help, &taken.step, l)).unwrap_or_default();
                if !help.is_empty() {
                    line_to(&mut text, l.pick("      Try: ", "      建议："), &help);
                }
            }
            // Most have one reason for all: it stands below the last of them.
            StepOutcome::Skipped(_) if steps.peek().is_some_and(|next| next.0.outcome == taken.outcome) => {}
            StepOutcome::Skipped(reason) => {
                line_to(&mut text, l.pick("      not tried: ", "      未执行："), &skip_reason(reason, l));
            }
        }
        for detail in details(taken, l) {
            line_to(&mut text, "        ", &detail);
        }
    }
    text
}

/// One line, also where the broker sent several.
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
    use std::net::{IpAddr, SocketAddr};

    use super::*;
    use crate::mqtt::failure::{Failure, Hint, IoError};
    use crate::mqtt::step::{Detail, SkipReason, Step};

    fn steps() -> [TakenStep; 4] {
        let address = SocketAddr::from(([192, 0, 2, 1], 1883));
        let error = IoError::from(&std::io::ErrorKind::ConnectionRefused.into());
        let cause = crate::mqtt::failure::Cause::Io(error);
        let failure = Failure::new(Step::Tcp(address.into()), cause, Hint::CheckNetwork);
        let skipped =
            |step| TakenStep::skipped(step, SkipReason::After(Box::new(Step::Socket("a\nb".to_owned()))));
        [
            TakenStep::ok(Step::NameResolution("h".to_owned()), Duration::from_micros(1_250))
                .detail(Detail::Address(IpAddr::from([192, 0, 2, 1]))),
            TakenStep::failed(&failure, Duration::from_millis(10_040)),
            skipped(Step::Ping),
            skipped(Step::Disconnect),
        ]
    }

    #[test]
    fn the_report_is_aligned_and_says_what_to_try() {
        let expected = "\
ok    Name resolution of h                 1.2 ms
        192.0.2.1
FAIL  TCP connection to 192.0.2.1:1883     10.0 s
      connection refused
      Try: Check the network connection and the host.
-     Ping
-     DISCONNECT
      not tried: Connection to the socket a b failed
";
        assert_eq!(report(&steps(), Language::English), expected);
    }

    #[test]
    fn the_report_speaks_chinese() {
        let report = report(&steps(), Language::Chinese);
        for line in ["失败", "连接被拒绝", "建议：检查网络连接和主机。", "未执行：“到套接字 a b 的连接”失败"]
        {
            assert!(report.contains(line), "{report}");
        }
    }

    #[test]
    fn times_have_a_unit_that_fits() {
        let times = [(300, "0.3 ms"), (120_000, "120 ms"), (2_500_000, "2.5 s")];
        for (us, text) in times {
            assert_eq!(time(Duration::from_micros(us)), text);
        }
    }
}
