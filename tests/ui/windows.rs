//! Several windows: egui's own, drawn without a desktop.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use eframe::egui::accesskit::{Node, NodeId, Role};
use eframe::egui::{
    Context, Event, FullOutput, ImmediateViewport, Key, Modifiers, PointerButton, Pos2, RawInput, Rect,
    ViewportEvent, ViewportId, ViewportInfo, pos2, vec2,
};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::app::{Window, on_demo};

/// The last state of the second window, and its next input.
#[derive(Default)]
struct Second {
    id: Option<ViewportId>,
    nodes: Vec<(NodeId, Node)>,
    events: Vec<Event>,
    close: bool,
}

impl Second {
    fn labels(&self, role: Role) -> BTreeSet<String> {
        let of_role = self.nodes.iter().filter(|(_, node)| node.role() == role);
        of_role.filter_map(|(_, node)| node.label().map(str::to_owned)).collect()
    }

    fn value(&self, label: &str) -> Option<String> {
        let (_, node) = self.nodes.iter().find(|(_, node)| node.label() == Some(label))?;
        node.value().map(str::to_owned)
    }

    /// The centre of the element with this role and name.
    fn place(&self, role: Role, label: &str) -> Pos2 {
        let mut named =
            self.nodes.iter().filter(|(_, node)| node.role() == role && node.label() == Some(label));
        let bounds = named.find_map(|(_, node)| node.bounds()).unwrap();
        pos2((bounds.x0 + bounds.x1) as f32 / 2.0, (bounds.y0 + bounds.y1) as f32 / 2.0)
    }

    fn click(&mut self, role: Role, label: &str) {
        let pos = self.place(role, label);
        let button = |pressed| Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        self.events.extend([Event::PointerMoved(pos), button(true), button(false)]);
    }

    fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.events.push(Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers });
    }

    /// Draws a frame of the window, as eframe does.
    fn draw(second: &Rc<RefCell<Self>>, ctx: &Context, mut window: ImmediateViewport<'_>) {
        let mut state = second.borrow_mut();
        let info = ViewportInfo {
            events: if state.close { vec![ViewportEvent::Close] } else { Vec::new() },
            ..ViewportInfo::default()
        };
        let input = RawInput {
            viewport_id: window.ids.this,
            viewports: [(window.ids.this, info)].into_iter().collect(),
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1_000.0, 700.0))),
            events: std::mem::take(&mut state.events),
            focused: true,
            ..RawInput::default()
        };
        drop(state);
        let mut output: FullOutput = ctx.run_ui(input, |ui| (window.viewport_ui_cb)(ui));
        output.textures_delta.clear();
        let mut state = second.borrow_mut();
        state.id = Some(window.ids.this);
        if let Some(update) = output.platform_output.accesskit_update {
            state.nodes = update.nodes;
        }
    }
}

/// The first window with the demo, and its second window.
fn two_windows() -> (Window, Rc<RefCell<Second>>) {
    let mut window = on_demo();
    let second = Rc::new(RefCell::new(Second::default()));
    let shared = Rc::clone(&second);
    Context::set_immediate_viewport_renderer(move |ctx, window| Second::draw(&shared, ctx, window));
    window.harness.ctx.set_embed_viewports(false);
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    window.harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::N);
    window.harness.run_steps(4);
    (window, second)
}

#[test]
fn a_second_window_shows_the_same_session_with_a_selection_of_its_own() {
    let (mut window, second) = two_windows();
    assert!(second.borrow().labels(Role::TreeItem).contains("plant"));
    window.harness.get_by_role_and_label(Role::TreeItem, "home").click();
    window.harness.run_steps(3);
    second.borrow_mut().click(Role::TreeItem, "plant");
    window.harness.run_steps(4);
    assert_eq!(second.borrow().value("Topic").as_deref(), Some("plant"));
    assert_eq!(window.harness.get_by_label("Topic").accesskit_node().value().as_deref(), Some("home"));
}

#[test]
fn a_window_is_named_after_its_topic_and_its_connection() {
    let (mut window, second) = two_windows();
    second.borrow_mut().click(Role::TreeItem, "plant");
    window.harness.run_steps(4);
    let names = second.borrow().labels(Role::Window);
    assert!(names.contains("plant – Demo – mqttree"), "{names:?}");
    let first = window.harness.root().accesskit_node().label().unwrap();
    assert!(first.ends_with("Demo – mqttree") && !first.contains("plant"), "{first}");
}

#[test]
fn the_status_bars_of_two_windows_on_two_sessions_say_their_own() {
    let (mut window, second) = two_windows();
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::N);
    window.harness.run_steps(3);
    let said = |nodes: &[(NodeId, Node)]| -> Vec<String> {
        let labels = nodes.iter().filter(|(_, node)| node.role() == Role::Label);
        labels.filter_map(|(_, node)| node.value().map(str::to_owned)).collect()
    };
    for _ in 0..20 {
        window.harness.run_steps(1);
        let texts = said(&second.borrow().nodes);
        assert!(texts.iter().any(|text| text == "Connected to Demo"), "{texts:?}");
        assert!(texts.iter().any(|text| text.ends_with(" messages/s")), "{texts:?}");
    }
    assert!(
        window.harness.query_by_label("Connected to Demo").is_none(),
        "the page of connections has no status"
    );
}

#[test]
fn a_dialog_opens_in_the_window_where_it_was_asked_for() {
    let (mut window, second) = two_windows();
    second.borrow_mut().key(Modifiers::COMMAND, Key::Comma);
    window.harness.run_steps(6);
    let boxes = second.borrow().labels(Role::ComboBox);
    assert!(boxes.contains("Theme"), "{boxes:?}");
    assert!(window.harness.query_by_role_and_label(Role::ComboBox, "Theme").is_none());
}

#[test]
fn closing_the_second_window_leaves_the_session_and_the_first() {
    for by_key in [false, true] {
        let (mut window, second) = two_windows();
        if by_key {
            second.borrow_mut().key(Modifiers::COMMAND, Key::W);
        } else {
            second.borrow_mut().close = true;
        }
        window.harness.run_steps(3);
        second.borrow_mut().id = None;
        window.harness.run_steps(3);
        assert_eq!(second.borrow().id, None, "it is drawn no more");
        assert!(window.harness.query_by_role_and_label(Role::TreeItem, "plant").is_some());
    }
}

#[test]
fn the_second_window_closes_with_its_session() {
    let (mut window, second) = two_windows();
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::W);
    window.harness.run_steps(3);
    second.borrow_mut().id = None;
    window.harness.run_steps(3);
    assert_eq!(second.borrow().id, None);
}
