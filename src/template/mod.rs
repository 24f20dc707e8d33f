//! Texts with placeholders: `{{name}}` is a variable, `{{random 1 6}}` a function. Pure.
//!
//! The publish panel, saved messages, replies and sequences fill payloads and topics with it. Whoever calls hands in the
//! time, a seed and a [`Lookup`], so the same call gives the same text and a preview shows exactly what will be sent.
//! Text outside of placeholders is never touched; `\{{` stands for `{{`.
//!
//! ```
//! use mqttree::template::{Filling, NoLookup, Template};
//!
//! let template = Template::parse(r#"{"n": {{counter}}, "at": {{now_ms}}}"#)?;
//! let mut filling = Filling::new(mqttree::message::Timestamp(1_000_000), 7, &NoLookup);
//! assert_eq!(template.fill(&mut filling)?, r#"{"n": 7, "at": 1000}"#);
//! # Ok::<(), mqttree::template::TemplateError>(())
//! ```

mod dice;
mod error;
mod filling;
mod function;
mod parse;

pub use crate::template::error::{TemplateError, TemplateProblem, TemplateSpot};
pub use crate::template::filling::{Filling, Lookup, NoLookup};
use crate::template::function::Function;
pub use crate::template::function::{FunctionName, FunctionUsage};

/// The longest text that filling makes, in bytes: a `{{value …}}` may name a large payload many times.
pub const FILLED_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A text with placeholders, parsed once and filled as often as wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text(String),
    Variable(TemplateSpot, String),
    Call(TemplateSpot, Function),
}

impl Template {
    /// Parses a text; an error says where it is.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        parse::parse(text).map(|parts| Self { parts })
    }

    /// Whether there are no placeholders.
    pub fn is_plain(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Text(_)))
    }

    /// Whether two fillings may differ although nothing else has changed: a preview of it has to be renewed.
    pub fn varies(&self) -> bool {
        self.parts.iter().any(|part| match part {
            Part::Text(_) | Part::Variable(..) => false,
            Part::Call(_, function) => function.varies(),
        })
    }

    /// The names of the variables in it, in order, repeated where they are.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable(_, name) => Some(name.as_str()),
            Part::Text(_) | Part::Call(..) => None,
        })
    }

    /// The topics and paths of its `{{value …}}`.
    pub fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Call(_, Function::Value { topic, path }) => Some((topic.as_str(), path.as_str())),
            Part::Text(_) | Part::Variable(..) | Part::Call(..) => None,
        })
    }

    /// The text with every placeholder replaced, or the first that has no value.
    pub fn fill(&self, filling: &mut Filling<'_>) -> Result<String, TemplateError> {
        let mut filled = String::new();
        for part in &self.parts {
            let spot = match part {
                Part::Text(text) => {
                    filled.push_str(text);
                    TemplateSpot::default()
                }
                Part::Variable(spot, name) => {
                    let value = filling.lookup.variable(name);
                    filled.push_str(
                        &value.ok_or_else(|| spot.error(TemplateProblem::UnknownVariable(name.clone())))?,
                    );
                    *spot
                }
                Part::Call(spot, function) => {
                    filled.push_str(&function.fill(filling).map_err(|problem| spot.error(problem))?);
                    *spot
                }
            };
            if filled.len() > FILLED_BYTES_MAX {
                return Err(spot.error(TemplateProblem::TooLong));
            }
        }
        Ok(filled)
    }
}

/// Whether a variable can have this name: letters, digits, `_`, `-` and `.`, beginning with a letter or `_`, and no
/// function has it.
pub fn is_variable_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && chars.all(|char| char.is_alphanumeric() || matches!(char, '_' | '-' | '.'))
        && FunctionName::of(name).is_none()
}

#[cfg(test)]
mod tests;
