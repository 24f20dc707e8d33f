//! Writing the fields of a packet (MQTT 5.0, 1.5).
//!
//! A length that does not fit its field is remembered and fails the packet as a whole: nothing is ever cut.

use crate::mqtt::trace::PacketKind;

/// A field is longer than MQTT can say. Nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("its {0} is longer than MQTT allows")]
pub struct Oversize(pub &'static str);

/// The largest number that a variable byte integer can say (MQTT 5.0, 1.5.5).
const VARIABLE_MAX: usize = 268_435_455;

/// What follows the fixed header, while it is written.
#[derive(Debug, Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
    oversize: Option<Oversize>,
}

impl Writer {
    pub(super) fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.bytes.extend(value.to_be_bytes());
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.bytes.extend(value.to_be_bytes());
    }

    pub(super) fn variable(&mut self, value: usize, field: &'static str) {
        if value > VARIABLE_MAX {
            self.oversize.get_or_insert(Oversize(field));
        } else {
            put_variable(&mut self.bytes, value);
        }
    }

    pub(super) fn binary(&mut self, value: &[u8], field: &'static str) {
        match u16::try_from(value.len()) {
            Ok(length) => {
                self.u16(length);
                self.bytes.extend(value);
            }
            Err(_) => {
                self.oversize.get_or_insert(Oversize(field));
            }
        }
    }

    pub(super) fn text(&mut self, value: &str, field: &'static str) {
        self.binary(value.as_bytes(), field);
    }

    /// Properties with their length before them (MQTT 5.0, 2.2.2).
    pub(super) fn properties(&mut self, write: impl FnOnce(&mut Self)) {
        let mut properties = Self::default();
        write(&mut properties);
        self.variable(properties.bytes.len(), "properties");
        self.bytes.append(&mut properties.bytes);
        self.oversize = self.oversize.or(properties.oversize);
    }

    /// Appends the packet to `out`; `tail_bytes` more, its payload, are appended by the caller.
    pub(super) fn finish(
        self,
        out: &mut Vec<u8>,
        kind: PacketKind,
        flags: u8,
        tail_bytes: usize,
    ) -> Result<(), Oversize> {
        let remaining = self.bytes.len().saturating_add(tail_bytes);
        if let Some(oversize) = self.oversize {
            return Err(oversize);
        }
        if remaining > VARIABLE_MAX {
            return Err(Oversize("content"));
        }
        out.push(((kind as u8) << 4) | flags);
        put_variable(out, remaining);
        out.extend(self.bytes);
        Ok(())
    }
}

fn put_variable(out: &mut Vec<u8>, mut value: usize) {
    loop {
        let byte = (value & 0x7F) as u8;
        value >>= 7;
        if value == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}
