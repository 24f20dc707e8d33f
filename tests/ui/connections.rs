//! The connections page: its form, section by section, and the actions it pushes.

use eframe::egui::accesskit::{Role, Toggled};
use eframe::egui::{self, Key, Modifiers, Theme, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node, SnapshotResults};
use egui_system_font_provider::SystemFontProvider;
use mqttree::command::{Action, Actions, ExaminationAction, ProfileAction, ProfileEdit};
use mqttree::message::QoS;
use mqttree::mqtt::options::{
    Authentication, ConnectOptions, MqttVersion, Protocol, ProxyKind, RetainHandling, Secret, SecretKind,
    Subscription, TlsVersions, VersionChoice,
};
use mqttree::panels::connections::{ConnectionsScene, ConnectionsView};
use mqttree::store::settings::{Recent, Settings};
use mqttree::store::transfer::{Place, Source};
use mqttree::store::{PasswordPlace, Profile, Profiles, SecretStore};
use mqttree::ui::theme;

/// The page, the connections it shows, and the actions it pushed.
pub struct Page {
    pub view: ConnectionsView,
    pub profiles: Profiles,
    pub settings: Settings,
    pub actions: Vec<Action>,
}

impl Page {
    fn new(profiles: impl IntoIterator<Item = Profile>) -> Self {
        let mut list = Profiles::default();
        for profile in profiles {
            list.add(profile);
        }
        Self {
            view: ConnectionsView::default(),
            profiles: list,
            settings: Settings::default(),
            actions: Vec::new(),
        }
    }

    fn frame(&mut self, ui: &mut egui::Ui) {
        let frame = ConnectionsScene {
            profiles: &self.profiles,
            settings: &self.settings,
            keyring: SecretStore::disabled(),
            open: &[],
        };
        let mut actions = Actions::default();
        self.view.show(ui, &frame, &mut actions);
        let actions = actions.take();
        for action in &actions {
            // The form shows the saved profile.
            if let Action::Profile(ProfileAction::Save(edit) | ProfileAction::SaveAndConnect(edit))
            | Action::Examination(ExaminationAction::Begin(edit)) = action
            {
                self.profiles.update(edit.profile.clone());
            }
        }
        self.actions.extend(actions);
    }
}

pub type Window = Harness<'static, Page>;

/// A page that shows one connection, tall enough for the whole form.
fn page(connect: ConnectOptions) -> Window {
    page_of([Profile::new("factory", connect)])
}

pub fn page_of(profiles: impl IntoIterator<Item = Profile>) -> Window {
    let builder = Harness::builder().with_size(vec2(1_000.0, 2_400.0)).with_theme(Theme::Dark);
    let builder = builder.with_context_setup(|ctx| {
        theme::install(ctx);
        ctx.add_font_provider(std::sync::Arc::new(SystemFontProvider::new()));
    });
    let mut harness = builder.build_ui_state(|ui, page: &mut Page| page.frame(ui), Page::new(profiles));
    harness.run_steps(2);
    harness
}

fn options(protocol: Protocol) -> ConnectOptions {
    let host = "broker.example".to_owned();
    ConnectOptions { protocol, host, port: protocol.default_port(), ..ConnectOptions::default() }
}

const FIELDS: [Role; 3] = [Role::TextInput, Role::MultilineTextInput, Role::PasswordInput];

fn field<'a>(window: &'a Window, name: &'a str) -> Node<'a> {
    window.get_all_by_label(name).find(|node| FIELDS.contains(&node.accesskit_node().role())).unwrap()
}

fn has_field(window: &Window, name: &str) -> bool {
    window.query_all_by_label(name).any(|node| FIELDS.contains(&node.accesskit_node().role()))
}

fn write(window: &mut Window, name: &str, text: &str) {
    field(window, name).focus();
    window.run_steps(2);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.run_steps(1);
    if text.is_empty() {
        window.key_press(Key::Backspace);
    } else {
        field(window, name).type_text(text);
    }
    window.run_steps(2);
}

pub fn press<S>(window: &mut Harness<'static, S>, role: Role, name: &str) {
    window.get_by_role_and_label(role, name).click();
    window.run_steps(3);
}

fn choose(window: &mut Window, name: &str, choice: &str) {
    press(window, Role::ComboBox, name);
    press(window, Role::Button, choice);
}

fn is_open(window: &Window, section: &str) -> bool {
    let head = window.get_by_role_and_label(Role::Button, section);
    head.accesskit_node().data().is_expanded().unwrap()
}

