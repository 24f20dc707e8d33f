//! Reads the line that a person writes.

use crate::payload::decode::structure::field::{Bit, Field, Kind, Layout, Number, Scale, Time};

/// Fields of one layout.
const FIELDS_MAX: usize = 256;
/// Items of one array, and bytes of one text.
const COUNT_MAX: usize = 65_536;

/// Where and why a line is no layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayoutError {
    /// The byte of the line.
    pub offset: usize,
    /// What is wrong there.
    pub problem: LayoutProblem,
}

/// What is wrong with a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayoutProblem {
    /// There is no field at all.
    Empty,
    /// No type is called so.
    UnknownType,
    /// A number of several bytes needs `le` or `be` behind its type.
    NoByteOrder,
    /// A field needs a name.
    NoName,
    /// A number is expected.
    NoNumber,
    /// Dividing by 0 gives nothing.
    DivisionByZero,
    /// A bracket is not closed.
    Unclosed,
    /// A name stands twice.
    Twice,
    /// More bits than their bytes have.
    TooManyBits,
    /// More fields, or more of one, than can be meant.
    TooMany,
    /// Only whole numbers can be times.
    NotATime,
    /// Text or bytes of any length can only come last.
    NotLast,
    /// This cannot stand here.
    Unexpected,
}

impl std::str::FromStr for Layout {
    type Err = LayoutError;

    fn from_str(line: &str) -> Result<Self, LayoutError> {
        let mut parser = Parser { line, at: 0 };
        let mut fields: Vec<Field> = Vec::new();
        loop {
            parser.space();
            let start = parser.at;
            if parser.rest().is_empty() && fields.is_empty() {
                return Err(parser.fail(LayoutProblem::Empty));
            }
            if let Some(Field { kind: Kind::Text(None) | Kind::Bytes(None), .. }) = fields.last() {
                return Err(parser.fail(LayoutProblem::NotLast));
            }
            let field = parser.field()?;
            if !field.name.is_empty() && fields.iter().any(|other| other.name == field.name) {
                return Err(LayoutError { offset: start, problem: LayoutProblem::Twice });
            }
            fields.push(field);
            if fields.len() > FIELDS_MAX {
                return Err(LayoutError { offset: start, problem: LayoutProblem::TooMany });
            }
            if !parser.take(',') {
                break;
            }
        }
        if parser.rest().is_empty() {
            Ok(Self { fields })
        } else {
            Err(parser.fail(LayoutProblem::Unexpected))
        }
    }
}

struct Parser<'l> {
    line: &'l str,
    at: usize,
}

