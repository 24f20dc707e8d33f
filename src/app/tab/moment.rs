//! The moment that a session's view shows, when it is not the present one.

use std::time::{Duration, Instant};

use eframe::egui::{Context, ViewportId};

use crate::app::tab::{CATCH_UP_FRAME, Tab};
use crate::message::Timestamp;
use crate::model::{Model, Seek, Seeking};
use crate::panels::scene::EarlierMoment;
use crate::session::clock;

/// How much of a frame may be spent on moving the view to another moment.
const SEEK_SLICE: Duration = Duration::from_millis(4);
/// The time between frames while moments follow each other.
const PLAY_FRAME: Duration = Duration::from_millis(33);

/// A view of an earlier moment.
#[derive(Debug)]
pub(super) struct Earlier {
    /// The moment asked for, or on the way to it.
    at: Timestamp,
    /// Whether the moment becomes known once the view is there.
    is_sought: bool,
    found_nothing: bool,
    /// From which moment it plays, and since when.
    playing: Option<(Timestamp, Instant)>,
}

impl Tab {
    /// What the time bar shows of an earlier moment.
    pub(super) fn earlier_moment(&self, model: &Model) -> Option<EarlierMoment> {
        let Earlier { at, found_nothing, playing, .. } = self.earlier.as_ref()?;
        let is_playing = playing.is_some();
        let now = clock::now();
        let until = if self.is_recorded() { model.reach().map_or(now, |(_, last)| last) } else { now };
        Some(EarlierMoment {
            at: *at,
            until,
            is_playing,
            is_seeking: model.is_seeking(),
            found_nothing: *found_nothing,
        })
    }

    /// Whether an earlier moment is shown, and whether it plays.
    pub fn is_rewound(&self) -> Option<bool> {
        self.earlier.as_ref().map(|earlier| earlier.playing.is_some())
    }

    /// The time that the view shows.
    pub(super) fn shown_time(&self) -> Timestamp {
        self.earlier.as_ref().map(|earlier| earlier.at).or(self.paused).unwrap_or_else(clock::now)
    }

    /// The name of the time bar's pane in the settings.
    pub fn time_bar_name(&self) -> &'static str {
        if self.is_recorded() { "recorded-time-bar" } else { "time-bar" }
    }

    /// Starts to move the view to another moment.
    pub fn seek(&mut self, to: Seek) {
        let at = match to {
            Seek::To(at) => at,
            Seek::Step { .. } | Seek::Change { .. } | Seek::Live => self.shown_time(),
        };
        self.opens_levels = false;
        self.paused = None;
        let is_sought = !matches!(to, Seek::To(_));
        self.earlier = Some(Earlier { at, is_sought, found_nothing: false, playing: None });
        self.session.model().lock().seek(to);
    }

    /// Moves the view to a change of the selected topic.
    pub fn seek_change(&mut self, forward: bool) {
        if let Some(node) = self.selected {
            self.seek(Seek::Change { node, forward });
        }
    }

    /// Shows what is there now, and what comes.
    pub fn back_to_live(&mut self) {
        if let Some(earlier) = &mut self.earlier {
            earlier.playing = None;
            self.session.model().lock().seek(Seek::Live);
        }
    }

    /// Lets the moments follow each other, or holds them.
    pub fn toggle_playing(&mut self) {
        if let Some(earlier) = &mut self.earlier {
            let begins = earlier.playing.is_none().then(|| (earlier.at, Instant::now()));
            earlier.playing = begins;
            earlier.found_nothing = false;
        }
    }

    /// Chooses how fast moments follow each other.
    pub fn set_speed(&mut self, speed: f64) {
        self.view.timebar.speed = speed;
        if let Some(Earlier { at, playing: playing @ Some(_), .. }) = &mut self.earlier {
            *playing = Some((*at, Instant::now()));
        }
    }

    /// Goes on with a movement of the view, for a part of the frame.
    pub(super) fn move_in_time(&mut self, ctx: &Context, model: &mut Model) {
        let speed = self.view.timebar.speed;
        let Some(earlier) = &mut self.earlier else { return };
        if let Some((from, since)) = earlier.playing {
            let passed = since.elapsed().as_secs_f64() * speed;
            let at = Timestamp(from.0.saturating_add((passed * 1e6) as i64));
            let end = model.reach().map_or(at, |(_, last)| last);
            earlier.at = at.min(end);
            if at > end {
                earlier.playing = None;
                model.seek(Seek::Live);
            } else {
                model.seek(Seek::To(at));
                ctx.request_repaint_after_for(PLAY_FRAME, ViewportId::ROOT);
            }
        }
        let began = Instant::now();
        let mut seeking = Seeking::More;
        while seeking == Seeking::More && began.elapsed() < SEEK_SLICE {
            seeking = model.seek_on(clock::now());
        }
        match seeking {
            Seeking::More => ctx.request_repaint_after_for(CATCH_UP_FRAME, ViewportId::ROOT),
            Seeking::Nowhere => earlier.found_nothing = true,
            Seeking::Arrived => {
                if std::mem::take(&mut earlier.is_sought) {
                    earlier.at = model.moment().unwrap_or(earlier.at);
                }
            }
        }
        if !model.is_rewound() {
            self.earlier = None;
        }
    }
}