fn summary(window: &Window, section: &str) -> String {
    let head = window.get_by_role_and_label(Role::Button, section);
    head.accesskit_node().description().unwrap_or_default()
}

/// The edit that saving now produces, with all secrets saved since the last call, because the page also saves typed
/// input by itself.
fn saved(window: &mut Window) -> ProfileEdit {
    press(window, Role::Button, "Save");
    let actions = std::mem::take(&mut window.state_mut().actions);
    let edits = actions.into_iter().filter_map(|action| match action {
        Action::Profile(ProfileAction::Save(edit)) => Some(*edit),
        _ => None,
    });
    let all = |first: ProfileEdit, next: ProfileEdit| {
        let secrets =
            first.secrets.into_iter().filter(|(kind, _)| next.secrets.iter().all(|(new, _)| new != kind));
        let secrets = secrets.chain(next.secrets.iter().cloned()).collect();
        let known =
            first.variables.into_iter().filter(|(name, _)| next.variables.iter().all(|(new, _)| new != name));
        let variables = known.chain(next.variables.iter().cloned()).collect();
        ProfileEdit { secrets, variables, ..next }
    };
    edits.reduce(all).unwrap()
}

fn was_asked(window: &Window, wanted: fn(&Action) -> bool) -> bool {
    window.state().actions.iter().any(wanted)
}

fn connect(window: &mut Window) -> ConnectOptions {
    saved(window).profile.connect
}

#[test]
fn whoever_turns_tls_on_sees_what_it_needs() {
    let mut window = page(options(Protocol::Mqtt));
    assert!(!has_field(&window, "CA certificate"));
    choose(&mut window, "Protocol", "mqtts");
    for name in ["CA certificate", "Client certificate", "Client key"] {
        assert!(has_field(&window, name), "{name}");
    }
    assert!(window.query_by_label("Verify certificate").is_some());
}

#[test]
fn what_another_program_saves_shows_in_a_form_that_nobody_changed() {
    let mut window = page(options(Protocol::Mqtt));
    let mut other = window.state().profiles.iter().next().unwrap().clone();
    other.connect.host = "elsewhere.example".to_owned();
    window.state_mut().profiles.update(other);
    window.run_steps(2);
    assert_eq!(field(&window, "Host").accesskit_node().value().as_deref(), Some("elsewhere.example"));
    assert_eq!(saved(&mut window).profile.connect.host, "elsewhere.example");
}

#[test]
fn a_newcomer_types_a_host_and_connects() {
    let mut window = page(ConnectOptions::default());
    write(&mut window, "Host", "broker.example");
    press(&mut window, Role::Button, "Connect");
    let [Action::Profile(ProfileAction::SaveAndConnect(edit))] = window.state().actions.as_slice() else {
        panic!("{:?}", window.state().actions)
    };
    assert_eq!(edit.profile.connect, options(Protocol::Mqtt));
    assert!(edit.secrets.is_empty());
}

#[test]
fn only_what_has_a_meaning_shows() {
    let mut window = page(options(Protocol::Mqtt));
    assert!(window.query_by_label("Security").is_none() && window.query_by_label("Websocket").is_none());
    assert!(!has_field(&window, "Path"));

    choose(&mut window, "Protocol", "wss");
    assert!(window.query_by_label("Security").is_some() && window.query_by_label("Websocket").is_some());
    assert!(has_field(&window, "Path"));
    assert_eq!(field(&window, "Port").value().as_deref(), Some("443"));

    choose(&mut window, "Protocol", "unix");
    assert!(has_field(&window, "Socket path") && !has_field(&window, "Host") && !has_field(&window, "Port"));

    choose(&mut window, "MQTT version", "3.1.1");
    assert!(window.query_by_label("MQTT 5").is_none() && window.query_by_label("Authentication").is_none());
    assert_eq!(connect(&mut window).version, VersionChoice::Only(MqttVersion::V3_1_1));
}

#[test]
fn a_preset_sets_what_the_service_wants_and_no_host() {
    let mut window = page(options(Protocol::Mqtt));
    press(&mut window, Role::Button, "Presets");
    press(&mut window, Role::Button, "AWS IoT Core on port 443");
    let connect = connect(&mut window);
    assert_eq!((connect.protocol, connect.port), (Protocol::Mqtts, 443));
    assert_eq!(connect.tls.alpn, ["x-amzn-mqtt-ca"]);
    assert_eq!(connect.host, "broker.example");
}

