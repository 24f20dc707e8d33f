//! Reads the text of a template.

use crate::template::Part;
use crate::template::error::{TemplateError, TemplateProblem, TemplateSpot};
use crate::template::function::{Function, FunctionName};
use crate::template::is_variable_name;

pub(super) fn parse(text: &str) -> Result<Vec<Part>, TemplateError> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        let (before, from) = rest.split_at(at);
        if let Some(before) = before.strip_suffix('\\') {
            plain.push_str(before);
            plain.push_str("{{");
            rest = &from[2..];
            continue;
        }
        plain.push_str(before);
        let start = text.len() - from.len();
        let spot = |end: usize| spot(text, start, end);
        let Some(length) = closing(&from[2..]) else {
            return Err(spot(text.len()).error(TemplateProblem::Unclosed));
        };
        let spot = spot(start + length + 4);
        let inner = &from[2..2 + length];
        if !plain.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut plain)));
        }
        parts.push(placeholder(inner, spot).map_err(|problem| spot.error(problem))?);
        rest = &from[length + 4..];
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        parts.push(Part::Text(plain));
    }
    Ok(parts)
}

/// Where the braces close, outside of quotes if there is such a place.
fn closing(inner: &str) -> Option<usize> {
    let mut quote = None;
    for (at, char) in inner.char_indices() {
        match (quote, char) {
            (None, '"' | '\'') => quote = Some(char),
            (Some(open), _) if open == char => quote = None,
            (None, '}') if inner[at..].starts_with("}}") => return Some(at),
            _ => {}
        }
    }
    // An open quote is told as such.
    inner.find("}}")
}

fn placeholder(inner: &str, spot: TemplateSpot) -> Result<Part, TemplateProblem> {
    let mut words = words(inner)?.into_iter();
    let name = words.next().ok_or(TemplateProblem::Empty)?;
    let arguments: Vec<String> = words.collect();
    match FunctionName::of(&name) {
        Some(function) => Ok(Part::Call(spot, Function::new(function, arguments)?)),
        None if arguments.is_empty() && is_variable_name(&name) => Ok(Part::Variable(spot, name)),
        None if arguments.is_empty() => Err(TemplateProblem::UnknownVariable(name)),
        None => Err(TemplateProblem::UnknownFunction(name)),
    }
}

/// The words between spaces; a word in quotes may hold spaces.
fn words(inner: &str) -> Result<Vec<String>, TemplateProblem> {
    let mut words = Vec::new();
    let mut rest = inner.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = match first {
            '"' | '\'' => rest[1..].split_once(first).ok_or(TemplateProblem::UnclosedQuote)?,
            _ => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    Ok(words)
}

fn spot(text: &str, start: usize, end: usize) -> TemplateSpot {
    let before = text.get(..start).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(line..).unwrap_or_default().chars().count() + 1;
    TemplateSpot { start, end, line: before.matches('\n').count() + 1, column }
}
