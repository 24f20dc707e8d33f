//! The table of the topic's messages, and which one is shown.

use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, SubscriptionAction};
use mqttree::message::{Flags, MessageRef, Payload};
use mqttree::model::{Limits, Model};

use super::{click, history_rows, history_title, payload, receive, select, settle, window};
use crate::harness::{NOW, until};

#[test]
fn the_history_lists_the_newest_first_with_the_gap_before_each() {
    let window = window(|stage| {
        for (number, seconds) in [(1, 10.0), (2, 8.5), (3, 8.488)] {
            receive(stage, "t", format!("value {number}").as_bytes(), seconds);
        }
        select(stage, "t");
    });
    assert_eq!(history_title(&window), "3 messages");
    let rows = history_rows(&window);
    assert_eq!(rows.len(), 3);
    assert!(rows[0].ends_with("+12 ms  7 B  value 3"), "{rows:?}");
    assert!(rows[1].ends_with("+1.500 s  7 B  value 2"), "{rows:?}");
    assert!(rows[2].ends_with(":50.000  7 B  value 1"), "{rows:?}");
}

#[test]
fn a_message_out_of_the_history_stays_until_the_newest_is_followed_again() {
    let mut window = window(|stage| {
        for number in 1..=3 {
            receive(stage, "t", format!("value {number}").as_bytes(), 10.0 - f64::from(number));
        }
        select(stage, "t");
    });
    assert!(window.query_by_label("Following newest").is_some());
    let row = history_rows(&window).into_iter().find(|row| row.ends_with("value 2")).unwrap();
    click(&mut window, Role::Row, &row);
    assert_eq!(payload(&window), "value 2");
    receive(window.state_mut(), "t", b"value 4", 1.0);
    settle(&mut window);
    assert_eq!(payload(&window), "value 2", "another message does not take it away");
    assert!(window.query_by_label("Following newest").is_none());
    click(&mut window, Role::Button, "Follow newest");
    assert_eq!(payload(&window), "value 4");
}

#[test]
fn arrow_keys_walk_through_the_history() {
    let mut window = window(|stage| {
        for number in 1..=40 {
            receive(stage, "t", format!("value {number}").as_bytes(), 60.0 - f64::from(number));
        }
        select(stage, "t");
    });
    window.get_by_role_and_label(Role::Grid, "History").focus();
    settle(&mut window);
    for (key, expected) in [
        (Key::ArrowDown, "value 39"),
        (Key::ArrowDown, "value 38"),
        (Key::End, "value 1"),
        (Key::ArrowUp, "value 2"),
        (Key::Home, "value 40"),
    ] {
        window.key_press(key);
        settle(&mut window);
        assert_eq!(payload(&window), expected);
        assert!(history_rows(&window).iter().any(|row| row.ends_with(expected)), "{expected} is in view");
    }
}

#[test]
fn the_oldest_of_very_many_messages_is_reached_with_one_key() {
    let mut window = window(|stage| {
        for number in 1..=120_000 {
            let payload = number.to_string();
            let message = MessageRef {
                topic: b"t",
                payload: Payload::Small(payload.as_bytes()),
                flags: Flags::default(),
                properties: None,
                arrived: NOW,
            };
            stage.model.apply(message).unwrap();
        }
        while stage.model.roll_up(NOW) {}
        select(stage, "t");
    });
    assert_eq!(history_title(&window), "120,000 messages");
    window.get_by_role_and_label(Role::Grid, "History").focus();
    settle(&mut window);
    window.key_press(Key::End);
    settle(&mut window);
    assert_eq!(payload(&window), "1");
    assert!(
        history_rows(&window).last().is_some_and(|row| row.ends_with("  1")),
        "{:?}",
        history_rows(&window)
    );
}

#[test]
fn rows_of_the_history_stay_where_they_are_while_new_messages_come() {
    let mut window = window(|stage| {
        for number in 1..=60 {
            receive(stage, "t", format!("value {number}").as_bytes(), 100.0 - f64::from(number));
        }
        select(stage, "t");
    });
    let row = history_rows(&window).into_iter().find(|row| row.ends_with("value 57")).unwrap();
    click(&mut window, Role::Row, &row);
    let before = window.get_by_role_and_label(Role::Row, &row).rect();
    for number in 61..=75 {
        receive(window.state_mut(), "t", format!("value {number}").as_bytes(), 0.0);
        settle(&mut window);
    }
    assert_eq!(window.get_by_role_and_label(Role::Row, &row).rect(), before);
    click(&mut window, Role::Button, "Follow newest");
    assert!(history_rows(&window)[0].ends_with("value 75"));
}

