//! The dialog that asks for secrets that a connection needs but nobody stored.

use eframe::egui::{Key, accesskit::Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};
use mqttree::app::{App, Start};
use mqttree::demo::{self, Demo};
use mqttree::mqtt::options::{ConnectOptions, Secrets, TlsOptions};
use mqttree::store::Paths;

use crate::harness::{english, until, with_system_fonts};

const FIELDS: [&str; 4] = ["Password", "Key passphrase", "Proxy password", "Token"];

/// The window with one saved connection: a `[[profile]]` with these lines.
fn window(folder: &tempfile::TempDir, profile: &str, start: Start) -> Harness<'static, App> {
    let paths = english(folder.path());
    let text = format!("[[profile]]\nid = \"1\"\nname = \"Factory\"\nhost = \"127.0.0.1\"\n{profile}");
    std::fs::write(paths.profiles(), text).unwrap();
    with_system_fonts(Harness::builder())
        .with_size(vec2(1280.0, 800.0))
        .with_step_dt(1.0 / 60.0)
        .build_eframe(move |creation| App::new(&creation.egui_ctx, &paths, start).unwrap())
}

fn open_saved() -> Start {
    Start { profiles: vec!["Factory".to_owned()], ..Start::default() }
}

fn field<'a>(harness: &'a Harness<'static, App>, name: &'a str) -> Option<Node<'a>> {
    harness.query_all_by_label(name).find(|node| node.accesskit_node().role() == Role::PasswordInput)
}

/// The fields in the dialog.
fn asked(harness: &Harness<'static, App>) -> Vec<&'static str> {
    FIELDS.into_iter().filter(|name| field(harness, name).is_some()).collect()
}

fn says(harness: &Harness<'static, App>, text: &str) -> bool {
    harness.query_all_by_label_contains(text).next().is_some()
}

fn demo_port(demo: &Demo) -> String {
    format!("port = {}\n", demo.port())
}

#[test]
fn everything_that_is_missing_is_asked_for_in_one_dialog() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key.pem"), "-----BEGIN ENCRYPTED PRIVATE KEY-----\n").unwrap();
    let key = folder.path().join("key.pem").display().to_string();
    let profile = format!(
        "protocol = \"mqtts\"\nusername = \"ada\"\npassword = \"ask\"\n\
         authentication = {{ kind = \"token\", method = \"JWT\" }}\n\
         network = {{ proxy = {{ host = \"p\", username = \"grace\" }} }}\n\
         tls = {{ client_certificate = '{key}' }}\n"
    );
    let mut window = window(&folder, &profile, open_saved());
    until(&mut window, "the dialog", |harness| says(harness, "Log in to Factory"));
    window.run_steps(2);
    assert_eq!(asked(&window), FIELDS);
    assert!(
        field(&window, "Password").unwrap().accesskit_node().is_focused(),
        "the first one has the cursor"
    );
    assert!(says(&window, "ada on mqtts://127.0.0.1:1883"));
    window.get_by_role_and_label(Role::Button, "Cancel").click();
    window.run_steps(3);
    assert_eq!(asked(&window), [""; 0]);
}

#[test]
fn a_password_that_was_typed_opens_the_connection() {
    let demo = demo::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let profile = format!("username = \"ada\"\npassword = \"ask\"\n{}", demo_port(&demo));
    let mut window = window(&folder, &profile, open_saved());
    until(&mut window, "the dialog", |harness| says(harness, "Password for Factory"));
    assert_eq!(asked(&window), ["Password"]);
    field(&window, "Password").unwrap().type_text("secret");
    window.run_steps(2);
    window.key_press(Key::Enter);
    until(&mut window, "the connection", |harness| says(harness, "Connected to Factory"));
}

#[test]
fn what_the_file_keeps_is_not_asked_for() {
    let demo = demo::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let profile =
        format!("username = \"ada\"\npassword = \"file\"\npassword_text = \"secret\"\n{}", demo_port(&demo));
    let mut window = window(&folder, &profile, open_saved());
    until(&mut window, "the connection", |harness| says(harness, "Connected to Factory"));
    assert_eq!(asked(&window), [""; 0]);
}

#[test]
fn a_connection_of_the_command_line_is_asked_for_what_it_cannot_do_without() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("both.p12");
    std::fs::write(&key, b"\x30\x82\x0a\x01\x02\x01\x03\x30\x82").unwrap();
    let options = ConnectOptions {
        protocol: mqttree::mqtt::options::Protocol::Mqtts,
        host: "127.0.0.1".to_owned(),
        username: "ada".to_owned(),
        tls: TlsOptions { client_certificate: Some(key), ..TlsOptions::default() },
        ..ConnectOptions::default()
    };
    let open = vec![("Line".to_owned(), options, Secrets::default())];
    let mut window = window(&folder, "", Start { open, ..Start::default() });
    until(&mut window, "the dialog", |harness| says(harness, "Key passphrase for Line"));
    assert_eq!(asked(&window), ["Key passphrase"], "brokers may want a user name without a password");
}

