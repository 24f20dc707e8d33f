//! The program's own performance: one JSON line a second for `--perf-log`, and the figures of the F12 overlay.
//!
//! The window hands in each frame's CPU time. A separate thread writes, so that there are lines even while nothing is
//! drawn.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use serde::Serialize;

use crate::message::Timestamp;
use crate::model::Model;
use crate::session::{Meter, clock};
use crate::words::{self, Language};

/// Frame times kept for one line or one graph. More frames than this in a second are counted, not kept.
const FRAMES_KEPT: usize = 240;

/// What the window and the writing thread share.
#[derive(Debug, Default)]
pub struct Perf {
    second: Mutex<Second>,
    recent: Mutex<VecDeque<f32>>,
    source: Mutex<Option<PerfSource>>,
    search: Mutex<SearchTimes>,
    /// When the first frame was on the screen.
    first_frame: OnceLock<Timestamp>,
}

/// What one frame took, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[expect(clippy::struct_field_names, reason = "units stand last in a name")]
pub struct FrameTimes {
    /// CPU time of the window's thread for UI and tessellation.
    pub cpu_ms: f32,
    /// Wall-clock time from the beginning of the frame until it was handed to the graphics system, including the wait
    /// for the model and for a core.
    pub wall_ms: f32,
    /// Waiting for the model's lock, which is part of `wall_ms`.
    pub lock_ms: f32,
}

/// How long the last search took, in milliseconds since the person asked for it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SearchTimes {
    /// Time until the first match, once there is one.
    pub first_ms: Option<f32>,
    /// Time until all topics were searched, once they are.
    pub done_ms: Option<f32>,
}

/// Where the traffic figures come from: the session that is shown.
#[derive(Clone)]
pub struct PerfSource {
    /// Traffic counters.
    pub meter: Meter,
    /// Topics and messages.
    pub model: Arc<parking_lot::FairMutex<Model>>,
}

impl std::fmt::Debug for PerfSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct Second {
    frames: u64,
    cpu_ms: Slowest,
    wall_ms: Slowest,
    lock_ms_max: f32,
}

/// Frame times of one second; if there are more than [`FRAMES_KEPT`], the slowest ones.
#[derive(Debug, Default)]
struct Slowest(Vec<f32>);

impl Slowest {
    fn add(&mut self, ms: f32) {
        if self.0.len() < FRAMES_KEPT {
            self.0.push(ms);
        } else if let Some(least) = self.0.iter_mut().min_by(|a, b| a.total_cmp(b)) {
            *least = least.max(ms);
        }
    }

    /// The median, the 99th percentile and the slowest.
    fn percentiles(mut self) -> [f32; 3] {
        self.0.sort_by(f32::total_cmp);
        [0.5, 0.99, 1.0].map(|share: f64| {
            let index = ((self.0.len() as f64 * share).ceil() as usize).saturating_sub(1);
            self.0.get(index).copied().unwrap_or(0.0)
        })
    }
}

/// One line of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct PerfLine {
    /// When the line was written, in seconds since 1970.
    pub unix_seconds: f64,
    /// Seconds since the log began.
    pub seconds: f64,
    /// When the first frame was on the screen, in seconds since 1970; 0 before.
    pub first_frame_unix_seconds: f64,
    /// Frames drawn in this second.
    pub frames: u64,
    /// Median CPU time of a frame (UI and tessellation), in milliseconds.
    pub frame_cpu_ms_p50: f32,
    /// 99th percentile of the CPU time of a frame, in milliseconds.
    pub frame_cpu_ms_p99: f32,
    /// CPU time of the slowest frame, in milliseconds.
    pub frame_cpu_ms_max: f32,
    /// Median wall-clock time of a frame, in milliseconds, including the wait for the model and for a core, and handing
    /// the frame to the graphics system.
    pub frame_ms_p50: f32,
    /// 99th percentile of the wall-clock time of a frame, in milliseconds.
    pub frame_ms_p99: f32,
    /// Wall-clock time of the slowest frame, in milliseconds.
    pub frame_ms_max: f32,
    /// The longest that a frame waited for the model, in milliseconds.
    pub frame_lock_ms_max: f32,
    /// Time from the start of the last search to its first match, in milliseconds.
    pub search_first_ms: Option<f32>,
    /// Time from the start of the last search until it was complete, in milliseconds.
    pub search_done_ms: Option<f32>,
    /// Messages put into the model in this second.
    pub messages_per_second: f64,
    /// Topics in the tree.
    pub topics: u64,
    /// Messages put into the model since the session began.
    pub messages: u64,
    /// When the newest messages were put into the model, in seconds since 1970.
    pub taken_unix_seconds: f64,
    /// Bytes between the socket and the model.
    pub backlog_bytes: u64,
    /// Messages lost.
    pub lost: u64,
    /// Lost messages whose topics were new and beyond the tree's limit.
    pub refused_messages: u64,
    /// Resident memory of the process.
    pub resident_bytes: u64,
}

impl Perf {
    /// Records a frame.
    pub fn frame(&self, times: FrameTimes) {
        let FrameTimes { cpu_ms, wall_ms, lock_ms } = times;
        let mut second = self.second.lock();
        second.frames += 1;
        second.cpu_ms.add(cpu_ms);
        second.wall_ms.add(wall_ms);
        second.lock_ms_max = second.lock_ms_max.max(lock_ms);
        drop(second);
        let mut recent = self.recent.lock();
        if recent.len() == FRAMES_KEPT {
            recent.pop_front();
        }
        recent.push_back(cpu_ms);
        drop(recent);
        self.first_frame.get_or_init(clock::now);
    }

