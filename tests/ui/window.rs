//! The window as a whole: its menu, its tabs, its title and its zoom.

use eframe::egui::{
    Context, FullOutput, Key, Modifiers, Plugin, Rect, Shape, ViewportCommand, ViewportId,
    accesskit::{Role, Toggled},
    vec2,
};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};
use mqttree::app::{App, Start};
use mqttree::mqtt::options::{ConnectOptions, Secrets};
use mqttree::ui::tokens::{DARK, RING};

use crate::app::on_demo;
use crate::harness::{english, with_system_fonts};

/// A window whose sessions never connect, because they have no host, and the folder of its files.
struct Window {
    harness: Harness<'static, App>,
    _folder: tempfile::TempDir,
}

/// Records the window's title.
#[derive(Default)]
struct Titles(String);

impl Plugin for Titles {
    fn debug_name(&self) -> &'static str {
        "titles"
    }

    fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
        for command in output.viewport_output.get(&ViewportId::ROOT).iter().flat_map(|root| &root.commands) {
            if let ViewportCommand::Title(title) = command {
                self.0.clone_from(title);
            }
        }
    }
}

impl Window {
    fn with_sessions(names: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let paths = english(folder.path());
        let nowhere = || ConnectOptions { host: String::new(), ..ConnectOptions::default() };
        let open = names.iter().map(|name| ((*name).to_owned(), nowhere(), Secrets::default())).collect();
        let start = Start { open, ..Start::default() };
        let harness = with_system_fonts(Harness::builder())
            .with_size(vec2(1280.0, 800.0))
            .build_eframe(move |creation| App::new(&creation.egui_ctx, &paths, start).unwrap());
        harness.ctx.add_plugin(Titles::default());
        let mut window = Self { harness, _folder: folder };
        window.steps(3);
        window
    }

    fn steps(&mut self, count: usize) {
        self.harness.run_steps(count);
    }

    /// The window's last title.
    fn title(&self) -> String {
        self.harness.ctx.with_plugin(|titles: &mut Titles| titles.0.clone()).unwrap()
    }

    fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.steps(3);
    }

    fn click(&mut self, label: &str) {
        self.entry(label).click();
        self.steps(6);
    }

    fn entry<'a>(&'a self, label: &'a str) -> Node<'a> {
        self.harness.get_all_by_label(label).find(is_pressable).unwrap()
    }

    fn shows(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).any(|node| is_pressable(&node))
    }

    /// The name of the active tab.
    fn tab(&self) -> Option<String> {
        let tabs = self.harness.get_all_by_role(Role::Tab);
        let mut selected = tabs.filter(|tab| tab.accesskit_node().is_selected() == Some(true));
        selected.find_map(|tab| tab.accesskit_node().label().filter(|name| name.starts_with("Session")))
    }
}

fn is_pressable(node: &Node<'_>) -> bool {
    [Role::Button, Role::MenuItem, Role::MenuItemCheckBox].contains(&node.accesskit_node().role())
}

#[test]
fn the_menu_has_three_submenus() {
    let mut window = Window::with_sessions(&[]);
    window.harness.set_size(vec2(1280.0, 1000.0));
    window.click("Menu");
    assert!(["Connection", "View", "Help", "Quit"].iter().all(|label| window.shows(label)));
    assert!(!window.shows("Expand all") && !window.shows("Command palette"));
    window.click("View");
    assert!(window.shows("Expand all") && !window.shows("Light theme"));
    window.click("Theme");
    assert!(window.shows("Light theme"));
}

#[test]
fn columns_of_the_tree_are_chosen_in_the_view_menu() {
    let mut window = Window::with_sessions(&["Session 1"]);
    let toggled = |window: &mut Window, column: &str| {
        for label in ["Menu", "View", "Columns"] {
            window.click(label);
        }
        let is_choice = |node: &Node<'_>| node.accesskit_node().role() == Role::MenuItemCheckBox;
        let entry = window.harness.get_all_by_label(column).find(is_choice).unwrap();
        entry.accesskit_node().toggled()
    };
    assert_eq!(toggled(&mut window, "Bytes/s"), Some(Toggled::False));
    window.click("Bytes/s");
    assert_eq!(toggled(&mut window, "Bytes/s"), Some(Toggled::True));
}

#[test]
fn every_entry_of_the_menu_can_be_reached_in_a_small_window() {
    let mut window = Window::with_sessions(&[]);
    for (width, height) in [(1024.0, 640.0), (700.0, 560.0), (640.0, 400.0)] {
        window.harness.set_size(vec2(width, height));
        window.steps(3);
        window.click("Menu");
        window.click("View");
        let last = window.entry("Rows");
        last.scroll_to_me();
        window.steps(6);
        let rect = window.entry("Rows").rect();
        assert!(rect.top() >= 0.0 && rect.bottom() <= height, "{width} × {height}: {rect}");
        window.press(Modifiers::NONE, Key::Escape);
        window.press(Modifiers::NONE, Key::Escape);
    }
}

