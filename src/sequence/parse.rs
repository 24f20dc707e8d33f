//! Reads the TOML of a sequence. Every error names its line.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use crate::message::QoS;
use crate::mqtt::filter;
use crate::payload::query::JsonPath;
use crate::query::Condition;
use crate::sequence::{
    Capture, STEPS_MAX, Sequence, SequenceError, SequenceProblem, SequenceStep, StepAction, TemplateText,
    WITHIN, levels,
};
use crate::template::{Template, is_variable_name};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Option<String>,
    #[serde(default)]
    variables: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    step: Vec<Spanned<Table>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    name: Option<String>,
    publish: Option<Spanned<String>>,
    payload: Option<Spanned<String>>,
    qos: Option<Spanned<i64>>,
    retain: Option<Spanned<bool>>,
    expect: Option<Spanned<String>>,
    within: Option<Spanned<String>>,
    r#where: Option<Spanned<String>>,
    retained: Option<Spanned<bool>>,
    capture: Option<Spanned<String>>,
    from: Option<Spanned<String>>,
    wait: Option<Spanned<String>>,
}

/// A file's text, to find lines in.
struct Reader<'t> {
    text: &'t str,
}

pub(super) fn parse(text: &str) -> Result<Sequence, SequenceError> {
    let reader = Reader { text };
    let file: File = toml::from_str(text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        reader.error(&span, SequenceProblem::Toml(error.message().to_owned()))
    })?;
    for (name, value) in &file.variables {
        if !is_variable_name(name) {
            return Err(reader.error(&value.span(), SequenceProblem::Variable(name.clone())));
        }
    }
    if let Some(step) = file.step.get(STEPS_MAX) {
        return Err(reader.error(&step.span(), SequenceProblem::TooManySteps));
    }
    if file.step.is_empty() {
        return Err(SequenceError { line: 1, problem: SequenceProblem::NoSteps });
    }
    let steps: Result<_, _> = file.step.into_iter().map(|step| reader.step(step)).collect();
    let variables = file.variables.into_iter().map(|(name, value)| (name, value.into_inner())).collect();
    Ok(Sequence { name: file.name, variables, steps: steps? })
}

