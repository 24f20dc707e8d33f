//! Random numbers that are the same for the same seed (SplitMix64), so that a preview shows what is sent.

/// A sequence of random numbers.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but not, `sides`, which is above 0.
    pub(super) fn below(&mut self, sides: u128) -> u128 {
        // The bias of a 64-bit number over a range of integers is one in 2^64 times the range: nobody sees it.
        (u128::from(self.roll()) * sides) >> 64
    }

    /// A number from 0 up to, but not, 1.
    pub(super) fn fraction(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
