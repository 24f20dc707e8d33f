//! What a layout is made of.

/// How bytes are laid out.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    pub(super) fields: Vec<Field>,
}

/// One field, or several of the same kind.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    /// Empty for padding.
    pub name: String,
    /// How many stand in a row as an array; `None`: one alone.
    pub count: Option<usize>,
    pub kind: Kind,
    /// For a person; may be empty.
    pub unit: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Number {
        number: Number,
        is_little: bool,
        scale: Scale,
        time: Option<Time>,
    },
    /// One byte, `false` if it is 0.
    Boolean,
    /// So many bytes of UTF-8, or all that are left.
    Text(Option<usize>),
    /// So many bytes, or all that are left.
    Bytes(Option<usize>),
    Bits {
        bytes: usize,
        is_little: bool,
        bits: Vec<Bit>,
    },
    Padding(usize),
}

/// A kind of number with its width in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Unsigned(u8),
    Signed(u8),
    /// 2, 4 or 8 bytes (IEEE 754).
    Float(u8),
}

impl Number {
    pub fn width(self) -> usize {
        match self {
            Self::Unsigned(width) | Self::Signed(width) | Self::Float(width) => usize::from(width),
        }
    }
}

/// What is done to a number: divided, multiplied, then moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    pub divisor: f64,
    pub factor: f64,
    pub offset: f64,
}

impl Scale {
    pub const NONE: Self = Self { divisor: 1.0, factor: 1.0, offset: 0.0 };

    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// Dividing by 100 gives the nearest number to the quotient; multiplying by 0.01 would not.
    pub fn apply(self, value: f64) -> f64 {
        value / self.divisor * self.factor + self.offset
    }
}

/// What a time is counted in, since 1970 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    Seconds,
    Milliseconds,
    Microseconds,
}

/// A few bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bit {
    /// Empty: they are left out.
    pub name: String,
    /// From 1 to 32.
    pub width: u32,
}
