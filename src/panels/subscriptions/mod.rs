//! The session's subscriptions: each filter with the broker's answer, to be added, changed, switched off and removed.
//! Without a connection, changes are kept for the next one.

mod draft;
mod form;

use eframe::egui::{
    Align, Color32, Layout, RichText, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, vec2,
};

use crate::command::{Actions, SubscriptionAction};
use crate::mqtt::options::Subscription;
use crate::panels::PanelView;
use crate::panels::excerpt;
use crate::panels::scene::Scene;
use crate::panels::subscriptions::draft::{Overlap, SubscriptionDraft, overlaps_within};
use crate::panels::subscriptions::form::{SubscriptionForm, qos_choice};
use crate::session::status::{Grant, Status, SubscriptionState};
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::{hairline, icon_button};
use crate::ui::widgets::empty;
use crate::ui::widgets::one_line::one_line;
use crate::ui::{icons, language, theme};
use crate::words::rejection::rejection;
use crate::words::{Language, options, subscriptions as words};

const ROW_HEIGHT: f32 = 28.0;

/// The subscriptions of one session.
#[derive(Debug, Default)]
pub struct SubscriptionsView {
    form: SubscriptionForm,
    overlaps: Overlaps,
}

/// Which subscriptions overlap, recomputed when the list changes.
#[derive(Debug, Default)]
struct Overlaps {
    list: Vec<(String, bool)>,
    found: Vec<Option<Overlap>>,
    /// Whether any subscription has options, which then need a column.
    any_options: bool,
}

impl Overlaps {
    fn refresh(&mut self, status: &Status) {
        self.any_options =
            status.subscriptions.iter().any(|state| SubscriptionDraft::of(&state.wanted).has_options());
        // A subscription that is off or refused delivers nothing.
        let delivers =
            |state: &SubscriptionState| state.wanted.enabled && !matches!(state.grant, Grant::Refused(_));
        let list = status.subscriptions.iter().map(|state| (&state.wanted.filter, delivers(state)));
        if list.clone().eq(self.list.iter().map(|(filter, on)| (filter, *on))) {
            return;
        }
        self.list = list.map(|(filter, on)| (filter.clone(), on)).collect();
        let list: Vec<_> = self.list.iter().map(|(filter, on)| (filter.as_str(), *on)).collect();
        self.found = overlaps_within(&list);
    }
}

impl PanelView for SubscriptionsView {
    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        self.form.show(ui, scene, actions);
        hairline(ui);
        if scene.status.subscriptions.is_empty() {
            nothing(ui, actions);
            return;
        }
        self.overlaps.refresh(scene.status);
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

/// Draws an explanation if there is no subscription, and offers the most common one.
fn nothing(ui: &mut Ui, actions: &mut Actions) {
    let l = language(ui);
    empty::show_with(ui, words::EMPTY.of(l), words::EMPTY_HELP.of(l), |ui| {
        let everything = ui.button(words::SUBSCRIBE_TO_EVERYTHING.of(l));
        if everything.on_hover_text(words::SUBSCRIBE_TO_EVERYTHING_HELP.of(l)).clicked() {
            actions.push(SubscriptionAction::Add(Subscription::default()));
        }
    });
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
        let (t, l) = (tokens(ui), language(ui));
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
        enable(ui, wanted, actions);
        let room = ui.available_width() - 3.0 * size::GROUP;
        let color = if wanted.enabled { t.text } else { t.text_muted };
        let (filter_share, options_share) = if self.overlaps.any_options { (0.24, 0.15) } else { (0.3, 0.0) };
        text(ui, room * filter_share, &wanted.filter, color, true, "");
        change_qos(ui, wanted, actions);
        ui.add_space(4.0);
        let (icon, answer, color) = grant(state, scene.status.state.is_connected(), t, l);
        ui.label(RichText::new(icon).font(theme::icon_font()).color(color));
        text(ui, room * 0.19, &answer, color, false, "");
        if options_share > 0.0 {
            let chosen = options::subscription_options(wanted, l);
            text(ui, room * options_share, &chosen, t.text_muted, false, "");
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            let filter = &wanted.filter;
            if icon_button(ui, icons::X, &words::remove(filter, l), words::REMOVE_HELP.of(l)).clicked() {
                actions.push(SubscriptionAction::Remove(filter.clone()));
            }
            let change = words::change(filter, l);
            if icon_button(ui, icons::PENCIL_SIMPLE, &change, words::CHANGE_HELP.of(l)).clicked() {
                self.form.change(SubscriptionDraft::of(wanted));
            }
            if let Some(Some(overlap)) = self.overlaps.found.get(index) {
                let note = overlap.text(l);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    ui.spacing_mut().item_spacing.x = 6.0;
                    ui.label(RichText::new(icons::STACK).font(theme::icon_font()).color(t.warn));
                    let width = ui.available_width() - size::PADDING;
                    text(ui, width, &note, t.warn, false, &note);
                });
            }
        });
    }
}