#[test]
fn security_is_edited() {
    let mut window = page(options(Protocol::Mqtts));
    assert!(!is_open(&window, "Security"));
    assert_eq!(summary(&window, "Security"), "Trusts what the system trusts");
    press(&mut window, Role::Button, "Security");
    write(&mut window, "CA certificate", "/etc/ssl/our ca.pem");
    write(&mut window, "Client certificate", "me.p12");
    write(&mut window, "Client key", "me.key");
    write(&mut window, "Key passphrase", "hunter2");
    write(&mut window, "Server name", "inside.example");
    write(&mut window, "ALPN", "mqtt, other");
    press(&mut window, Role::CheckBox, "Verify certificate");
    window.get_by_label_contains("Any server is accepted");
    choose(&mut window, "TLS version", "1.3");

    let ProfileEdit { profile, secrets, .. } = saved(&mut window);
    let ConnectOptions { ca_certificate, tls, .. } = profile.connect;
    assert_eq!(ca_certificate.as_deref().and_then(|path| path.to_str()), Some("/etc/ssl/our ca.pem"));
    assert_eq!(tls.client_certificate.as_deref().and_then(|path| path.to_str()), Some("me.p12"));
    assert_eq!(tls.client_key.as_deref().and_then(|path| path.to_str()), Some("me.key"));
    assert_eq!((tls.verify, tls.versions), (false, TlsVersions::Only1_3));
    assert_eq!((tls.server_name.as_str(), tls.alpn), ("inside.example", vec!["mqtt".into(), "other".into()]));
    let [(SecretKind::KeyPassphrase, passphrase)] = secrets.as_slice() else { panic!("{secrets:?}") };
    assert_eq!(passphrase.expose(), "hunter2");

    press(&mut window, Role::Button, "Security");
    assert!(
        summary(&window, "Security")
            .starts_with("The broker's certificate is not verified, trusts our ca.pem")
    );
    assert!(!has_field(&window, "Server name"));
}

#[test]
fn the_alpn_of_a_service_is_chosen_from_a_list() {
    let mut window = page(options(Protocol::Mqtts));
    press(&mut window, Role::Button, "Security");
    press(&mut window, Role::Button, "ALPN presets");
    press(&mut window, Role::Button, "x-amzn-mqtt-ca, AWS IoT on port 443");
    assert_eq!(field(&window, "ALPN").value().as_deref(), Some("x-amzn-mqtt-ca"));
    assert_eq!(connect(&mut window).tls.alpn, ["x-amzn-mqtt-ca"]);
}

#[test]
fn websocket_headers_are_edited() {
    let mut window = page(options(Protocol::Ws));
    write(&mut window, "Path", "/broker");
    press(&mut window, Role::Button, "Websocket");
    write(&mut window, "Sub-protocol", "mqttv3.1");
    press(&mut window, Role::Button, "Add header");
    press(&mut window, Role::Button, "Add header");
    write(&mut window, "Header 1 name", "X-Gone");
    write(&mut window, "Header 2 name", "X-Key");
    write(&mut window, "Header 2 value", "1");
    press(&mut window, Role::Button, "Remove header 1");
    let websocket = connect(&mut window).websocket;
    assert_eq!((websocket.path.as_str(), websocket.subprotocol.as_str()), ("/broker", "mqttv3.1"));
    assert_eq!(websocket.headers, [("X-Key".to_owned(), "1".to_owned())]);
    press(&mut window, Role::Button, "Websocket");
    assert_eq!(summary(&window, "Websocket"), "Sub-protocol mqttv3.1, 1 header");
}

#[test]
fn a_wrong_header_is_marked_at_its_place() {
    let mut window = page(options(Protocol::Ws));
    press(&mut window, Role::Button, "Websocket");
    press(&mut window, Role::Button, "Add header");
    write(&mut window, "Header 1 name", "not a name");
    press(&mut window, Role::Button, "Connect");
    assert!(!was_asked(&window, |action| matches!(
        action,
        Action::Profile(ProfileAction::SaveAndConnect(_))
    )));
    assert!(is_open(&window, "Websocket"));
}

