//! Numbers of one type in a row, to the end of the payload: `f32le`.

use crate::payload::decode::binary::{BinaryFault, BinaryProblem};
use crate::payload::decode::bytes::Bytes;
use crate::payload::decode::structure::field::{Number, Scale};
use crate::payload::decode::structure::parse::number_type;
use crate::payload::decode::structure::{LayoutError, read_number, write_number};
use crate::payload::decode::value::{ValueDecoder, ValueWriter};
use crate::payload::decode::{DecodeError, Fit, Look};

/// Of which type the numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    number: Number,
    is_little: bool,
}

/// The numbers of the table of decoders: bytes.
pub const BYTES: Numbers = Numbers { number: Number::Unsigned(1), is_little: true };

impl std::str::FromStr for Numbers {
    type Err = LayoutError;

    fn from_str(word: &str) -> Result<Self, LayoutError> {
        let (number, is_little) =
            number_type(word.trim()).map_err(|problem| LayoutError { offset: 0, problem })?;
        Ok(Self { number, is_little })
    }
}

impl ValueDecoder for Numbers {
    /// Never recognised by its bytes: a person has to choose the type.
    fn fit(&self, _: &Look<'_>) -> Fit {
        Fit::No
    }

    fn write(&self, payload: &[u8], _: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        let odd = payload.len() % self.number.width();
        if odd > 0 {
            return Err(BinaryFault::at(payload.len() - odd, BinaryProblem::Truncated).into());
        }
        let mut bytes = Bytes::new(payload);
        out.begin_array()?;
        while !bytes.is_empty() {
            let number = read_number(self.number, self.is_little, &mut bytes)?;
            write_number(number, Scale::NONE, None, out)?;
        }
        Ok(out.end()?)
    }

    fn extension(&self) -> &'static str {
        "bin"
    }
}
