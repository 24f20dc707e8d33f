//! What the session is subscribed to: each filter with the broker's answer, to be added, changed, turned off and removed
//! while the connection stands. What is changed while it does not, is done at the next connect.

mod draft;
mod form;

use eframe::egui::{Align, Color32, Layout, RichText, ScrollArea, Sense, Ui, UiBuilder, vec2};

use crate::command::{Actions, SubscriptionAction};
use crate::mqtt::options::Subscription;
use crate::panels::PanelView;
use crate::panels::scene::Scene;
use crate::panels::subscriptions::draft::{Draft, options_text, overlap_notes};
use crate::panels::subscriptions::form::{Form, qos_choice};
use crate::session::status::{Grant, Status, SubscriptionState};
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::{hairline, icon_button};
use crate::ui::widgets::empty;
use crate::ui::widgets::one_line::one_line;
use crate::ui::{icons, theme};

const ROW_HEIGHT: f32 = 28.0;

/// The subscriptions of one session.
#[derive(Debug, Default)]
pub struct SubscriptionsView {
    form: Form,
    notes: Notes,
}

/// What overlaps, found anew when the list changes.
#[derive(Debug, Default)]
struct Notes {
    list: Vec<(String, bool)>,
    texts: Vec<Option<String>>,
    /// Whether any subscription has options, so that they need a column.
    any_options: bool,
}

impl Notes {
    fn refresh(&mut self, status: &Status) {
        self.any_options = status.subscriptions.iter().any(|state| Draft::of(&state.wanted).has_options());
        // What is off or refused delivers nothing, and so nothing twice.
        let delivers =
            |state: &SubscriptionState| state.wanted.enabled && !matches!(state.grant, Grant::Refused(_));
        let list = status.subscriptions.iter().map(|state| (&state.wanted.filter, delivers(state)));
        if list.clone().eq(self.list.iter().map(|(filter, on)| (filter, *on))) {
            return;
        }
        self.list = list.map(|(filter, on)| (filter.clone(), on)).collect();
        let list: Vec<_> = self.list.iter().map(|(filter, on)| (filter.as_str(), *on)).collect();
        self.texts = overlap_notes(&list);
    }
}

impl PanelView for SubscriptionsView {
    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        self.form.show(ui, scene, actions);
        hairline(ui);
        if scene.status.subscriptions.is_empty() {
            empty::show_with(
                ui,
                "No subscriptions",
                "Nothing is received without one; publishing works",
                |ui| {
                    if ui.button("Subscribe to everything").on_hover_text("Adds the filter #").clicked() {
                        actions.push(SubscriptionAction::Add(Subscription::default()));
                    }
                },
            );
            return;
        }
        self.notes.refresh(scene.status);
        let rows = scene.status.subscriptions.len();
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().auto_shrink(false).show_rows(ui, ROW_HEIGHT, rows, |ui, range| {
            for index in range {
                if let Some(state) = scene.status.subscriptions.get(index) {
                    ui.push_id(&state.wanted.filter, |ui| self.row(ui, index, state, scene, actions));
                }
            }
        });
    }
}

