//! Using the window without a mouse: moving between panes, and where the focus goes when a dialog closes.

use eframe::egui::accesskit::{Role, Toggled};
use eframe::egui::{Key, Modifiers};
use egui_kittest::Node;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::app::Start;

use crate::app::{Window, on_demo, on_demo_without_tools};

/// The name of the focused pane.
fn pane(window: &Window) -> Option<String> {
    let focused =
        window.harness.root().children_recursive().find(|node| node.accesskit_node().is_focused())?;
    let mut node = Some(focused.accesskit_node());
    while let Some(here) = node {
        if here.role() == Role::Region {
            return here.label();
        }
        node = here.parent();
    }
    None
}

fn name_of_focused(window: &Window) -> Option<String> {
    let mut nodes = window.harness.root().children_recursive();
    nodes.find(|node| node.accesskit_node().is_focused()).and_then(|node| node.accesskit_node().label())
}

fn press(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.harness.key_press_modifiers(modifiers, key);
    window.harness.run_steps(3);
}

fn on_a_topic() -> Window {
    let mut window = on_demo_without_tools();
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    window.harness.get_by_role_and_label(Role::TreeItem, "plant").click();
    window.harness.run_steps(3);
    window
}

const PANES: [&str; 5] = ["Sessions and search", "Tree", "Inspector", "Tool area", "Status bar"];

#[test]
fn f6_goes_from_pane_to_pane_and_shift_f6_back() {
    let mut window = on_a_topic();
    assert_eq!(pane(&window).as_deref(), Some("Tree"), "a click gives the tree the keyboard");
    let mut seen = Vec::new();
    for _ in 0..5 {
        press(&mut window, Modifiers::NONE, Key::F6);
        seen.extend(pane(&window));
    }
    assert_eq!(seen, ["Inspector", "Tool area", "Status bar", "Sessions and search", "Tree"]);
    press(&mut window, Modifiers::SHIFT, Key::F6);
    assert_eq!(name_of_focused(&window).as_deref(), Some("Search topics"));
    press(&mut window, Modifiers::SHIFT, Key::F6);
    assert_eq!(pane(&window).as_deref(), Some("Status bar"));
}

#[test]
fn a_pane_gets_the_keyboard_back_where_it_had_it() {
    let mut window = on_a_topic();
    press(&mut window, Modifiers::SHIFT, Key::F6);
    press(&mut window, Modifiers::NONE, Key::Tab);
    let left_at = name_of_focused(&window);
    assert_ne!(left_at.as_deref(), Some("Search topics"));
    press(&mut window, Modifiers::NONE, Key::F6);
    assert_eq!(pane(&window).as_deref(), Some("Tree"));
    press(&mut window, Modifiers::SHIFT, Key::F6);
    assert_eq!(name_of_focused(&window), left_at);
}

#[test]
fn tab_goes_through_the_panes_in_their_order() {
    let mut window = on_a_topic();
    for (modifiers, order) in
        [(Modifiers::NONE, PANES.to_vec()), (Modifiers::SHIFT, PANES.iter().rev().copied().collect())]
    {
        let mut seen: Vec<String> = Vec::new();
        for _ in 0..120 {
            press(&mut window, modifiers, Key::Tab);
            if let Some(pane) = pane(&window).filter(|pane| seen.last() != Some(pane)) {
                seen.push(pane);
            }
        }
        let begin = seen.iter().position(|pane| pane == order[0]).unwrap();
        assert!(seen.len() >= begin + 6, "it goes round: {seen:?}");
        assert_eq!(seen[begin..begin + 5], order, "{modifiers:?}");
        assert_eq!(seen[begin + 5], order[0], "{modifiers:?}");
    }
}

