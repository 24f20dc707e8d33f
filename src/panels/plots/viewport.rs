//! Which time and which values a plot shows. Pure: seconds in, seconds out.
//!
//! A plot follows the present in a window of a chosen length until the person pans or zooms. Then it stands still until
//! told to follow again. The value axis fits what is visible until it is zoomed.

use std::collections::VecDeque;

use crate::words::{Label, plots};

/// The shortest time range that can be zoomed to, in seconds. Messages carry microseconds, but nobody reads labels
/// below a millisecond.
const SPAN_MIN_S: f64 = 0.02;
/// The longest time range, in seconds: a hundred years.
const SPAN_MAX_S: f64 = 3.2e9;

/// A closed range of one axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Lower end.
    pub from: f64,
    /// Upper end; never below `from`.
    pub to: f64,
}

impl Range {
    /// Creates a range from two ends in any order.
    pub fn new(a: f64, b: f64) -> Self {
        Self { from: a.min(b), to: a.max(b) }
    }

    /// Distance between the ends.
    pub fn length(self) -> f64 {
        self.to - self.from
    }

    /// Whether a value lies in the range.
    pub fn contains(self, value: f64) -> bool {
        self.from <= value && value <= self.to
    }

    /// The smallest range that contains both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self { from: self.from.min(other.from), to: self.to.max(other.to) }
    }

    /// The range shifted by an amount.
    #[must_use]
    pub fn moved(self, by: f64) -> Self {
        Self { from: self.from + by, to: self.to + by }
    }

    /// The range made shorter (`factor` above 1) or longer, with `around` staying in place on the screen.
    #[must_use]
    pub fn zoomed(self, factor: f64, around: f64) -> Self {
        Self { from: around - (around - self.from) / factor, to: around + (self.to - around) / factor }
    }
}

/// How much of the past a following plot shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeWindow {
    /// 10 seconds.
    TenSeconds,
    /// 1 minute.
    #[default]
    OneMinute,
    /// 5 minutes.
    FiveMinutes,
    /// 15 minutes.
    FifteenMinutes,
    /// 1 hour.
    OneHour,
    /// 6 hours.
    SixHours,
    /// 1 day.
    OneDay,
    /// 7 days.
    SevenDays,
    /// Everything since the first value.
    All,
}

impl TimeWindow {
    /// Every choice, with the label of its button.
    pub const CHOICES: [(Self, Label); 9] = [
        (Self::TenSeconds, plots::TEN_SECONDS),
        (Self::OneMinute, plots::ONE_MINUTE),
        (Self::FiveMinutes, plots::FIVE_MINUTES),
        (Self::FifteenMinutes, plots::FIFTEEN_MINUTES),
        (Self::OneHour, plots::ONE_HOUR),
        (Self::SixHours, plots::SIX_HOURS),
        (Self::OneDay, plots::ONE_DAY),
        (Self::SevenDays, plots::SEVEN_DAYS),
        (Self::All, plots::ALL),
    ];

    /// The window that is so many seconds long, or the next longer one; 0 stands for everything.
    pub fn of_seconds(seconds: f64) -> Self {
        let is_long_enough = |(window, _): &(Self, Label)| window.seconds().is_some_and(|own| own >= seconds);
        let found = Self::CHOICES.into_iter().find(is_long_enough).filter(|_| seconds > 0.0);
        found.map_or(Self::All, |(window, _)| window)
    }

    /// Its length in seconds; `None` for everything.
    pub fn seconds(self) -> Option<f64> {
        match self {
            Self::TenSeconds => Some(10.0),
            Self::OneMinute => Some(60.0),
            Self::FiveMinutes => Some(300.0),
            Self::FifteenMinutes => Some(900.0),
            Self::OneHour => Some(3_600.0),
            Self::SixHours => Some(6.0 * 3_600.0),
            Self::OneDay => Some(24.0 * 3_600.0),
            Self::SevenDays => Some(7.0 * 24.0 * 3_600.0),
            Self::All => None,
        }
    }
}

/// Which time a plot shows, which those of a page have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TimeChoice {
    /// The length chosen for following.
    pub window: TimeWindow,
    /// Set by panning and zooming; `None` follows the present.
    pub time: Option<Range>,
}

