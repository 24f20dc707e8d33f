//! Reads a condition, and says at which character it is none.

use std::str::FromStr;

use crate::payload::query::{JsonPath, PathError};
use crate::query::condition::{Comparison, Condition, ConditionError, ConditionProblem, Literal, Operator};

/// A longer text is not read.
const TEXT_BYTES_MAX: usize = 4_096;

/// Longer signs before their beginnings.
const OPERATORS: [(&str, Operator); 6] = [
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

const CONTAINS: &str = "contains";

impl FromStr for Condition {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Self, ConditionError> {
        let mut reader = Reader { text, at: 0 };
        if text.len() > TEXT_BYTES_MAX {
            return Err(reader.fail(ConditionProblem::TooLong));
        }
        let mut alternatives = vec![Vec::new()];
        let mut count = 0;
        loop {
            count += 1;
            if count > Self::COMPARISONS_MAX {
                return Err(reader.fail(ConditionProblem::TooLong));
            }
            let comparison = reader.comparison()?;
            if let Some(all) = alternatives.last_mut() {
                all.push(comparison);
            }
            reader.skip_space();
            if reader.rest().is_empty() {
                return Ok(Self { text: text.trim().to_owned(), alternatives });
            } else if reader.word("or") || reader.sign("||") {
                alternatives.push(Vec::new());
            } else if !reader.word("and") && !reader.sign("&&") {
                return Err(reader.fail(ConditionProblem::NoConjunction));
            }
        }
    }
}

impl Condition {
    /// Whether a text was meant as a condition, even if it is none yet: a path with a sign of comparison after it.
    pub fn is_meant(text: &str) -> bool {
        let mut reader = Reader { text, at: 0 };
        let is_path = reader.path().is_ok();
        let is_apart = reader.rest().starts_with(' ');
        reader.skip_space();
        match OPERATORS.iter().find(|(sign, _)| reader.rest().starts_with(sign)) {
            Some((sign, _)) if is_path => {
                let after = &reader.rest()[sign.len()..];
                sign.len() == 2
                    || after.starts_with([' ', '-'])
                    || after.starts_with(|c: char| c.is_ascii_digit())
                    || after.is_empty() && is_apart
            }
            Some(_) => false,
            None => text.parse::<Self>().is_ok(),
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn fail(&self, problem: ConditionProblem) -> ConditionError {
        ConditionError { place: self.text[..self.at].chars().count() + 1, problem }
    }

    fn sign(&mut self, sign: &str) -> bool {
        let is_next = self.rest().starts_with(sign);
        self.at += if is_next { sign.len() } else { 0 };
        is_next
    }

    /// Passes a word that nothing but a space or a quote may follow.
    fn word(&mut self, word: &str) -> bool {
        let after = self.rest().strip_prefix(word);
        let is_next = after.is_some_and(|after| {
            after.is_empty() || after.starts_with(|c: char| c.is_whitespace() || c == '"')
        });
        self.at += if is_next { word.len() } else { 0 };
        is_next
    }

    fn comparison(&mut self) -> Result<Comparison, ConditionError> {
        let path = self.path()?;
        let operator = self.operator()?;
        self.skip_space();
        let literal_at = self.at;
        let literal = self.literal()?;
        let problem = match (operator, &literal) {
            (Operator::Contains, Literal::Text(_)) | (Operator::Equal | Operator::NotEqual, _) => None,
            (Operator::Contains, _) => Some(ConditionProblem::ContainsNoText),
            (_, Literal::Bool(_) | Literal::Null) => Some(ConditionProblem::NoOrder),
            (_, Literal::Number(..) | Literal::Text(_)) => None,
        };
        if let Some(problem) = problem {
            self.at = literal_at;
            return Err(self.fail(problem));
        }
        Ok(Comparison { path, operator, literal })
    }

    fn path(&mut self) -> Result<JsonPath, ConditionError> {
        self.skip_space();
        let path = &self.rest()[..path_length(self.rest())];
        match path.parse() {
            Ok(parsed) => {
                self.at += path.len();
                Ok(parsed)
            }
            Err(PathError { place, problem }) => {
                let ConditionError { place: start, .. } = self.fail(ConditionProblem::NoOperator);
                Err(ConditionError { place: start + place - 1, problem: ConditionProblem::Path(problem) })
            }
        }
    }

    fn operator(&mut self) -> Result<Operator, ConditionError> {
        self.skip_space();
        for (sign, operator) in OPERATORS {
            if self.sign(sign) {
                return Ok(operator);
            }
        }
        if self.word(CONTAINS) {
            return Ok(Operator::Contains);
        }
        let is_single = self.rest().starts_with('=');
        Err(self.fail(if is_single { ConditionProblem::SingleEquals } else { ConditionProblem::NoOperator }))
    }

    fn literal(&mut self) -> Result<Literal, ConditionError> {
        let rest = self.rest();
        if rest.starts_with('"') {
            let mut values = serde_json::Deserializer::from_str(rest).into_iter::<String>();
            let Some(Ok(text)) = values.next() else {
                return Err(self.fail(ConditionProblem::UnclosedQuote));
            };
            self.at += values.byte_offset();
            return Ok(Literal::Text(text));
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '&' | '|')).unwrap_or(rest.len());
        let word = &rest[..end];
        let literal = match word {
            "" => return Err(self.fail(ConditionProblem::NoLiteral)),
            "true" => Literal::Bool(true),
            "false" => Literal::Bool(false),
            "null" => Literal::Null,
            word => {
                let is_number =
                    word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
                match word.parse::<f64>().ok().filter(|number| is_number && number.is_finite()) {
                    Some(number) => Literal::Number(number, word.parse().ok()),
                    None => return Err(self.fail(ConditionProblem::NoQuotes)),
                }
            }
        };
        self.at += end;
        Ok(literal)
    }
}

/// Bytes of the path at the start of a text: up to a space or a sign of comparison outside of brackets.
fn path_length(text: &str) -> usize {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            '=' | '!' | '<' | '>' if !is_quoted => return at,
            _ if character.is_whitespace() && !is_quoted => return at,
            _ => {}
        }
    }
    text.len()
}
