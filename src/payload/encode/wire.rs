//! Protobuf's wire format, for writing.

/// A message that grows.
#[derive(Clone, Debug, Default)]
pub(in crate::payload) struct WireWriter(Vec<u8>);

impl WireWriter {
    /// What was written.
    pub(in crate::payload) fn finish(self) -> Vec<u8> {
        self.0
    }

    /// Adds bytes as they are.
    pub(in crate::payload) fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Adds a number in groups of seven bits.
    pub(in crate::payload) fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// Begins a field.
    pub(in crate::payload) fn tag(&mut self, number: u32, kind: u8) {
        self.varint(u64::from(number) << 3 | u64::from(kind));
    }

    /// Adds a field that is a whole number.
    pub(in crate::payload) fn whole(&mut self, number: u32, value: u64) {
        self.tag(number, 0);
        self.varint(value);
    }

    /// Adds a field that is bytes, a text or a message.
    pub(in crate::payload) fn bytes(&mut self, number: u32, bytes: &[u8]) {
        self.tag(number, 2);
        self.varint(bytes.len() as u64);
        self.raw(bytes);
    }

    /// Adds a field of four bytes.
    pub(in crate::payload) fn fixed32(&mut self, number: u32, bits: u32) {
        self.tag(number, 5);
        self.raw(&bits.to_le_bytes());
    }

    /// Adds a field of eight bytes.
    pub(in crate::payload) fn fixed64(&mut self, number: u32, bits: u64) {
        self.tag(number, 1);
        self.raw(&bits.to_le_bytes());
    }
}
