//! jq, by the crate `jaq`.
//!
//! jaq takes no measure against endless time and memory, and a stack overflow ends the process. So a
//! [`NumberQuery`], which runs once for each message, takes only what costs no more than a few walks through the
//! payload. Everything else runs in a process of its own ([`run_query`]).

mod checked;
mod number_query;
mod worker;

use jaq_core::data::JustLut;
use jaq_core::load::{self, Arena, File, Loader};
use jaq_core::{Compiler, Filter};
use jaq_json::Val;
use serde::{Deserialize, Serialize};

pub use number_query::NumberQuery;
pub use worker::{QueryAnswer, QueryEnd, WORKER, WORKER_BYTES_MAX, WorkerFault, run_query, run_worker};

/// What filters work on.
type Data = JustLut<Val>;

/// Why a text is not a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryError {
    /// Where it is not, from 1, in characters.
    pub place: usize,
    /// What is wrong there.
    pub problem: QueryProblem,
}

/// What is wrong with the text of a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QueryProblem {
    /// It breaks the grammar of jq: jaq's word for what should stand there.
    Expected(String),
    /// There is no function of this name with as many arguments, or no such variable.
    Unknown(String),
    /// This may not run for each message.
    NotForEachMessage(String),
    /// It is longer, or has more brackets inside each other, than anybody writes.
    TooLong,
}

/// Compiles a query with the standard library and some functions of ours.
fn compile(text: &str, with: Vec<jaq_core::native::Fun<Data>>) -> Result<Filter<Data>, QueryError> {
    let defs = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let funs = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs()).chain(with);
    let arena = Arena::default();
    let modules = Loader::new(defs)
        .load(&arena, File { code: text, path: () })
        .map_err(|errors| first_fault(text, errors.into_iter().map(|(_, error)| error)))?;
    Compiler::default().with_funs(funs).compile(modules).map_err(|errors| {
        let undefined = errors.into_iter().flat_map(|(_, undefined)| undefined).next();
        let name = undefined.map_or("", |(name, _)| name);
        fault(text, name, QueryProblem::Unknown(name.to_owned()))
    })
}

fn first_fault<'s>(text: &str, mut errors: impl Iterator<Item = load::Error<&'s str>>) -> QueryError {
    let expected = |what: &str| QueryProblem::Expected(what.to_owned());
    match errors.next() {
        Some(load::Error::Io(files)) => {
            let name = files.first().map_or("", |(name, _)| name);
            fault(text, name, QueryProblem::Unknown(name.to_owned()))
        }
        Some(load::Error::Lex(faults)) => {
            let (what, part) = faults.first().map_or(("", ""), |(what, part)| (lex_word(what), *part));
            fault(text, part, expected(what))
        }
        Some(load::Error::Parse(faults)) => {
            let (what, part) = faults.first().map_or(("", ""), |(what, part)| (what.as_str(), *part));
            fault(text, part, expected(what))
        }
        None => fault(text, "", expected("")),
    }
}

/// Like jaq's own, which panics for a delimiter that it does not expect.
fn lex_word(expected: &load::lex::Expect<&str>) -> &'static str {
    match expected {
        load::lex::Expect::Delim(delimiter) if !matches!(*delimiter, "(" | "[" | "{" | "\"") => "delimiter",
        expected => expected.as_str(),
    }
}

/// A fault at `part`, which lies inside `text`; at its end if it does not.
fn fault(text: &str, part: &str, problem: QueryProblem) -> QueryError {
    let at = part.as_ptr().addr().checked_sub(text.as_ptr().addr()).filter(|at| *at < text.len());
    let before = text.get(..at.unwrap_or(text.len())).unwrap_or(text);
    QueryError { place: before.chars().count() + 1, problem }
}

/// Refuses what is so long or so deep that reading it could end the process: jaq's parser recurses.
fn check_length(text: &str, bytes_max: usize, depth_max: usize) -> Result<(), QueryError> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > depth_max || at >= bytes_max {
            return Err(fault(text, text.get(at..).unwrap_or(""), QueryProblem::TooLong));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