#[test]
fn the_proxy_is_edited_and_its_port_follows_its_kind() {
    let mut window = page(options(Protocol::Mqtt));
    press(&mut window, Role::Button, "Network");
    write(&mut window, "Local address", "192.0.2.7");
    assert!(!has_field(&window, "Proxy host"));
    choose(&mut window, "Proxy", "HTTP CONNECT");
    assert_eq!(field(&window, "Proxy port").value().as_deref(), Some("8080"));
    choose(&mut window, "Proxy", "SOCKS5");
    assert_eq!(field(&window, "Proxy port").value().as_deref(), Some("1080"));
    write(&mut window, "Proxy host", "proxy.example");
    write(&mut window, "Proxy username", "ada");
    write(&mut window, "Proxy password", "hunter2");
    write(&mut window, "Connect timeout", "3");

    let ProfileEdit { profile, secrets, .. } = saved(&mut window);
    let network = profile.connect.network;
    let proxy = network.proxy.unwrap();
    assert_eq!((proxy.kind, proxy.port), (ProxyKind::Socks5, 1080));
    assert_eq!((proxy.host.as_str(), proxy.username.as_str()), ("proxy.example", "ada"));
    assert_eq!((network.bind_address.as_str(), network.connect_timeout_s), ("192.0.2.7", 3));
    assert!(matches!(secrets.as_slice(), [(SecretKind::ProxyPassword, _)]));
    press(&mut window, Role::Button, "Network");
    assert_eq!(
        summary(&window, "Network"),
        "Through SOCKS5 proxy.example:1080, from 192.0.2.7, 3 seconds to connect"
    );
}

#[test]
fn the_options_of_mqtt_5_are_edited() {
    let mut window = page(options(Protocol::Mqtt));
    press(&mut window, Role::Button, "MQTT 5");
    for (name, text) in [
        ("Session expiry", "3600"),
        ("Receive maximum", "20"),
        ("Maximum packet size", "100000"),
        ("Topic alias maximum", "8"),
    ] {
        write(&mut window, name, text);
    }
    press(&mut window, Role::CheckBox, "Request response information");
    press(&mut window, Role::CheckBox, "Request problem information");
    press(&mut window, Role::Button, "Add property");
    write(&mut window, "Property 1 name", "site");
    write(&mut window, "Property 1 value", "工厂");
    let mqtt5 = connect(&mut window).mqtt5;
    assert_eq!((mqtt5.session_expiry_s, mqtt5.receive_max), (Some(3_600), Some(20)));
    assert_eq!((mqtt5.packet_bytes_max, mqtt5.topic_alias_max), (Some(100_000), 8));
    assert!(mqtt5.request_response_information && !mqtt5.request_problem_information);
    assert_eq!(mqtt5.user_properties, [("site".to_owned(), "工厂".to_owned())]);

    write(&mut window, "Session expiry", "");
    assert_eq!(connect(&mut window).mqtt5.session_expiry_s, None);
}

#[test]
fn what_is_no_number_is_marked_and_the_last_number_stays() {
    let mut window = page(options(Protocol::Mqtt));
    press(&mut window, Role::Button, "MQTT 5");
    write(&mut window, "Receive maximum", "20");
    write(&mut window, "Receive maximum", "many");
    window.get_by_label("The receive maximum is a number from 1 to 65535.");
    window.get_by_label("Saved, but for the number that is marked");
    assert_eq!(connect(&mut window).mqtt5.receive_max, Some(20));
    // A version without this number has nothing wrong with it.
    choose(&mut window, "MQTT version", "3.1.1");
    press(&mut window, Role::Button, "Connect");
    assert!(was_asked(&window, |action| matches!(action, Action::Profile(ProfileAction::SaveAndConnect(_)))));
}

#[test]
fn a_token_has_its_method_and_its_secret() {
    let mut window = page(options(Protocol::Mqtts));
    press(&mut window, Role::Button, "Authentication");
    choose(&mut window, "Authentication kind", "Token");
    write(&mut window, "Authentication method", "JWT");
    write(&mut window, "Token", "hunter2");
    let ProfileEdit { profile, secrets, .. } = saved(&mut window);
    assert_eq!(profile.connect.authentication, Authentication::Token { method: "JWT".to_owned() });
    assert!(matches!(secrets.as_slice(), [(SecretKind::Token, _)]));
}

#[test]
fn scram_without_a_user_name_is_marked_at_the_user_name() {
    let mut window = page(options(Protocol::Mqtts));
    press(&mut window, Role::Button, "Authentication");
    choose(&mut window, "Authentication kind", "SCRAM-SHA-256");
    press(&mut window, Role::Button, "Test connection");
    assert!(!was_asked(&window, |action| matches!(action, Action::Examination(ExaminationAction::Begin(_)))));
    window.get_by_label("SCRAM-SHA-256 needs a user name.");
    write(&mut window, "Username", "ada");
    press(&mut window, Role::Button, "Test connection");
    assert!(was_asked(&window, |action| matches!(action, Action::Examination(ExaminationAction::Begin(_)))));
}

