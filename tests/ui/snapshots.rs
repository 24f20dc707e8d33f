//! Pictures of the panels in both themes, compared with those in `tests/snapshots`.
//!
//! A picture must be the same on every machine. So the current time is noon in the machine's time zone, and only the
//! program's fonts are used, plus one Debian font for Chinese; a missing glyph fails the test. `kittest.toml` says how
//! pictures are compared and updated.

use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::{self, Theme, Vec2, accesskit::Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, HarnessBuilder, SnapshotResults};
use mqttree::app::{App, Start};
use mqttree::command::{Actions, Env, Outgoing};
use mqttree::message::{Flags, MessageRef, Payload, PublishProperties, QoS, Timestamp};
use mqttree::model::SearchProgress;
use mqttree::mqtt::endpoint::Endpoint;
use mqttree::mqtt::failure::{Failure, MqttCause};
use mqttree::mqtt::options::{MqttVersion, Subscription};
use mqttree::mqtt::reason::{Reason, ReasonCode};
use mqttree::mqtt::step::Step;
use mqttree::mqtt::trace::{Direction, PacketKind, PacketRecord};
use mqttree::panels::PanelView;
use mqttree::panels::inspector::InspectorView;
use mqttree::panels::log::LogView;
use mqttree::panels::plots::PlotsView;
use mqttree::panels::protocol::ProtocolView;
use mqttree::panels::publish::PublishView;
use mqttree::panels::retained::RetainedView;
use mqttree::panels::scene::{Scene, SendingRow};
use mqttree::panels::status_bar::{self, About};
use mqttree::panels::subscriptions::SubscriptionsView;
use mqttree::panels::top_bar::{TabLabel, TopBar, TopBarView};
use mqttree::panels::topics::{SearchState, TopicsView};
use mqttree::query::NumberAt;
use mqttree::query::Rules;
use mqttree::query::Search;
use mqttree::query::SearchQuery;
use mqttree::query::sparkplug::Plant;
use mqttree::session::connection_log::{LogEvent, Welcome};
use mqttree::session::retained::{DeskState, RetainedMessage, RetainedOutcome, RetainedPhase};
use mqttree::session::sending::{SendingPhase, SendingState};
use mqttree::session::status::{ConnectionState, Counters, Grant, Rejection, Security, SubscriptionState};
use mqttree::store::saved::{
    Collection, CollectionPlace, SavedEntry, SavedFault, SavedLibrary, SavedMessage, SavedProblem,
};
use mqttree::ui::theme;
use mqttree::ui::tokens::{size, tokens};
use mqttree::ui::widgets::dialog;
use mqttree::words::{self, Language};

use crate::doctor;
use crate::harness::{Stage, english, speak_chinese};
use crate::protocol::record;

pub const THEMES: [(Theme, &str); 2] = [(Theme::Dark, "dark"), (Theme::Light, "light")];

const JSON: &[u8] = br#"{"device":"pump-17","temperature":21.50,"on":true,"error":null,"big":12345678901234567890,"sensors":[{"id":1,"value":20.1},{"id":2,"value":-3e2}],"message":"The pump was started by hand and runs with reduced speed until the filter is changed"}"#;

/// Sunday 22 November 2026, 12:00:00 in the machine's time zone.
fn noon() -> Timestamp {
    let noon = jiff::civil::date(2026, 11, 22).at(12, 0, 0, 0);
    let zoned = noon.to_zoned(jiff::tz::TimeZone::system()).unwrap();
    Timestamp(zoned.timestamp().as_microsecond())
}

fn before_noon(seconds: f64) -> Timestamp {
    Timestamp(noon().0 - (seconds * 1e6) as i64)
}

fn receive<P: PanelView>(stage: &mut Stage<P>, topic: &str, payload: &[u8], flags: Flags, seconds: f64) {
    let at = before_noon(seconds);
    let payload = Payload::Small(payload);
    let message = MessageRef { topic: topic.as_bytes(), payload, flags, properties: None, arrived: at };
    stage.model.apply(message).unwrap();
    stage.model.roll_up(at);
}

const RETAINED: Flags = Flags { qos: QoS::AtLeastOnce, retain: true, dup: false };

