//! The figures of the performance overlay.

use crate::words::Language::{self, Chinese, English};
use crate::words::format;

/// CPU time of a frame in milliseconds (median, 99th percentile, slowest), messages per second, and the bytes that
/// wait, that the model holds and that the process occupies.
pub fn figures(frame_ms: [f32; 3], rate: f64, bytes: [u64; 3], language: Language) -> String {
    let [p50, p99, max] = frame_ms;
    let rate = format::count(rate.round() as u64);
    let [backlog, model, resident] = bytes.map(format::bytes);
    match language {
        English => format!(
            "frame CPU  p50 {p50:.1}  p99 {p99:.1}  max {max:.1} ms\nmessages   {rate}/s\nbacklog    {backlog}\n\
             model      {model}\nresident   {resident}"
        ),
        Chinese => format!(
            "帧 CPU  p50 {p50:.1}  p99 {p99:.1}  最大 {max:.1} ms\n消息    {rate}/秒\n等待    {backlog}\n\
             模型    {model}\n常驻    {resident}"
        ),
    }
}
