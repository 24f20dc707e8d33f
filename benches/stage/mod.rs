//! Shared by the benches that draw panels: the window that a panel is drawn in, without a window.

use std::sync::Arc;

use eframe::egui::accesskit::{Node, NodeId};
use eframe::egui::{Context, Event, Pos2, RawInput, Rect, Vec2};
use mqttree::automation::SequenceBoard;
use mqttree::command::{Action, Actions};
use mqttree::message::Timestamp;
use mqttree::model::Model;
use mqttree::mqtt::options::SecretVariables;
use mqttree::panels::PanelView;
use mqttree::panels::scene::Scene;
use mqttree::query::Rules;
use mqttree::query::sparkplug::Plant;
use mqttree::session::packet_log::PacketLog;
use mqttree::session::status::{Counters, Status};
use mqttree::store::publish_history::PublishHistory;
use mqttree::store::settings::Settings;
use mqttree::ui::theme;

/// What came of a frame.
pub struct StageFrame {
    /// What the panel asks for.
    pub actions: Vec<Action>,
    /// What a screen reader is told, once the context was asked for that.
    pub nodes: Vec<(NodeId, Node)>,
}

/// What a panel reads beside the model, and where it is drawn.
pub struct Stage {
    pub ctx: Context,
    size: Vec2,
    settings: Settings,
    status: Status,
    history: PublishHistory,
    protocol: PacketLog,
    clock: f64,
}

impl Stage {
    /// A stage of this size, in points.
    pub fn new(size: Vec2, settings: Settings) -> Self {
        let ctx = Context::default();
        theme::install(&ctx);
        let (status, history) = (Status::default(), PublishHistory::default());
        Self { ctx, size, settings, status, history, protocol: PacketLog::default(), clock: 0.0 }
    }

    /// Draws a frame of a panel up to its triangles. A thirtieth of a second passes.
    pub fn frame(
        &mut self,
        panel: &mut impl PanelView,
        model: &Model,
        now: Timestamp,
        events: Vec<Event>,
    ) -> StageFrame {
        self.clock += 1.0 / 30.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.size)),
            time: Some(self.clock),
            events,
            ..RawInput::default()
        };
        let (rules, plant, secrets) = (Rules::default(), Plant::default(), SecretVariables::default());
        let (sequences, messages) = (SequenceBoard::default(), Arc::default());
        let scene = Scene {
            model,
            status: &self.status,
            counters: Counters::default(),
            now,
            earlier: None,
            earlier_history: None,
            changes: None,
            others: &[],
            sendings: &[],
            messages: &messages,
            profile: None,
            session: 1,
            sessions: &[],
            paused: false,
            selected: None,
            pinned: &[],
            rules: &rules,
            replies: &[],
            responder: None,
            sequences: &sequences,
            plant: &plant,
            settings: &self.settings,
            history: &self.history,
            protocol: &self.protocol,
            kept: None,
            variables: &[],
            secrets: &secrets,
            requests: &[],
            inspected: None,
            retained: None,
        };
        let mut actions = Actions::default();
        let mut output = self.ctx.run_ui(input, |ui| {
            panel.tick(ui.ctx(), &scene, &mut actions);
            panel.show(ui, &scene, &mut actions);
        });
        output.textures_delta.clear();
        std::hint::black_box(self.ctx.tessellate(output.shapes, output.pixels_per_point));
        let nodes = output.platform_output.accesskit_update.map(|update| update.nodes).unwrap_or_default();
        StageFrame { actions: actions.take(), nodes }
    }
}
