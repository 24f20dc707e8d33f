//! Protobuf's wire format, as devices write it.

/// A message that grows.
#[derive(Debug, Default)]
pub(super) struct Wire(Vec<u8>);

impl Wire {
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    pub fn whole(&mut self, number: u64, value: u64) {
        self.varint(number << 3);
        self.varint(value);
    }

    pub fn bytes(&mut self, number: u64, bytes: &[u8]) {
        self.varint(number << 3 | 2);
        self.varint(bytes.len() as u64);
        self.raw(bytes);
    }

    pub fn float(&mut self, number: u64, value: f32) {
        self.varint(number << 3 | 5);
        self.raw(&value.to_le_bytes());
    }

    pub fn double(&mut self, number: u64, value: f64) {
        self.varint(number << 3 | 1);
        self.raw(&value.to_le_bytes());
    }
}