    /// Records how far the last search is.
    pub fn search(&self, times: SearchTimes) {
        *self.search.lock() = times;
    }

    /// The CPU times of the last frames in milliseconds, oldest first.
    pub fn recent_ms(&self) -> Vec<f32> {
        self.recent.lock().iter().copied().collect()
    }

    /// Chooses the session that the figures describe.
    pub fn watch(&self, source: Option<PerfSource>) {
        *self.source.lock() = source;
    }

    /// The figures since the last call.
    fn line(&self, began: Instant, last: &mut (Instant, u64)) -> PerfLine {
        let Second { frames, cpu_ms, wall_ms, lock_ms_max } = std::mem::take(&mut *self.second.lock());
        let [cpu_p50, cpu_p99, cpu_max] = cpu_ms.percentiles();
        let [wall_p50, wall_p99, wall_max] = wall_ms.percentiles();
        let SearchTimes { first_ms, done_ms } = *self.search.lock();
        let mut line = PerfLine {
            unix_seconds: unix_seconds(clock::now()),
            seconds: began.elapsed().as_secs_f64(),
            first_frame_unix_seconds: self.first_frame.get().copied().map_or(0.0, unix_seconds),
            frames,
            frame_cpu_ms_p50: cpu_p50,
            frame_cpu_ms_p99: cpu_p99,
            frame_cpu_ms_max: cpu_max,
            frame_ms_p50: wall_p50,
            frame_ms_p99: wall_p99,
            frame_ms_max: wall_max,
            frame_lock_ms_max: lock_ms_max,
            search_first_ms: first_ms,
            search_done_ms: done_ms,
            resident_bytes: resident_bytes(),
            ..PerfLine::default()
        };
        let source = self.source.lock().clone();
        if let Some(PerfSource { meter, model }) = source {
            let stats = model.lock().stats();
            let counters = meter.read();
            line.topics = u64::from(stats.topics);
            line.messages = stats.messages;
            line.refused_messages = stats.refused_messages;
            line.taken_unix_seconds = unix_seconds(counters.taken_at);
            line.backlog_bytes = counters.waiting_bytes;
            line.lost = counters.lost;
        }
        let (then, messages) = *last;
        let seconds = then.elapsed().as_secs_f64().max(1e-3);
        line.messages_per_second = line.messages.saturating_sub(messages) as f64 / seconds;
        *last = (Instant::now(), line.messages);
        line
    }
}

fn unix_seconds(at: Timestamp) -> f64 {
    at.0 as f64 / 1e6
}

/// Resident memory of this process, in bytes; 0 if the system does not tell.
pub fn resident_bytes() -> u64 {
    memory_stats::memory_stats().map_or(0, |stats| stats.physical_mem as u64)
}

/// A performance log, written until this is dropped.
#[derive(Debug)]
pub struct PerfLog {
    stop: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl PerfLog {
    /// Starts writing to `path`, one line a second.
    pub fn start(path: &Path, perf: Arc<Perf>) -> anyhow::Result<Self> {
        use anyhow::Context as _;
        let file =
            File::create(path).with_context(|| words::app::no_performance_log(path, Language::English))?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::Builder::new().name("perf-log".to_owned()).spawn(move || {
            if let Err(error) = write(file, &perf, &stopped) {
                log::error!("the performance log ended: {error}");
            }
        })?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for PerfLog {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            thread.join().ok();
        }
    }
}

fn write(file: File, perf: &Perf, stop: &AtomicBool) -> std::io::Result<()> {
    let mut out = BufWriter::new(file);
    let began = Instant::now();
    let mut last = (began, 0);
    let mut due = began;
    loop {
        due += Duration::from_secs(1);
        while !stop.load(Ordering::Relaxed) && Instant::now() < due {
            thread::park_timeout(due.saturating_duration_since(Instant::now()));
        }
        serde_json::to_writer(&mut out, &perf.line(began, &mut last))?;
        out.write_all(b"\n")?;
        out.flush()?;
        if stop.load(Ordering::Relaxed) {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_percentiles_of_its_second() {
        let perf = Perf::default();
        for ms in 1..=100 {
            perf.frame(FrameTimes { cpu_ms: ms as f32, wall_ms: 2.0 * ms as f32, lock_ms: 0.5 });
        }
        let line = perf.line(Instant::now(), &mut (Instant::now(), 0));
        assert_eq!(line.frames, 100);
        assert!((line.frame_cpu_ms_p50 - 50.0).abs() < 0.01);
        assert!((line.frame_cpu_ms_p99 - 99.0).abs() < 0.01);
        assert!((line.frame_cpu_ms_max - 100.0).abs() < 0.01);
        assert!((line.frame_ms_max - 200.0).abs() < 0.01 && (line.frame_lock_ms_max - 0.5).abs() < 0.01);
        assert_eq!(perf.line(Instant::now(), &mut (Instant::now(), 0)).frames, 0);
    }

    #[test]
    fn a_stopped_log_leaves_whole_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("perf.jsonl");
        let log = PerfLog::start(&path, Arc::new(Perf::default())).unwrap();
        drop(log);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.ends_with('\n'));
        for line in text.lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            assert!(value["resident_bytes"].as_u64().is_some());
        }
    }
}