#[test]
fn a_dialog_has_a_name_takes_the_keyboard_and_gives_it_back() {
    let mut window = on_a_topic();
    press(&mut window, Modifiers::COMMAND, Key::Comma);
    window.harness.run_steps(3);
    let dialog = window.harness.get_by_role_and_label(Role::Dialog, "Settings");
    assert!(dialog.accesskit_node().is_modal());
    assert!(
        dialog.children_recursive().any(|node| node.accesskit_node().is_focused()),
        "it has the keyboard"
    );
    press(&mut window, Modifiers::NONE, Key::Escape);
    window.harness.run_steps(3);
    assert!(window.harness.query_by_role_and_label(Role::Dialog, "Settings").is_none());
    assert_eq!(pane(&window).as_deref(), Some("Tree"));
}

#[test]
fn a_menu_gives_the_keyboard_back_where_it_came_from() {
    let mut window = on_a_topic();
    window.harness.get_by_role_and_label(Role::Button, "Menu").click();
    window.harness.run_steps(3);
    let menu = window.harness.get_all_by_role(Role::Menu).next().unwrap();
    assert!(menu.children_recursive().any(|node| node.accesskit_node().role() == Role::MenuItem));
    press(&mut window, Modifiers::NONE, Key::Escape);
    window.harness.run_steps(3);
    assert!(window.harness.query_by_role(Role::Menu).is_none());
    assert_eq!(pane(&window).as_deref(), Some("Tree"));
}

#[test]
fn a_screen_reader_meets_the_panes_in_the_same_order() {
    let window = on_a_topic();
    let names: Vec<_> = window
        .harness
        .get_all_by_role(Role::Region)
        .filter_map(|node| node.accesskit_node().label())
        .collect();
    assert_eq!(names, PANES);
}

#[test]
fn a_tab_that_shows_is_selected_and_not_checked() {
    let mut window = on_demo();
    window.until_label("Connected to Demo");
    for tool in ["Publish", "Log"] {
        window.harness.get_by_role_and_label(Role::Tab, tool).click();
        window.harness.run_steps(3);
        let states = ["Publish", "Log"].map(|tab| {
            let tab = window.harness.get_by_role_and_label(Role::Tab, tab);
            (tab.accesskit_node().is_selected(), tab.accesskit_node().toggled())
        });
        assert_eq!(states, ["Publish", "Log"].map(|tab| (Some(tab == tool), None)));
    }
}

#[test]
fn a_combo_box_has_its_value_and_a_list_of_options() {
    let mut window = on_a_topic();
    press(&mut window, Modifiers::COMMAND, Key::Comma);
    window.harness.run_steps(12);
    let language = window.harness.get_by_role_and_label(Role::ComboBox, "Language");
    assert_eq!(language.accesskit_node().value().as_deref(), Some("English"));
    language.click();
    window.harness.run_steps(12);
    let option = window.harness.get_by_role_and_label(Role::ListBoxOption, "English");
    assert_eq!(option.accesskit_node().is_selected(), Some(true));
}

#[test]
fn a_splitter_has_a_value_and_moves_by_arrows() {
    let mut window = on_a_topic();
    let (place, width) = {
        let is_vertical = |node: &Node<'_>| node.rect().height() > node.rect().width();
        let splitter = window
            .harness
            .get_all_by_role_and_label(Role::Splitter, "Resize panes")
            .find(is_vertical)
            .unwrap();
        splitter.focus();
        (splitter.rect().left(), splitter.accesskit_node().numeric_value().unwrap())
    };
    window.harness.run_steps(2);
    press(&mut window, Modifiers::NONE, Key::ArrowLeft);
    window.harness.run_steps(3);
    let is_vertical = |node: &Node<'_>| node.rect().height() > node.rect().width();
    let splitter =
        window.harness.get_all_by_role_and_label(Role::Splitter, "Resize panes").find(is_vertical).unwrap();
    assert!(splitter.rect().left() < place, "{place} and then {:?}", splitter.rect());
    assert!(splitter.accesskit_node().numeric_value().unwrap() > width);
    assert!(splitter.accesskit_node().is_focused());
}

