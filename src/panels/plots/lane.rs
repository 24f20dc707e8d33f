//! A lane of states: a span for each, with its name in it, below the chart.

use eframe::egui::{Align2, Rect, pos2};

use crate::panels::plots::entry::PlotEntry;
use crate::panels::plots::marks::PlotMark;
use crate::panels::plots::picture::{CHARACTER, PlotPicture, PlotSubject};
use crate::panels::plots::viewport::Range;

/// Height of a lane: its name, and its spans.
const LANE: f32 = 36.0;
/// The least height of a lane.
const LANE_MIN: f32 = 18.0;
const NAME: f32 = 14.0;
/// A span narrower than this has no state that could be seen.
const NARROW: f32 = 1.5;

/// How high so many lanes are together, where at most so much room is theirs.
pub fn height(lanes: usize, most: f32) -> f32 {
    (LANE * lanes as f32).min(most.max(0.0))
}

/// A span of a lane; without a state where several are too narrow to tell apart.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Span {
    from: f32,
    to: f32,
    state: Option<f64>,
}

/// The spans of values that hold until the next one, and the last until `end`, within `visible` places.
fn spans(points: &[[f64; 2]], end: f64, x: impl Fn(f64) -> f32, visible: (f32, f32)) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (index, point) in points.iter().enumerate() {
        let until = points.get(index + 1).map_or(end, |next| next[0]);
        let (from, to) = (x(point[0]).max(visible.0), x(until).min(visible.1));
        if to < visible.0 || from > visible.1 {
            continue;
        }
        let continues = |span: &Span| span.state == Some(point[1]);
        if let Some(last) = spans.last_mut().filter(|span| continues(span)) {
            last.to = to;
            continue;
        }
        let is_narrow = to - from < NARROW && index + 1 < points.len();
        let state = (!is_narrow).then_some(point[1]);
        match spans.last_mut() {
            Some(last) if last.state.is_none() && state.is_none() => last.to = to,
            _ => spans.push(Span { from, to, state }),
        }
    }
    spans.retain(|span| span.to > span.from);
    spans
}

/// Draws states as spans with their names. Where several lie within a pixel, a grey span says that it is busy.
pub fn draw(picture: &mut PlotPicture, entry: &PlotEntry, area: Rect, of: &PlotSubject<'_>) {
    let t = of.t;
    let has_name = area.height() >= LANE_MIN + NAME - 1.0;
    let top = area.top() + if has_name { NAME } else { 2.0 };
    let bar = area.with_min_y(top).with_max_y(area.bottom() - 3.0);
    let mut marks = Vec::new();
    for (points, ends) in entry.curve().runs() {
        let end = ends.unwrap_or(of.now);
        for Span { from, to, state } in
            spans(points, end, |time| picture.x(time), (area.left(), area.right()))
        {
            let rect = bar.with_min_x(from).with_max_x(to);
            let Some(state) = state else {
                marks.push(PlotMark::Block { rect, color: t.text_faint });
                continue;
            };
            let hue = t.series[(state.max(0.0) as usize) % t.series.len()];
            marks.push(PlotMark::Block { rect, color: hue.gamma_multiply(0.35) });
            marks.push(PlotMark::Block { rect: rect.with_max_x((from + NARROW).min(to)), color: hue });
            let text = entry.text(state, 10);
            let room = ((to - from - 8.0) / CHARACTER).max(0.0) as usize;
            if room >= 2 {
                let is_whole = text.chars().count() <= room;
                let cut = || text.chars().take(room.saturating_sub(1)).chain(['…']).collect();
                let text = if is_whole { text.clone() } else { cut() };
                let at = pos2(from + 5.0, rect.center().y);
                marks.push(PlotMark::Text { at, anchor: Align2::LEFT_CENTER, text, color: t.text });
            }
        }
    }
    if has_name {
        let at = pos2(area.left() + 3.0, area.top() + NAME / 2.0);
        let text = entry.name().to_owned();
        marks.push(PlotMark::Text { at, anchor: Align2::LEFT_CENTER, text, color: t.text_muted });
    }
    picture.inside.append(&mut marks);
}

/// The seconds that each state lasted in a range, the longest first; the last lasts until the end of the range.
pub fn times(points: impl Iterator<Item = ([f64; 2], bool)>, range: Range) -> Vec<(f64, f64)> {
    let mut found: Vec<(f64, f64)> = Vec::new();
    let mut add = |state: f64, seconds: f64| match found
        .iter_mut()
        .find(|(known, _)| known.total_cmp(&state).is_eq())
    {
        Some((_, sum)) => *sum += seconds,
        None => found.push((state, seconds)),
    };
    let mut open: Option<[f64; 2]> = None;
    // Each point, or where the line was broken.
    for (point, is_gap) in points {
        if let Some([since, state]) = open.take() {
            add(state, (point[0].min(range.to) - since.max(range.from)).max(0.0));
        }
        open = (!is_gap).then_some(point);
    }
    if let Some([since, state]) = open {
        add(state, (range.to - since.max(range.from)).max(0.0));
    }
    found.retain(|(_, seconds)| *seconds > 0.0);
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_states_in_a_row_are_one_span_and_the_last_lasts_until_now() {
        let points = [[0.0, 1.0], [10.0, 1.0], [20.0, 2.0]];
        let found = spans(&points, 50.0, |time| time as f32, (5.0, 100.0));
        let span = |from, to, state| Span { from, to, state: Some(state) };
        assert_eq!(found, [span(5.0, 20.0, 1.0), span(20.0, 50.0, 2.0)]);
    }

    #[test]
    fn states_that_are_too_short_to_see_are_one_busy_span() {
        let mut points: Vec<_> =
            (0..40).map(|index| [f64::from(index) * 0.25, f64::from(index % 2)]).collect();
        points.push([10.0, 5.0]);
        let found = spans(&points, 50.0, |time| time as f32, (0.0, 100.0));
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!((found[0].state, found[1].state), (None, Some(5.0)));
    }

    #[test]
    fn the_time_in_each_state_ends_at_gaps_and_at_the_range() {
        let at = |time: f64, state: f64| ([time, state], false);
        let points = [at(0.0, 1.0), at(10.0, 2.0), ([15.0, 0.0], true), at(20.0, 1.0)];
        let found = times(points.into_iter(), Range::new(4.0, 30.0));
        assert_eq!(found, [(1.0, 16.0), (2.0, 5.0)]);
    }
}