#[test]
fn the_last_will_is_edited_and_an_empty_one_is_none() {
    let mut window = page(options(Protocol::Mqtt));
    press(&mut window, Role::Button, "Last will");
    write(&mut window, "Will payload", "gone");
    press(&mut window, Role::Button, "Connect");
    assert!(!was_asked(&window, |action| matches!(
        action,
        Action::Profile(ProfileAction::SaveAndConnect(_))
    )));
    write(&mut window, "Will topic", "plant/hall-2/state");
    choose(&mut window, "Will QoS", "QoS 1, at least once");
    press(&mut window, Role::CheckBox, "Retain the will");
    write(&mut window, "Will delay", "30");
    write(&mut window, "Will expiry", "60");
    press(&mut window, Role::CheckBox, "Will payload is text");
    write(&mut window, "Will content type", "text/plain");
    write(&mut window, "Will response topic", "plant/answers");
    write(&mut window, "Will correlation data", "42");
    press(&mut window, Role::Button, "Add will property");
    write(&mut window, "Will property 1 name", "site");

    let will = connect(&mut window).will.unwrap();
    assert_eq!((will.topic.as_str(), will.payload.as_str()), ("plant/hall-2/state", "gone"));
    assert_eq!((will.qos, will.retain), (QoS::AtLeastOnce, true));
    let properties = will.properties;
    assert_eq!((properties.delay_interval_s, properties.message_expiry_interval_s), (Some(30), Some(60)));
    assert!(properties.payload_is_text);
    assert_eq!(properties.content_type.as_deref(), Some("text/plain"));
    assert_eq!(properties.response_topic.as_deref(), Some("plant/answers"));
    assert_eq!(properties.correlation_data.as_deref(), Some("42"));
    assert_eq!(properties.user_properties, [("site".to_owned(), String::new())]);

    let mut window = page(options(Protocol::Mqtt));
    press(&mut window, Role::Button, "Last will");
    write(&mut window, "Will topic", "a");
    write(&mut window, "Will topic", "");
    assert_eq!(connect(&mut window).will, None);
}

#[test]
fn a_subscription_has_its_options() {
    let mut window = page(options(Protocol::Mqtt));
    press(&mut window, Role::CheckBox, "Subscribe to #");
    press(&mut window, Role::Button, "More options of #");
    press(&mut window, Role::CheckBox, "No local");
    press(&mut window, Role::CheckBox, "Retain as published");
    choose(&mut window, "Retain handling", "Send them if new");
    write(&mut window, "Subscription identifier", "7");
    press(&mut window, Role::Button, "Fewer options of #");
    window.get_by_label("No local, without retain as published, retained if new, identifier 7");
    let expected = Subscription {
        enabled: false,
        no_local: true,
        retain_as_published: false,
        retain_handling: RetainHandling::SendIfNew,
        identifier: Some(7),
        ..Subscription::default()
    };
    assert_eq!(connect(&mut window).subscriptions, [expected]);
    window.get_by_label_contains("All subscriptions are off");
}

#[test]
fn removing_a_subscription_leaves_the_others_as_they_are() {
    let mut connect_ = options(Protocol::Mqtt);
    connect_.subscriptions = ["a", "b"].map(|filter| Subscription::new(filter, QoS::AtMostOnce)).to_vec();
    let mut window = page(connect_);
    press(&mut window, Role::Button, "More options of b");
    press(&mut window, Role::Button, "Remove a");
    press(&mut window, Role::CheckBox, "No local");
    let subscriptions = connect(&mut window).subscriptions;
    let [only] = subscriptions.as_slice() else { panic!("{subscriptions:?}") };
    assert!(only.filter == "b" && only.no_local);
}

#[test]
fn a_section_opens_when_something_in_it_is_set() {
    let mut connect = options(Protocol::Mqtts);
    connect.tls.server_name = "inside.example".to_owned();
    connect.mqtt5.receive_max = Some(5);
    let window = page(connect);
    assert!(is_open(&window, "Security") && is_open(&window, "MQTT 5"));
    assert!(!is_open(&window, "Network") && !is_open(&window, "Last will"));
}

