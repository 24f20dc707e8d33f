//! Tests a panel without the window: a stage holds what a frame reads and collects the panel's actions.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::epaint::text::{FontInsert, FontPriority, InsertFontFamily};
use eframe::egui::{self, Theme, Vec2};
use egui_kittest::Harness;
use egui_system_font_provider::SystemFontProvider;
use mqttree::automation::{ResponderState, SequenceBoard};
use mqttree::command::{Action, Actions};
use mqttree::message::{Flags, MessageRef, Payload, Timestamp};
use mqttree::model::{Limits, MessageId, Model, NodeId};
use mqttree::mqtt::options::{SecretVariables, Subscription};
use mqttree::panels::PanelView;
use mqttree::panels::scene::{EarlierMoment, RequestRow, Scene, SendingRow};
use mqttree::query::Rules;
use mqttree::query::sparkplug::Plant;
use mqttree::reply::ReplyRule;
use mqttree::session::packet_log::PacketLog;
use mqttree::session::retained::DeskState;
use mqttree::session::status::{Counters, Status};
use mqttree::store::Paths;
use mqttree::store::publish_history::PublishHistory;
use mqttree::store::saved::SavedLibrary;
use mqttree::store::settings::Settings;
use mqttree::ui::language::set as set_language;
use mqttree::ui::theme;
use mqttree::ui::tokens::tokens;
use mqttree::words::Language;

/// Sunday 22 November 2026, 12:00:00 UTC: the current time in every test.
pub const NOW: Timestamp = Timestamp(1_795_348_800_000_000);

/// How long to wait for another thread; more would be pointless, however slow the machine.
pub const PATIENCE: Duration = Duration::from_mins(3);
/// A frame is drawn at least this often, even if nothing requests one.
const FRAME_AT_LEAST_EVERY: Duration = Duration::from_millis(50);

/// Steps until `found` returns true. Between steps it waits until the window requests a frame.
pub fn until<S>(
    harness: &mut Harness<'static, S>,
    what: &str,
    mut found: impl FnMut(&Harness<'static, S>) -> bool,
) {
    let end = Instant::now() + PATIENCE;
    loop {
        harness.step();
        if found(harness) {
            return;
        }
        assert!(Instant::now() < end, "waited in vain for {what}");
        await_frame(harness);
    }
}

/// Waits until the window requests a frame.
pub fn await_frame<S>(harness: &Harness<'_, S>) {
    let test = std::thread::current();
    harness.ctx.set_request_repaint_callback(move |_| test.unpark());
    std::thread::park_timeout(FRAME_AT_LEAST_EVERY);
}

/// What a frame reads, the panel, and the actions pushed so far.
pub struct Stage<P> {
    pub panel: P,
    pub model: Model,
    pub status: Status,
    pub protocol: PacketLog,
    /// The subscriptions in the session's profile.
    pub kept: Option<Vec<Subscription>>,
    /// What placeholders in messages stand for.
    pub variables: Vec<(String, String)>,
    /// Which of them must not be shown.
    pub secrets: SecretVariables,
    /// What the broker retains, if it was asked.
    pub retained: Option<DeskState>,
    /// The saved messages.
    pub messages: Arc<SavedLibrary>,
    /// The id of the session's profile.
    pub profile: Option<String>,
    /// What is being sent one after the other.
    pub sendings: Vec<SendingRow>,
    /// The requests that were sent.
    pub requests: Vec<RequestRow>,
    pub history: PublishHistory,
    pub settings: Settings,
    pub selected: Option<NodeId>,
    /// The message that a person chose in the history.
    pub inspected: Option<MessageId>,
    /// Names of the pinned topics.
    pub pinned: Vec<String>,
    /// Which decoder reads the messages of which topics.
    pub rules: Rules,
    /// What answers messages while replies are on.
    pub replies: Vec<ReplyRule>,
    /// How the replies are doing, while they are on.
    pub responder: Option<ResponderState>,
    /// The sequences that were opened.
    pub sequences: SequenceBoard,
    /// What speaks Sparkplug B.
    pub plant: Plant,
    pub now: Timestamp,
    pub paused: bool,
    /// The earlier moment that is shown.
    pub earlier: Option<EarlierMoment>,
    pub earlier_history: Option<mqttree::session::behind::EarlierHistory>,
    /// Language of the window.
    pub language: Language,
    pub actions: Vec<Action>,
}

impl<P: PanelView> Stage<P> {
    pub fn new(panel: P) -> Self {
        Self {
            panel,
            model: Model::new(Limits::default()),
            status: Status::default(),
            protocol: PacketLog::default(),
            kept: None,
            variables: Vec::new(),
            secrets: SecretVariables::default(),
            retained: None,
            messages: Arc::default(),
            profile: None,
            sendings: Vec::new(),
            requests: Vec::new(),
            history: PublishHistory::default(),
            settings: Settings::default(),
            selected: None,
            inspected: None,
            pinned: Vec::new(),
            rules: Rules::default(),
            replies: Vec::new(),
            responder: None,
            sequences: SequenceBoard::default(),
            plant: Plant::default(),
            now: NOW,
            paused: false,
            earlier: None,
            earlier_history: None,
            language: Language::English,
            actions: Vec::new(),
        }
    }

    /// Receives a message, as the session does.
    pub fn receive(&mut self, topic: impl AsRef<[u8]>, payload: &[u8], at: Timestamp) -> NodeId {
        let payload = Payload::Small(payload);
        let flags = Flags::default();
        let topic = topic.as_ref();
        let message = MessageRef { topic, payload, flags, properties: None, arrived: at };
        let node = self.model.apply(message).unwrap();
        self.plant.hear(&message);
        self.model.roll_up(at);
        node
    }

    /// Draws the panel over the whole of `ui`.
    pub fn frame(&mut self, ui: &mut egui::Ui) {
        let Self {
            panel,
            model,
            status,
            protocol,
            kept,
            variables,
            secrets,
            retained,
            messages,
            profile,
            sendings,
            requests,
            history,
            settings,
            selected,
            inspected,
            pinned,
            rules,
            replies,
            responder,
            sequences,
            plant,
            now,
            paused,
            earlier,
            earlier_history,
            language,
            actions,
        } = self;
        set_language(ui, *language);
        let scene = Scene {
            model,
            status,
            counters: Counters::default(),
            protocol,
            kept: kept.as_deref(),
            variables,
            secrets,
            now: *now,
            paused: *paused,
            earlier: *earlier,
            earlier_history: earlier_history.as_ref(),
            changes: None,
            others: &[],
            selected: *selected,
            pinned,
            inspected: *inspected,
            retained: retained.as_ref(),
            sendings,
            requests,
            messages,
            profile: profile.as_deref(),
            session: 0,
            sessions: &[(0, "factory".to_owned()), (1, "home".to_owned())],
            rules,
            replies,
            responder: responder.as_ref(),
            sequences,
            plant,
            settings,
            history,
        };
        let mut asked = Actions::default();
        panel.tick(ui.ctx(), &scene, &mut asked);
        let ground = egui::Frame::NONE.fill(tokens(ui).surface_1);
        egui::CentralPanel::no_frame().frame(ground).show(ui, |ui| panel.show(ui, &scene, &mut asked));
        actions.extend(asked.take());
    }
}

/// A harness of the default size of the tools, in the dark theme.
pub fn stage<P: PanelView + 'static>(stage: Stage<P>) -> Harness<'static, Stage<P>> {
    stage_of(stage, Vec2::new(1_000.0, 260.0), Theme::Dark)
}

/// A harness of any size and theme.
pub fn stage_of<P: PanelView + 'static>(
    stage: Stage<P>,
    size: Vec2,
    look: Theme,
) -> Harness<'static, Stage<P>> {
    Harness::builder()
        .with_size(size)
        .with_theme(look)
        .with_context_setup(|ctx| {
            mqttree::ui::install(ctx);
            ctx.add_font_provider(std::sync::Arc::new(SystemFontProvider::new()));
        })
        .build_ui_state(|ui, stage: &mut Stage<P>| stage.frame(ui), stage)
}