/// The visible part of a plot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Viewport {
    window: TimeWindow,
    /// Set by panning and zooming; `None` follows the present.
    time: Option<Range>,
    /// Set by zooming the values; `None` fits them.
    values: Option<Range>,
    /// Views before this one, the latest last.
    earlier: VecDeque<View>,
    /// When the view was last about to change, in seconds of any clock.
    changed_at: f64,
    /// Whether it went back to an earlier view since that was last asked.
    went_back: bool,
}

/// A view that one can return to: times and values, as in [`Viewport`].
type View = (Option<Range>, Option<Range>);

/// The most views that one can return to.
const EARLIER_MAX: usize = 50;
/// Changes that follow each other within so many seconds are one: a wheel that turns, a drag.
const ONE_CHANGE_S: f64 = 0.5;

impl Viewport {
    /// Whether the plot follows the present.
    pub fn follows(&self) -> bool {
        self.time.is_none()
    }

    /// The length chosen for following.
    pub fn window(&self) -> TimeWindow {
        self.window
    }

    /// The range of values set by zooming; `None` while they are fitted.
    pub fn values(&self) -> Option<Range> {
        self.values
    }

    /// Remembers the view that is about to change.
    pub fn note(&mut self, at: f64) {
        let view = (self.time, self.values);
        let goes_on = !self.earlier.is_empty() && at - self.changed_at < ONE_CHANGE_S;
        self.changed_at = at;
        if !goes_on && self.earlier.back() != Some(&view) {
            if self.earlier.len() == EARLIER_MAX {
                self.earlier.pop_front();
            }
            self.earlier.push_back(view);
        }
    }

    /// Whether there is a view to go back to.
    pub fn has_earlier(&self) -> bool {
        !self.earlier.is_empty()
    }

    /// Goes back to the view before the last change.
    pub fn back(&mut self) {
        while let Some(view) = self.earlier.pop_back() {
            // Plots that share their time went back together, and each has the view before.
            if view != (self.time, self.values) {
                (self.time, self.values) = view;
                self.changed_at = f64::NEG_INFINITY;
                self.went_back = true;
                return;
            }
        }
    }

    /// Whether it went back to an earlier view since the last call.
    pub fn take_went_back(&mut self) -> bool {
        std::mem::take(&mut self.went_back)
    }

    /// Which time it shows.
    pub fn choice(&self) -> TimeChoice {
        TimeChoice { window: self.window, time: self.time }
    }

    /// Shows another time. The view before is remembered as of `changed_at`, in seconds of any clock, if that is given.
    pub fn take(&mut self, choice: TimeChoice, changed_at: Option<f64>) {
        if self.choice() == choice {
            return;
        }
        if let Some(at) = changed_at {
            self.note(at);
        }
        (self.window, self.time) = (choice.window, choice.time);
    }

    /// Shows just this time.
    pub fn show_time(&mut self, time: Range) {
        let middle = f64::midpoint(time.from, time.to);
        let half = time.length().clamp(SPAN_MIN_S, SPAN_MAX_S) / 2.0;
        self.time = Some(Range { from: middle - half, to: middle + half });
    }

    /// Follows the present again and fits the values.
    pub fn follow(&mut self) {
        self.time = None;
        self.values = None;
    }

    /// Fits the values again, at the same time.
    pub fn fit_values(&mut self) {
        self.values = None;
    }

    /// Chooses how much of the past to show, and follows.
    pub fn choose(&mut self, window: TimeWindow) {
        self.window = window;
        self.follow();
    }

    /// The visible time, given the present and the time of the first value, all in the same seconds.
    pub fn time(&self, now: f64, first: Option<f64>) -> Range {
        self.time.unwrap_or_else(|| {
            let length = self.window.seconds().unwrap_or_else(|| {
                let recorded = first.map_or(0.0, |first| now - first);
                // A small margin on the left, so that the first value is not drawn on the axis.
                (recorded * 1.02).clamp(10.0, SPAN_MAX_S)
            });
            Range { from: now - length, to: now }
        })
    }

    /// Shifts the visible time by seconds and stops following.
    pub fn pan(&mut self, shown: Range, by_s: f64) {
        if by_s != 0.0 {
            self.time = Some(shown.moved(by_s));
        }
    }

    /// Shifts the values if they were zoomed; fitted values stay fitted.
    pub fn pan_values(&mut self, by: f64) {
        self.values = self.values.map(|values| values.moved(by));
    }

