//! Text pasted, typed or read from a file into a field: never more than the field is meant for, never a control
//! character, and never a frame that a person would notice.

use std::process::Command;
use std::time::{Duration, Instant};

use eframe::egui::accesskit::Role;
use eframe::egui::{self, Event, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};
use mqttree::app::{App, Start};
use mqttree::command::{Action, PublishAction};
use mqttree::message::Timestamp;
use mqttree::mqtt::options::MqttVersion;
use mqttree::panels::publish::PublishView;
use mqttree::session::status::{ConnectionState, Security};
use mqttree::store::Paths;
use rustix::time::{ClockId, clock_gettime};

use crate::harness::{NOW, Stage, await_frame, stage, with_system_fonts};

const FIELDS: [Role; 3] = [Role::TextInput, Role::MultilineTextInput, Role::PasswordInput];
/// The most processor time of a frame, even in a debug build.
const FRAME: Duration = Duration::from_millis(50);

fn cpu_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// Draws a frame and returns its processor time on this thread.
fn frame<S>(harness: &mut Harness<'static, S>) -> Duration {
    let before = cpu_time();
    harness.step();
    cpu_time().saturating_sub(before)
}

fn field<'a, S>(harness: &'a Harness<'static, S>, name: &'a str) -> Node<'a> {
    harness.get_all_by_label(name).find(|node| FIELDS.contains(&node.accesskit_node().role())).unwrap()
}

fn value<S>(harness: &Harness<'static, S>, name: &str) -> String {
    field(harness, name).value().unwrap_or_default()
}

/// Pastes into a field; returns the longest resulting frame.
fn paste<S>(harness: &mut Harness<'static, S>, name: &str, text: String) -> Duration {
    field(harness, name).focus();
    harness.run_steps(3);
    harness.event(Event::Paste(text));
    (0..4).map(|_| frame(harness)).max().unwrap()
}

fn window(profiles: &str) -> (Harness<'static, App>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let paths = Paths::under(folder.path());
    if !profiles.is_empty() {
        std::fs::create_dir_all(paths.profiles().parent().unwrap()).unwrap();
        std::fs::write(paths.profiles(), profiles).unwrap();
    }
    let mut harness = with_system_fonts(Harness::builder())
        .with_size(vec2(1280.0, 2_000.0))
        .with_step_dt(1.0 / 60.0)
        .build_eframe(move |creation| App::new(&creation.egui_ctx, &paths, Start::default()).unwrap());
    harness.run_steps(3);
    (harness, folder)
}

fn publish_panel() -> Harness<'static, Stage<PublishView>> {
    let mut staged = Stage::new(PublishView::default());
    let (version, security) = (MqttVersion::V5, Security::Plain);
    staged.status.state = ConnectionState::Connected { since: Instant::now(), version, security };
    stage(staged)
}

#[test]
fn a_large_paste_is_cut_to_what_the_field_means_and_that_is_said() {
    let (mut harness, _folder) = window("");
    harness.get_by_label("New connection").click();
    harness.run_steps(5);
    for (name, bytes_max) in [("Name", 256), ("Host", 255), ("Username", 65_535)] {
        paste(&mut harness, name, "x".repeat(5_000_000));
        assert_eq!(value(&harness, name).len(), bytes_max, "{name}");
        let said = format!("{name}: only the first ");
        assert!(harness.query_all_by_label_contains(&said).next().is_some(), "{name}");
    }
    // No character is split.
    harness.get_by_label("New connection").click();
    harness.run_steps(5);
    paste(&mut harness, "Host", "温".repeat(1_000_000));
    assert_eq!(value(&harness, "Host"), "温".repeat(85));
}

#[test]
fn a_large_paste_into_a_short_field_costs_no_frame() {
    let (mut harness, _folder) = window("");
    harness.get_by_label("New connection").click();
    harness.run_steps(5);
    let usual = (0..5).map(|_| frame(&mut harness)).max().unwrap();
    let slowest = paste(&mut harness, "Name", "x".repeat(5_000_000));
    assert!(slowest < usual * 2 + FRAME, "{slowest:?}, usually {usual:?}");
}

