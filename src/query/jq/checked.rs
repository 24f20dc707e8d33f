//! Which part of jq may run for each message, and how it is written so that numbers stay numbers.
//!
//! A text passes if its cost is a few walks through the value: no definitions and no variables, nothing that loops, no
//! term that gives several values where another one is computed from it, nothing that makes a value larger. Then it is
//! written anew with a guard around both sides of every operation: jq multiplies strings and has integers of any length.

use jaq_core::load::lex::{Lexer, StrPart};
use jaq_core::load::parse::{BinaryOp, Parser, Term};
use jaq_core::ops::{Cmp, Math};
use jaq_core::path::{Opt, Part};

use crate::query::jq::{QueryError, QueryProblem, check_length, fault, first_fault};

/// A longer text is refused.
const TEXT_BYTES_MAX: usize = 1_000;
/// More brackets inside each other are refused.
const DEPTH_MAX: usize = 24;

/// The function that makes a number of what is one, and fails for what is none.
pub(super) const GUARD: &str = "mqttree_number";

/// Functions of one value, whose cost is at most that of sorting it.
const PLAIN: &[&str] = &[
    "abs",
    "acos",
    "add",
    "all",
    "any",
    "ascii_downcase",
    "ascii_upcase",
    "asin",
    "atan",
    "ceil",
    "cos",
    "exp",
    "exp10",
    "exp2",
    "fabs",
    "false",
    "first",
    "floor",
    "isnan",
    "last",
    "length",
    "log",
    "log10",
    "log2",
    "max",
    "min",
    "not",
    "null",
    "round",
    "sin",
    "sort",
    "sqrt",
    "tan",
    "true",
    "trunc",
    "type",
];

/// Whether a term gives one value at most.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Many {
    No,
    Yes,
}

/// The text of a query with guards, if it may run for each message.
pub(super) fn guarded(text: &str) -> Result<String, QueryError> {
    check_length(text, TEXT_BYTES_MAX, DEPTH_MAX)?;
    let tokens = Lexer::new(text)
        .lex()
        .map_err(|faults| first_fault(text, std::iter::once(jaq_core::load::Error::Lex(faults))))?;
    let term = Parser::new(&tokens).parse(Parser::term).map_err(|faults| {
        let faults = faults
            .into_iter()
            .map(|(what, found)| (what, jaq_core::load::lex::Token::opt_as_str(found, text)));
        first_fault(text, std::iter::once(jaq_core::load::Error::Parse(faults.collect())))
    })?;
    let mut out = Writer { text, out: String::new() };
    out.term(&term)?;
    Ok(out.out)
}

struct Writer<'t> {
    text: &'t str,
    out: String,
}

