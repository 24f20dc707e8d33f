//! The beginning of a payload, read once for all decoders.

use crate::payload::decode::{DECODERS, Fit, Format, best};

/// Bytes that are looked at.
pub(in crate::payload) const LOOK_BYTES: usize = 1024;

/// The first 1,024 bytes of a payload, from which its format is guessed and its preview is made.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    payload: &'a [u8],
    text: Option<&'a str>,
}

impl<'a> Look<'a> {
    /// Looks at a payload.
    pub fn at(payload: &'a [u8]) -> Self {
        let start = &payload[..payload.len().min(LOOK_BYTES)];
        let text = match str::from_utf8(start) {
            Ok(text) => Some(text),
            // The end of the look may tear a character.
            Err(error) if payload.len() > LOOK_BYTES && error.error_len().is_none() => {
                str::from_utf8(&start[..error.valid_up_to()]).ok()
            }
            Err(_) => None,
        };
        Self { payload, text }
    }

    /// The whole payload. A decoder may read a few bytes far inside, but not walk through it.
    pub fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// The bytes that were looked at.
    pub fn start(&self) -> &'a [u8] {
        &self.payload[..self.payload.len().min(LOOK_BYTES)]
    }

    /// What was looked at, up to its last whole character; `None` if it is not UTF-8.
    pub fn text(&self) -> Option<&'a str> {
        self.text
    }

    /// Whether all of the payload was looked at.
    pub fn is_whole(&self) -> bool {
        self.payload.len() <= LOOK_BYTES
    }

    /// What the payload seems to be; `None` if it has no bytes at all.
    pub fn format(&self) -> Option<Format> {
        if self.payload.is_empty() { None } else { best(self.fits()) }
    }

    /// How well each format fits, asked one by one in the order of the table.
    pub(super) fn fits(&self) -> impl Iterator<Item = (Format, Fit)> {
        DECODERS.iter().map(|(format, decoder)| (*format, decoder.fit(self)))
    }
}