#[test]
fn control_characters_never_enter_a_field() {
    let (mut harness, _folder) = window("");
    harness.get_by_label("New connection").click();
    harness.run_steps(5);
    paste(&mut harness, "Host", "bro\0ker\u{1B}.exa\u{7F}mple\u{9C}".to_owned());
    assert_eq!(value(&harness, "Host"), "broker.example");
    harness.get_by_label_contains("Host: 4 control characters left out");
    harness.event(Event::Text("\0".to_owned()));
    harness.event(Event::Ime(egui::ImeEvent::Commit("\u{1}.org".to_owned())));
    harness.run_steps(2);
    assert!(!value(&harness, "Host").contains(char::is_control));
}

#[test]
fn control_characters_in_a_file_do_not_reach_a_field() {
    let (mut harness, folder) =
        window("version = 1\n[[profile]]\nid = \"a\"\nname = \"fac\\u0000tory\"\nhost = \"bro\\u0001ker\"\n");
    harness.get_by_label("fac␀tory").click();
    harness.run_steps(5);
    assert_eq!((value(&harness, "Name"), value(&harness, "Host")), ("fac␀tory".into(), "bro␁ker".into()));
    let of_tree = |text: Option<String>| assert!(!text.unwrap_or_default().contains('\0'));
    for node in harness.root().children_recursive() {
        of_tree(node.value());
        of_tree(node.accesskit_node().label());
        of_tree(node.accesskit_node().description());
    }
    // Nothing changed without an edit.
    eframe::App::on_exit(&mut harness.into_state(), None);
    let text = std::fs::read_to_string(Paths::under(folder.path()).profiles()).unwrap();
    assert!(text.contains("fac\\u0000tory"), "{text}");
}

#[test]
fn a_long_text_in_a_file_costs_no_frame() {
    let name = "n".repeat(500_000);
    let (mut harness, _folder) =
        window(&format!("version = 1\n[[profile]]\nid = \"a\"\nname = \"{name}\"\nhost = \"h\"\n"));
    harness.get_by_label_contains("nnnnn").click();
    harness.run_steps(5);
    assert_eq!(value(&harness, "Name").len(), 256);
    let slowest = (0..5).map(|_| frame(&mut harness)).max().unwrap();
    assert!(slowest < FRAME * 4, "{slowest:?}");
}

#[test]
fn ten_megabytes_on_one_line_are_shown_sent_and_removed() {
    let mut harness = publish_panel();
    field(&harness, "Publish topic").focus();
    harness.run_steps(2);
    field(&harness, "Publish topic").type_text("a");
    harness.run_steps(2);
    let text = "0123456789".repeat(1_000_000);
    let slowest = paste(&mut harness, "Publish payload", text.clone());
    assert!(slowest < FRAME, "{slowest:?}");
    harness.get_by_label("Long text");
    until_shown(&mut harness);
    let slowest = (0..4).map(|_| frame(&mut harness)).max().unwrap();
    assert!(slowest < FRAME, "{slowest:?}");

    harness.get_by_label("Publish").click();
    harness.run_steps(2);
    let sent = harness.state().actions.iter().any(
        |action| matches!(action, Action::Publish(PublishAction::Send(message)) if message.payload == text),
    );
    assert!(sent);

    harness.get_by_label("Remove text").click();
    harness.run_steps(2);
    assert_eq!(value(&harness, "Publish payload"), "");
}

#[test]
fn a_long_paste_keeps_what_stands_around_it() {
    let mut harness = publish_panel();
    field(&harness, "Publish payload").focus();
    harness.run_steps(2);
    field(&harness, "Publish payload").type_text("[]");
    harness.run_steps(2);
    harness.key_press(egui::Key::ArrowLeft);
    harness.run_steps(2);
    harness.event(Event::Paste("1,".repeat(200_000)));
    harness.run_steps(2);
    harness.get_by_label("400.0 kB");
    until_shown(&mut harness);
    assert!(document(&harness).is_some_and(|text| text.starts_with("[1,1,")));
}

