//! How much arrives between two measurements.

use crate::model::Stats;

/// Messages and bytes per second, measured from totals.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Traffic {
    /// The last measurement: time, messages, payload bytes.
    last: Option<(f64, u64, u64)>,
    /// `None` before the second measurement.
    pub messages_per_second: Option<f64>,
    pub bytes_per_second: f64,
}

impl Traffic {
    /// Measures the totals at `now`, in seconds. The first call only remembers them.
    pub fn measure(&mut self, now: f64, stats: &Stats) {
        let Stats { messages, payload_bytes, .. } = *stats;
        if let Some((then, messages_then, bytes_then)) = self.last
            && now > then
        {
            let seconds = now - then;
            self.messages_per_second = Some(messages.saturating_sub(messages_then) as f64 / seconds);
            self.bytes_per_second = payload_bytes.saturating_sub(bytes_then) as f64 / seconds;
        }
        self.last = Some((now, messages, payload_bytes));
    }

    /// Whether nothing arrived between the last two measurements.
    pub fn is_idle(&self) -> bool {
        self.messages_per_second.is_none_or(|rate| rate <= 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_differences_by_time() {
        let mut traffic = Traffic::default();
        let stats = |messages, payload_bytes| Stats { messages, payload_bytes, ..Stats::default() };
        traffic.measure(1.0, &stats(10, 1_000));
        assert!(traffic.is_idle());
        traffic.measure(3.0, &stats(30, 5_000));
        assert_eq!(traffic.messages_per_second, Some(10.0));
        assert_eq!(traffic.bytes_per_second as u64, 2_000);
        traffic.measure(4.0, &stats(30, 5_000));
        assert!(traffic.is_idle());
    }
}