impl<'l> Parser<'l> {
    fn rest(&self) -> &'l str {
        &self.line[self.at..]
    }

    fn fail(&self, problem: LayoutProblem) -> LayoutError {
        LayoutError { offset: self.at, problem }
    }

    fn space(&mut self) {
        self.at = self.line.len() - self.rest().trim_start().len();
    }

    fn take(&mut self, character: char) -> bool {
        self.space();
        let is_there = self.rest().starts_with(character);
        self.at += if is_there { character.len_utf8() } else { 0 };
        is_there
    }

    fn expect(&mut self, character: char, problem: LayoutProblem) -> Result<(), LayoutError> {
        if self.take(character) { Ok(()) } else { Err(self.fail(problem)) }
    }

    /// The longest run of letters, digits, `_` and `-`; not at a digit.
    fn word(&mut self) -> &'l str {
        self.space();
        let rest = self.rest();
        let is_word = |character: char| character.is_alphanumeric() || character == '_';
        let end = rest.find(|character| !is_word(character)).unwrap_or(rest.len());
        let word = if rest.starts_with(|first: char| first.is_ascii_digit()) { "" } else { &rest[..end] };
        self.at += word.len();
        word
    }

    fn name(&mut self) -> Result<String, LayoutError> {
        match self.word() {
            "" => Err(self.fail(LayoutProblem::NoName)),
            name => Ok(name.to_owned()),
        }
    }

    fn number(&mut self) -> Result<f64, LayoutError> {
        self.space();
        let rest = self.rest();
        let sign = usize::from(rest.starts_with(['+', '-']));
        let is_part = |character: char| character.is_ascii_digit() || character == '.';
        let end = rest[sign..].find(|character| !is_part(character)).map_or(rest.len(), |end| sign + end);
        let number = rest[..end].parse::<f64>().ok().filter(|number| number.is_finite());
        let number = number.ok_or_else(|| self.fail(LayoutProblem::NoNumber))?;
        self.at += end;
        Ok(number)
    }

    /// A number in brackets: `[8]`; `None` for `[]`.
    fn bracket(&mut self) -> Result<Option<usize>, LayoutError> {
        if self.take(']') {
            return Ok(None);
        }
        self.space();
        let rest = self.rest();
        let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
        let count: usize = rest[..end].parse().map_err(|_| self.fail(LayoutProblem::NoNumber))?;
        if count == 0 || count > COUNT_MAX {
            return Err(self.fail(LayoutProblem::TooMany));
        }
        self.at += end;
        self.expect(']', LayoutProblem::Unclosed)?;
        Ok(Some(count))
    }

    fn count(&mut self) -> Result<usize, LayoutError> {
        let start = self.at;
        self.bracket()?.ok_or(LayoutError { offset: start, problem: LayoutProblem::NoNumber })
    }

    fn field(&mut self) -> Result<Field, LayoutError> {
        self.space();
        let start = self.at;
        let kind = self.word();
        let wrong = |problem| LayoutError { offset: start, problem };
        let mut field = match kind {
            "pad" => {
                let count = if self.take('[') { self.count()? } else { 1 };
                return Ok(Field {
                    name: String::new(),
                    count: None,
                    kind: Kind::Padding(count),
                    unit: String::new(),
                });
            }
            "bool" => self.named(Kind::Boolean)?,
            "text" | "bytes" => {
                let length = if self.take('[') { self.bracket()? } else { None };
                let kind = if kind == "text" { Kind::Text(length) } else { Kind::Bytes(length) };
                self.named(kind)?
            }
            _ if kind.starts_with("bits") => self.bits(kind, start)?,
            _ => {
                let (number, is_little) = number_type(kind).map_err(wrong)?;
                let name = self.name()?;
                let count = if self.take('[') { Some(self.count()?) } else { None };
                let scale = self.scale()?;
                let time = self.time(number)?;
                let kind = Kind::Number { number, is_little, scale, time };
                Field { name, count, kind, unit: String::new() }
            }
        };
        self.space();
        let rest = self.rest();
        let unit = &rest[..rest.find(',').unwrap_or(rest.len())];
        if unit.contains(['{', '}', '[', ']', '/', ':']) && !unit.starts_with(char::is_alphabetic) {
            return Err(self.fail(LayoutProblem::Unexpected));
        }
        self.at += unit.len();
        unit.trim().clone_into(&mut field.unit);
        Ok(field)
    }

    fn named(&mut self, kind: Kind) -> Result<Field, LayoutError> {
        Ok(Field { name: self.name()?, count: None, kind, unit: String::new() })
    }

    /// `/100`, `*0.5`, `+40`, `-40`, each at most once and in this order.
    fn scale(&mut self) -> Result<Scale, LayoutError> {
        let mut scale = Scale::NONE;
        if self.take('/') {
            scale.divisor = self.number()?;
            if scale.divisor == 0.0 {
                return Err(self.fail(LayoutProblem::DivisionByZero));
            }
        }
        if self.take('*') {
            scale.factor = self.number()?;
        }
        self.space();
        if self.rest().starts_with(['+', '-']) {
            scale.offset = self.number()?;
        }
        Ok(scale)
    }

    fn time(&mut self, number: Number) -> Result<Option<Time>, LayoutError> {
        if !self.take(':') {
            return Ok(None);
        }
        let start = self.at;
        let time = match self.word() {
            "unix" => Time::Seconds,
            "unix_ms" => Time::Milliseconds,
            "unix_us" => Time::Microseconds,
            _ => return Err(LayoutError { offset: start, problem: LayoutProblem::Unexpected }),
        };
        match number {
            Number::Unsigned(_) | Number::Signed(_) => Ok(Some(time)),
            Number::Float(_) => Err(LayoutError { offset: start, problem: LayoutProblem::NotATime }),
        }
    }

    /// `bits flags{on,alarm,mode:2,_:4}`: from the lowest bit up, `_` for what is left out.
    fn bits(&mut self, kind: &str, start: usize) -> Result<Field, LayoutError> {
        let wrong = |problem| LayoutError { offset: start, problem };
        let (bytes, is_little) = match kind {
            "bits" | "bits8" => (1, true),
            _ => {
                let (number, is_little) = number_type(&kind.replacen("bits", "u", 1)).map_err(wrong)?;
                (number.width(), is_little)
            }
        };
        let name = self.name()?;
        self.expect('{', LayoutProblem::Unexpected)?;
        let mut bits = Vec::new();
        let mut used = 0;
        loop {
            let name = self.name()?;
            let width = if self.take(':') { self.number()? } else { 1.0 };
            if !(1.0..=32.0).contains(&width) || width.fract() != 0.0 {
                return Err(self.fail(LayoutProblem::TooManyBits));
            }
            let width = width as u32;
            used += width as usize;
            if used > 8 * bytes {
                return Err(self.fail(LayoutProblem::TooManyBits));
            }
            bits.push(Bit { name: if name == "_" { String::new() } else { name }, width });
            if self.take('}') {
                break;
            }
            self.expect(',', LayoutProblem::Unclosed)?;
        }
        Ok(Field { name, count: None, kind: Kind::Bits { bytes, is_little, bits }, unit: String::new() })
    }
}

/// `u8`, `i16le`, `f32be` and their like; whether the lowest byte comes first.
pub(super) fn number_type(word: &str) -> Result<(Number, bool), LayoutProblem> {
    let (digits, order) = match (word.strip_suffix("le"), word.strip_suffix("be")) {
        (Some(word), _) => (word, Some(true)),
        (_, Some(word)) => (word, Some(false)),
        (None, None) => (word, None),
    };
    let number = match digits {
        "u8" => Number::Unsigned(1),
        "u16" => Number::Unsigned(2),
        "u24" => Number::Unsigned(3),
        "u32" => Number::Unsigned(4),
        "u48" => Number::Unsigned(6),
        "u64" => Number::Unsigned(8),
        "i8" => Number::Signed(1),
        "i16" => Number::Signed(2),
        "i24" => Number::Signed(3),
        "i32" => Number::Signed(4),
        "i48" => Number::Signed(6),
        "i64" => Number::Signed(8),
        "f16" => Number::Float(2),
        "f32" => Number::Float(4),
        "f64" => Number::Float(8),
        _ => return Err(LayoutProblem::UnknownType),
    };
    match order {
        Some(is_little) => Ok((number, is_little)),
        None if number.width() == 1 => Ok((number, true)),
        None => Err(LayoutProblem::NoByteOrder),
    }
}