/// Draws the check box that turns a subscription on and off.
fn enable(ui: &mut Ui, wanted: &Subscription, actions: &mut Actions) {
    let l = language(ui);
    let mut on = wanted.enabled;
    let help = if on { words::TURN_OFF_HELP } else { words::TURN_ON_HELP };
    let name = words::subscribe_to(&wanted.filter, l);
    let response = check_box(ui, &mut on, "");
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, wanted.enabled, &name));
    if response.on_hover_text(help.of(l)).changed() {
        actions.push(SubscriptionAction::Enable(wanted.filter.clone(), on));
    }
}

/// Draws the QoS choice in a row.
fn change_qos(ui: &mut Ui, wanted: &Subscription, actions: &mut Actions) {
    let mut qos = wanted.qos;
    qos_choice(ui, &words::qos_of(&wanted.filter, language(ui)), &mut qos);
    if qos != wanted.qos {
        let to = Subscription { qos, ..wanted.clone() };
        actions.push(SubscriptionAction::Change(wanted.filter.clone(), to));
    }
}

/// Draws a text in a column, with its tooltip if it does not fit.
fn text(ui: &mut Ui, width: f32, text: &str, color: Color32, is_filter: bool, help: &str) {
    let font = if is_filter { theme::mono_font() } else { theme::small_font() };
    let shown = if is_filter { crate::payload::visible_line(text) } else { text.into() };
    let galley = one_line(ui, &shown, font, color, width);
    let elided = galley.elided;
    let (rect, response) = ui.allocate_exact_size(vec2(width.max(0.0), ROW_HEIGHT - 4.0), Sense::hover());
    ui.painter().galley(rect.left_center() - vec2(0.0, galley.size().y / 2.0), galley, color);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &*shown));
    if elided || !help.is_empty() {
        response.on_hover_text(excerpt::of_tooltip(if help.is_empty() { text } else { help }));
    }
}

/// Draws the broker's answer as a coloured icon with words.
fn grant(
    state: &SubscriptionState,
    connected: bool,
    t: &Tokens,
    language: Language,
) -> (&'static str, String, Color32) {
    let asked = state.wanted.qos;
    match &state.grant {
        Grant::Off => (icons::CIRCLE, words::OFF.of(language).to_owned(), t.text_muted),
        Grant::Pending => {
            let text = if connected { words::PENDING } else { words::NOT_CONNECTED };
            (icons::CIRCLE_DASHED, text.of(language).to_owned(), t.text_muted)
        }
        Grant::Granted(qos) => {
            let (icon, color) =
                if *qos == asked { (icons::CHECK_CIRCLE, t.ok) } else { (icons::WARNING, t.warn) };
            (icon, words::granted(*qos, asked, language), color)
        }
        Grant::Refused(why) => {
            (icons::X_CIRCLE, words::refused(&rejection(why, language), language), t.error)
        }
    }
}