#[test]
fn a_closed_section_opens_again_where_connecting_finds_an_error() {
    let mut window = page(options(Protocol::Mqtt));
    press(&mut window, Role::Button, "Network");
    write(&mut window, "Connect timeout", "soon");
    press(&mut window, Role::Button, "Network");
    assert!(!is_open(&window, "Network"));
    assert_eq!(summary(&window, "Network"), "The timeout is a number of seconds from 1 to 65535.");
    press(&mut window, Role::Button, "Connect");
    assert!(is_open(&window, "Network"));
}

#[test]
fn the_keyboard_stays_in_a_field_while_errors_come_and_go_above_it() {
    let mut window = page(options(Protocol::Mqtt));
    press(&mut window, Role::CheckBox, "Clean session");
    // Without a clean session an empty client ID is wrong, as the message above the keep alive says.
    window.get_by_label_contains("Enter a client ID");
    field(&window, "Keep alive").focus();
    window.run_steps(2);
    press(&mut window, Role::CheckBox, "Clean session");
    field(&window, "Keep alive").focus();
    window.run_steps(2);
    window.get_by_role_and_label(Role::CheckBox, "Clean session").focus();
    window.run_steps(2);
    window.key_press(Key::Space);
    window.run_steps(3);
    window.get_by_label_contains("Enter a client ID");
    let check = window.get_by_role_and_label(Role::CheckBox, "Clean session");
    assert!(check.accesskit_node().is_focused());
    assert_eq!(check.accesskit_node().toggled(), Some(Toggled::False));
}

#[test]
fn secrets_move_with_the_place_that_is_chosen() {
    let mut window = page(options(Protocol::Mqtt));
    write(&mut window, "Username", "ada");
    write(&mut window, "Password", "hunter2");
    assert_eq!(saved(&mut window).secrets.len(), 1);
    assert!(saved(&mut window).secrets.is_empty());
    choose(&mut window, "Keep secrets", "In the profiles file");
    window.get_by_label_contains("Whoever can read the file");
    let ProfileEdit { profile, secrets, .. } = saved(&mut window);
    assert_eq!(profile.password_place, PasswordPlace::File);
    assert_eq!(secrets.len(), 1);
}

/// The page of somebody who has saved nothing.
fn start_page() -> Window {
    let mut window = page_of([]);
    window.state_mut().view.set_places(Vec::new());
    window.run_steps(2);
    window
}

fn address_of(window: &Window) -> Option<ConnectOptions> {
    window.state().actions.iter().find_map(|action| match action {
        Action::Profile(ProfileAction::OpenAddress(connection)) => Some(connection.0.clone()),
        _ => None,
    })
}

#[test]
fn an_address_on_the_start_page_connects() {
    for (typed, protocol, port) in [
        ("broker.example", Protocol::Mqtt, 1883),
        ("broker.example:8883", Protocol::Mqtts, 8883),
        ("mqtts://broker.example", Protocol::Mqtts, 8883),
        ("wss://broker.example/mqtt", Protocol::Wss, 443),
    ] {
        let mut window = start_page();
        write(&mut window, "Address", typed);
        window.key_press(Key::Enter);
        window.run_steps(3);
        let options = address_of(&window).unwrap();
        assert_eq!(
            (options.host.as_str(), options.protocol, options.port),
            ("broker.example", protocol, port)
        );
    }
    let mut window = start_page();
    write(&mut window, "Address", "mqtt://:1883");
    press(&mut window, Role::Button, "Connect now");
    window.get_by_label_contains("There is no host name");
    assert!(address_of(&window).is_none());
}

#[test]
fn the_start_page_opens_the_demo_and_what_was_open_before() {
    let mut window = start_page();
    window.state_mut().settings.recent = vec![Recent::Address("mqtt://broker.example:1884".to_owned())];
    window.run_steps(2);
    press(&mut window, Role::Button, "Open the demo");
    assert!(matches!(window.state().actions[..], [Action::Profile(ProfileAction::OpenDemo)]));
    press(&mut window, Role::Button, "mqtt://broker.example:1884");
    assert_eq!(address_of(&window).unwrap().port, 1884);
}