impl Writer<'_> {
    fn refuse(&self, part: &str) -> QueryError {
        fault(self.text, part, QueryProblem::NotForEachMessage(part.to_owned()))
    }

    /// What has no name in the text is named by its sign.
    fn refuse_sign(&self, sign: &str) -> QueryError {
        let at = self.text.find(sign).and_then(|at| self.text.get(at..at + sign.len()));
        fault(self.text, at.unwrap_or(""), QueryProblem::NotForEachMessage(sign.to_owned()))
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A term in parentheses that gives one value, with a guard if it is to be a number.
    fn operand(&mut self, term: &Term<&str>, is_number: bool) -> Result<(), QueryError> {
        self.put("(");
        if self.term(term)? == Many::Yes {
            return Err(self.refuse_sign("[]"));
        }
        if is_number {
            self.put("|");
            self.put(GUARD);
        }
        self.put(")");
        Ok(())
    }

    fn term(&mut self, term: &Term<&str>) -> Result<Many, QueryError> {
        match term {
            Term::Id => self.put("."),
            Term::Num(digits) => self.put(digits),
            Term::Str(None, parts) => self.string(parts)?,
            Term::Neg(term) => {
                self.put("-");
                self.operand(term, true)?;
            }
            Term::Arr(Some(inside)) => {
                self.put("[");
                self.term(inside)?;
                self.put("]");
            }
            Term::BinOp(left, BinaryOp::Pipe(None), right) => {
                self.put("(");
                let left = self.term(left)?;
                self.put("|");
                let right = self.term(right)?;
                self.put(")");
                return Ok(if left == Many::Yes { left } else { right });
            }
            Term::BinOp(left, operator, right) => self.operation(left, operator, right)?,
            Term::IfThenElse(branches, otherwise) => self.branches(branches, otherwise.as_deref())?,
            Term::TryCatch(term, None) => {
                self.put("(try ");
                self.operand(term, false)?;
                self.put(")");
            }
            Term::Call(name, arguments) => self.call(name, arguments)?,
            Term::Path(from, path) => return self.path(from, &path.0),
            Term::Recurse => return Err(self.refuse_sign("..")),
            Term::Str(Some(name), _) | Term::Label(name, _) | Term::Break(name) | Term::Var(name) => {
                return Err(self.refuse(name));
            }
            Term::Fold(name, ..) => return Err(self.refuse(name)),
            Term::Def(defs, _) => return Err(self.refuse(defs.first().map_or("", |def| def.name))),
            Term::Arr(None) => return Err(self.refuse_sign("[]")),
            Term::Obj(_) => return Err(self.refuse_sign("{")),
            Term::TryCatch(_, Some(_)) => return Err(self.refuse_sign("catch")),
        }
        Ok(Many::No)
    }

    fn string(&mut self, parts: &[StrPart<&str, Term<&str>>]) -> Result<(), QueryError> {
        let mut text = String::new();
        for part in parts {
            match part {
                StrPart::Str(part) => text.push_str(part),
                StrPart::Char(character) => text.push(*character),
                StrPart::Term(_) => return Err(self.refuse_sign("\\(")),
            }
        }
        // JSON's strings are jq's, and have no interpolation.
        self.put(&serde_json::Value::from(text).to_string());
        Ok(())
    }

    fn operation(
        &mut self,
        left: &Term<&str>,
        operator: &BinaryOp<&str>,
        right: &Term<&str>,
    ) -> Result<(), QueryError> {
        let (sign, is_number) = match operator {
            BinaryOp::Math(Math::Add) => ("+", true),
            BinaryOp::Math(Math::Sub) => ("-", true),
            BinaryOp::Math(Math::Mul) => ("*", true),
            BinaryOp::Math(Math::Div) => ("/", true),
            BinaryOp::Math(Math::Rem) => ("%", true),
            BinaryOp::Cmp(Cmp::Lt) => ("<", false),
            BinaryOp::Cmp(Cmp::Le) => ("<=", false),
            BinaryOp::Cmp(Cmp::Gt) => (">", false),
            BinaryOp::Cmp(Cmp::Ge) => (">=", false),
            BinaryOp::Cmp(Cmp::Eq) => ("==", false),
            BinaryOp::Cmp(Cmp::Ne) => ("!=", false),
            BinaryOp::And => (" and ", false),
            BinaryOp::Or => (" or ", false),
            BinaryOp::Alt => ("//", false),
            BinaryOp::Comma => return Err(self.refuse_sign(",")),
            BinaryOp::Pipe(_) => return Err(self.refuse_sign(" as ")),
            BinaryOp::Assign | BinaryOp::Update | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt => {
                return Err(self.refuse_sign("="));
            }
        };
        self.put("(");
        self.operand(left, is_number)?;
        self.put(sign);
        self.operand(right, is_number)?;
        self.put(")");
        Ok(())
    }

    fn branches(
        &mut self,
        branches: &[(Term<&str>, Term<&str>)],
        otherwise: Option<&Term<&str>>,
    ) -> Result<(), QueryError> {
        for (at, (condition, value)) in branches.iter().enumerate() {
            self.put(if at == 0 { "(if " } else { " elif " });
            self.operand(condition, false)?;
            self.put(" then ");
            self.operand(value, false)?;
        }
        if let Some(otherwise) = otherwise {
            self.put(" else ");
            self.operand(otherwise, false)?;
        }
        self.put(" end)");
        Ok(())
    }

    fn call(&mut self, name: &str, arguments: &[Term<&str>]) -> Result<(), QueryError> {
        match (name, arguments) {
            ("tonumber", []) => self.put(GUARD),
            (name, []) if PLAIN.contains(&name) => self.put(name),
            ("map" | "select" | "any" | "all" | "min_by" | "max_by", [inside]) => {
                self.put(name);
                self.operand(inside, false)?;
            }
            ("has" | "startswith" | "endswith", [argument @ (Term::Str(None, _) | Term::Num(_))]) => {
                self.put(name);
                self.operand(argument, false)?;
            }
            ("pow", [base, exponent]) => {
                self.put("pow(");
                self.operand(base, true)?;
                self.put(";");
                self.operand(exponent, true)?;
                self.put(")");
            }
            _ => return Err(self.refuse(name)),
        }
        Ok(())
    }

    fn path(&mut self, from: &Term<&str>, parts: &[(Part<Term<&str>>, Opt)]) -> Result<Many, QueryError> {
        // A dot needs no parentheses, and jq takes `.a` only without them.
        if !matches!(from, Term::Id) {
            self.put("(");
        }
        let mut many = self.term(from)?;
        if !matches!(from, Term::Id) {
            self.put(")");
        }
        for (part, opt) in parts {
            self.put("[");
            match part {
                Part::Index(index @ (Term::Str(None, _) | Term::Num(_))) => {
                    self.term(index)?;
                }
                Part::Index(Term::Neg(index)) if matches!(**index, Term::Num(_)) => {
                    self.put("-");
                    self.term(index)?;
                }
                Part::Range(None, None) => many = Many::Yes,
                Part::Index(_) | Part::Range(..) => return Err(self.refuse_sign("[")),
            }
            self.put(if matches!(opt, Opt::Optional) { "]?" } else { "]" });
        }
        Ok(many)
    }
}
