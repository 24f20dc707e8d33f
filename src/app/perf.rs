//! How the program itself does: one JSON line a second for `--perf-log`, and the figures of the F12 overlay.
//!
//! The window hands in each frame's CPU time; a thread of its own writes, so that lines come also while nothing is
//! drawn at all.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use serde::Serialize;

use crate::model::Model;
use crate::session::Meter;

/// Frame times kept for one line or one graph; more frames than this in a second are counted, not kept.
const FRAMES_KEPT: usize = 240;

/// What the window and the writing thread share.
#[derive(Debug, Default)]
pub struct Perf {
    second: Mutex<FrameTimes>,
    recent: Mutex<std::collections::VecDeque<f32>>,
    source: Mutex<Option<Source>>,
}

/// Where the traffic figures come from: the session that shows.
#[derive(Clone)]
pub struct Source {
    /// Traffic counters.
    pub meter: Meter,
    /// Topics and messages.
    pub model: Arc<parking_lot::FairMutex<Model>>,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct FrameTimes {
    frames: u64,
    cpu_ms: Vec<f32>,
}

/// One line of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Line {
    /// Seconds since the log began.
    pub seconds: f64,
    /// Frames drawn in this second.
    pub frames: u64,
    /// CPU time of a frame (ui and tessellation), milliseconds: median.
    pub frame_cpu_ms_p50: f32,
    /// 99th percentile.
    pub frame_cpu_ms_p99: f32,
    /// The slowest.
    pub frame_cpu_ms_max: f32,
    /// Messages put into the model in this second.
    pub messages_per_second: f64,
    /// Topics in the tree.
    pub topics: u64,
    /// Messages put into the model since the session began.
    pub messages: u64,
    /// Bytes between the socket and the model.
    pub backlog_bytes: u64,
    /// Messages lost.
    pub lost: u64,
    /// Resident memory of the process.
    pub resident_bytes: u64,
}

impl Perf {
    /// Takes note of a frame's CPU time, in seconds.
    pub fn frame(&self, cpu_seconds: f32) {
        let cpu_ms = cpu_seconds * 1_000.0;
        let mut second = self.second.lock();
        second.frames += 1;
        if second.cpu_ms.len() < FRAMES_KEPT {
            second.cpu_ms.push(cpu_ms);
        } else if let Some(least) = second.cpu_ms.iter_mut().min_by(|a, b| a.total_cmp(b)) {
            // The slow ones are what the log is for.
            *least = least.max(cpu_ms);
        }
        drop(second);
        let mut recent = self.recent.lock();
        if recent.len() == FRAMES_KEPT {
            recent.pop_front();
        }
        recent.push_back(cpu_ms);
    }

    /// The CPU times of the last frames in milliseconds, oldest first.
    pub fn recent_ms(&self) -> Vec<f32> {
        self.recent.lock().iter().copied().collect()
    }

    /// Says which session the figures are of.
    pub fn watch(&self, source: Option<Source>) {
        *self.source.lock() = source;
    }

    /// The figures since the last call.
    fn line(&self, began: Instant, last: &mut (Instant, u64)) -> Line {
        let FrameTimes { frames, mut cpu_ms } = std::mem::take(&mut *self.second.lock());
        cpu_ms.sort_by(f32::total_cmp);
        let at = |share: f64| {
            let index = ((cpu_ms.len() as f64 * share).ceil() as usize).saturating_sub(1);
            cpu_ms.get(index).copied().unwrap_or(0.0)
        };
        let mut line = Line {
            seconds: began.elapsed().as_secs_f64(),
            frames,
            frame_cpu_ms_p50: at(0.5),
            frame_cpu_ms_p99: at(0.99),
            frame_cpu_ms_max: cpu_ms.last().copied().unwrap_or(0.0),
            resident_bytes: resident_bytes(),
            ..Line::default()
        };
        let source = self.source.lock().clone();
        if let Some(Source { meter, model }) = source {
            let stats = model.lock().stats();
            let counters = meter.read();
            line.topics = u64::from(stats.topics);
            line.messages = stats.messages;
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

/// Resident memory of this process, in bytes; 0 where the system does not say.
pub fn resident_bytes() -> u64 {
    memory_stats::memory_stats().map_or(0, |stats| stats.physical_mem as u64)
}

/// Writes the log until it is dropped.
#[derive(Debug)]
pub struct PerfLog {
    stop: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl PerfLog {
    /// Starts writing to `path`, a line a second.
    pub fn start(path: &Path, perf: Arc<Perf>) -> anyhow::Result<Self> {
        use anyhow::Context as _;
        let file = File::create(path)
            .with_context(|| format!("cannot write the performance log {}", path.display()))?;
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
            perf.frame(ms as f32 / 1_000.0);
        }
        let line = perf.line(Instant::now(), &mut (Instant::now(), 0));
        assert_eq!(line.frames, 100);
        assert!((line.frame_cpu_ms_p50 - 50.0).abs() < 0.01);
        assert!((line.frame_cpu_ms_p99 - 99.0).abs() < 0.01);
        assert!((line.frame_cpu_ms_max - 100.0).abs() < 0.01);
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
