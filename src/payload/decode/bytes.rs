//! A reader that takes bytes from a payload one after another.

use crate::payload::decode::binary::{BinaryFault, BinaryProblem};

/// A position in a payload. Reading beyond the end is reported as a fault, so that callers need not check lengths.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes<'a> {
    payload: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    /// The beginning of a payload.
    pub(super) fn new(payload: &'a [u8]) -> Self {
        Self { payload, at: 0 }
    }

    /// Bytes that were taken.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Bytes that are left.
    pub(super) fn left(&self) -> usize {
        self.payload.len() - self.at
    }

    /// Whether no bytes are left.
    pub(super) fn is_empty(&self) -> bool {
        self.left() == 0
    }

    /// The next `count` bytes.
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], BinaryFault> {
        let taken = self.at.checked_add(count).and_then(|end| self.payload.get(self.at..end));
        let taken = taken.ok_or(BinaryFault::at(self.payload.len(), BinaryProblem::Truncated))?;
        self.at += count;
        Ok(taken)
    }

    /// The next `N` bytes.
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], BinaryFault> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Result<u8, BinaryFault> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// A number in groups of seven bits, the lowest first (LEB128), of at most 64 bits.
    pub(super) fn varint(&mut self) -> Result<u64, BinaryFault> {
        let start = self.at;
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7F);
            if shift == 63 && bits > 1 {
                break;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(BinaryFault::at(start, BinaryProblem::LongNumber))
    }
}
