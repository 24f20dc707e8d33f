//! The connection log.

use eframe::egui::{Event, Key, Modifiers, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::Action;
use mqttree::message::Timestamp;
use mqttree::panels::log::LogView;
use mqttree::session::connection_log::LogEvent;
use mqttree::session::status::Rejection;
use mqttree::store::settings::TimeFormat;
use mqttree::words::format;

use crate::harness::{NOW, Stage, stage, wheel};

fn log(events: &[LogEvent]) -> Stage<LogView> {
    let mut stage = Stage::new(LogView::default());
    for (index, event) in events.iter().enumerate() {
        stage.status.log(Timestamp(NOW.0 + index as i64 * 1_500_000), event.clone());
    }
    stage
}

/// An info line: `The broker says: one`.
fn says(text: &str) -> LogEvent {
    LogEvent::BrokerSays(text.to_owned())
}

/// A success line: `Unsubscribed from one`.
fn unsubscribed(filter: &str) -> LogEvent {
    LogEvent::Unsubscribed { filter: filter.to_owned() }
}

/// An error line that begins with `SUBSCRIBE to one was refused`.
fn refused(filter: &str) -> LogEvent {
    LogEvent::SubscribeRefused { filter: filter.to_owned(), why: Rejection::NoSharedSubscriptions }
}

fn copied(harness: &Harness<'_, Stage<LogView>>) -> Vec<String> {
    let texts = harness.state().actions.iter().filter_map(|action| match action {
        Action::Copy { text, .. } => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}

fn many() -> Stage<LogView> {
    let events: Vec<_> = (0..500).map(|index| says(&format!("step {index}"))).collect();
    log(&events)
}

#[test]
fn an_empty_log_says_what_will_appear() {
    let harness = stage(log(&[]));
    harness.get_by_label("No lines yet");
}

#[test]
fn a_line_is_read_with_its_level_and_time() {
    let harness = stage(log(&[refused("证书")]));
    let line = "error: SUBSCRIBE to 证书 was refused: the broker has no shared subscriptions";
    let time = format::time(NOW, TimeFormat::Milliseconds);
    assert_eq!(harness.get_by_label(line).accesskit_node().description(), Some(time));
}

#[test]
fn the_newest_line_shows_until_the_list_is_scrolled_up() {
    let mut harness = stage(many());
    harness.run();
    harness.get_by_label("info: The broker says: step 499");
    wheel(&mut harness, pos2(300.0, 150.0), 600.0, Modifiers::NONE);
    assert!(harness.query_by_label("info: The broker says: step 499").is_none());
    harness.state_mut().status.log(NOW, unsubscribed("step/500"));
    harness.run();
    assert!(harness.query_by_label("ok: Unsubscribed from step/500").is_none(), "the list stands still");

    harness.get_by_label("Go to end").click();
    harness.run();
    harness.get_by_label("ok: Unsubscribed from step/500");
    assert!(harness.query_by_label("Go to end").is_none());
}

#[test]
fn typing_into_the_filter_hides_other_lines() {
    let mut harness = stage(log(&[unsubscribed("plant/#"), says("welcome")]));
    harness.get_by_label("Filter log").focus();
    harness.run();
    harness.get_by_label("Filter log").type_text("SUBSCR");
    harness.run();
    harness.get_by_label("ok: Unsubscribed from plant/#");
    assert!(harness.query_by_label("info: The broker says: welcome").is_none());
    harness.get_by_label("1 of 2");
}

#[test]
fn a_filter_that_finds_nothing_can_be_cleared() {
    let mut harness = stage(log(&[unsubscribed("plant/#")]));
    harness.get_by_label("Filter log").focus();
    harness.run();
    harness.get_by_label("Filter log").type_text("nothing");
    harness.run();
    harness.get_by_label("Clear filter").click();
    harness.run();
    harness.get_by_label("ok: Unsubscribed from plant/#");
}

#[test]
fn the_level_choice_shows_problems_alone() {
    let mut harness = stage(log(&[says("a"), LogEvent::PasswordNotSent, refused("c")]));
    harness.get_by_label("Log level").click();
    harness.run();
    harness.get_by_label("Warnings and errors").click();
    harness.run();
    assert!(harness.query_by_label("info: The broker says: a").is_none());
    harness.get_by_label_contains("warning: The password is not sent");
    harness.get_by_label_contains("error: SUBSCRIBE to c was refused");
}

#[test]
fn the_whole_log_is_copied_with_dates_and_levels() {
    let mut harness = stage(log(&[says("one"), unsubscribed("two")]));
    harness.get_by_label("Copy log").click();
    harness.run();
    let text = copied(&harness).pop().unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert!(
        lines[0].starts_with("2026-11-22 ") && lines[0].ends_with("  info     The broker says: one"),
        "{text}"
    );
    assert!(lines[1].ends_with("  ok       Unsubscribed from two"), "{text}");
}

#[test]
fn a_clicked_line_is_copied_by_the_usual_keys() {
    let mut harness = stage(log(&[says("one"), says("two"), says("three")]));
    harness.get_by_label("info: The broker says: two").click();
    harness.run();
    harness.event(Event::Copy);
    harness.run();
    assert!(copied(&harness).pop().unwrap().ends_with("two\n"));

    harness.key_press(Key::ArrowDown);
    harness.run();
    harness.event(Event::Copy);
    harness.run();
    assert!(copied(&harness).pop().unwrap().ends_with("three\n"));

    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run();
    harness.event(Event::Copy);
    harness.run();
    assert_eq!(copied(&harness).pop().unwrap().lines().count(), 3);
}
