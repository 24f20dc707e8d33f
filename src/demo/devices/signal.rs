//! Values that look as if something had measured them: slow waves, drifting walks, a little noise. The same
//! seed gives the same values.

use std::f64::consts::TAU;

use fastrand::Rng;

/// About normally distributed around 0, with the given standard deviation.
pub(super) fn noise(rng: &mut Rng, deviation: f64) -> f64 {
    // The sum of twelve uniform numbers has a variance of 1.
    (0..12).map(|_| rng.f64() - 0.5).sum::<f64>() * deviation
}

/// Whether something that happens every `seconds` on average happens in this second.
pub(super) fn once_in(rng: &mut Rng, seconds: f64) -> bool {
    rng.f64() < seconds.recip()
}

/// A wave around a mean, with noise on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wave {
    pub mean: f64,
    pub swing: f64,
    pub period_s: f64,
    pub noise: f64,
}

impl Wave {
    pub fn at(&self, seconds: f64, rng: &mut Rng) -> f64 {
        self.mean + self.swing * (TAU * seconds / self.period_s).sin() + noise(rng, self.noise)
    }
}

/// A random walk that turns back at its limits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walk {
    pub value: f64,
    pub low: f64,
    pub high: f64,
    pub step: f64,
}

impl Walk {
    /// Takes a step and returns where it leads.
    pub fn next(&mut self, rng: &mut Rng) -> f64 {
        self.value = (self.value + noise(rng, self.step)).clamp(self.low, self.high);
        self.value
    }
}

/// Rounds to a number of decimals, so that JSON shows what a sensor would send.
pub(super) fn round(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_stays_within_its_limits_and_a_wave_within_its_swing() {
        let mut rng = Rng::with_seed(1);
        let mut walk = Walk { value: 5.0, low: 4.0, high: 6.0, step: 0.5 };
        let wave = Wave { mean: 10.0, swing: 3.0, period_s: 60.0, noise: 0.0 };
        for second in 0..1000 {
            assert!((4.0..=6.0).contains(&walk.next(&mut rng)));
            assert!((7.0..=13.0).contains(&wave.at(f64::from(second), &mut rng)));
        }
    }

    #[test]
    fn noise_has_the_deviation_asked_for() {
        let mut rng = Rng::with_seed(2);
        let squares = (0..10_000).map(|_| noise(&mut rng, 2.0).powi(2)).sum::<f64>();
        assert!((3.6..4.4).contains(&(squares / 10_000.0)));
    }
}