#[test]
fn several_connections_that_need_a_password_are_asked_for_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let second =
        "[[profile]]\nid = \"2\"\nname = \"Home\"\nhost = \"h\"\nusername = \"bob\"\npassword = \"ask\"\n";
    let start = Start { profiles: vec!["Factory".to_owned(), "Home".to_owned()], ..Start::default() };
    let mut window = window(&folder, &format!("username = \"ada\"\npassword = \"ask\"\n{second}"), start);
    until(&mut window, "the dialog", |harness| says(harness, "Password for "));
    let first = if says(&window, "Password for Factory") { "Factory" } else { "Home" };
    let other = if first == "Factory" { "Home" } else { "Factory" };
    window.get_by_role_and_label(Role::Button, "Cancel").click();
    until(&mut window, "the other one", |harness| says(harness, &format!("Password for {other}")));
}

fn type_into(harness: &mut Harness<'static, App>, name: &str, text: &str) {
    let is_field =
        |node: &Node<'_>| matches!(node.accesskit_node().role(), Role::TextInput | Role::PasswordInput);
    harness.get_all_by_label(name).find(is_field).unwrap().focus();
    harness.run_steps(2);
    harness.get_all_by_label(name).find(is_field).unwrap().type_text(text);
    harness.run_steps(2);
}

/// The contents of `profiles.toml` after the program has ended.
fn kept(harness: Harness<'static, App>, folder: &tempfile::TempDir) -> String {
    let mut app = harness.into_state();
    eframe::App::on_exit(&mut app, None);
    std::fs::read_to_string(Paths::under(folder.path()).profiles()).unwrap()
}

/// More frames than the pause in typing that saves.
const AUTOSAVE_STEPS: usize = 60;

#[test]
fn a_password_in_the_file_outlives_what_is_edited_after_it() {
    let demo = demo::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let profile = format!("username = \"ada\"\npassword = \"file\"\n{}", demo_port(&demo));
    let mut window = window(&folder, &profile, Start::default());
    window.run_steps(3);
    type_into(&mut window, "Password", "hunter2");
    window.run_steps(AUTOSAVE_STEPS);
    type_into(&mut window, "Name", " 2");
    window.run_steps(AUTOSAVE_STEPS);
    window.get_by_role_and_label(Role::Button, "Connect").click();
    until(&mut window, "the connection", |harness| says(harness, "Connected to Factory 2"));
    let file = kept(window, &folder);
    assert!(file.contains("name = \"Factory 2\"") && file.contains("password_text = \"hunter2\""), "{file}");
}

#[test]
fn a_password_in_the_file_goes_when_it_shall_be_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let profile = "username = \"ada\"\npassword = \"file\"\npassword_text = \"hunter2\"\n";
    let mut window = window(&folder, profile, Start::default());
    window.run_steps(3);
    window.get_by_role_and_label(Role::ComboBox, "Keep secrets").click();
    window.run_steps(3);
    window.get_by_label("Nowhere: ask at each connect").click();
    window.run_steps(AUTOSAVE_STEPS);
    let file = kept(window, &folder);
    assert!(file.contains("password = \"ask\"") && !file.contains("hunter2"), "{file}");
}

#[test]
fn what_was_typed_last_is_kept_at_the_end_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window(&folder, "username = \"ada\"\npassword = \"file\"\n", Start::default());
    window.run_steps(3);
    type_into(&mut window, "Password", "hunter2");
    let file = kept(window, &folder);
    assert!(file.contains("password_text = \"hunter2\""), "{file}");
}

/// The text field for the host.
fn host(harness: &Harness<'static, App>) -> String {
    let is_field = |node: &Node<'_>| node.accesskit_node().role() == Role::TextInput;
    let field = harness.get_all_by_label("Host").find(is_field).unwrap();
    field.accesskit_node().value().unwrap_or_default()
}

const PASTED: &str = "mqtt://grace:hunter2@broker.example:1884/attic/#";

#[test]
fn a_pasted_address_is_taken_apart_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window(&folder, "password = \"ask\"\n", Start::default());
    window.run_steps(3);
    type_into(&mut window, "Host", "");
    window.key_press_modifiers(eframe::egui::Modifiers::COMMAND, Key::A);
    window.event(eframe::egui::Event::Paste(PASTED.to_owned()));
    window.run_steps(3);
    assert_eq!(host(&window), "broker.example");
    window.run_steps(AUTOSAVE_STEPS);
    let file = kept(window, &folder);
    assert!(!file.contains("hunter2") && file.contains("username = \"grace\""), "{file}");
    assert!(file.contains("port = 1884") && file.contains("filter = \"attic/#\""), "{file}");
}

