//! Why bytes are not what they were taken for.

/// Where a binary payload breaks its format, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BinaryFault {
    /// The byte, counted from 0.
    pub offset: usize,
    /// What is wrong there.
    pub problem: BinaryProblem,
}

impl BinaryFault {
    /// A fault at a byte.
    pub(super) fn at(offset: usize, problem: BinaryProblem) -> Self {
        Self { offset, problem }
    }
}

/// What is wrong with a binary payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryProblem {
    /// The payload ends inside a value.
    Truncated,
    /// Bytes follow the end of the value.
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// No value begins with this byte, or none may stand here.
    BadByte(u8),
    /// A text is not UTF-8.
    NotUtf8,
    /// More containers stand inside each other than this.
    TooDeep(usize),
    /// A number has more bytes than its format allows.
    LongNumber,
    /// A length is larger than what follows.
    BadLength(u64),
    /// Protobuf: a field number outside 1 to 536,870,911.
    BadField(u64),
    /// A value has another type than its schema says.
    OtherType,
    /// It was written by another schema.
    OtherSchema,
    /// Avro: its blocks are compressed in a way that is not known here.
    UnknownCodec,
    /// Protobuf: a group that was not opened, or not closed.
    BadGroup,
    /// A document is not well-formed.
    Malformed,
    /// A compressed payload whose content does not fit its checksum or its form.
    Damaged,
}