#[test]
fn the_zoom_is_in_the_menu_and_on_keys() {
    let mut window = Window::with_sessions(&[]);
    window.press(Modifiers::COMMAND, Key::Plus);
    assert!((window.harness.ctx.zoom_factor() - 1.1).abs() < 0.01);
    window.press(Modifiers::COMMAND, Key::Num0);
    assert!((window.harness.ctx.zoom_factor() - 1.0).abs() < 0.01);
    window.click("Menu");
    window.click("View");
    window.click("Zoom out");
    assert!((window.harness.ctx.zoom_factor() - 0.9).abs() < 0.01);
}

#[test]
fn keys_go_from_tab_to_tab_and_round() {
    let mut window = Window::with_sessions(&["Session 1", "Session 2", "Session 3"]);
    assert_eq!(window.tab().as_deref(), Some("Session 3"));
    let next = [
        (Modifiers::COMMAND, Key::Tab, "Session 1"),
        (Modifiers::COMMAND, Key::PageDown, "Session 2"),
        (Modifiers::COMMAND | Modifiers::SHIFT, Key::Tab, "Session 1"),
        (Modifiers::COMMAND, Key::PageUp, "Session 3"),
    ];
    for (modifiers, key, shown) in next {
        window.press(modifiers, key);
        assert_eq!(window.tab().as_deref(), Some(shown), "{key:?}");
    }
    window.press(Modifiers::COMMAND, Key::T);
    assert_eq!(window.tab(), None);
    window.press(Modifiers::COMMAND, Key::Tab);
    assert_eq!(window.tab().as_deref(), Some("Session 1"));
}

#[test]
fn the_title_names_the_connection_with_its_control_characters_as_signs() {
    let mut window = Window::with_sessions(&["Session\u{202e}\u{7}"]);
    window.press(Modifiers::COMMAND, Key::N);
    assert_eq!(window.title(), "mqttree");
    window.press(Modifiers::COMMAND, Key::Tab);
    assert_eq!(window.title(), "Session<U+202E>␇ – mqttree");
}

#[test]
fn a_script_that_no_font_has_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let paths = english(folder.path());
    let nowhere = ConnectOptions { host: String::new(), ..ConnectOptions::default() };
    let start = Start { open: vec![("工厂".to_owned(), nowhere, Secrets::default())], ..Start::default() };
    // Without the system's fonts.
    let mut harness = Harness::builder()
        .with_size(vec2(1280.0, 800.0))
        .allow_missing_glyphs()
        .build_eframe(move |creation| App::new(&creation.egui_ctx, &paths, start).unwrap());
    harness.run_steps(6);
    assert_eq!(harness.get_all_by_label_contains("fonts-noto-cjk").count(), 1);
}

#[test]
fn shortcuts_are_found_by_their_keys_and_by_what_they_do() {
    let mut window = Window::with_sessions(&[]);
    window.press(Modifiers::NONE, Key::F1);
    assert!(window.harness.query_by_label("Makes everything larger").is_some());
    assert!(window.harness.query_by_label("Ends the program").is_some());
    window.harness.get_by_role_and_label(Role::TextInput, "Search shortcuts").type_text("larger");
    window.steps(4);
    assert!(window.harness.query_by_label("Makes everything larger").is_some());
    assert!(window.harness.query_by_label("Ends the program").is_none());
}

/// The area of a shape, if it is a line or ring in the accent colour.
fn accent_of(shape: &Shape) -> Option<Rect> {
    match shape {
        Shape::LineSegment { points, stroke } if stroke.width >= 2.0 && stroke.color == DARK.accent => {
            Some(Rect::from_two_pos(points[0], points[1]))
        }
        Shape::Rect(rect) if rect.stroke.width >= RING && rect.stroke.color == DARK.accent => Some(rect.rect),
        _ => None,
    }
}

#[test]
fn the_keyboard_is_shown_on_the_selected_row_and_under_the_header_of_its_pane() {
    let mut window = on_demo();
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    window.harness.get_by_role_and_label(Role::TreeItem, "plant").click();
    window.harness.run_steps(4);
    let row = window.harness.get_by_role_and_label(Role::TreeItem, "plant").rect();
    let shapes = &window.harness.output().shapes;
    let accents: Vec<Rect> = shapes.iter().filter_map(|clipped| accent_of(&clipped.shape)).collect();
    assert!(accents.iter().any(|ring| (ring.center().y - row.center().y).abs() < 2.0), "{accents:?}");
    assert!(accents.iter().any(|line| line.height() == 0.0 && line.bottom() < row.top()), "{accents:?}");
    let pane = 4.0 * row.height();
    assert!(accents.iter().all(|accent| accent.height() < pane), "a ring around a pane: {accents:?}");
}