impl SubscriptionsView {
    fn row(
        &mut self,
        ui: &mut Ui,
        index: usize,
        state: &SubscriptionState,
        scene: &Scene<'_>,
        actions: &mut Actions,
    ) {
        let t = tokens(ui);
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::hover());
        let changed = self.form.changes() == Some(&state.wanted.filter);
        if changed {
            ui.painter().rect_filled(rect, 0.0, t.selection);
            ui.painter().rect_filled(rect.with_max_x(rect.left() + 2.0), 0.0, t.accent);
        } else if response.contains_pointer() {
            ui.painter().rect_filled(rect, 0.0, t.surface_2);
        }
        let inside = rect.shrink2(vec2(size::PADDING, 0.0));
        let builder = UiBuilder::new().max_rect(inside).layout(Layout::left_to_right(Align::Center));
        let mut ui = ui.new_child(builder);
        let ui = &mut ui;
        let wanted = &state.wanted;
        let mut on = wanted.enabled;
        let help = if on { "Unsubscribes and keeps the filter here" } else { "Subscribes to it again" };
        let name = format!("Subscribe to {}", wanted.filter);
        let response = check_box(ui, &mut on, "");
        response.widget_info(|| {
            eframe::egui::WidgetInfo::selected(eframe::egui::Role::CheckBox, true, wanted.enabled, &name)
        });
        if response.on_hover_text(help).changed() {
            actions.push(SubscriptionAction::Enable(wanted.filter.clone(), on));
        }
        let room = ui.available_width() - 3.0 * size::GROUP;
        let color = if wanted.enabled { t.text } else { t.text_muted };
        let (filter_share, options_share) = if self.notes.any_options { (0.24, 0.15) } else { (0.3, 0.0) };
        text(ui, room * filter_share, &wanted.filter, color, true, "");
        change_qos(ui, wanted, actions);
        ui.add_space(4.0);
        let (icon, words, color) = grant(state, scene.status.state.is_connected(), t);
        ui.label(RichText::new(icon).font(theme::icon_font()).color(color));
        text(ui, room * 0.19, &words, color, false, "");
        if options_share > 0.0 {
            text(ui, room * options_share, &options_text(wanted), t.text_muted, false, "");
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            let (filter, help) = (&wanted.filter, "Unsubscribes and forgets the filter");
            if icon_button(ui, icons::X, &format!("Remove {filter}"), help).clicked() {
                actions.push(SubscriptionAction::Remove(filter.clone()));
            }
            let help = "Changes the filter, the QoS and the options";
            if icon_button(ui, icons::PENCIL_SIMPLE, &format!("Change {filter}"), help).clicked() {
                self.form.change(Draft::of(wanted));
            }
            if let Some(Some(note)) = self.notes.texts.get(index) {
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    ui.spacing_mut().item_spacing.x = 6.0;
                    ui.label(RichText::new(icons::STACK).font(theme::icon_font()).color(t.warn));
                    let width = ui.available_width() - size::PADDING;
                    text(ui, width, note, t.warn, false, note);
                });
            }
        });
    }
}

/// The choice of QoS in a row.
fn change_qos(ui: &mut Ui, wanted: &Subscription, actions: &mut Actions) {
    let mut qos = wanted.qos;
    qos_choice(ui, &format!("QoS of {}", wanted.filter), &mut qos);
    if qos != wanted.qos {
        let to = Subscription { qos, ..wanted.clone() };
        actions.push(SubscriptionAction::Change(wanted.filter.clone(), to));
    }
}

/// A text in a column of its own; where it has no room it shows whole where the pointer rests.
fn text(ui: &mut Ui, width: f32, text: &str, color: Color32, is_filter: bool, help: &str) {
    let font = if is_filter { theme::mono_font() } else { theme::small_font() };
    let shown = if is_filter { crate::payload::visible_line(text) } else { text.into() };
    let galley = one_line(ui, &shown, font, color, width);
    let elided = galley.elided;
    let (rect, response) = ui.allocate_exact_size(vec2(width.max(0.0), ROW_HEIGHT - 4.0), Sense::hover());
    ui.painter().galley(rect.left_center() - vec2(0.0, galley.size().y / 2.0), galley, color);
    response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Label, true, &*shown));
    if elided || !help.is_empty() {
        response.on_hover_text(if help.is_empty() { text } else { help });
    }
}

/// The broker's answer: an icon, words and their colour.
fn grant(state: &SubscriptionState, connected: bool, t: &Tokens) -> (&'static str, String, Color32) {
    let asked = state.wanted.qos;
    match &state.grant {
        Grant::Off => (icons::CIRCLE, "Off".to_owned(), t.text_muted),
        Grant::Pending if connected => {
            (icons::CIRCLE_DASHED, "Waiting for the broker".to_owned(), t.text_muted)
        }
        Grant::Pending => (icons::CIRCLE_DASHED, "Not connected".to_owned(), t.text_muted),
        Grant::Granted(qos) if *qos == asked => {
            (icons::CHECK_CIRCLE, format!("Granted QoS {}", u8::from(*qos)), t.ok)
        }
        Grant::Granted(qos) => {
            let text = format!("Granted QoS {} instead of {}", u8::from(*qos), u8::from(asked));
            (icons::WARNING, text, t.warn)
        }
        Grant::Refused(why) => (icons::X_CIRCLE, format!("Refused: {why}"), t.error),
    }
}