fn document(harness: &Harness<'static, Stage<PublishView>>) -> Option<String> {
    harness.query_by_role_and_label(Role::Document, "Publish payload")?.value()
}

fn until_shown(harness: &mut Harness<'static, Stage<PublishView>>) {
    let end = Instant::now() + Duration::from_mins(2);
    while document(harness).is_none() {
        assert!(Instant::now() < end, "the text is not shown");
        await_frame(harness);
        harness.step();
    }
}

/// Tells [`paste_a_hundred_megabytes`] that it runs in its own process.
#[cfg(target_os = "linux")]
const ALONE: &str = "MQTTREE_TEST_ALONE";

/// A memory figure of the process in kB, by the name of its line in the status file.
#[cfg(target_os = "linux")]
fn memory_kb(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let found = status.lines().find_map(|found| found.strip_prefix(line)).unwrap();
    found.trim().trim_end_matches(" kB").parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn a_hundred_megabytes_take_three_times_their_size_and_no_long_frame() {
    // Runs in its own process, so that nothing else uses its memory.
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "fields::paste_a_hundred_megabytes", "--nocapture"])
        .env(ALONE, "")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout).into_owned();
    assert!(child.status.success(), "{said}{}", String::from_utf8_lossy(&child.stderr));
}

#[cfg(target_os = "linux")]
#[test]
fn paste_a_hundred_megabytes() {
    const LINE: &str = "a line of a long text, forty bytes long\n";
    // Does nothing among the other tests: the test above runs it again in its own process.
    if std::env::var_os(ALONE).is_none() {
        return;
    }
    let mut harness = publish_panel();
    harness.run_steps(5);
    let before = memory_kb("VmRSS:");
    let text = LINE.repeat(100_000_000 / LINE.len());
    let mut slowest = paste(&mut harness, "Publish payload", text);
    while document(&harness).is_none() {
        await_frame(&harness);
        slowest = slowest.max(frame(&mut harness));
    }
    let grown = memory_kb("VmHWM:") - before;
    println!("slowest frame {slowest:?}, grown by {grown} kB");
    assert!(slowest < FRAME, "{slowest:?}");
    assert!(grown < 300_000_000 / 1_024, "{grown} kB");
}

#[test]
fn names_that_differ_in_what_does_not_show_are_told_apart_in_the_list() {
    let hidden = ["\u{200C}", "\u{200D}", "\u{34F}", "\u{FE0F}", "\u{E0041}", "\u{A0}"];
    let profile = |(id, name): (usize, String)| {
        format!("[[profile]]\nid = \"{id}\"\nname = \"{name}\"\nhost = \"h\"\n")
    };
    let names = hidden.iter().map(|hidden| format!("plant{hidden}x")).chain(["plant ".to_owned()]);
    let profiles: Vec<_> = names.enumerate().map(profile).collect();
    let (harness, _folder) = window(&format!("version = 1\n{}", profiles.concat()));
    for code in ["200C", "200D", "034F", "FE0F", "E0041", "00A0"] {
        harness.get_by_label(&format!("plant<U+{code}>x"));
    }
    harness.get_by_label("plant␠");
}

#[test]
fn hidden_characters_of_a_topic_show_in_its_row() {
    let mut staged = Stage::new(mqttree::panels::topics::TopicsView::default());
    for topic in ["a\u{200C}", "b\u{E0041}", "c\u{A0}", "d "] {
        staged.receive(topic, b"1", Timestamp(NOW.0));
    }
    let mut harness = stage(staged);
    harness.run_steps(3);
    for name in ["a<U+200C>", "b<U+E0041>", "c<U+00A0>", "d␠"] {
        harness.get_by_role_and_label(Role::TreeItem, name);
    }
}
