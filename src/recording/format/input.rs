//! Reads numbers and bytes from a slice, and notices when there are too few.

use crate::recording::format::varint;

/// The bytes are not what they should be, although their CRC is right: another program wrote them, or a fault of this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::recording) struct Malformed;

/// What has not been read yet.
#[derive(Clone, Copy, Debug)]
pub(in crate::recording) struct Input<'a>(pub &'a [u8]);

impl<'a> Input<'a> {
    /// The next `count` bytes.
    #[inline]
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    /// The next `N` bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*taken)
    }

    /// A byte.
    #[inline]
    pub fn byte(&mut self) -> Result<u8, Malformed> {
        let (&byte, rest) = self.0.split_first().ok_or(Malformed)?;
        self.0 = rest;
        Ok(byte)
    }

    /// A number of 2 bytes.
    pub fn u16(&mut self) -> Result<u16, Malformed> {
        self.array().map(u16::from_le_bytes)
    }

    /// A number of 4 bytes.
    pub fn u32(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_le_bytes)
    }

    /// A number of 8 bytes.
    pub fn u64(&mut self) -> Result<u64, Malformed> {
        self.array().map(u64::from_le_bytes)
    }

    /// A signed number of 8 bytes.
    pub fn i64(&mut self) -> Result<i64, Malformed> {
        self.array().map(i64::from_le_bytes)
    }

    /// A varint of up to 64 bits.
    #[inline]
    pub fn varint(&mut self) -> Result<u64, Malformed> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(Malformed);
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Malformed)
    }

    /// A varint of up to 32 bits.
    #[inline]
    pub fn varint_u32(&mut self) -> Result<u32, Malformed> {
        u32::try_from(self.varint()?).map_err(|_| Malformed)
    }

    /// A varint that counts or measures what is in memory.
    #[inline]
    pub fn varint_usize(&mut self) -> Result<usize, Malformed> {
        usize::try_from(self.varint()?).map_err(|_| Malformed)
    }

    /// A signed varint.
    #[inline]
    pub fn varint_signed(&mut self) -> Result<i64, Malformed> {
        self.varint().map(varint::signed)
    }

    /// Bytes with their length before them.
    pub fn counted(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.varint_usize()?;
        self.take(length)
    }

    /// That nothing is left.
    pub fn end(self) -> Result<(), Malformed> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed) }
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
        assert_eq!(Input(&[0x80]).varint(), Err(Malformed));
        assert_eq!(Input(&[0xff; 11]).varint(), Err(Malformed));
        assert_eq!(
            Input(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]).varint(),
            Err(Malformed)
        );
        assert_eq!(Input(&[0x80, 0x80, 0x80, 0x80, 0x10]).varint_u32(), Err(Malformed));
        assert_eq!(Input(&[200, 1, 0]).counted(), Err(Malformed), "200 bytes that are not there");
    }
}
