//! Measures the time that the program itself spends on a frame.
//!
//! eframe measures wall-clock time until the frame was handed to the graphics system, which on a busy machine says more
//! about the machine than about the program. This clock reads the CPU time of the window's thread when a frame begins
//! and again after tessellation. That moment can only be seen while painting, so an empty paint callback is placed
//! below everything else, where it is painted first.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use eframe::egui::Context;

use crate::app::perf::FrameTimes;

/// Measures one frame after another.
#[derive(Debug, Default)]
pub struct FrameClock {
    /// The thread's CPU time when the frame began; `None` before the first frame.
    began: Option<Duration>,
    /// The thread's CPU time when the frame's UI was done.
    ui_done: Duration,
    /// The thread's CPU time after tessellation, in nanoseconds; 0 if that was not seen.
    tessellated_ns: Arc<AtomicU64>,
    lock: Duration,
}

impl FrameClock {
    /// Begins a frame. Returns what the previous frame took, given its wall-clock time.
    pub fn begin(&mut self, wall_seconds: Option<f32>) -> Option<FrameTimes> {
        let tessellated = Duration::from_nanos(self.tessellated_ns.swap(0, Ordering::Relaxed));
        let before = self.began.zip(wall_seconds).map(|(began, wall_seconds)| FrameTimes {
            cpu_ms: milliseconds(tessellated.max(self.ui_done).saturating_sub(began)),
            wall_ms: wall_seconds * 1e3,
            lock_ms: milliseconds(self.lock),
        });
        self.began = Some(thread_cpu_time());
        self.lock = Duration::ZERO;
        before
    }

    /// Notes that the frame waited this long for the model.
    pub fn waited(&mut self, duration: Duration) {
        self.lock += duration;
    }

    /// Notes that the frame's UI is done. With OpenGL, tessellation is measured too.
    pub fn ui_done(&mut self, ctx: &Context, is_opengl: bool) {
        if is_opengl {
            self.watch_tessellation(ctx);
        }
        self.ui_done = thread_cpu_time();
    }

    #[cfg(not(target_os = "macos"))]
    fn watch_tessellation(&self, ctx: &Context) {
        use eframe::egui::{LayerId, PaintCallback, Shape};

        let tessellated_ns = Arc::clone(&self.tessellated_ns);
        let note = move |_, _: &_| {
            tessellated_ns.store(thread_cpu_time().as_nanos() as u64, Ordering::Relaxed);
        };
        let callback = Arc::new(eframe::egui_glow::CallbackFn::new(note));
        let shape = Shape::Callback(PaintCallback { rect: ctx.content_rect(), callback });
        ctx.layer_painter(LayerId::background()).add(shape);
    }

    /// There is no OpenGL on macOS.
    #[cfg(target_os = "macos")]
    fn watch_tessellation(&self, _: &Context) {}
}

fn milliseconds(duration: Duration) -> f32 {
    duration.as_secs_f32() * 1e3
}

/// CPU time of the calling thread.
#[cfg(unix)]
fn thread_cpu_time() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}

/// Time since the first call, in place of CPU time on systems without it.
#[cfg(not(unix))]
fn thread_cpu_time() -> Duration {
    use std::sync::OnceLock;
    use std::time::Instant;
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    BEGAN.get_or_init(Instant::now).elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_takes_the_time_between_its_begin_and_its_end() {
        let ctx = Context::default();
        let mut clock = FrameClock::default();
        assert_eq!(clock.begin(None), None);
        let began = thread_cpu_time();
        let mut sum = 0u64;
        while thread_cpu_time() < began + Duration::from_millis(3) {
            sum = std::hint::black_box(sum + 1);
        }
        clock.waited(Duration::from_millis(2));
        clock.ui_done(&ctx, false);
        let times = clock.begin(Some(0.25)).unwrap();
        assert!(times.cpu_ms >= 3.0 && times.cpu_ms < 100.0, "{times:?}");
        assert_eq!((times.wall_ms, times.lock_ms), (250.0, 2.0));
    }
}