/// Takes pictures of a panel in both themes, and in Chinese.
pub fn pictures<P: PanelView + 'static>(name: &str, size: Vec2, panel: fn() -> Stage<P>) {
    let mut results = SnapshotResults::new();
    let looks = THEMES.map(|(theme, look)| (theme, Language::English, look));
    for (theme, language, look) in looks.into_iter().chain([(Theme::Dark, Language::Chinese, "chinese")]) {
        let mut stage = panel();
        stage.now = noon();
        stage.language = language;
        let builder = Harness::builder().with_size(size).with_theme(theme).with_context_setup(move |ctx| {
            theme::install(ctx);
            if language == Language::Chinese {
                speak_chinese(ctx);
            }
        });
        let mut harness = builder.build_ui_state(|ui, stage: &mut Stage<P>| stage.frame(ui), stage);
        picture(&mut results, &mut harness, &format!("{name}-{look}"));
    }
}

pub fn picture<S>(results: &mut SnapshotResults, harness: &mut Harness<'_, S>, name: &str) {
    // Long enough for highlights to fade.
    harness.run_steps(8);
    results.add(harness.try_snapshot(name));
}

#[test]
fn topics() {
    pictures("topics", vec2(480.0, 320.0), || {
        let mut stage = Stage::new(TopicsView::default());
        for (topic, payload, seconds) in [
            ("plant/hall-2/machine-17/temperature", "42.5", 2.0),
            (
                "plant/hall-2/machine-17/state",
                r#"{"running":true,"temperature":42.5,"operator":"night shift"}"#,
                65.0,
            ),
            ("plant/hall-2/machine-18/temperature", "19.0", 4_000.0),
            ("plant/hall-10/temperature-of-the-cooling-water-behind-the-second-heat-exchanger", "17.25", 0.2),
            ("plant//unnamed/temp", "temp", 30.0),
            ("$SYS/broker/uptime", "1204 seconds", 3.0),
        ] {
            receive(&mut stage, topic, payload.as_bytes(), Flags::default(), seconds);
        }
        stage.model.expand_all();
        let search = Search::new(&SearchQuery { text: "temp".to_owned(), regex: false }).unwrap();
        stage.panel.marks.clone_from(&search.pattern);
        stage.model.set_filter(Some(Box::new(search)));
        let SearchProgress { matches, .. } = stage.model.search_step(1_000);
        stage.panel.search = SearchState::Running { matches: matches.into(), done: 1.0, given_up: (0, 0) };
        stage.model.roll_up(noon());
        stage.selected = stage.model.find(b"plant/hall-2/machine-17/temperature");
        stage
    });
}

#[test]
fn inspector_of_json() {
    pictures("inspector-json", vec2(460.0, 560.0), || {
        let mut stage = Stage::new(InspectorView::default());
        let topic = "plant/hall-2/machine-17/state";
        for n in 0..12 {
            let flags = if n % 5 == 0 { RETAINED } else { Flags::default() };
            let text = String::from_utf8_lossy(JSON).replace("21.50", &format!("{n}.50"));
            receive(&mut stage, topic, text.as_bytes(), flags, f64::from(12 - n) * 1.013);
        }
        stage.selected = stage.model.find(topic.as_bytes());
        stage
    });
}

#[test]
fn inspector_of_bytes() {
    pictures("inspector-bytes", vec2(460.0, 400.0), || {
        let mut stage = Stage::new(InspectorView::default());
        let bytes: Vec<u8> = (0..400u32).map(|n| if n % 9 == 0 { 0 } else { (n * 31 % 256) as u8 }).collect();
        receive(&mut stage, "plant/raw", &bytes, RETAINED, 3.0);
        stage.selected = stage.model.find(b"plant/raw");
        stage
    });
}

#[test]
fn plots() {
    pictures("plots", vec2(800.0, 240.0), || {
        let mut stage = Stage::new(PlotsView::default());
        for n in 0..60 {
            let (seconds, angle) = (f64::from(60 - n), f64::from(n) / 6.0);
            let text = format!("{{\"value\":{:.2}}}", 21.0 + 4.0 * angle.sin());
            receive(&mut stage, "plant/hall-2/temperature", text.as_bytes(), Flags::default(), seconds);
            let text = format!("{:.1}", 30.0 + 6.0 * (angle / 2.0).cos());
            receive(
                &mut stage,
                "home/living-room/humidity",
                text.as_bytes(),
                Flags::default(),
                seconds - 0.5,
            );
        }
        for (topic, path) in
            [("plant/hall-2/temperature", Some("value")), ("home/living-room/humidity", None)]
        {
            let node = stage.model.find(topic.as_bytes()).unwrap();
            let path = path.map(|path| path.parse().unwrap());
            let number = NumberAt { path, choice: None };
            let series = stage.model.add_series(node, Box::new(number.clone())).unwrap();
            stage.panel.add(node, number.path, series);
        }
        stage
    });
}