/// The font for pictures in Chinese: a single file, so that they are the same on every machine. It is in Debian's
/// package `fonts-droid-fallback`, which `scripts/test` installs.
const CHINESE_FONT: &str = "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf";

/// Switches to Chinese, with a font that has its characters.
pub fn speak_chinese(ctx: &egui::Context) {
    let font = egui::FontData::from_owned(std::fs::read(CHINESE_FONT).unwrap());
    let strong = egui::FontFamily::Name(theme::STRONG.into());
    let families = [egui::FontFamily::Proportional, egui::FontFamily::Monospace, strong]
        .map(|family| InsertFontFamily { family, priority: FontPriority::Lowest });
    ctx.add_font(FontInsert::new("chinese", font, families.to_vec()));
    set_language(ctx, Language::Chinese);
}

/// Adds the machine's fonts for scripts that the program's own fonts lack.
pub fn with_system_fonts<S>(builder: egui_kittest::HarnessBuilder<S>) -> egui_kittest::HarnessBuilder<S> {
    builder.with_context_setup(|ctx| ctx.add_font_provider(std::sync::Arc::new(SystemFontProvider::new())))
}

/// Files for a window under `folder`, in English whatever the machine's language is, until another language is chosen.
pub fn english(folder: &Path) -> Paths {
    let paths = Paths::under(folder);
    if !paths.settings().exists() {
        std::fs::create_dir_all(&paths.config).unwrap();
        std::fs::write(paths.settings(), "language = \"english\"\nfold_single_levels = false\n").unwrap();
    }
    paths
}

/// Turns the wheel at a position by this many points; a positive number scrolls up.
pub fn wheel<S>(harness: &mut Harness<'_, S>, at: egui::Pos2, points: f32, modifiers: egui::Modifiers) {
    harness.hover_at(at);
    let delta = egui::vec2(0.0, points);
    let (unit, phase) = (egui::MouseWheelUnit::Point, egui::TouchPhase::Move);
    let source = egui::MouseWheelSource::Wheel;
    harness.event_modifiers(egui::Event::MouseWheel { unit, delta, phase, source, modifiers }, modifiers);
    harness.run_steps(6);
}
