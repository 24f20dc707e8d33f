//! What can be read, and what is read out by itself.

use std::net::TcpListener;

use eframe::egui::accesskit::{Live, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::app::Start;
use mqttree::mqtt::options::{ConnectOptions, Secrets};

use crate::app::{Window, on_demo};

/// A window with a connection to a port where no broker listens.
fn without_a_broker() -> Window {
    // The port is free again once the listener is dropped.
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let options = ConnectOptions { host: "127.0.0.1".to_owned(), port, ..ConnectOptions::default() };
    Window::open(Start { open: vec![("nobody".to_owned(), options, Secrets::default())], ..Start::default() })
}

#[test]
fn what_fails_is_an_alert_that_is_read_out_at_once() {
    let mut window = without_a_broker();
    window.until("the banner", |harness| harness.query_by_role(Role::Alert).is_some());
    let alert = window.harness.get_by_role(Role::Alert);
    let is_read = |node: &egui_kittest::Node<'_>| {
        node.accesskit_node().role() == Role::Label && !node.accesskit_node().is_hidden()
    };
    let mut texts = alert.children_recursive().filter(is_read);
    let first = texts.next().unwrap();
    assert_eq!(first.accesskit_node().live(), Live::Assertive);
    assert!(first.accesskit_node().value().is_some_and(|text| text.contains("127.0.0.1")), "{first:?}");
}

#[test]
fn the_state_of_the_connection_is_read_out_and_no_counter() {
    let mut window = on_demo();
    window.until_label("Connected to");
    let live = |text: &str| {
        let mut found = window.harness.query_all_by_label_contains(text);
        found.find(|node| node.accesskit_node().role() == Role::Label).unwrap().accesskit_node().live()
    };
    assert_eq!(live("Connected to"), Live::Polite);
    assert_eq!(live("messages/s"), Live::Off);
}

#[test]
fn the_status_bar_changes_once_a_second_at_most() {
    let mut window = on_demo();
    window.until_label("Connected to");
    let time = |window: &Window| window.harness.ctx.input(|input| input.time);
    let end = time(&window) + 5.0;
    let mut texts = Vec::new();
    while time(&window) < end {
        window.until("a frame", |_| true);
        let counts = window.harness.query_all_by_label_contains(" messages");
        texts.extend(
            counts.filter_map(|node| node.accesskit_node().value()).find(|text| text.ends_with(" messages")),
        );
    }
    texts.dedup();
    assert!(texts.len() <= 6, "{texts:?}");
}

#[test]
fn no_character_of_the_icon_font_is_read() {
    let mut window = on_demo();
    window.until_label("Connected to");
    for node in window.harness.root().children_recursive() {
        let node = node.accesskit_node();
        let texts = [node.label(), node.value(), node.description()];
        for text in texts.into_iter().flatten() {
            assert!(!text.contains(|c| ('\u{e000}'..='\u{f8ff}').contains(&c)), "{:?} {text:?}", node.role());
        }
    }
}
