//! Reads numbers and bytes from a slice, checking that there are enough.

use crate::recording::format::varint;

/// The bytes are invalid although their CRC is correct: another program wrote them, or there is a bug in this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::recording) struct MalformedFrame;

/// The bytes not yet read.
#[derive(Clone, Copy, Debug)]
pub(in crate::recording) struct Input<'a>(pub &'a [u8]);

impl<'a> Input<'a> {
    /// Reads the next `count` bytes.
    #[inline]
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], MalformedFrame> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(MalformedFrame)?;
        self.0 = rest;
        Ok(taken)
    }

    /// Reads the next `N` bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], MalformedFrame> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(MalformedFrame)?;
        self.0 = rest;
        Ok(*taken)
    }

    /// Reads a byte.
    #[inline]
    pub fn byte(&mut self) -> Result<u8, MalformedFrame> {
        let (&byte, rest) = self.0.split_first().ok_or(MalformedFrame)?;
        self.0 = rest;
        Ok(byte)
    }

    /// Reads a number of 2 bytes.
    pub fn u16(&mut self) -> Result<u16, MalformedFrame> {
        self.array().map(u16::from_le_bytes)
    }

    /// Reads a number of 4 bytes.
    pub fn u32(&mut self) -> Result<u32, MalformedFrame> {
        self.array().map(u32::from_le_bytes)
    }

    /// Reads a number of 8 bytes.
    pub fn u64(&mut self) -> Result<u64, MalformedFrame> {
        self.array().map(u64::from_le_bytes)
    }

    /// Reads a signed number of 8 bytes.
    pub fn i64(&mut self) -> Result<i64, MalformedFrame> {
        self.array().map(i64::from_le_bytes)
    }

    /// Reads a varint of up to 64 bits.
    #[inline]
    pub fn varint(&mut self) -> Result<u64, MalformedFrame> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(MalformedFrame);
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(MalformedFrame)
    }

    /// Reads a varint of up to 32 bits.
    #[inline]
    pub fn varint_u32(&mut self) -> Result<u32, MalformedFrame> {
        u32::try_from(self.varint()?).map_err(|_| MalformedFrame)
    }

    /// Reads a varint that counts or measures something in memory.
    #[inline]
    pub fn varint_usize(&mut self) -> Result<usize, MalformedFrame> {
        usize::try_from(self.varint()?).map_err(|_| MalformedFrame)
    }

    /// Reads a signed varint.
    #[inline]
    pub fn varint_signed(&mut self) -> Result<i64, MalformedFrame> {
        self.varint().map(varint::signed)
    }

    /// Reads bytes preceded by their length.
    pub fn counted(&mut self) -> Result<&'a [u8], MalformedFrame> {
        let length = self.varint_usize()?;
        self.take(length)
    }

    /// Checks that nothing is left.
    pub fn end(self) -> Result<(), MalformedFrame> {
        if self.0.is_empty() { Ok(()) } else { Err(MalformedFrame) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back(number: u64, other: i64) {
            let mut out = Vec::new();
            varint::put(&mut out, number);
            varint::put_signed(&mut out, other);
            let mut input = Input(&out);
            prop_assert_eq!(input.varint(), Ok(number));
            prop_assert_eq!(input.varint_signed(), Ok(other));
            prop_assert_eq!(input.end(), Ok(()));
        }
    }

    #[test]
    fn a_number_that_does_not_end_or_is_too_large_is_refused() {
        assert_eq!(Input(&[0x80]).varint(), Err(MalformedFrame));
        assert_eq!(Input(&[0xff; 11]).varint(), Err(MalformedFrame));
        assert_eq!(
            Input(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]).varint(),
            Err(MalformedFrame)
        );
        assert_eq!(Input(&[0x80, 0x80, 0x80, 0x80, 0x10]).varint_u32(), Err(MalformedFrame));
        assert_eq!(Input(&[200, 1, 0]).counted(), Err(MalformedFrame), "200 bytes that are not there");
    }
}