/// The lowest splitter between what stands side by side.
fn lowest_splitter(window: &Window) -> Node<'_> {
    let all = window.harness.get_all_by_role_and_label(Role::Splitter, "Resize panes");
    let upright = all.filter(|node| node.rect().height() > node.rect().width());
    upright.max_by(|a, b| a.rect().bottom().total_cmp(&b.rect().bottom())).unwrap()
}

/// The lowest splitter moves by these arrows: `larger` and `smaller`.
fn assert_moves(window: &mut Window, larger: Key, smaller: Key) {
    let named = window.harness.get_all_by_role_and_label(Role::Splitter, "Resize panes").count();
    assert_eq!(window.harness.get_all_by_role(Role::Splitter).count(), named, "every splitter has a name");
    let value = |window: &Window| lowest_splitter(window).accesskit_node().numeric_value().unwrap();
    lowest_splitter(window).focus();
    window.harness.run_steps(2);
    for (arrow, is_larger) in [(smaller, false), (larger, true)] {
        let before = value(window);
        press(window, Modifiers::NONE, arrow);
        assert_eq!((value(window) > before, value(window) < before), (is_larger, !is_larger), "{arrow:?}");
    }
}

#[test]
fn the_parts_of_a_tool_are_resized_by_arrows() {
    let mut window = on_a_topic();
    window.click("Publish");
    assert_moves(&mut window, Key::ArrowLeft, Key::ArrowRight);
    let number = "home/living-room/thermostat";
    window.type_into("Search topics", number);
    window.until("the number", |harness| {
        harness.query_by_role_and_label(Role::TreeItem, "thermostat").is_some()
    });
    window.harness.get_by_role_and_label(Role::TreeItem, "thermostat").click();
    window.harness.run_steps(3);
    window.until("a number", |harness| {
        harness
            .query_all_by_role(Role::Button)
            .any(|node| node.accesskit_node().label().is_some_and(|label| label.starts_with("Plot ")))
    });
    let plot = window
        .harness
        .get_all_by_role(Role::Button)
        .find(|node| node.accesskit_node().label().is_some_and(|label| label.starts_with("Plot ")));
    plot.unwrap().click();
    window.harness.run_steps(3);
    window.harness.get_by_role_and_label(Role::Tab, "Plots").click();
    window.harness.run_steps(3);
    assert_moves(&mut window, Key::ArrowLeft, Key::ArrowRight);
}

#[test]
fn the_page_of_connections_has_panes_and_a_splitter() {
    let mut window = Window::open(Start::default());
    press(&mut window, Modifiers::NONE, Key::F6);
    press(&mut window, Modifiers::NONE, Key::F6);
    assert_eq!(pane(&window).as_deref(), Some("Start page"));
    window.click("New connection");
    assert_moves(&mut window, Key::ArrowRight, Key::ArrowLeft);
    let mut seen = Vec::new();
    for _ in 0..3 {
        press(&mut window, Modifiers::NONE, Key::F6);
        seen.extend(pane(&window));
    }
    assert_eq!(seen, ["Sessions and search", "List of connections", "Connection settings"]);
}

#[test]
fn an_entry_of_the_menu_is_checked_or_not_only_if_it_is_a_choice() {
    let mut window = on_a_topic();
    window.harness.set_size(eframe::egui::vec2(1280.0, 1000.0));
    window.click("Menu");
    let toggled = |window: &Window, role: Role, name: &str| {
        window.harness.get_by_role_and_label(role, name).accesskit_node().toggled()
    };
    assert_eq!(toggled(&window, Role::MenuItem, "Settings…"), None);
    for name in ["View", "Theme"] {
        window.harness.get_by_role_and_label(Role::MenuItem, name).click();
        window.harness.run_steps(6);
    }
    assert_eq!(toggled(&window, Role::MenuItemCheckBox, "Light theme"), Some(Toggled::False));
}