#[test]
fn evicted_messages_are_counted_where_they_are_missed() {
    let limits = Limits { history_bytes: 300_000, history_per_topic_min: 5, ..Limits::default() };
    let window = window(|stage| {
        stage.model = Model::new(limits);
        for number in 0..1_000 {
            receive(stage, "t", &[b'x'; 1_000], 1_000.0 - f64::from(number));
        }
        select(stage, "t");
    });
    let topic = window.state().model.node(window.state().selected.unwrap()).and_then(|node| node.topic);
    let (kept, evicted) = topic.map(|topic| (topic.kept, topic.evicted)).unwrap();
    assert!(evicted > 500 && kept + evicted == 1_000);
    let said = format!("{evicted} older messages left the memory for newer ones");
    assert!(window.query_by_label(&said).is_some() || window.query_by_value(&said).is_some(), "{said}");
    assert!(window.query_by_label(&format!("{kept} messages")).is_some());
}

#[test]
fn a_fast_topic_is_looked_at_ten_times_a_second() {
    let mut window = window(|stage| {
        receive(stage, "t", b"0", 3.0);
        select(stage, "t");
    });
    let mut time = 1_000.0;
    let mut shown = Vec::new();
    for number in 1..=200 {
        receive(window.state_mut(), "t", number.to_string().as_bytes(), 0.0);
        time += 0.01;
        window.input_mut().time = Some(time);
        window.step();
        shown.push(payload(&window));
    }
    shown.dedup();
    assert!((15..=22).contains(&shown.len()), "two seconds: {shown:?}");
    window.input_mut().time = Some(time + 1.0);
    settle(&mut window);
    assert_eq!(payload(&window), "200", "the last one is not missed");
}

#[test]
fn a_paused_view_stands_still() {
    let mut window = window(|stage| {
        receive(stage, "t", b"before", 3.0);
        select(stage, "t");
    });
    let stage = window.state_mut();
    stage.paused = true;
    stage.model.set_paused(true);
    receive(stage, "t", b"meanwhile", 0.0);
    settle(&mut window);
    assert_eq!(payload(&window), "before");
    assert_eq!(history_rows(&window).len(), 1);
    let stage = window.state_mut();
    stage.paused = false;
    stage.model.set_paused(false);
    stage.model.roll_up(NOW);
    settle(&mut window);
    assert_eq!(payload(&window), "meanwhile");
    assert_eq!(history_rows(&window).len(), 2);
}

#[test]
fn a_dropped_payload_says_so_and_can_be_asked_for_again() {
    let limits = Limits { history_bytes: 300_000, newest_bytes: 100_000, ..Limits::default() };
    let mut window = window(|stage| {
        stage.model = Model::new(limits);
        receive(stage, "large", &vec![b'x'; 200_000], 10.0);
        for number in 0..1_000 {
            receive(stage, "t", &[b'y'; 1_000], 9.0 - f64::from(number) / 1e3);
        }
        select(stage, "large");
    });
    assert_eq!(window.state().model.stats().payloads_dropped, 1);
    let marks = "Payload dropped: only the first 65.5 kB of 200.0 kB are kept";
    assert!(window.query_by_label(marks).is_some() || window.query_by_value(marks).is_some());
    // Only the beginning is held, so it is not copied or saved as if it were the payload.
    let asked = click(&mut window, Role::Button, "Copy payload");
    assert!(matches!(asked[..], [Action::Notify(_)]), "{asked:?}");
    let asked = click(&mut window, Role::Button, "Ask the broker again");
    assert!(
        matches!(&asked[..], [Action::Subscription(SubscriptionAction::AskAgain(topic))] if topic == "large"),
        "{asked:?}"
    );
    // It was received again.
    receive(window.state_mut(), "large", &vec![b'x'; 200_000], 0.0);
    settle(&mut window);
    assert_eq!(window.state().model.stats().payloads_dropped, 0);
    // It is decoded beside the window.
    until(&mut window, "the whole payload", |window| window.query_by_label("Ask the broker again").is_none());
}

#[test]
fn a_row_says_what_its_columns_say() {
    let window = window(|stage| {
        receive(stage, "t", b"value 1", 8.5);
        receive(stage, "t", b"value 2", 8.488);
        select(stage, "t");
    });
    let said: Vec<_> =
        window.get_all_by_role(Role::Row).filter_map(|row| row.accesskit_node().description()).collect();
    assert_eq!(said.len(), 2);
    let rest = ", +12 ms after the message before, 7 B, QoS 0: at most once: value 2";
    assert!(said[0].ends_with(rest), "{said:?}");
    assert!(said[1].ends_with(", 7 B, QoS 0: at most once: value 1"), "{said:?}");
}
