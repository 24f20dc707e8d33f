//! The cost of the protocol log: recording a packet, and drawing the panel while packets arrive.
//!
//! `cargo bench --bench protocol` prints CPU times per packet and per frame. The panel is drawn as in the window,
//! including tessellation, with 100,000 packets in the log and 100,000 more arriving each second at 30 frames a second.

use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::{self, Context, RawInput, Rect, pos2, vec2};
use mqttree::command::Actions;
use mqttree::message::{QoS, Timestamp};
use mqttree::model::{Limits, Model};
use mqttree::mqtt::trace::{Direction, PacketKind, PacketRecord};
use mqttree::panels::PanelView;
use mqttree::panels::protocol::ProtocolView;
use mqttree::panels::scene::Scene;
use mqttree::query::Rules;
use mqttree::query::sparkplug::Plant;
use mqttree::session::packet_log::{PACKETS_MAX, PacketLog};
use mqttree::session::status::{Counters, Status};
use mqttree::store::publish_history::PublishHistory;
use mqttree::store::settings::Settings;
use mqttree::ui::theme;

const FRAMES_PER_SECOND: u32 = 30;
const PACKETS_PER_SECOND: u32 = 100_000;
const FRAMES: u32 = 300;

fn main() {
    let protocol = PacketLog::default();
    let began = Instant::now();
    let count = 10 * PACKETS_MAX as u32;
    (0..count).for_each(|number| protocol.record(record(number)));
    println!("record a packet                     {:>8.0} ns", per(began.elapsed(), count).as_nanos());
    let began = Instant::now();
    for _ in 0..1_000 {
        std::hint::black_box(protocol.snapshot());
    }
    println!("snapshot of 100,000 packets         {:>8.1} us", micros(per(began.elapsed(), 1_000)));
    frames("frame, nothing arrives", &protocol, 0, "");
    frames("frame, 100,000 packets/s", &protocol, PACKETS_PER_SECOND, "");
    frames("frame, 100,000 packets/s, filtered", &protocol, PACKETS_PER_SECOND, "machine-7");
}

fn per(time: Duration, count: u32) -> Duration {
    time / count
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn record(number: u32) -> PacketRecord {
    PacketRecord {
        at: Timestamp(1_795_348_800_000_000 + i64::from(number) * 10),
        direction: if number.is_multiple_of(3) { Direction::Out } else { Direction::In },
        kind: PacketKind::Publish,
        packet_id: Some((number % 65_535) as u16 + 1),
        qos: QoS::AtLeastOnce,
        retain: number.is_multiple_of(7),
        dup: false,
        session_present: false,
        reason: None,
        bytes: 64 + number % 512,
        subject: format!("plant/hall-{}/machine-{}/temperature", number % 10, number % 1_000)
            .into_bytes()
            .into(),
        latency_us: None,
    }
}

/// Draws frames and prints how long they took: the panel alone, without the renderer.
fn frames(name: &str, protocol: &PacketLog, packets_per_second: u32, filter: &str) {
    let ctx = Context::default();
    theme::install(&ctx);
    let (model, status) = (Model::new(Limits::default()), Status::default());
    let (settings, history) = (Settings::default(), PublishHistory::default());
    let mut view = ProtocolView::default();
    view.set_filter_text(filter);
    let mut took = Vec::new();
    for number in 0..FRAMES {
        for packet in 0..packets_per_second / FRAMES_PER_SECOND {
            protocol.record(record(number.wrapping_mul(7_919).wrapping_add(packet)));
        }
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(1_280.0, 600.0))),
            time: Some(f64::from(number) / f64::from(FRAMES_PER_SECOND)),
            ..RawInput::default()
        };
        let began = Instant::now();
        let mut output = ctx.run_ui(input, |ui| {
            let scene = Scene {
                model: &model,
                status: &status,
                counters: Counters::default(),
                protocol,
                kept: None,
                variables: &[],
                secrets: &mqttree::mqtt::options::SecretVariables::default(),
                requests: &[],
                inspected: None,
                retained: None,
                sendings: &[],
                messages: &Arc::default(),
                profile: None,
                session: 0,
                sessions: &[],
                now: Timestamp(1_795_348_800_000_000),
                earlier: None,
                earlier_history: None,
                changes: None,
                others: &[],
                paused: false,
                selected: None,
                pinned: &[],
                rules: &Rules::default(),
                replies: &[],
                responder: None,
                sequences: &mqttree::automation::SequenceBoard::default(),
                plant: &Plant::default(),
                settings: &settings,
                history: &history,
            };
            let mut actions = Actions::default();
            view.tick(ui.ctx(), &scene, &mut actions);
            egui::CentralPanel::no_frame().show(ui, |ui| view.show(ui, &scene, &mut actions));
        });
        std::hint::black_box(ctx.tessellate(std::mem::take(&mut output.shapes), output.pixels_per_point));
        took.push(began.elapsed());
        // There is no renderer to take the font textures.
        output.textures_delta.clear();
    }
    // The first frames build the font textures.
    let mut took = took.split_off(30);
    took.sort_unstable();
    let at = |share: f64| micros(took[((took.len() - 1) as f64 * share) as usize]);
    println!("{name:<36}{:>8.0} us   p99 {:.0} us   max {:.0} us", at(0.5), at(0.99), at(1.0));
}
