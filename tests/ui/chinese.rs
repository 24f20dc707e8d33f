//! The panels in Chinese: nothing is cut off, nothing overlaps, and nothing was left in English.
//!
//! No pictures are kept. The machine's own font draws the characters, so they would differ between machines. If the
//! environment variable `CHINESE_PICTURES` names a folder, the tests write pictures there for inspection.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use eframe::egui::{Theme, vec2};
use egui_kittest::kittest::NodeT as _;
use egui_kittest::{Harness, Node};
use egui_system_font_provider::SystemFontProvider;
use mqttree::message::QoS;
use mqttree::mqtt::options::{
    Authentication, ConnectOptions, Mqtt5Options, MqttVersion, NetworkOptions, Protocol, Proxy,
    RetainHandling, Subscription, TlsOptions, WebsocketOptions, Will,
};
use mqttree::panels::subscriptions::SubscriptionsView;
use mqttree::session::status::{ConnectionState, Grant, Security, SubscriptionState};
use mqttree::store::Profile;
use mqttree::store::settings::Recent;
use mqttree::store::transfer::{Place, Source};
use mqttree::ui::language;
use mqttree::ui::theme;
use mqttree::words::Language;

use crate::connections::page_of;
use crate::doctor;
use crate::harness::{Stage, stage_of};
use crate::layout;

/// Names of protocols, products and options, which are the same in Chinese. egui itself names the edge of a panel.
const NAMES: [&str; 12] = [
    "Resize panel",
    "WebSocket",
    "No Local",
    "IoT",
    "mqttree",
    "mqttv",
    "mqtts",
    "mqtt",
    "wss",
    "text/plain",
    "0x",
    "MQTT Explorer",
];

/// Checks the last frame. `data` lists texts that come from a person or a broker, in any language.
#[track_caller]
pub fn check<S>(harness: &mut Harness<'_, S>, name: &str, data: &[&str]) {
    language::set(&harness.ctx, Language::Chinese);
    harness.run_steps(8);
    keep_picture(harness, name);
    assert_eq!(layout::mistakes(harness), Vec::<String>::new(), "{name}");
    let english: Vec<_> = texts(harness).into_iter().filter(|text| is_english(text, data)).collect();
    assert_eq!(english, Vec::<String>::new(), "{name}");
}

/// Every text that is drawn or visible to a screen reader.
fn texts<S>(harness: &Harness<'_, S>) -> BTreeSet<String> {
    fn collect(node: &Node<'_>, texts: &mut BTreeSet<String>) {
        let access = node.accesskit_node();
        texts.extend(access.label());
        texts.extend(access.description());
        node.children().for_each(|child| collect(&child, texts));
    }
    let mut texts = layout::drawn(harness);
    collect(&harness.root(), &mut texts);
    texts
}

/// Whether a text contains a lower-case Latin word that is neither a name nor data.
fn is_english(text: &str, data: &[&str]) -> bool {
    let mut rest = text.to_owned();
    for known in data.iter().chain(&NAMES) {
        rest = rest.replace(known, " ");
    }
    rest.as_bytes().windows(2).any(|pair| pair.iter().all(u8::is_ascii_lowercase))
}

fn keep_picture<S>(harness: &mut Harness<'_, S>, name: &str) {
    if let Some(folder) = std::env::var_os("CHINESE_PICTURES") {
        let picture = harness.render().unwrap();
        picture.save(Path::new(&folder).join(format!("{name}.png"))).unwrap();
    }
}

#[test]
fn english_is_found_among_names_and_data() {
    assert!(is_english("重新 connect", &[]) && is_english("broker.example", &[]));
    assert!(!is_english("已连接到 broker.example，QoS 1，WebSocket", &["broker.example"]));
}

/// A connection with values in every section.
fn everything() -> Profile {
    let filter = |filter: &str| Subscription::new(filter, QoS::AtLeastOnce);
    let options = Subscription {
        no_local: true,
        retain_as_published: false,
        retain_handling: RetainHandling::SendIfNew,
        identifier: Some(7),
        ..filter("plant/#")
    };
    let connect = ConnectOptions {
        protocol: Protocol::Wss,
        host: "broker.example".to_owned(),
        username: "ada".to_owned(),
        subscriptions: vec![options, Subscription { enabled: false, ..filter("home/#") }],
        tls: TlsOptions { verify: false, server_name: "inside.example".to_owned(), ..TlsOptions::default() },
        websocket: WebsocketOptions {
            headers: vec![("X-Key".to_owned(), "1".to_owned())],
            ..WebsocketOptions::default()
        },
        network: NetworkOptions {
            proxy: Some(Proxy { host: "proxy.example".to_owned(), ..Proxy::default() }),
            ..NetworkOptions::default()
        },
        mqtt5: Mqtt5Options { receive_max: Some(20), ..Mqtt5Options::default() },
        authentication: Authentication::ScramSha256,
        will: Some(Will { topic: "plant/state".to_owned(), ..Will::default() }),
        ..ConnectOptions::default()
    };
    Profile::new("工厂", connect)
}