#[test]
fn an_address_that_is_being_typed_is_not_kept_before_it_is_taken_apart() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window(&folder, "password = \"ask\"\n", Start::default());
    window.run_steps(3);
    type_into(&mut window, "Host", "");
    window.key_press_modifiers(eframe::egui::Modifiers::COMMAND, Key::A);
    type_into(&mut window, "Host", PASTED);
    window.run_steps(AUTOSAVE_STEPS);
    assert_eq!(host(&window), PASTED, "typing is left alone");
    let profiles = Paths::under(folder.path()).profiles();
    until(&mut window, "the file", |_| {
        std::fs::read_to_string(&profiles).is_ok_and(|file| file.contains("version"))
    });
    let file = std::fs::read_to_string(&profiles).unwrap();
    assert!(!file.contains("hunter2") && file.contains("host = \"127.0.0.1\""), "{file}");
    let file = kept(window, &folder);
    assert!(!file.contains("hunter2") && file.contains("host = \"broker.example\""), "{file}");
}

#[test]
fn what_was_named_is_all_that_is_opened_though_it_waits_for_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let paths = Paths::under(folder.path());
    std::fs::create_dir_all(&paths.config).unwrap();
    let settings = "language = \"english\"\nreopen_at_start = true\nlast_open = [\"2\"]\n";
    std::fs::write(paths.settings(), settings).unwrap();
    let second = "[[profile]]\nid = \"2\"\nname = \"Home\"\nhost = \"127.0.0.1\"\nport = 1\n";
    let mut window =
        window(&folder, &format!("username = \"ada\"\npassword = \"ask\"\n{second}"), open_saved());
    until(&mut window, "the dialog", |harness| says(harness, "Password for Factory"));
    let page = window.query_by_role_and_label(Role::Button, "New connection");
    assert!(page.is_some(), "nobody asked for the other one");
}

/// A broker that refuses the first login with "bad user name or password" of MQTT 3.1.1 and accepts the next.
fn broker_that_refuses_once() -> u16 {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let serve = move || {
        for code in [4, 0] {
            let Ok((mut stream, _)) = listener.accept() else { return };
            // The first packet is short enough to arrive at once.
            if stream.read(&mut [0; 1024]).is_ok() {
                stream.write_all(&[0x20, 2, 0, code]).ok();
            }
            while code == 0 && stream.read(&mut [0; 1024]).is_ok_and(|count| count > 0) {}
        }
    };
    std::thread::Builder::new().name("broker".to_owned()).spawn(serve).unwrap();
    port
}

fn connect_now(window: &mut Harness<'static, App>) {
    let keys = eframe::egui::Modifiers::COMMAND | eframe::egui::Modifiers::SHIFT;
    window.key_press_modifiers(keys, Key::R);
    window.run_steps(5);
}

#[test]
fn who_is_refused_is_asked_again_and_what_lets_in_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let profile = format!(
        "port = {}\nversion = \"3.1.1\"\nusername = \"ada\"\npassword = \"file\"\npassword_text = \"x\"\n",
        broker_that_refuses_once()
    );
    let mut window = window(&folder, &profile, open_saved());
    until(&mut window, "the refusal", |harness| says(harness, "bad user name or password"));
    until(&mut window, "the end of it", |harness| says(harness, "Disconnected"));
    connect_now(&mut window);
    assert_eq!(asked(&window), ["Password"]);
    field(&window, "Password").unwrap().type_text("hunter2");
    window.run_steps(2);
    window.key_press(Key::Enter);
    until(&mut window, "the connection", |harness| says(harness, "Connected to Factory"));
    window.run_steps(2);
    let file = kept(window, &folder);
    assert!(file.contains("password_text = \"hunter2\""), "{file}");
}

#[test]
fn who_disconnected_from_nobody_is_not_asked_to_log_in() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let folder = tempfile::tempdir().unwrap();
    let profile = format!("port = {port}\nusername = \"ada\"\npassword = \"file\"\npassword_text = \"x\"\n");
    let mut window = window(&folder, &profile, open_saved());
    until(&mut window, "the failure", |harness| says(harness, "Reconnecting in"));
    let keys = eframe::egui::Modifiers::COMMAND | eframe::egui::Modifiers::SHIFT;
    window.key_press_modifiers(keys, Key::D);
    until(&mut window, "the end", |harness| says(harness, "Disconnected"));
    connect_now(&mut window);
    assert_eq!(asked(&window), [""; 0]);
    until(&mut window, "another attempt", |harness| says(harness, "Reconnecting in"));
}
