//! What people do with PlotJuggler, done here: each gesture is counted, and `docs/plots.md` says how many there are.

use eframe::egui::{Event, Modifiers, PointerButton, accesskit::Role, pos2, vec2};
use egui_kittest::kittest::Queryable as _;
use mqttree::panels::plots::PlotsView;

use crate::harness::{NOW, Stage, until};
use crate::plot_pages::{arranged, carry_out, drop_at, report};
use crate::plot_series::{Plot, drawing, large, lines};

/// A plot, and how many clicks and drags a person has made.
struct Person {
    window: Plot,
    actions: usize,
}

impl Person {
    fn new() -> Self {
        let mut stage = Stage::new(PlotsView::default());
        for (room, temperature) in [("kitchen", 20.0), ("hall", 21.0)] {
            report(&mut stage, room, temperature - 1.0);
            report(&mut stage, room, temperature);
        }
        stage.now = mqttree::message::Timestamp(NOW.0 + 1_000_000);
        Self { window: large(stage), actions: 0 }
    }

    fn drag_onto_the_plot(&mut self, room: &str) {
        self.actions += 1;
        drop_at(&mut self.window, &format!("home/{room}/climate"), pos2(400.0, 300.0));
    }

    fn open_menu(&mut self, of: &str) {
        self.actions += 1;
        self.window.get_by_label(of).click_secondary();
        self.window.run_steps(4);
    }

    /// A menu within a menu opens where it is pointed at.
    fn point_at(&mut self, entry: &str) {
        self.window.get_by_role_and_label(Role::MenuItem, entry).hover();
        self.window.run_steps(20);
    }

    fn choose(&mut self, role: Role, entry: &str) {
        self.actions += 1;
        self.window.get_by_role_and_label(role, entry).click();
        self.window.run_steps(4);
    }
}

/// The number of actions that the page says for a task.
fn written(task: &str) -> usize {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/plots.md")).unwrap();
    let row = page.lines().find(|line| line.starts_with(&format!("| {task} |"))).unwrap().to_owned();
    row.split('|').nth(2).unwrap().trim().parse().unwrap()
}

#[test]
fn a_series_is_put_on_a_plot_with_one_drag() {
    let mut person = Person::new();
    person.drag_onto_the_plot("kitchen");
    person.window.get_by_label("home/kitchen/climate · temperature: 20");
    assert_eq!(person.actions, written("Put a series on a plot"));
}

#[test]
fn two_series_are_drawn_over_each_other_with_four() {
    let mut person = Person::new();
    person.drag_onto_the_plot("kitchen");
    person.drag_onto_the_plot("hall");
    person.open_menu("Plot");
    person.choose(Role::MenuItemCheckBox, "Over the first series (XY)");
    assert_eq!(lines(&drawing(&mut person.window)).len(), 1);
    assert_eq!(person.actions, written("Draw two series over each other (XY)"));
}

#[test]
fn the_derivative_of_a_series_takes_two() {
    let mut person = Person::new();
    person.drag_onto_the_plot("kitchen");
    person.actions = 0;
    person.open_menu("home/kitchen/climate · temperature: 20");
    person.point_at("Plot what is computed from it");
    person.choose(Role::MenuItem, "Change per second");
    carry_out(&mut person.window);
    let mut computed = person.window.query_all_by_label_contains("temperature · Change per second");
    assert!(computed.next().is_some());
    assert_eq!(person.actions, written("The derivative of a series"));
}

#[test]
fn statistics_of_a_range_take_one_drag() {
    let mut person = Person::new();
    person.drag_onto_the_plot("kitchen");
    person.actions = 1;
    let (button, modifiers) = (PointerButton::Primary, Modifiers::SHIFT);
    let chart = person.window.get_by_label("Plot").rect();
    let (from, to) = (chart.center(), chart.right_center() - vec2(18.0, 0.0));
    person.window.event(Event::PointerButton { pos: from, button, pressed: true, modifiers });
    person.window.run_steps(2);
    person.window.hover_at(to);
    person.window.run_steps(2);
    person.window.event(Event::PointerButton { pos: to, button, pressed: false, modifiers });
    until(&mut person.window, "the table", |window| {
        window.query_by_label_contains("home/kitchen/climate · temperature: Count 2").is_some()
    });
    assert_eq!(person.actions, written("Statistics of a range"));
}

#[test]
fn a_layout_comes_back_by_itself() {
    let mut person = Person::new();
    person.window.state_mut().panel = PlotsView::of(&arranged());
    carry_out(&mut person.window);
    person.window.get_by_role_and_label(Role::Tab, "Ground floor");
    let mut computed = person.window.query_all_by_label_contains("temperature · Mean of 60 s");
    assert!(computed.next().is_some());
    assert_eq!(person.actions, written("Save a layout, and load it again"));
}