#[test]
fn the_start_page_is_an_entry_above_the_saved_connections() {
    let profile = Profile::new("Plant".to_owned(), options(Protocol::Mqtt));
    let id = profile.id.clone();
    let mut window = page_of([profile]);
    window.state_mut().view.set_places(Vec::new());
    window.state_mut().settings.recent = vec![Recent::Profile("gone".into()), Recent::Profile(id.clone())];
    press(&mut window, Role::Button, "Start");
    window.run_steps(2);
    assert!(has_field(&window, "Address") && !has_field(&window, "Host"));
    press(&mut window, Role::Button, "Plant");
    let last = window.state().actions.last();
    assert!(
        matches!(last, Some(Action::Profile(ProfileAction::Connect(opened))) if *opened == id),
        "{last:?}"
    );
    press(&mut window, Role::ListBoxOption, "Plant");
    window.run_steps(2);
    assert!(has_field(&window, "Host"));
}

#[test]
fn pictures_of_the_start_page() {
    let mut results = SnapshotResults::new();
    for (theme, look) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let (plant, home) = (named("Plant", "plant.example"), named("Home", "192.168.1.20"));
        let recent = vec![
            Recent::Profile(home.id.clone()),
            Recent::Address("mqtts://broker.example".to_owned()),
            Recent::Profile(plant.id.clone()),
        ];
        let mut page = Page::new([plant, home]);
        page.settings.recent = recent;
        page.view.show_start();
        let path = std::path::PathBuf::from("/home/ada/.config/MQTT-Explorer/settings.json");
        page.view.set_places(vec![
            Place { source: Source::MqttExplorer, file: path },
            Place { source: Source::Mqttx, file: "/home/ada/.config/MQTTX/MQTTX.db".into() },
        ]);
        let builder = Harness::builder().with_size(vec2(1024.0, 580.0)).with_theme(theme);
        let builder = builder.with_context_setup(theme::install);
        let mut window = builder.build_ui_state(|ui, page: &mut Page| page.frame(ui), page);
        window.run_steps(4);
        window.snapshot(format!("start-{look}"));
        results.extend_harness(&mut window);
    }
}

fn named(name: &str, host: &str) -> Profile {
    let options = ConnectOptions { host: host.to_owned(), ..options(Protocol::Mqtt) };
    Profile::new(name.to_owned(), options)
}

#[test]
fn the_settings_of_another_program_are_one_click_away() {
    let mut window = start_page();
    let path = std::path::PathBuf::from("/home/ada/.config/MQTT-Explorer/settings.json");
    let places = vec![
        Place { source: Source::MqttExplorer, file: path.clone() },
        Place { source: Source::Mqttx, file: "/home/ada/.config/MQTTX/MQTTX.db".into() },
    ];
    window.state_mut().view.set_places(places);
    window.run_steps(2);
    window.get_by_role_and_label(Role::Button, "Take over the connections of MQTTX…");
    press(&mut window, Role::Button, "Take over the connections of MQTT Explorer…");
    let read = window.state().actions.last();
    assert!(
        matches!(read, Some(Action::Profile(ProfileAction::ReadFile(file))) if *file == path),
        "{read:?}"
    );
}

#[test]
fn enter_in_the_password_connects() {
    let mut window = page(options(Protocol::Mqtt));
    write(&mut window, "Username", "ada");
    write(&mut window, "Password", "hunter2");
    window.key_press(Key::Enter);
    window.run_steps(3);
    let asked = window.state().actions.last();
    let Some(Action::Profile(ProfileAction::SaveAndConnect(edit))) = asked else { panic!("{asked:?}") };
    assert_eq!(edit.given().password.expose(), "hunter2");
}

#[test]
fn only_a_password_that_may_be_kept_is_called_unchanged() {
    let hint = |window: &Window| {
        let password = field(window, "Password");
        password.accesskit_node().placeholder().map(str::to_owned)
    };
    let with_user = || ConnectOptions { username: "ada".to_owned(), ..options(Protocol::Mqtt) };
    let window = page(with_user());
    assert_eq!(hint(&window).as_deref(), Some("Unchanged"));
    let mut window = page(with_user());
    let made = Profile::new("new", with_user());
    let id = window.state_mut().profiles.add(made);
    window.state_mut().view.edit_new(&id);
    window.run_steps(3);
    assert_eq!(hint(&window).as_deref(), Some("None"));
}

#[test]
fn what_is_saved_is_not_said_beside_the_button_that_saves() {
    let mut window = page(options(Protocol::Mqtt));
    write(&mut window, "Name", "hall");
    window.get_by_label("Not saved yet");
    press(&mut window, Role::Button, "Save");
    assert!(window.query_by_label("Saved").is_none());
    assert!(window.query_by_label("Not saved yet").is_none());
}