    /// Zooms the time around a point and stops following.
    pub fn zoom(&mut self, shown: Range, factor: f64, around: f64) {
        let length = shown.length() / factor;
        let factor = shown.length() / length.clamp(SPAN_MIN_S, SPAN_MAX_S);
        if factor.is_finite() && (factor - 1.0).abs() > f64::EPSILON {
            self.time = Some(shown.zoomed(factor, around));
        }
    }

    /// Zooms the values around a value.
    pub fn zoom_values(&mut self, shown: Range, factor: f64, around: f64) {
        let zoomed = shown.zoomed(factor, around);
        // Below the precision of `f64` a plot would show rounding errors.
        let precision = shown.from.abs().max(shown.to.abs()) * 1e-12;
        if zoomed.length().is_finite() && zoomed.length() > precision && zoomed.length() < 1e300 {
            self.values = Some(zoomed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_follows_the_present_until_it_is_panned() {
        let mut viewport = Viewport::default();
        assert_eq!(viewport.time(100.0, None), Range::new(40.0, 100.0));
        assert_eq!(viewport.time(101.0, None), Range::new(41.0, 101.0));

        viewport.pan(Range::new(41.0, 101.0), -10.0);
        assert!(!viewport.follows());
        assert_eq!(viewport.time(200.0, None), Range::new(31.0, 91.0));

        viewport.follow();
        assert_eq!(viewport.time(200.0, None), Range::new(140.0, 200.0));
    }

    #[test]
    fn zooming_keeps_the_moment_under_the_pointer_in_place() {
        let mut viewport = Viewport::default();
        viewport.zoom(Range::new(0.0, 60.0), 2.0, 15.0);
        let shown = viewport.time(999.0, None);
        assert_eq!(shown, Range::new(7.5, 37.5));
        assert!((((15.0 - shown.from) / shown.length()) - 0.25).abs() < 1e-12);
    }

    #[test]
    fn zooming_ends_at_what_can_be_labelled() {
        let mut viewport = Viewport::default();
        for _ in 0..200 {
            let shown = viewport.time(1_000.0, None);
            viewport.zoom(shown, 4.0, 990.0);
        }
        assert!((viewport.time(1_000.0, None).length() - SPAN_MIN_S).abs() < 1e-9);
        for _ in 0..200 {
            let shown = viewport.time(1_000.0, None);
            viewport.zoom(shown, 0.25, 990.0);
        }
        assert!(viewport.time(1_000.0, None).length() <= SPAN_MAX_S * 1.001);
    }

    #[test]
    fn the_whole_recording_shows_from_its_first_value() {
        let mut viewport = Viewport::default();
        viewport.choose(TimeWindow::All);
        let shown = viewport.time(5_000.0, Some(1_000.0));
        assert!(shown.from < 1_000.0 && shown.from > 900.0, "{shown:?}");
        assert_eq!(viewport.time(50.0, None), Range::new(40.0, 50.0), "nothing yet: ten seconds");
    }

    #[test]
    fn choosing_a_window_follows_again() {
        let mut viewport = Viewport::default();
        viewport.pan(Range::new(0.0, 60.0), 5.0);
        viewport.zoom_values(Range::new(0.0, 1.0), 2.0, 0.5);
        viewport.choose(TimeWindow::TenSeconds);
        assert!(viewport.follows() && viewport.values().is_none());
    }

    #[test]
    fn what_changed_in_one_go_is_taken_back_in_one_go() {
        let mut viewport = Viewport::default();
        for at in [10.0, 10.1, 10.3] {
            viewport.note(at);
            viewport.zoom(viewport.time(100.0, None), 2.0, 100.0);
        }
        let zoomed = viewport.time(100.0, None);
        viewport.note(20.0);
        viewport.pan(zoomed, -5.0);
        viewport.back();
        assert_eq!(viewport.time(100.0, None), zoomed);
        viewport.back();
        assert!(viewport.follows() && !viewport.has_earlier());
        viewport.back();
        assert!(viewport.follows());
    }

    #[test]
    fn values_are_not_zoomed_below_their_precision() {
        let mut viewport = Viewport::default();
        for _ in 0..400 {
            let shown = viewport.values().unwrap_or(Range::new(1e9, 1e9 + 1.0));
            viewport.zoom_values(shown, 2.0, 1e9 + 0.5);
        }
        let shown = viewport.values().unwrap();
        assert!(shown.length() > 0.0 && shown.length().is_finite(), "{shown:?}");
    }
}