impl Reader<'_> {
    fn error(&self, span: &Range<usize>, problem: SequenceProblem) -> SequenceError {
        let before = self.text.get(..span.start).unwrap_or_default();
        SequenceError { line: before.matches('\n').count() + 1, problem }
    }

    fn line(&self, span: &Range<usize>) -> usize {
        self.error(span, SequenceProblem::NoSteps).line
    }

    fn step(&self, table: Spanned<Table>) -> Result<SequenceStep, SequenceError> {
        let whole = table.span();
        let table = table.into_inner();
        let kinds = [
            ("publish", table.publish.as_ref().map(Spanned::span)),
            ("expect", table.expect.as_ref().map(Spanned::span)),
            ("wait", table.wait.as_ref().map(Spanned::span)),
            // A step that expects may capture too.
            ("capture", table.capture.as_ref().filter(|_| table.expect.is_none()).map(Spanned::span)),
        ];
        let mut named = kinds.into_iter().filter_map(|(kind, span)| Some((kind, span?)));
        let (kind, span) = named.next().ok_or_else(|| self.error(&whole, SequenceProblem::NoKind))?;
        if let Some((other, span)) = named.next() {
            return Err(self.error(&span, SequenceProblem::TwoKinds(kind, other)));
        }
        self.refuse_misplaced(&table, kind)?;
        Ok(SequenceStep { line: self.line(&span), name: table.name.clone(), kind: self.kind(table, &span)? })
    }

    /// Refuses keys that mean nothing to a step of this kind.
    fn refuse_misplaced(&self, table: &Table, kind: &'static str) -> Result<(), SequenceError> {
        let keys = [
            ("payload", table.payload.as_ref().map(Spanned::span), &["publish"][..]),
            ("qos", table.qos.as_ref().map(Spanned::span), &["publish"]),
            ("retain", table.retain.as_ref().map(Spanned::span), &["publish"]),
            ("within", table.within.as_ref().map(Spanned::span), &["expect"]),
            ("where", table.r#where.as_ref().map(Spanned::span), &["expect"]),
            ("retained", table.retained.as_ref().map(Spanned::span), &["expect"]),
            ("from", table.from.as_ref().map(Spanned::span), &["expect", "capture"]),
        ];
        for (key, span, of) in keys {
            if let Some(span) = span.filter(|_| !of.contains(&kind)) {
                return Err(self.error(&span, SequenceProblem::Misplaced { key, kind }));
            }
        }
        if let (Some(from), None) = (&table.from, &table.capture) {
            return Err(self.error(&from.span(), SequenceProblem::Misplaced { key: "from", kind }));
        }
        Ok(())
    }

    fn kind(&self, table: Table, span: &Range<usize>) -> Result<StepAction, SequenceError> {
        let capture = table.capture.map(|name| self.capture(&name, table.from.as_ref())).transpose()?;
        if let Some(topic) = table.publish {
            return Ok(StepAction::Publish {
                topic: self.topic(&topic)?,
                payload: table
                    .payload
                    .map_or_else(|| Ok(TemplateText::empty()), |payload| self.text(&payload))?,
                qos: table.qos.map_or(Ok(QoS::default()), |qos| self.qos(&qos))?,
                retain: table.retain.is_some_and(Spanned::into_inner),
            });
        }
        if let Some(filter) = table.expect {
            return Ok(StepAction::Expect {
                filter: self.filter(&filter)?,
                within: table.within.map_or(Ok(WITHIN), |within| self.duration(&within))?,
                condition: table.r#where.map(|condition| self.condition(&condition)).transpose()?,
                retained: table.retained.is_some_and(Spanned::into_inner),
                capture,
            });
        }
        if let Some(wait) = table.wait {
            return Ok(StepAction::Wait(self.duration(&wait)?));
        }
        capture.map(StepAction::Capture).ok_or_else(|| self.error(span, SequenceProblem::NoKind))
    }

    fn capture(
        &self,
        name: &Spanned<String>,
        from: Option<&Spanned<String>>,
    ) -> Result<Capture, SequenceError> {
        let from = from.ok_or_else(|| self.error(&name.span(), SequenceProblem::NoFrom))?;
        if !is_variable_name(name.get_ref()) {
            return Err(self.error(&name.span(), SequenceProblem::Variable(name.get_ref().clone())));
        }
        let path: JsonPath =
            from.get_ref().parse().map_err(|error| self.error(&from.span(), SequenceProblem::Path(error)))?;
        Ok(Capture { name: name.get_ref().clone(), from: path })
    }

    /// A text with placeholders. An error of one of them names its own line.
    fn text(&self, text: &Spanned<String>) -> Result<TemplateText, SequenceError> {
        match Template::parse(text.get_ref()) {
            Ok(template) => Ok(TemplateText { written: text.get_ref().clone(), template }),
            Err(error) => Err(self.error(&text.span(), SequenceProblem::Template(error))),
        }
    }

    fn topic(&self, topic: &Spanned<String>) -> Result<TemplateText, SequenceError> {
        let text = self.text(topic)?;
        if text.template.is_plain() {
            let checked = filter::check_topic(&text.written);
            checked.map_err(|error| self.error(&topic.span(), SequenceProblem::Topic(error)))?;
        }
        Ok(text)
    }

    fn filter(&self, filter: &Spanned<String>) -> Result<TemplateText, SequenceError> {
        let text = self.text(filter)?;
        let checked = filter::check_filter(&levels(&text.written).join("/"));
        checked.map_err(|error| self.error(&filter.span(), SequenceProblem::Topic(error)))?;
        Ok(text)
    }

    fn condition(&self, condition: &Spanned<String>) -> Result<TemplateText, SequenceError> {
        let text = self.text(condition)?;
        if text.template.is_plain()
            && let Err(error) = text.written.parse::<Condition>()
        {
            return Err(self.error(&condition.span(), SequenceProblem::Condition(error)));
        }
        Ok(text)
    }

    fn qos(&self, qos: &Spanned<i64>) -> Result<QoS, SequenceError> {
        let level = u8::try_from(*qos.get_ref()).ok().and_then(|level| QoS::try_from(level).ok());
        level.ok_or_else(|| self.error(&qos.span(), SequenceProblem::Qos(*qos.get_ref())))
    }

    fn duration(&self, text: &Spanned<String>) -> Result<Duration, SequenceError> {
        let found = duration(text.get_ref());
        found.ok_or_else(|| self.error(&text.span(), SequenceProblem::Duration(text.get_ref().clone())))
    }
}

impl TemplateText {
    fn empty() -> Self {
        Self { written: String::new(), template: Template::default() }
    }
}

/// `500 ms`, `2 s`, `1.5 min`: a day at most.
fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.trim_end_matches(|char: char| char.is_ascii_alphabetic());
    let seconds = match text.get(digits.len()..)? {
        "ms" => 0.001,
        "s" => 1.0,
        "min" => 60.0,
        _ => return None,
    };
    let number: f64 = digits.trim_end().parse().ok()?;
    Some(number * seconds).filter(|seconds| (0.0..=86_400.0).contains(seconds)).map(Duration::from_secs_f64)
}