#[test]
fn publish_with_placeholders() {
    pictures("publish-variables", vec2(800.0, 260.0), || {
        let mut stage = Stage::new(PublishView::default());
        let version = MqttVersion::V5;
        stage.status.state =
            ConnectionState::Connected { since: Instant::now(), version, security: Security::Plain };
        stage.variables = vec![("room".to_owned(), "kitchen".to_owned())];
        let payload = "{\n  \"n\": {{counter}},\n  \"room\": \"{{room}}\"\n}";
        let topic = "home/{{room}}/set".to_owned();
        stage.panel.compose(Outgoing { topic, payload: payload.into(), ..Outgoing::default() });
        stage.panel.set_variables(true);
        stage
    });
}

#[test]
fn publish_with_a_topic_that_cannot_be() {
    pictures("publish", vec2(800.0, 260.0), || {
        let mut stage = Stage::new(PublishView::default());
        let version = MqttVersion::V5;
        stage.status.state =
            ConnectionState::Connected { since: Instant::now(), version, security: Security::Plain };
        for (topic, payload, seconds) in
            [("home/lamp/set", "on", 3_700.0), ("plant/hall-2/set", "21.5", 40.0)]
        {
            let none = PublishProperties::default();
            let at = before_noon(seconds);
            drop(stage.history.add(at, topic, payload.as_bytes(), QoS::AtLeastOnce, true, none));
        }
        let payload = "{\n  \"target\": 21.5,\n  \"on\": true\n}".into();
        let topic = "plant/+/set".to_owned();
        stage.panel.compose(Outgoing { topic, payload, ..Outgoing::default() });
        stage
    });
}

/// A library of saved messages, as a folder on disk has them.
fn library() -> Arc<SavedLibrary> {
    let message = |topic: &str| SavedMessage { topic: topic.to_owned(), ..SavedMessage::default() };
    let entry = |folder: &str, name: &str, topic: &str| SavedEntry {
        path: format!("{folder}/{name}.mqtt").into(),
        folder: folder.to_owned(),
        name: name.to_owned(),
        message: Ok(Arc::new(message(topic))),
    };
    let fault = SavedFault { line: 2, column: 9, problem: SavedProblem::Format };
    let broken = SavedEntry { message: Err(fault), ..entry("hall", "scene", "") };
    let collection = |name: &str, place, entries| Collection {
        name: name.to_owned(),
        place,
        folder: name.into(),
        entries,
    };
    let lamps =
        vec![entry("", "all off", "lamps/set"), entry("hall", "on", "home/{{room}}/lamp/set"), broken];
    let own = vec![entry("", "restart gateway", "plant/hall-2/gateway/command/restart")];
    Arc::new(SavedLibrary {
        collections: vec![
            collection("Lamps", CollectionPlace::Shared, lamps),
            collection("Plant", CollectionPlace::Profile("p".to_owned()), own),
        ],
        is_cut: false,
    })
}

#[test]
fn publish_with_a_collection_and_a_repetition() {
    pictures("publish-saved", vec2(900.0, 300.0), || {
        let mut stage = Stage::new(PublishView::default());
        let version = MqttVersion::V5;
        stage.status.state =
            ConnectionState::Connected { since: Instant::now(), version, security: Security::Plain };
        (stage.messages, stage.profile) = (library(), Some("p".to_owned()));
        let topic = "home/lamp/set".to_owned();
        stage.panel.compose(Outgoing { topic, payload: "on".into(), ..Outgoing::default() });
        stage.panel.show_saved();
        let state = SendingState {
            phase: SendingPhase::Running,
            sent: 1_234,
            total: Some(10_000),
            part: Some(0.12),
            per_second: 99.8,
            broken: None,
            declined: None,
        };
        let (what, every) = ("home/lamp/set".to_owned(), Duration::from_millis(10));
        stage.sendings = vec![SendingRow { id: 1, what, every, state }];
        stage
    });
}