#[test]
fn a_pasted_address_goes_where_its_parts_belong() {
    let mut window = page(ConnectOptions::default());
    write(&mut window, "Host", "mqtts://ada:hunter2@broker.example:9999");
    field(&window, "Name").focus();
    window.run_steps(3);
    let ProfileEdit { profile, secrets, .. } = saved(&mut window);
    let ConnectOptions { protocol, host, port, username, .. } = profile.connect;
    assert_eq!(
        (protocol, host.as_str(), port, username.as_str()),
        (Protocol::Mqtts, "broker.example", 9999, "ada")
    );
    assert_eq!(field(&window, "Port").value().as_deref(), Some("9999"));
    assert!(matches!(secrets.as_slice(), [(SecretKind::Password, _)]));
}

#[test]
fn a_secret_variable_is_kept_by_its_name_and_its_value_goes_to_the_keyring() {
    let mut window = page(options(Protocol::Mqtt));
    press(&mut window, Role::Button, "Variables");
    write(&mut window, "Secret variable name", "to ken");
    write(&mut window, "Secret variable value", "hunter2");
    let add = window.get_by_role_and_label(Role::Button, "Add secret variable");
    assert!(add.accesskit_node().is_disabled(), "no placeholder can have this name");
    write(&mut window, "Secret variable name", "token");
    press(&mut window, Role::Button, "Add secret variable");
    let ProfileEdit { profile, variables, .. } = saved(&mut window);
    assert_eq!(profile.connect.secret_variables, ["token"]);
    assert_eq!(variables, [("token".to_owned(), Secret::new("hunter2"))]);
    assert!(!toml::to_string(&profile).unwrap().contains("hunter2"));

    write(&mut window, "Value of token", "other");
    assert_eq!(saved(&mut window).variables, [("token".to_owned(), Secret::new("other"))]);
    press(&mut window, Role::Button, "Remove secret variable token");
    let ProfileEdit { profile, variables, .. } = saved(&mut window);
    assert!(profile.connect.secret_variables.is_empty());
    assert_eq!(variables, [("token".to_owned(), Secret::default())], "the keyring forgets it");
}

/// A file, as the system passes it to the window.
#[derive(Debug)]
struct Dropped(std::path::PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

pub fn drop_file<S>(window: &mut Harness<'static, S>, path: &std::path::Path) {
    window.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(path.to_path_buf())));
    window.run_steps(3);
}

#[test]
fn a_file_is_dropped_onto_its_field() {
    let mut window = page(options(Protocol::Mqtts));
    press(&mut window, Role::Button, "Security");
    let at = field(&window, "Client key").rect().center();
    window.hover_at(at);
    drop_file(&mut window, "/keys/me.key".as_ref());
    let tls = connect(&mut window).tls;
    assert_eq!(tls.client_key.as_deref(), Some("/keys/me.key".as_ref()));
    assert_eq!(tls.client_certificate, None);
}

#[test]
fn a_file_that_is_dropped_elsewhere_is_asked_about() {
    let mut window = page(options(Protocol::Mqtts));
    drop_file(&mut window, "/keys/ca.pem".as_ref());
    window.get_by_role_and_label(Role::Dialog, "Use ca.pem as");
    press(&mut window, Role::Button, "CA certificate");
    assert!(is_open(&window, "Security"));
    assert_eq!(connect(&mut window).ca_certificate.as_deref(), Some("/keys/ca.pem".as_ref()));
}

#[test]
fn a_file_is_chosen_in_a_dialog_and_saved() {
    let mut window = page(options(Protocol::Mqtts));
    press(&mut window, Role::Button, "Security");
    press(&mut window, Role::Button, "Browse for Client certificate…");
    let asked = window.state().actions.iter().find_map(|action| match action {
        Action::Profile(ProfileAction::PickFile(id, field)) => Some((id.clone(), *field)),
        _ => None,
    });
    let (id, field) = asked.unwrap();
    // A dialog for a connection that is no longer shown changes nothing.
    let page = window.state_mut();
    page.view.picked(&"another".into(), field, "/keys/other.p12".into());
    page.view.picked(&id, field, "/keys/me.p12".into());
    window.run_steps(20);
    let saved = window.state().actions.iter().find_map(|action| match action {
        Action::Profile(ProfileAction::Save(edit)) => edit.profile.connect.tls.client_certificate.clone(),
        _ => None,
    });
    assert_eq!(saved.as_deref(), Some("/keys/me.p12".as_ref()));
}
