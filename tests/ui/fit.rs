//! Windows of every size: nothing that a person can operate is cut off for good or overlaps something else.

use std::collections::HashMap;

use eframe::egui::accesskit::{Action, ActionRequest, Role, TreeId};
use eframe::egui::{Event, Id, LayerId, Rect, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::app::{App, Start};
use mqttree::command::Tool;
use mqttree::mqtt::options::{ConnectOptions, Secrets};
use mqttree::words::Language;

use crate::app::{Window, on_demo, on_demo_without_tools};
use crate::layout;

/// Width and height of the window in pixels, and its zoom.
const SIZES: [(f32, f32, f32); 6] = [
    (1440.0, 900.0, 1.0),
    (1024.0, 640.0, 1.0),
    (700.0, 560.0, 1.0),
    (640.0, 400.0, 1.0),
    (1280.0, 800.0, 2.0),
    (2560.0, 1440.0, 1.0),
];
/// The largest overlap of neighbours that counts as rounding, in points.
const ROUNDING: f32 = 1.0;

/// Height of the history's title line.
const HEADER: f32 = 32.0;

/// A clickable element.
#[derive(Clone, Debug)]
struct Target {
    id: Id,
    layer: LayerId,
    name: String,
    /// Its area, and the visible part of it.
    whole: Rect,
    shown: Rect,
}

impl Target {
    fn is_cut(&self) -> bool {
        let lost = self.whole.size() - self.shown.size();
        lost.max_elem() > ROUNDING
    }
}

/// Everything clickable in the last frame. Rows of lists are left out, because scrolling adds and removes them.
fn targets(harness: &Harness<'_, App>) -> Vec<Target> {
    const ROWS: [Role; 6] =
        [Role::Splitter, Role::TreeItem, Role::Row, Role::ScrollBar, Role::ListBoxOption, Role::ListItem];
    let nodes: HashMap<_, _> = harness
        .root()
        .children_recursive()
        .map(|node| {
            (node.accesskit_node().locate().0, (node.accesskit_node().role(), node.accesskit_node().label()))
        })
        .collect();
    harness.ctx.viewport(|viewport| {
        let mut targets = Vec::new();
        for (layer, widgets) in viewport.this_pass.widgets.layers() {
            for widget in widgets.iter().filter(|widget| widget.sense.senses_click() && widget.enabled) {
                let Some((role, Some(name))) = nodes.get(&widget.id.accesskit_id()) else { continue };
                if ROWS.contains(role) {
                    continue;
                }
                targets.push(Target {
                    id: widget.id,
                    layer: *layer,
                    name: name.clone(),
                    whole: widget.rect,
                    shown: widget.interact_rect,
                });
            }
        }
        targets
    })
}

/// Asserts that visible elements do not overlap and that the others become visible by scrolling.
fn assert_fits(harness: &mut Harness<'static, App>, page: &str) {
    let all = targets(harness);
    assert!(!all.is_empty(), "{page}: nothing to click");
    let shown: Vec<&Target> = all.iter().filter(|target| target.shown.is_positive()).collect();
    for (index, one) in shown.iter().enumerate() {
        for other in shown.iter().skip(index + 1).filter(|other| other.layer == one.layer) {
            let common = one.shown.intersect(other.shown);
            let is_within = |a: Rect, b: Rect| a.expand(ROUNDING).contains_rect(b);
            let is_part = is_within(one.shown, other.shown) || is_within(other.shown, one.shown);
            let overlaps = common.is_positive() && common.size().min_elem() > ROUNDING;
            assert!(!overlaps || is_part, "{page}: {one:?} and {other:?} overlap");
        }
    }
    let window = harness.ctx.content_rect();
    // Elements in the rows of a payload come and go with the rows.
    let is_in_payload =
        |name: &str| ["Plot value ", "Open ", "Close "].iter().any(|verb| name.starts_with(verb));
    for target in all.iter().filter(|target| target.is_cut() && !is_in_payload(&target.name)) {
        let request = ActionRequest {
            action: Action::ScrollIntoView,
            target_tree: TreeId::ROOT,
            target_node: target.id.accesskit_id(),
            data: None,
        };
        harness.event(Event::AccessKitActionRequest(request));
        // Scrolling takes a while.
        harness.run_steps(30);
        let now = targets(harness).into_iter().find(|now| now.id == target.id);
        let Some(now) = now else { continue };
        // An element larger than its place shows only part of itself at a time.
        let is_large = now.whole.height() > 200.0 || now.whole.width() > 280.0;
        assert!(
            window.expand(ROUNDING).contains_rect(now.shown)
                && now.shown.is_positive()
                && (is_large || !now.is_cut()),
            "{page}: {now:?} cannot be reached in {window}"
        );
    }
}

/// Asserts that the page fits at every size.
fn assert_fits_everywhere(window: &mut Window, page: &str) {
    for (width, height, zoom) in SIZES {
        window.harness.set_size(Vec2::new(width, height) / zoom);
        window.harness.run_steps(4);
        assert_fits(&mut window.harness, &format!("{page} at {width} × {height}, zoom {zoom}"));
    }
}

#[test]
fn no_text_of_a_session_lies_upon_another() {
    let mut window = on_demo_without_tools();
    window.until_label("Connected to Demo");
    window.type_into("Search topics", "office/lamp");
    select(&mut window, &["lamp"]);
    window.until("the payload", |harness| harness.query_by_label("Payload").is_some());
    for (width, height, zoom) in SIZES {
        window.harness.set_size(Vec2::new(width, height) / zoom);
        window.harness.run_steps(4);
        let mut mistakes = layout::mistakes(&window.harness);
        mistakes.retain(|mistake| mistake.starts_with("one upon the other"));
        assert!(mistakes.is_empty(), "{width} × {height}, zoom {zoom}: {mistakes:#?}");
    }
}

#[test]
fn a_long_name_leaves_room_for_the_figures_of_the_status_bar() {
    let options = ConnectOptions { host: String::new(), ..ConnectOptions::default() };
    let open = vec![("hall ".repeat(60), options, Secrets::default())];
    let mut window = Window::open(Start { open, ..Start::default() });
    for width in [640.0, 1440.0] {
        window.harness.set_size(vec2(width, 400.0));
        window.harness.run_steps(4);
        let topics = window.harness.get_by_label("0 topics").rect();
        assert!(topics.right() < width && topics.left() > 0.3 * width, "{topics:?} of {width}");
        let mistakes = layout::mistakes(&window.harness);
        assert!(!mistakes.iter().any(|mistake| mistake.contains("0 topics")), "{mistakes:?}");
    }
}

fn select(window: &mut Window, names: &[&str]) {
    for name in names {
        window.until(name, |harness| harness.query_by_role_and_label(Role::TreeItem, name).is_some());
        window.harness.get_by_role_and_label(Role::TreeItem, name).click();
        window.harness.run_steps(3);
    }
}

#[test]
fn the_start_page_fits() {
    let mut window = Window::open(Start::default());
    assert_fits_everywhere(&mut window, "start");
}

#[test]
fn the_connection_form_fits() {
    let mut window = Window::open(Start::default());
    window.click("New connection");
    assert_fits_everywhere(&mut window, "form");
}

#[test]
fn a_session_fits_without_tools_and_with_each_of_them() {
    let mut window = on_demo();
    window.until_label("Connected to Demo");
    window.type_into("Search topics", "office/lamp");
    select(&mut window, &["lamp"]);
    window.until("the payload", |harness| harness.query_by_label("Payload").is_some());
    assert_fits_everywhere(&mut window, "session");
    for tool in Tool::ALL.iter().map(|tool| tool.tab().of(Language::English)) {
        window.harness.set_size(vec2(1280.0, 800.0));
        window.harness.run_steps(3);
        window.harness.get_by_role_and_label(Role::Tab, tool).click();
        window.harness.run_steps(3);
        assert_fits_everywhere(&mut window, tool);
    }
}

#[test]
fn the_dialogs_fit() {
    for (keys, page) in
        [("Settings…", "settings"), ("Shortcuts", "shortcuts"), ("Command palette", "palette")]
    {
        let mut window = Window::open(Start::default());
        window.harness.run_steps(2);
        window.harness.get_by_label("Menu").click();
        window.harness.run_steps(4);
        if page != "settings" {
            window.harness.get_by_label("Help").click();
            window.harness.run_steps(4);
        }
        window.harness.get_by_label(keys).click();
        window.harness.run_steps(6);
        assert_fits_everywhere(&mut window, page);
    }
}

#[test]
fn the_payload_has_the_room_that_it_needs() {
    let mut window = on_demo();
    window.until_label("Connected to Demo");
    window.type_into("Search topics", "office/lamp");
    select(&mut window, &["lamp"]);
    window.until("the payload", |harness| harness.query_by_label("Payload").is_some());
    for (width, height) in [(1280.0, 800.0), (1440.0, 900.0), (2560.0, 1440.0)] {
        window.harness.set_size(vec2(width, height));
        window.harness.run_steps(4);
        // From the topic line down to the bar of the collapsed tools.
        let topic = window.harness.get_by_label("Topic").rect();
        assert!(width - topic.left() >= 0.42 * width, "{width}: the inspector begins at {}", topic.left());
        let meta = window.harness.get_by_label("Meta").rect();
        let history = window.harness.get_by_role_and_label(Role::Grid, "History").rect();
        let (inspector, payload) = (history.bottom() - topic.top(), history.top() - HEADER - meta.bottom());
        let share = payload / inspector;
        assert!(share >= 0.6, "{width}: the payload has {share} of the inspector");
    }
}
