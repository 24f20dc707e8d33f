//! Writing the fields of a packet (MQTT 5.0, 1.5).
//!
//! A value too long for its length field is remembered and fails the whole packet: nothing is ever cut.

use crate::mqtt::limits::VARIABLE_MAX;
use crate::mqtt::packet::malformed::{Oversize, Part};
use crate::mqtt::trace::PacketKind;

/// Everything after the fixed header, while it is being written.
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

    pub(super) fn variable(&mut self, value: usize, part: Part) {
        if value > VARIABLE_MAX as usize {
            self.oversize.get_or_insert(Oversize(part));
        } else {
            put_variable(&mut self.bytes, value);
        }
    }

    pub(super) fn binary(&mut self, value: &[u8], part: Part) {
        match u16::try_from(value.len()) {
            Ok(length) => {
                self.u16(length);
                self.bytes.extend(value);
            }
            Err(_) => {
                self.oversize.get_or_insert(Oversize(part));
            }
        }
    }

    pub(super) fn text(&mut self, value: &str, part: Part) {
        self.binary(value.as_bytes(), part);
    }

    /// Writes properties with their length in front (MQTT 5.0, 2.2.2).
    pub(super) fn properties(&mut self, write: impl FnOnce(&mut Self)) {
        let mut properties = Self::default();
        write(&mut properties);
        self.variable(properties.bytes.len(), Part::Properties);
        self.bytes.append(&mut properties.bytes);
        self.oversize = self.oversize.or(properties.oversize);
    }

    /// Appends the packet to `out`. The caller appends the payload of `tail_bytes` that follows.
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
        if remaining > VARIABLE_MAX as usize {
            return Err(Oversize(Part::Content));
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
