//! A number computed from what a payload holds, once for each message.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use jaq_core::native::{bome, run};
use jaq_core::{Ctx, Error, Filter, Vars, unwrap_valr};
use jaq_json::{Num, Val, read};
use jaq_std::ValT as _;

use crate::payload::decode::Choice;
use crate::payload::query::number_of;
use crate::payload::{DecodeLimits, json, never};
use crate::query::jq::checked::{GUARD, guarded};
use crate::query::jq::{Data, QueryError, compile};
use crate::query::values::values_of;

/// Of a longer payload nothing is computed.
const INPUT_BYTES_MAX: usize = 64 * 1024;

/// A query in a checked part of jq that gives a number: `.temp * 1.8 + 32`, `[.phases[].power] | add`.
///
/// Paths, arithmetic, comparisons, `and`, `or`, `//`, `if`, `?`, pipes, `[…]`, `map`, `select`, `any`, `all`, `min_by`,
/// `max_by`, `has`, `startswith`, `endswith`, `pow` and jq's functions of one number or one array. Nothing that loops,
/// nothing that makes a value larger, no variables and no definitions: so a message costs a few walks through it.
/// Operands are read as the plots read numbers: `"21.5"` is 21.5, `true` is 1.
#[derive(Clone)]
pub struct NumberQuery {
    text: String,
    filter: Arc<Filter<Data>>,
}

impl fmt::Debug for NumberQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NumberQuery").field(&self.text).finish()
    }
}

impl PartialEq for NumberQuery {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for NumberQuery {}

impl fmt::Display for NumberQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for NumberQuery {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        let number = run((GUARD, Box::default(), |cv: jaq_core::Cv<'_, Data>| bome(as_number(cv.1))));
        let filter = compile(&guarded(text)?, vec![number])?;
        Ok(Self { text: text.to_owned(), filter: Arc::new(filter) })
    }
}

impl NumberQuery {
    /// The first number that the query gives for a payload; `None` if it gives none. `choice` says how the payload is
    /// read; without one its bytes decide.
    pub fn number(&self, payload: &[u8], choice: Option<&Choice>) -> Option<f64> {
        if payload.len() > INPUT_BYTES_MAX {
            return None;
        }
        let values = values_of(payload, choice);
        let input = match &values {
            Some(values) => value(values)?,
            None => Val::from(number_of(payload)?),
        };
        let context = Ctx::<Data>::new(&self.filter.lut, Vars::new([]));
        let first = self.filter.id.run((context, input)).map(unwrap_valr).next()?.ok()?;
        number(&first)
    }
}

/// A JSON value. jaq's parser recurses, so the nesting is looked at first.
fn value(json: &[u8]) -> Option<Val> {
    let limits = DecodeLimits { input_bytes_max: 1 << 20, depth_max: 100, ..DecodeLimits::default() };
    json::validate(json, &limits, &never).ok()?;
    read::parse_single(json).ok()
}

fn number(value: &Val) -> Option<f64> {
    let number = match value {
        Val::Num(_) => value.as_f64()?,
        Val::Bool(value) => f64::from(u8::from(*value)),
        Val::TStr(text) => number_of(text)?,
        Val::Null | Val::BStr(_) | Val::Arr(_) | Val::Obj(_) => return None,
    };
    number.is_finite().then_some(number)
}

/// A number that takes no more room than any other, or jq's error for what is none.
fn as_number(value: Val) -> Result<Val, Error<Val>> {
    if let Val::Num(Num::Int(_) | Num::Float(_)) = value {
        return Ok(value);
    }
    number(&value).map(Val::from).ok_or_else(|| Error::typ(value, "number"))
}