const CONNECTION: [&str; 9] = [
    "broker.example",
    "proxy.example",
    "inside.example",
    "plant/#",
    "plant/state",
    "home/#",
    "ada",
    "X-Key",
    "none",
];

#[test]
fn a_connection_with_all_of_its_options() {
    let mut window = page_of([everything()]);
    check(&mut window, "connection", &CONNECTION);
}

#[test]
fn a_connection_with_closed_sections() {
    let connect = ConnectOptions {
        protocol: Protocol::Mqtts,
        host: "broker.example".to_owned(),
        ..ConnectOptions::default()
    };
    let mut window = page_of([Profile::new("工厂", connect)]);
    check(&mut window, "connection-closed", &CONNECTION);
}

#[test]
fn a_connection_that_is_full_of_mistakes() {
    let mut profile = everything();
    let connect = &mut profile.connect;
    connect.host = "a b".to_owned();
    connect.port = 0;
    connect.username.clear();
    connect.websocket.path = "mqtt".to_owned();
    connect.websocket.headers = vec![("not a name".to_owned(), String::new())];
    connect.subscriptions = vec![Subscription::new("a/#/b", QoS::AtMostOnce)];
    connect.network.connect_timeout_s = 0;
    connect.will = Some(Will { payload: "1".to_owned(), ..Will::default() });
    let mut window = page_of([profile]);
    check(&mut window, "connection-mistakes", &[&CONNECTION[..], &["not a name"]].concat());
}

#[test]
fn the_first_view() {
    let mut window = page_of([]);
    window.state_mut().view.set_places(elsewhere());
    check(
        &mut window,
        "connections-first",
        &[
            "Ctrl",
            "demo",
            "F1",
            "/home/ada/.config/MQTT-Explorer/settings.json",
            "/home/ada/.config/MQTTX/MQTTX.db",
            "MQTTX",
            "JSON Lines",
            "JSON",
        ],
    );
}

#[test]
fn the_first_view_beside_saved_connections() {
    let profile = Profile::new("一号车间".to_owned(), ConnectOptions::default());
    let id = profile.id.clone();
    let mut window = page_of([profile]);
    let page = window.state_mut();
    page.view.set_places(elsewhere());
    page.view.show_start();
    page.settings.recent = vec![Recent::Profile(id), Recent::Address("mqtt://10.0.0.7:1884".to_owned())];
    check(
        &mut window,
        "connections-start",
        &[
            "Ctrl",
            "F1",
            "/home/ada/.config/MQTT-Explorer/settings.json",
            "/home/ada/.config/MQTTX/MQTTX.db",
            "MQTTX",
            "JSON Lines",
            "JSON",
        ],
    );
}

/// What two other programs have on a machine.
fn elsewhere() -> Vec<Place> {
    let file = PathBuf::from("/home/ada/.config/MQTT-Explorer/settings.json");
    vec![
        Place { source: Source::MqttExplorer, file },
        Place { source: Source::Mqttx, file: "/home/ada/.config/MQTTX/MQTTX.db".into() },
    ]
}

#[test]
fn the_subscriptions_with_every_answer() {
    let mut stage = Stage::new(SubscriptionsView::default());
    stage.language = Language::Chinese;
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
        (Subscription::new("office/+/lamp", QoS::AtLeastOnce), Grant::Pending),
    ] {
        stage.status.subscriptions.push(SubscriptionState { wanted, grant });
    }
    stage.kept = Some(Vec::new());
    let mut harness = stage_of(stage, vec2(1_500.0, 260.0), Theme::Light);
    check(&mut harness, "subscriptions", &["plant", "hall-2", "home", "office", "lamp", "state"]);

    let mut empty = Stage::new(SubscriptionsView::default());
    empty.language = Language::Chinese;
    let mut harness = stage_of(empty, vec2(800.0, 200.0), Theme::Dark);
    check(&mut harness, "subscriptions-empty", &["plant", "state"]);
}

#[test]
fn the_connection_test_that_failed() {
    let builder = Harness::builder().with_size(vec2(640.0, 480.0)).with_theme(Theme::Light);
    let view = doctor::View::new(doctor::failed_tls(), true);
    let mut harness = view.harness(builder.with_context_setup(|ctx| {
        theme::install(ctx);
        ctx.add_font_provider(std::sync::Arc::new(SystemFontProvider::new()));
    }));
    // The packet name and the unit are the same in Chinese.
    let data = ["broker.example.org", "Example Root", "2001:db8::7", "plant/#", "Ping", " ms"];
    check(&mut harness, "doctor", &data);
}