fn retained() -> DeskState {
    let message = |(topic, payload): (&str, &str)| {
        let (topic, payload) = (topic.to_owned(), payload.to_owned().into());
        let properties = PublishProperties::default();
        Arc::new(RetainedMessage { topic, payload, qos: None, properties })
    };
    let messages = [
        ("home/lamp/config", r#"{"brightness":true,"name":"Lamp"}"#),
        ("plant/hall-2/machine-17/state", "running"),
        ("plant/hall-2/machine-17/temperature", "42.5"),
    ];
    DeskState {
        filter: "#".into(),
        phase: RetainedPhase::Listed,
        messages: Arc::new(messages.map(message).to_vec()),
        version: 1,
        is_cut: false,
        outcome: Some(Arc::new(RetainedOutcome::Cleared(6_000, Vec::new()))),
        undoable: 6_000,
    }
}

#[test]
fn retained_messages_after_a_clear() {
    pictures("retained", vec2(900.0, 260.0), || {
        let mut stage = Stage::new(RetainedView::default());
        stage.retained = Some(retained());
        stage
    });
}

/// The panel with the question in front of it.
struct Asked(RetainedView);

impl PanelView for Asked {
    fn show(&mut self, ui: &mut egui::Ui, scene: &Scene<'_>, actions: &mut Actions) {
        self.0.show(ui, scene, actions);
        let topics = ["plant/hall-2/machine-17/state", "plant/hall-2/machine-17/temperature"];
        let l = mqttree::ui::language(ui);
        let question = mqttree::words::retained::ask_clear(&topics.map(str::to_owned), l);
        dialog::confirm(ui.ctx(), &question.title, &question.text, question.verb.of(l));
    }
}

#[test]
fn the_question_before_a_clear() {
    pictures("retained-question", vec2(900.0, 260.0), || {
        let mut stage = Stage::new(Asked(RetainedView::default()));
        stage.retained = Some(DeskState { outcome: None, undoable: 0, ..retained() });
        stage
    });
}

#[test]
fn log() {
    pictures("log", vec2(640.0, 200.0), || {
        let mut stage = Stage::new(LogView::default());
        let url = "mqtt://broker.example.org:1883".to_owned();
        let welcome = Welcome {
            url: url.clone(),
            version: MqttVersion::V5,
            tls: None,
            client_id: "mqttree-5f2c91".to_owned(),
            session_present: false,
        };
        let subscribed = |filter: &str, asked| LogEvent::Subscribed {
            filter: filter.to_owned(),
            asked,
            granted: QoS::AtLeastOnce,
        };
        let step = Step::Connection(Endpoint::new("broker.example.org", 1883));
        for (seconds, event) in [
            (9.0, LogEvent::Connecting { url }),
            (8.8, LogEvent::Connected(Box::new(welcome))),
            (8.7, subscribed("office/#", QoS::AtLeastOnce)),
            (8.7, subscribed("plant/#", QoS::ExactlyOnce)),
            (0.2, LogEvent::Failed(Failure::new(step, MqttCause::Silent, None))),
        ] {
            stage.status.log(before_noon(seconds), event);
        }
        stage
    });
}

#[test]
fn protocol_of_an_answer_that_was_refused() {
    pictures("protocol", vec2(1_000.0, 260.0), || {
        let stage = Stage::new(ProtocolView::default());
        let (inward, outward) = (Direction::In, Direction::Out);
        let plain = record(PacketKind::Publish, inward, "plant/hall-2/machine-17/temperature");
        let with_id = |kind, direction, subject: &str| PacketRecord {
            packet_id: Some(1_204),
            ..record(kind, direction, subject)
        };
        for (seconds, packet) in [
            (2.0, record(PacketKind::Connect, outward, "mqttree-5f2c91")),
            (1.99, PacketRecord { reason: Some(0), ..record(PacketKind::ConnAck, inward, "") }),
            (1.98, with_id(PacketKind::Subscribe, outward, "plant/#")),
            (
                1.97,
                PacketRecord {
                    reason: Some(1),
                    latency_us: Some(8_120),
                    ..with_id(PacketKind::SubAck, inward, "")
                },
            ),
            (1.5, PacketRecord { retain: true, bytes: 1_250_000, ..plain.clone() }),
            (
                1.2,
                PacketRecord {
                    qos: QoS::ExactlyOnce,
                    dup: true,
                    ..with_id(PacketKind::Publish, outward, "home/lamp/set")
                },
            ),
            (
                1.1,
                PacketRecord {
                    reason: Some(0x87),
                    latency_us: Some(104_000),
                    ..with_id(PacketKind::PubRec, inward, "")
                },
            ),
            (0.5, plain),
        ] {
            stage.protocol.record(PacketRecord { at: before_noon(seconds), ..packet });
        }
        stage
    });
}

#[test]
fn subscriptions_with_every_answer() {
    pictures("subscriptions", vec2(1_000.0, 260.0), || {
        let mut stage = Stage::new(SubscriptionsView::default());
        let (version, security) = (MqttVersion::V5, Security::Plain);
        stage.status.state = ConnectionState::Connected { since: Instant::now(), version, security };
        let no_local = Subscription {
            no_local: true,
            identifier: Some(7),
            ..Subscription::new("plant/hall-2/#", QoS::ExactlyOnce)
        };
        let off = Subscription { enabled: false, ..Subscription::new("home/#", QoS::AtMostOnce) };
        for (wanted, grant) in [
            (Subscription::new("plant/#", QoS::AtMostOnce), Grant::Granted(QoS::AtMostOnce)),
            (no_local, Grant::Granted(QoS::AtLeastOnce)),
            (off, Grant::Off),
            (
                Subscription::new("$SYS/#", QoS::AtMostOnce),
                Grant::Refused(Rejection::Broker(Reason::new(ReasonCode::NOT_AUTHORIZED, Some("0x87")))),
            ),
            (Subscription::new("office/+/lamp", QoS::AtLeastOnce), Grant::Pending),
        ] {
            stage.status.subscriptions.push(SubscriptionState { wanted, grant });
        }
        stage.kept = Some(Vec::new());
        stage
    });
}

#[test]
fn the_doctor_on_a_tls_connection_that_failed() {
    let mut results = SnapshotResults::new();
    for (theme, look) in THEMES {
        let builder = Harness::builder().with_size(doctor::SIZE).with_theme(theme);
        let view = doctor::View::new(doctor::failed_tls(), true);
        let mut harness = view.harness(builder.with_context_setup(theme::install));
        picture(&mut results, &mut harness, &format!("doctor-{look}"));
        if theme == Theme::Dark {
            in_chinese(&mut results, &mut harness, "doctor");
        }
    }
}

/// The top bar and the status bar of a connected session, one above the other.
struct Bars {
    top: TopBarView,
    stage: Stage<LogView>,
}

impl Bars {
    fn show(&mut self, ui: &mut egui::Ui) {
        let Self { top, stage } = self;
        let mut actions = Actions::default();
        let t = tokens(ui);
        let ground = egui::Frame::NONE.fill(t.surface_0).inner_margin(egui::Margin::symmetric(4, 0));
        let scene = Scene {
            model: &stage.model,
            status: &stage.status,
            counters: Counters { waiting: 1_204, waiting_bytes: 90_000, ..Counters::default() },
            protocol: &stage.protocol,
            kept: None,
            variables: &[],
            inspected: None,
            retained: None,
            sendings: &[],
            secrets: &stage.secrets,
            requests: &[],
            messages: &Arc::default(),
            profile: None,
            session: 0,
            sessions: &[],
            now: noon(),
            earlier: None,
            earlier_history: None,
            changes: None,
            others: &[],
            paused: true,
            selected: None,
            pinned: &[],
            rules: &Rules::default(),
            replies: &[],
            responder: None,
            sequences: &stage.sequences,
            plant: &Plant::default(),
            settings: &stage.settings,
            history: &stage.history,
        };
        let tabs = ["factory", "A broker with a name that is too long for its tab", "home"].map(|name| {
            let (mark, color) = status_bar::state_mark(&scene.status.state, name == "home", t);
            let state = status_bar::summary(scene.status, name, Language::English);
            let warning = (name == "home").then_some(words::status::NOT_VERIFIED.of(Language::English));
            TabLabel { name: name.to_owned(), mark, color, state, warning }
        });
        let query = SearchQuery { text: "temp".to_owned(), regex: false };
        let env = Env { settings: &stage.settings, session: None, performance: false, closed: false };
        let bar =
            TopBar { tabs: &tabs, active: Some(0), query: Some(&query), paused: Some(12_345), env: &env };
        egui::Panel::top("top").exact_size(size::TOP_BAR).frame(ground).show(ui, |ui| {
            top.show(ui, &bar, &mut actions);
        });
        egui::Panel::bottom("status").exact_size(size::STATUS_BAR).frame(ground).show(ui, |ui| {
            let about = About { name: "factory", rate: 1_234.0, unsaved: true, recorded: None };
            status_bar::show(ui, &scene, about, &mut actions);
        });
    }
}

#[test]
fn the_bars_of_the_window() {
    let mut results = SnapshotResults::new();
    for (theme, look) in THEMES {
        let mut stage = Stage::new(LogView::default());
        let version = MqttVersion::V5;
        stage.status.state =
            ConnectionState::Connected { since: Instant::now(), version, security: Security::Verified };
        for n in 0..1_500 {
            receive(&mut stage, &format!("plant/{n}"), b"1", Flags::default(), 1.0);
        }
        let bars = Bars { top: TopBarView::default(), stage };
        let builder = Harness::builder().with_size(vec2(1_024.0, 120.0)).with_theme(theme);
        let builder = builder.with_context_setup(theme::install);
        let mut harness = builder.build_ui_state(|ui, bars: &mut Bars| bars.show(ui), bars);
        picture(&mut results, &mut harness, &format!("bars-{look}"));
        if theme == Theme::Dark {
            in_chinese(&mut results, &mut harness, "bars");
        }
    }
}

#[test]
fn the_connections_page_with_an_error_under_a_field() {
    connections("connections", vec2(900.0, 600.0), |harness| {
        for (name, text) in [("Name", "Factory"), ("Host", "broker.example.org"), ("Port", "99999")] {
            write(harness, name, text);
        }
        press(harness, "Connect");
    });
}

#[test]
fn the_connections_page_with_an_error_in_an_open_section() {
    connections("connections-security", vec2(900.0, 960.0), |harness| {
        write(harness, "Name", "Factory");
        write(harness, "Host", "broker.example.org");
        harness.get_by_role_and_label(Role::ComboBox, "Protocol").click();
        harness.run_steps(3);
        harness.get_by_role_and_label(Role::ListBoxOption, "mqtts").click();
        harness.run_steps(3);
        harness.get_by_label("Verify certificate").click();
        write(harness, "CA certificate", "/etc/mqttree/factory-ca.pem");
        write(harness, "Server name", "inside the plant");
        press(harness, "Test connection");
    });
}

/// Takes pictures of the connections page with a new profile in both themes, after `does`.
fn connections(name: &str, size: Vec2, does: fn(&mut Harness<'_, App>)) {
    let mut results = SnapshotResults::new();
    for (theme, look) in THEMES {
        let folder = tempfile::tempdir().unwrap();
        let paths = english(folder.path());
        let builder: HarnessBuilder<App> =
            Harness::builder().with_size(size).with_theme(theme).with_step_dt(0.1);
        let mut harness = builder
            .build_eframe(move |creation| App::new(&creation.egui_ctx, &paths, Start::default()).unwrap());
        harness.run_steps(2);
        press(&mut harness, "New connection");
        does(&mut harness);
        harness.remove_cursor();
        // Typed input saves itself.
        harness.run_steps(20);
        picture(&mut results, &mut harness, &format!("{name}-{look}"));
        if theme == Theme::Dark {
            in_chinese(&mut results, &mut harness, name);
        }
    }
}

/// Takes the picture again after switching to Chinese.
fn in_chinese<S>(results: &mut SnapshotResults, harness: &mut Harness<'_, S>, name: &str) {
    speak_chinese(&harness.ctx);
    harness.run_steps(8);
    picture(results, harness, &format!("{name}-chinese"));
}

fn press(harness: &mut Harness<'_, App>, button: &str) {
    harness.get_by_role_and_label(Role::Button, button).click();
    harness.run_steps(3);
}

fn write(harness: &mut Harness<'_, App>, name: &str, text: &str) {
    let is_field = |node: &egui_kittest::Node<'_>| node.accesskit_node().role() == Role::TextInput;
    harness.get_all_by_label(name).find(is_field).unwrap().focus();
    harness.run_steps(2);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.run_steps(1);
    harness.get_all_by_label(name).find(is_field).unwrap().type_text(text);
    harness.run_steps(2);
}
