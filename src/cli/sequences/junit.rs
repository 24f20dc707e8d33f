//! The report of `--junit`: the XML that CI servers read. A file is a test suite, a step a test case.

use std::fmt::Write as _;
use std::time::Duration;

use crate::sequence::{SequenceRun, StepState};
use crate::words::Language::English;
use crate::words::cli::NOT_RUN;
use crate::words::sequence;

/// What became of one file.
pub(super) struct Suite {
    /// The file, as it was named.
    pub name: String,
    /// The run.
    pub run: SequenceRun,
    /// How long it took, with connecting.
    pub took: Duration,
    /// Whether there was no connection, or no subscription.
    pub not_begun: bool,
}

impl Suite {
    pub(super) fn has_passed(&self) -> bool {
        !self.not_begun && self.run.has_passed()
    }

    fn count(&self, is_meant: impl Fn(&StepState) -> bool) -> usize {
        self.run.results().iter().filter(|result| is_meant(&result.state)).count()
    }
}

/// The report on all files.
pub(super) fn xml(suites: &[Suite]) -> String {
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let all = suites.iter().map(Counts::of).fold(Counts::default(), Counts::plus);
    // Writing to a `String` cannot fail.
    writeln!(xml, "<testsuites name=\"mqttree\" {}>", all.attributes()).ok();
    for suite in suites {
        let name = escaped(&suite.name);
        writeln!(xml, "  <testsuite name=\"{name}\" {}>", Counts::of(suite).attributes()).ok();
        if suite.not_begun {
            writeln!(
                xml,
                "    <testcase classname=\"{name}\" name=\"connect\" time=\"{:.3}\"><error message=\"{}\"/></testcase>",
                suite.took.as_secs_f64(),
                escaped(NOT_RUN)
            )
            .ok();
        }
        for (step, result) in suite.run.sequence().steps.iter().zip(suite.run.results()) {
            write!(
                xml,
                "    <testcase classname=\"{name}\" name=\"{}\" file=\"{name}\" line=\"{}\" time=\"{:.3}\"",
                escaped(&sequence::step(step, English)),
                step.line,
                result.took.as_secs_f64()
            )
            .ok();
            match &result.state {
                StepState::Passed => writeln!(xml, "/>"),
                StepState::NotReached | StepState::Running => writeln!(xml, "><skipped/></testcase>"),
                StepState::Failed(failure) => {
                    let why = escaped(&sequence::failure(failure, English));
                    writeln!(
                        xml,
                        "><failure message=\"{why}\">{name}:{}: {why}</failure></testcase>",
                        step.line
                    )
                }
            }
            .ok();
        }
        xml += "  </testsuite>\n";
    }
    xml + "</testsuites>\n"
}

/// How many steps went how.
#[derive(Clone, Copy, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    took: Duration,
}

impl Counts {
    fn of(suite: &Suite) -> Self {
        let errors = usize::from(suite.not_begun);
        Self {
            tests: suite.run.results().len() + errors,
            failures: suite.count(|state| matches!(state, StepState::Failed(_))),
            errors,
            skipped: suite.count(|state| matches!(state, StepState::NotReached | StepState::Running)),
            took: suite.took,
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            tests: self.tests + other.tests,
            failures: self.failures + other.failures,
            errors: self.errors + other.errors,
            skipped: self.skipped + other.skipped,
            took: self.took + other.took,
        }
    }

    fn attributes(self) -> String {
        let Self { tests, failures, errors, skipped, took } = self;
        format!(
            "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"{:.3}\"",
            took.as_secs_f64()
        )
    }
}

/// A text as XML: characters that XML cannot say become the sign for that.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\n' | '\r' | '\t' => {
                // A line feed in an attribute would be read as a space.
                write!(escaped, "&#{};", u32::from(char)).ok();
            }
            '\0'..' ' | '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            _ => escaped.push(char),
        }
    }
    escaped
}
